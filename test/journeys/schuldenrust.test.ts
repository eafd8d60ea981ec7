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

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-03-02T09:00:00+01:00');
    const references = [
      'VERLOOPT',
      'EERDER',
      'GEEN-PLAN',
      'KAN-NIET',
      'NIET-BEREIKT',
      'INGETROKKEN',
      'GEZIN-1',
      'DAG-28',
    ];
    const receipt = await meldpunt.upload(
      'elan-wonen',
      references.map((referentie, i) => goodRow({ referentie, huisnummer: String(100 + i) })),
    );
    expect(receipt).toMatchObject({ counts: { read: 8, accepted: 8, refused: 0 } });
    for (const reference of references) ids[reference] = String((await state(reference))?.signalId);
  });
  afterAll(() => meldpunt?.close());

  it('[R-FLO-1] every signal has one execution, waiting', async () => {
    const running = await meldpunt.executions('SignalStateMachine', 'RUNNING');
    expect(running).toHaveLength(8);
    expect(running.map(({ name }) => name)).toContainEqual(expect.stringContaining(ids.VERLOOPT ?? ''));
  });

  it('[R-FEE-1][R-FEE-3][R-SUS-1] acceptance is fed back with its suspension, and nothing else', async () => {
    await meldpunt.advanceTo('2026-03-10T10:00:00+01:00');
    const receipt = await meldpunt.outcomes('0392', [
      accepted(ids.VERLOOPT ?? '', '10-03-2026'),
      accepted(ids.EERDER ?? '', '10-03-2026'),
      accepted(ids.INGETROKKEN ?? '', '10-03-2026'),
      accepted(ids['GEEN-PLAN'] ?? '', '10-03-2026', { plan_van_aanpak: '', schuldenrust: 'n' }),
      accepted(ids['KAN-NIET'] ?? '', '10-03-2026', { betaling_hervat: 'nee' }),
      {
        signaal: ids['NIET-BEREIKT'] ?? '',
        resultaat: 'Definitief geen contact kunnen krijgen',
        resultaat_datum: '10-03-2026',
      },
    ]);
    expect(receipt).toMatchObject({ counts: { read: 6, taken: 6, refused: 0 } });
    expect(await fedBack('VERLOOPT')).toEqual([
      expect.objectContaining({
        referentie: 'VERLOOPT',
        datum: '2026-03-10',
        gemeente: 'Haarlem',
        uitkomst: 'hulp geaccepteerd',
        schuldenrust: 'ja',
        schuldenrust_van: '2026-03-10',
        schuldenrust_tot: '2026-04-09',
        betaling_hervat: '2026-03-10',
      }),
    ]);
    expect(await state('VERLOOPT')).toMatchObject({
      status: 'SUSPENDED',
      suspension: { acceptedOn: '2026-03-10', fedBackOn: '2026-03-10', lastDay: '2026-04-09' },
    });
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

  it('[R-SUS-4] ends early, wakes the execution at once, and the partner hears it without the reason', async () => {
    await meldpunt.advanceTo('2026-03-20T10:00:00+01:00');
    await meldpunt.outcomes('0392', [{ signaal: ids.EERDER ?? '', einde_schuldenrust: 'betaling niet hervat' }]);
    expect(await state('EERDER')).toMatchObject({
      status: 'CLOSED',
      suspension: { endedEarly: { on: '2026-03-20', reason: 'betaling niet hervat' } },
    });
    expect(await fedBack('EERDER')).toMatchObject([
      { uitkomst: 'hulp geaccepteerd' },
      { uitkomst: 'schuldenrust eerder beëindigd', schuldenrust_tot: '2026-03-20' },
    ]);
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

  it('[R-SUS-3] five days before the end the municipality is reminded', async () => {
    await meldpunt.advanceTo('2026-04-03T23:59:00+02:00');
    expect(kinds(await state('VERLOOPT'))).not.toContain('SUSPENSION_REMINDED');
    await meldpunt.advanceTo('2026-04-04T00:01:00+02:00');
    expect(kinds(await state('VERLOOPT'))).toContain('SUSPENSION_REMINDED');
  });

  it('[R-SUS-2][R-SUS-3] runs to the end of day 30 in Amsterdam, over the change of the clocks; both sides hear the end', async () => {
    await meldpunt.advanceTo('2026-04-09T23:59:59+02:00');
    expect(await state('VERLOOPT')).toMatchObject({ status: 'SUSPENDED' });
    await meldpunt.advanceTo('2026-04-10T00:00:05+02:00');
    expect(await state('VERLOOPT')).toMatchObject({ status: 'CLOSED' });
    expect((await fedBack('VERLOOPT')).at(-1)).toMatchObject({
      uitkomst: 'schuldenrust afgelopen',
      schuldenrust_tot: '2026-04-09',
    });
    await meldpunt.advanceTo('2026-04-10T08:00:00+02:00');
    const toMunicipality = (await meldpunt.mails()).filter((mail) => /^To: .*haarlem/im.test(mail));
    expect(toMunicipality.some((mail) => /schuldenrust/i.test(decoded(mail)))).toBe(true);
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

  it('nothing waits any more but what has no answer', async () => {
    await meldpunt.advanceTo('2026-05-10T08:00:00+02:00');
    expect(await meldpunt.executions('SignalStateMachine', 'RUNNING')).toEqual([]);
    expect(await meldpunt.executions('SignalStateMachine', 'FAILED')).toEqual([]);
  });
});

const kinds = (item: Record<string, unknown> | undefined): readonly string[] =>
  ((item?.history ?? []) as { kind: string }[]).map(({ kind }) => kind);

/** Quoted-printable and base64 parts made readable. */
const decoded = (mail: string): string =>
  mail
    .split(/\r?\n\r?\n/)
    .map((part) => (/^[A-Za-z0-9+/=\r\n]+$/.test(part) ? Buffer.from(part, 'base64').toString('utf8') : part))
    .join('\n')
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const decodedSubject = (mail: string): string =>
  mail.replaceAll(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'));
