import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

/** What the municipality writes when help was accepted and all conditions for schuldenrust hold. */
const accepted = (signal: string, date: string, over: Row = {}): Row => ({
  signaal: signal,
  resultaat: 'Vervolghulp en/of verwijzing financieel',
  resultaat_datum: date,
  plan_van_aanpak: date,
  betaling_hervat: date,
  schuldenrust: 'j',
  ...over,
});

describe('from acceptance to the end of schuldenrust', () => {
  let meldpunt: Meldpunt;
  const ids: Record<string, string> = {};
  const state = async (reference: string) => (await meldpunt.signals(reference))[0];
  const fedBack = async (reference: string) =>
    (await meldpunt.feedback('elan-wonen')).filter((row) => row.referentie === reference);

  const place = 'partners/elan-wonen/suspensions';
  const listed = async (): Promise<readonly string[]> => {
    const { suspensions } = JSON.parse((await meldpunt.read(`${place}/current.json`)) ?? '') as {
      suspensions: readonly Rest[];
    };
    const rows = (await meldpunt.rows(`${place}/current.csv`)).map(
      ({ referentie, schuldenrust_van, schuldenrust_tot_en_met }) =>
        `${referentie} ${schuldenrust_van} ${schuldenrust_tot_en_met}`,
    );
    const lines = suspensions.map(({ reference, startsOn, lastDay }) => `${reference} ${startsOn} ${lastDay}`);
    expect(lines).toEqual(rows);
    return lines.sort();
  };
  const changed = async (day: string): Promise<readonly string[]> => {
    const text = await meldpunt.read(`${place}/changes/${day}.json`);
    const { changes } = JSON.parse(text ?? '{"changes":[]}') as { changes: readonly Change[] };
    return changes.map(({ what, reference, lastDay }) => `${what} ${reference} ${lastDay}`).sort();
  };

  /** Who in Haarlem heard a label by the mails of one day, and the count, once per mail: the organisation and the municipality. */
  const said = async (label: string, day: string): Promise<readonly string[]> =>
    (await meldpunt.mails())
      .filter((mail) => sentOn(mail) === day)
      .flatMap((mail) => {
        const to = /^To: (\w+@haarlem)/m.exec(mail)?.[1];
        const count = new RegExp(`^- ${label}: (\\d+)\r?$`, 'm').exec(decoded(mail))?.[1];
        return to === undefined || count === undefined ? [] : [`${to} ${count}`];
      })
      .sort();

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-03-02T09:00:00+01:00');
    const references = [
      'VERLOOPT',
      'EERDER',
      'OPNIEUW-SCHULD',
      'VOLDAAN',
      'GEEN-PLAN',
      'KAN-NIET',
      'NIET-BEREIKT',
      'INGETROKKEN',
      'GEZIN-1',
      'DAG-28',
      'LATER',
      'NOG-EENS',
    ];
    const receipt = await meldpunt.upload(
      'elan-wonen',
      references.map((referentie, i) => goodRow({ referentie, huisnummer: String(100 + i) })),
    );
    expect(receipt).toMatchObject({ counts: { read: 12, accepted: 12, refused: 0 } });
    for (const reference of references) ids[reference] = String((await state(reference))?.signalId);
  });
  afterAll(() => meldpunt?.close());

  it('[R-FLO-1] every signal has one execution, waiting', async () => {
    const running = await meldpunt.executions('SignalStateMachine', 'RUNNING');
    expect(running).toHaveLength(12);
    expect(running.map(({ name }) => name)).toContainEqual(expect.stringContaining(ids.VERLOOPT ?? ''));
  });

  it('[R-FEE-1][R-FEE-3][R-SUS-1] acceptance is fed back with its suspension, and nothing else', async () => {
    await meldpunt.advanceTo('2026-03-10T10:00:00+01:00');
    const receipt = await meldpunt.outcomes('0392', [
      accepted(ids.VERLOOPT ?? '', '10-03-2026'),
      accepted(ids.EERDER ?? '', '10-03-2026'),
      accepted(ids['OPNIEUW-SCHULD'] ?? '', '10-03-2026'),
      accepted(ids.VOLDAAN ?? '', '10-03-2026'),
      accepted(ids.INGETROKKEN ?? '', '10-03-2026'),
      accepted(ids.LATER ?? '', '05-03-2026'),
      accepted(ids['NOG-EENS'] ?? '', '10-03-2026'),
      accepted(ids['GEEN-PLAN'] ?? '', '10-03-2026', { plan_van_aanpak: '', schuldenrust: 'n' }),
      accepted(ids['KAN-NIET'] ?? '', '10-03-2026', { betaling_hervat: 'nee' }),
      {
        signaal: ids['NIET-BEREIKT'] ?? '',
        resultaat: 'Definitief geen contact kunnen krijgen',
        resultaat_datum: '10-03-2026',
      },
    ]);
    expect(receipt).toMatchObject({ counts: { read: 10, taken: 10, refused: 0 } });
    expect(await fedBack('VERLOOPT')).toEqual([
      expect.objectContaining({
        referentie: 'VERLOOPT',
        datum: '2026-03-10',
        gemeente: 'Haarlem',
        uitkomst: 'hulp geaccepteerd',
        schuldenrust: 'ja',
        schuldenrust_van: '2026-03-10',
        schuldenrust_tot_en_met: '2026-04-09',
        betaling_hervat: '2026-03-10',
      }),
    ]);
    expect(await state('VERLOOPT')).toMatchObject({
      status: 'SUSPENDED',
      suspension: { acceptedOn: '2026-03-10', fedBackOn: '2026-03-10', lastDay: '2026-04-09' },
    });
  });

  it('[R-SUS-1][R-SUS-2] fed back later than accepted: it counts from acceptance, and both days are kept', async () => {
    expect(await state('LATER')).toMatchObject({
      status: 'SUSPENDED',
      suspension: { startsOn: '2026-03-05', acceptedOn: '2026-03-05', fedBackOn: '2026-03-10', lastDay: '2026-04-04' },
    });
  });

  it('[R-SUS-5] the partner fetches what rests now, and what changed', async () => {
    expect(await listed()).toEqual([
      'EERDER 2026-03-10 2026-04-09',
      'INGETROKKEN 2026-03-10 2026-04-09',
      'LATER 2026-03-05 2026-04-04',
      'NOG-EENS 2026-03-10 2026-04-09',
      'OPNIEUW-SCHULD 2026-03-10 2026-04-09',
      'VERLOOPT 2026-03-10 2026-04-09',
      'VOLDAAN 2026-03-10 2026-04-09',
    ]);
    expect(await changed('2026-03-10')).toEqual([
      'STARTED EERDER 2026-04-09',
      'STARTED INGETROKKEN 2026-04-09',
      'STARTED LATER 2026-04-04',
      'STARTED NOG-EENS 2026-04-09',
      'STARTED OPNIEUW-SCHULD 2026-04-09',
      'STARTED VERLOOPT 2026-04-09',
      'STARTED VOLDAAN 2026-04-09',
    ]);
  });

  it('[R-SUS-6] without its conditions nothing is suspended, and the signal closes', async () => {
    for (const reference of ['GEEN-PLAN', 'KAN-NIET', 'NIET-BEREIKT']) {
      const stored = await state(reference);
      expect(stored).toMatchObject({ status: 'CLOSED' });
      expect(stored).not.toHaveProperty('suspension');
    }
    expect(await fedBack('GEEN-PLAN')).toMatchObject([{ uitkomst: 'hulp geaccepteerd', schuldenrust: 'nee' }]);
  });

  it('[R-FEE-4] accepted but payment cannot resume: the partner is told so', async () => {
    expect(await fedBack('KAN-NIET')).toMatchObject([{ schuldenrust: 'nee', betaling_hervat: 'kan niet' }]);
  });

  it('[R-SUS-4] each of the four reasons ends it early at once, and the partner hears it without the reason', async () => {
    await meldpunt.advanceTo('2026-03-20T10:00:00+01:00');
    const reasons = {
      'OPNIEUW-SCHULD': 'nieuwe achterstand',
      EERDER: 'betaling niet hervat',
      'NOG-EENS': 'plan gestopt',
      VOLDAAN: 'volledig betaald',
    };
    const receipt = await meldpunt.outcomes(
      '0392',
      Object.entries(reasons).map(([reference, reason]) => ({
        signaal: ids[reference] ?? '',
        einde_schuldenrust: reason,
      })),
    );
    expect(receipt).toMatchObject({ counts: { read: 4, taken: 4, refused: 0 } });
    for (const [reference, reason] of Object.entries(reasons)) {
      expect(await state(reference), reference).toMatchObject({
        status: 'CLOSED',
        suspension: { lastDay: '2026-04-09', endedEarly: { on: '2026-03-20', reason } },
      });
      const told = await fedBack(reference);
      expect(told, reference).toMatchObject([
        { uitkomst: 'hulp geaccepteerd' },
        { uitkomst: 'schuldenrust eerder beëindigd', schuldenrust_tot_en_met: '2026-03-20' },
      ]);
      expect(JSON.stringify(told)).not.toContain(reason);
    }
  });

  it('[R-SUS-4][R-DEL-9] a withdrawal during schuldenrust ends it', async () => {
    await meldpunt.upload('elan-wonen', 'referentie;actie;reden;bezwaar\r\nINGETROKKEN;intrekken;betaald;');
    expect(await state('INGETROKKEN')).toMatchObject({
      status: 'WITHDRAWN',
      reason: 'betaald',
      suspension: { endedEarly: { on: '2026-03-20' } },
    });
    expect(await fedBack('INGETROKKEN')).toHaveLength(2);
  });

  it('[R-SUS-4][R-SUS-5] what ended is on the list through that day, and gone when the next begins', async () => {
    expect(await listed()).toContain('EERDER 2026-03-10 2026-03-20');
    expect(await changed('2026-03-20')).toEqual([
      'CHANGED EERDER 2026-03-20',
      'CHANGED INGETROKKEN 2026-03-20',
      'CHANGED NOG-EENS 2026-03-20',
      'CHANGED OPNIEUW-SCHULD 2026-03-20',
      'CHANGED VOLDAAN 2026-03-20',
    ]);
    await meldpunt.advanceTo('2026-03-21T00:11:00+01:00');
    expect(await listed()).toEqual(['LATER 2026-03-05 2026-04-04', 'VERLOOPT 2026-03-10 2026-04-09']);
    expect(await changed('2026-03-21')).toEqual([
      'ENDED EERDER 2026-03-20',
      'ENDED INGETROKKEN 2026-03-20',
      'ENDED NOG-EENS 2026-03-20',
      'ENDED OPNIEUW-SCHULD 2026-03-20',
      'ENDED VOLDAAN 2026-03-20',
    ]);
  });

  it('[R-SUS-2] accepted again after it was opened again: the days that are left of the thirty', async () => {
    await meldpunt.advanceTo('2026-03-25T10:00:00+01:00');
    await meldpunt.outcomes('0392', [{ signaal: ids['NOG-EENS'] ?? '', heropenen: 'inwoner meldt zich' }]);
    await meldpunt.outcomes('0392', [accepted(ids['NOG-EENS'] ?? '', '25-03-2026')]);
    expect((await fedBack('NOG-EENS')).at(-1)).toMatchObject({
      uitkomst: 'hulp geaccepteerd',
      vervangt_eerdere: 'ja',
      schuldenrust_van: '2026-03-25',
      schuldenrust_tot_en_met: '2026-04-09',
    });
    expect(await changed('2026-03-25')).toEqual(['STARTED NOG-EENS 2026-04-09']);
    expect(await state('NOG-EENS')).toMatchObject({
      status: 'SUSPENDED',
      earlierSuspensions: [{ startsOn: '2026-03-10', endedEarly: { on: '2026-03-20', reason: 'plan gestopt' } }],
    });
  });

  it('[R-SUS-2][R-FEE-1] accepted on day 28: thirty days from that day', async () => {
    await meldpunt.advanceTo('2026-03-30T10:00:00+02:00');
    await meldpunt.outcomes('0392', [accepted(ids['DAG-28'] ?? '', '30-03-2026')]);
    expect(await state('DAG-28')).toMatchObject({ status: 'SUSPENDED', suspension: { lastDay: '2026-04-29' } });
    // Nothing but the signal's own workflow published this.
    expect(await listed()).toContain('DAG-28 2026-03-30 2026-04-29');
  });

  it('[R-SUS-3] five days before the end the municipality is reminded', async () => {
    await meldpunt.advanceTo('2026-04-03T23:59:00+02:00');
    expect(kinds(await state('VERLOOPT'))).not.toContain('SUSPENSION_REMINDED');
    await meldpunt.advanceTo('2026-04-04T00:01:00+02:00');
    expect(kinds(await state('VERLOOPT'))).toContain('SUSPENSION_REMINDED');
    // By the mail of that morning: VERLOOPT and NOG-EENS both rest through the ninth.
    await meldpunt.advanceTo('2026-04-04T08:00:00+02:00');
    expect(await said('Schuldenrust loopt bijna af', '2026-04-03')).toEqual([]);
    expect(await said('Schuldenrust loopt bijna af', '2026-04-04')).toEqual([
      'schulden@haarlem 2',
      'vroegsignalering@haarlem 2',
    ]);
  });

  it('[R-SUS-5] the day after its last it is off the list, though nothing else happened', async () => {
    await meldpunt.advanceTo('2026-04-04T23:59:00+02:00');
    expect(await listed()).toContain('LATER 2026-03-05 2026-04-04');
    await meldpunt.advanceTo('2026-04-05T00:11:00+02:00');
    expect(await changed('2026-04-05')).toEqual(['ENDED LATER 2026-04-04']);
  });

  it('[R-SUS-2][R-SUS-3] runs to the end of day 30 in Amsterdam, over the change of the clocks; both sides hear the end', async () => {
    await meldpunt.advanceTo('2026-04-09T23:59:59+02:00');
    expect(await state('VERLOOPT')).toMatchObject({ status: 'SUSPENDED' });
    await meldpunt.advanceTo('2026-04-10T00:00:05+02:00');
    expect(await state('VERLOOPT')).toMatchObject({ status: 'CLOSED' });
    expect((await fedBack('VERLOOPT')).at(-1)).toMatchObject({
      uitkomst: 'schuldenrust afgelopen',
      schuldenrust_tot_en_met: '2026-04-09',
    });
    await meldpunt.advanceTo('2026-04-10T08:00:00+02:00');
    expect(await said('Schuldenrust afgelopen of beëindigd', '2026-04-09')).toEqual([]);
    expect(await said('Schuldenrust afgelopen of beëindigd', '2026-04-10')).toEqual([
      'schulden@haarlem 2',
      'vroegsignalering@haarlem 2',
    ]);
    expect(await said('Schuldenrust loopt bijna af', '2026-04-10')).toEqual([]);
  });

  it('[R-FEE-2] Haarlem feeds every outcome back: who was not reached too, without why', async () => {
    expect(await fedBack('NIET-BEREIKT')).toMatchObject([
      { uitkomst: 'geen hulp tot stand gekomen', schuldenrust: 'nee' },
    ]);
  });

  it('[R-FEE-5] a partner is mailed at most once a day, with a count and a place', async () => {
    const mails = (await meldpunt.mails()).filter((mail) => /^Subject: .*terugkoppeling/im.test(decodedSubject(mail)));
    expect(mails.length).toBeGreaterThan(1);
    const days = mails.map((mail) => /^Date: (.*?) \d\d:/m.exec(mail)?.[1]);
    expect(new Set(days).size).toBe(days.length);
    for (const mail of mails) for (const reference of Object.keys(ids)) expect(decoded(mail)).not.toContain(reference);
  });

  it('[R-SUS-5] whoever read every day of changes in order has the list', async () => {
    await meldpunt.advanceTo('2026-04-10T08:00:00+02:00');
    const list = new Map<string, string>();
    const days = (await meldpunt.keys(`${place}/changes/`)).toSorted();
    for (const day of days) {
      const { changes } = JSON.parse((await meldpunt.read(day)) ?? '') as { changes: readonly Change[] };
      for (const { what, reference, startsOn, lastDay } of changes)
        if (what === 'ENDED') list.delete(reference);
        else list.set(reference, `${reference} ${startsOn} ${lastDay}`);
    }
    expect([...list.values()]).toEqual(['DAG-28 2026-03-30 2026-04-29']);
    expect(await listed()).toEqual([...list.values()]);
    // Written where something changed, and on no other day.
    expect(days.map((key) => key.slice(-'2026-01-01.json'.length, -'.json'.length))).toEqual([
      '2026-03-10',
      '2026-03-20',
      '2026-03-21',
      '2026-03-25',
      '2026-03-30',
      '2026-04-05',
      '2026-04-10',
    ]);
  });

  it('nothing waits any more but what has no answer', async () => {
    await meldpunt.advanceTo('2026-05-10T08:00:00+02:00');
    expect(await meldpunt.executions('SignalStateMachine', 'RUNNING')).toEqual([]);
    expect(await meldpunt.executions('SignalStateMachine', 'FAILED')).toEqual([]);
  });
});

interface Rest {
  readonly reference: string;
  readonly startsOn: string;
  readonly lastDay: string;
}
interface Change extends Rest {
  readonly what: string;
}

const kinds = (item: Record<string, unknown> | undefined): readonly string[] =>
  ((item?.history ?? []) as { kind: string }[]).map(({ kind }) => kind);

/** Quoted-printable and base64 parts made readable. */
const decoded = (mail: string): string =>
  mail
    .split(/\r?\n\r?\n/)
    .map((part) => (/^[A-Za-z0-9+/=\r\n]+$/.test(part) ? Buffer.from(part, 'base64').toString('utf8') : part))
    .join('\n')
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'));

/** The day in Amsterdam on which a mail was sent. */
const sentOn = (mail: string): string =>
  new Date(/^Date: (.*?)\r?$/m.exec(mail)?.[1] ?? '').toLocaleDateString('sv-SE', { timeZone: 'Europe/Amsterdam' });

const decodedSubject = (mail: string): string =>
  mail.replaceAll(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'));
