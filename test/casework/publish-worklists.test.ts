import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import {
  ArrearId,
  Cents,
  caseIdOf,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  Period,
  signalIdOf,
  WorkerId,
} from '#domain/ids.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { publishWorklists, writeWorklist } from '#functions/casework/publish-worklists/publish-worklists.ts';
import { settleOutcome } from '#functions/casework/settle-outcome/settle-outcome.ts';
import { recordMailEvent } from '#functions/feedback/record-mail-event/record-mail-event.ts';
import { configuration } from '#test/support/configuration.ts';
import type { MemoryPorts } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';
import { answered, declined, pass, received, ref, reported, suspended, wait, waiting } from './stages.ts';

const march = Period.parse('2026-03');
/** A signal of March in a household of its own. */
const inMarch = (n: number, municipality: string, cents: number): Signal => {
  const arrearId = ArrearId.parse(String(n).padStart(16, '0'));
  const code = MunicipalityCode.parse(municipality);
  const household = HouseholdKey.parse(String(n).padStart(12, '0'));
  return reported({
    arrearId,
    period: march,
    municipality: code,
    signalId: signalIdOf(arrearId, march),
    caseId: caseIdOf(code, march, household),
    amountCents: Cents.parse(cents),
  });
};
const rows = (ports: MemoryPorts, code: string, month = '2026-03'): readonly Record<string, string>[] =>
  parse(ports.objects.text('exchange', `municipalities/${code}/worklists/${month}.csv`) ?? '', {
    columns: true,
    delimiter: ';',
    bom: true,
  });
const asked = {
  municipality: MunicipalityCode.parse('0392'),
  by: WorkerId.parse('w-17'),
  purpose: 'huisbezoeken van vandaag',
};
const mailed = (ports: MemoryPorts) => ports.mailer.sent.map(({ to, subject }) => `${to} ${subject}`);

const threeCases = async (): Promise<MemoryPorts> => {
  const ports = await received(inMarch(1, '0392', 100), inMarch(2, '0473', 300), inMarch(3, '0392', 500));
  ports.clock.set('2026-03-03T05:00:00.000Z');
  return ports;
};

describe('worklists', () => {
  it('[R-WOR-1] [R-ROU-3] [R-PRI-1] each municipality gets its own cases, ranked among all of the organisation', async () => {
    const ports = await threeCases();
    await publishWorklists(ports, {});
    const haarlem = rows(ports, '0392');
    expect(haarlem.map(({ rang, totaalbedrag }) => [rang, totaalbedrag])).toEqual([
      ['1', '5,00'],
      ['3', '1,00'],
    ]);
    expect(rows(ports, '0473').map(({ rang }) => rang)).toEqual(['2']);
    expect(haarlem.every(({ zaak }) => zaak?.startsWith('0392-'))).toBe(true);
    expect(rows(ports, '0363')).toEqual([]);
  });

  it('[R-PRI-1] [R-MAT-5] one address and arrear in two municipalities of an organisation: neither list speaks of the other', async () => {
    // As after a merger, or an address that was corrected: the signal moved from Haarlem, where the resident also lives elsewhere.
    const resident = { initials: 'P.', surname: 'Zwartkruis', dateOfBirth: IsoDate.parse('1985-03-09') };
    const [here, elsewhere, moved] = [
      { ...inMarch(1, '0392', 100), resident },
      { ...inMarch(2, '0392', 100), resident },
      { ...inMarch(1, '0473', 100), resident },
    ];
    const ports = await received(here, elsewhere);
    ports.clock.set('2026-03-03T05:00:00.000Z');
    await publishWorklists(ports, {});
    expect(rows(ports, '0392').map(({ andere_zaken }) => andere_zaken)).toEqual([
      expect.stringContaining(elsewhere.caseId),
      expect.stringContaining(here.caseId),
    ]);
    await ports.signals.create(moved);
    await publishWorklists(ports, {});
    const [haarlem = '', zandvoort = ''] = ['0392', '0473'].map((code) =>
      ports.objects.text('exchange', `municipalities/${code}/worklists/2026-03.csv`),
    );
    expect(haarlem).toContain(elsewhere.caseId);
    expect(haarlem).not.toContain('0473-');
    expect(zandvoort).toContain(moved.caseId);
    expect(zandvoort).not.toContain('0392-');
  });

  it('[R-WOR-1] can be asked for any day, for one municipality, and then mails nobody', async () => {
    const ports = await threeCases();
    expect(await writeWorklist(ports, { ...asked, municipality: MunicipalityCode.parse('0473') })).toEqual({
      lists: [
        {
          period: '2026-03',
          keys: ['municipalities/0473/worklists/2026-03.csv', 'municipalities/0473/worklists/2026-03.xlsx'],
          cases: 1,
          trays: { nieuw: 1 },
          marks: { nieuw: 1 },
        },
      ],
    });
    expect(ports.objects.keys('exchange')).toEqual(
      ['csv', 'xlsx'].map((form) => `municipalities/0473/worklists/2026-03.${form}`),
    );
    expect(rows(ports, '0473').map(({ rang }) => rang)).toEqual(['2']);
    expect(ports.mailer.sent).toEqual([]);
  });

  it('[R-PRI-5] who asks for a list is recorded before anything is read; without the record there is no list', async () => {
    const ports = await threeCases();
    const since = IsoDate.parse('2026-03-02');
    await writeWorklist(ports, { ...asked, period: march, since });
    const kept = { ...asked, at: '2026-03-03T05:00:00.000Z', list: '2026-03', since };
    expect(ports.access.items).toEqual([kept]);
    expect(ports.objects.keys('exchange')).toEqual(
      ['csv', 'xlsx'].map((form) => `municipalities/0392/worklists/2026-03-sinds-2026-03-02.${form}`),
    );
    const unrecorded = await threeCases();
    const read: string[] = [];
    const access = { record: () => Promise.reject(new Error('unreachable')) };
    const signals = {
      ofMunicipality: (code: MunicipalityCode) => {
        read.push(code);
        return unrecorded.signals.ofMunicipality(code);
      },
    };
    await expect(writeWorklist({ ...unrecorded, access, signals }, asked)).rejects.toThrow('unreachable');
    expect([read, unrecorded.objects.keys('exchange')]).toEqual([[], []]);
    await publishWorklists(unrecorded, {});
    expect(unrecorded.access.items).toEqual([]);
  });

  it('[R-PRI-5] nobody is recorded for a municipality that is not there', async () => {
    const ports = await threeCases();
    const elsewhere = { ...asked, municipality: MunicipalityCode.parse('0999') };
    await expect(writeWorklist(ports, elsewhere)).rejects.toMatchObject({ name: 'MunicipalityUnknown' });
    expect(ports.access.items).toEqual([]);
  });

  it('keeps a past month up to date while it has open cases, and once more after the last one closed', async () => {
    const ports = await threeCases();
    ports.clock.set('2026-04-20T05:00:00.000Z');
    await publishWorklists(ports, {});
    expect(ports.objects.keys('exchange')).toContain('municipalities/0392/worklists/2026-03.csv');
    expect(rows(ports, '0392', '2026-04')).toEqual([]);

    const closed = await answered(declined);
    await settleOutcome(closed, ref);
    const lists = () => closed.objects.keys('exchange').filter((key) => key.includes('0392'));
    closed.clock.set('2026-03-16T05:00:00.000Z');
    await publishWorklists(closed, {});
    expect(lists()).toEqual(
      [3, 4].flatMap((month) => ['csv', 'xlsx'].map((form) => `municipalities/0392/worklists/2026-0${month}.${form}`)),
    );
    closed.objects.items.clear();
    closed.clock.set('2026-05-15T05:00:00.000Z');
    await publishWorklists(closed, {});
    expect(lists()).toEqual(['csv', 'xlsx'].map((form) => `municipalities/0392/worklists/2026-05.${form}`));
  });

  it('[R-SUS-2] [R-DEL-9] shows where each case stands', async () => {
    const stages = [
      [waiting, 'open'],
      [
        async () => {
          const ports = await waiting();
          await pass(ports);
          return ports;
        },
        'herinnerd',
      ],
      [suspended, 'schuldenrust tot en met 2026-04-09'],
      [
        async () => {
          const ports = await answered(declined);
          await settleOutcome(ports, ref);
          return ports;
        },
        'afgesloten',
      ],
    ] as const;
    for (const [stage, status] of stages) {
      const ports = await stage();
      await writeWorklist(ports, asked);
      expect(rows(ports, '0392', '2026-04').map((row) => row.status)).toEqual([status]);
    }
  });
});

describe('the mail about them', () => {
  it('goes to the municipality and its organisation when there is news, in counts, and not again without news', async () => {
    const ports = await threeCases();
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 4, mailsRefused: 0 });
    expect(mailed(ports).sort()).toEqual([
      'schulden@haarlem.example.nl Werklijst vroegsignalering bijgewerkt: Haarlem',
      'schulden@zandvoort.example.nl Werklijst vroegsignalering bijgewerkt: Zandvoort',
      'vroegsignalering@haarlem.example.nl Werklijst vroegsignalering bijgewerkt: Haarlem',
      'vroegsignalering@haarlem.example.nl Werklijst vroegsignalering bijgewerkt: Zandvoort',
    ]);
    expect(ports.mailer.sent[0]?.text).toContain('- Nieuwe signalen: 2');
    ports.clock.set('2026-03-04T05:00:00.000Z');
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 0 });
  });

  it('[R-PRI-3] [R-FEE-5] holds no personal data and no ids', async () => {
    const ports = await threeCases();
    await publishWorklists(ports, {});
    for (const word of ['Jansen', 'HC-1001', '2011AB', '+31612345678', '0392-2603', 'elan-wonen'])
      expect(JSON.stringify(ports.mailer.sent)).not.toContain(word);
  });

  it('[R-FLO-2] [R-FLO-7] counts reminders and missed terms since the last mail', async () => {
    const ports = await waiting();
    ports.clock.set('2026-03-03T05:00:00.000Z');
    await publishWorklists(ports, {});
    for (const [label, day] of [
      ['Herinneringen: streefdatum voorbij', '2026-03-17'],
      ['Termijn verstreken', '2026-03-31'],
    ] as const) {
      ports.clock.set(`${day}T04:00:00.000Z`);
      await wait(ports, 'token');
      ports.clock.set(`${day}T05:00:00.000Z`);
      await publishWorklists(ports, {});
      const digest = ports.mailer.sent.findLast(({ subject }) => subject.startsWith('Werklijst'));
      expect(digest?.text).toContain(`- ${label}: 1`);
      expect(digest?.text).not.toContain('Nieuwe signalen');
    }
  });

  it('[R-AGR-7] missed terms go to who watches over them too, in counts, with a mark of its own', async () => {
    const ports = await waiting();
    ports.clock.set('2026-03-17T04:00:00.000Z');
    await wait(ports, 'token');
    ports.clock.set('2026-03-17T05:00:00.000Z');
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 3 });
    const [mail, ...more] = ports.mailer.sent.filter(({ to }) => to === 'termijnen@haarlem.example.nl');
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      subject: 'Termijnen niet gehaald: Haarlem',
      about: { owner: 'municipality#0392', kind: 'missed-terms' },
    });
    expect(mail?.text).toContain('- Te laat met terugkoppelen aan de partner: 1');
    expect(mail?.text).not.toMatch(/Nieuwe signalen|Herinneringen/);
    ports.clock.set('2026-03-18T05:00:00.000Z');
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 0 });
  });

  it('[R-AGR-7] who also reads the digest gets one mail; without a contact for it the digest is all', async () => {
    for (const missedTerms of [{ name: 'x', email: 'schulden@haarlem.example.nl' }, undefined]) {
      const ports = await waiting();
      const municipalities = configuration.municipalities.map(({ missedTerms: _, ...municipality }) => ({
        ...municipality,
        ...(missedTerms && { missedTerms }),
      }));
      await ports.configuration.replace({ ...configuration, municipalities });
      ports.clock.set('2026-03-17T04:00:00.000Z');
      await wait(ports, 'token');
      ports.clock.set('2026-03-17T05:00:00.000Z');
      expect(await publishWorklists(ports, {})).toMatchObject({ mails: 2 });
      expect(mailed(ports).filter((line) => line.startsWith('schulden@'))).toEqual([
        'schulden@haarlem.example.nl Werklijst vroegsignalering bijgewerkt: Haarlem',
      ]);
    }
  });

  describe('a crisis run', () => {
    const RUN = { crisis: true };
    const eviction = (n: number, at: string): Signal => ({
      ...inMarch(n, '0392', 100),
      kind: 'ontruiming',
      history: [{ kind: 'RECEIVED', at: Instant.parse(at), source: 'x' }],
    });
    const morning = async (): Promise<MemoryPorts> => {
      const ports = await threeCases();
      await publishWorklists(ports, {});
      ports.mailer.sent.length = 0;
      ports.objects.items.clear();
      return ports;
    };

    it('[R-DEL-12] neither mails nor writes while no crisis came in', async () => {
      const ports = await morning();
      await ports.signals.create({
        ...eviction(4, '2026-03-03T08:00:00.000Z'),
        kind: 'vroeg',
      });
      ports.clock.set('2026-03-03T11:00:00.000Z');
      expect(await publishWorklists(ports, RUN)).toMatchObject({ files: 0, mails: 0 });
      expect(ports.objects.keys('exchange')).toEqual([]);
    });

    it('[R-DEL-12] tells a crisis the same day, once, with the list it is on; the next digest goes on from there', async () => {
      const ports = await morning();
      await ports.signals.create(eviction(4, '2026-03-03T08:00:00.000Z'));
      ports.clock.set('2026-03-03T11:00:00.000Z');
      expect(await publishWorklists(ports, RUN)).toMatchObject({ files: 2, mails: 2 });
      expect(mailed(ports).sort()).toEqual([
        'schulden@haarlem.example.nl Crisissignaal: Haarlem',
        'vroegsignalering@haarlem.example.nl Crisissignaal: Haarlem',
      ]);
      expect(ports.mailer.sent[0]?.text).toContain('- Crisis (ontruiming of einde levering), nieuw of gewijzigd: 1');
      expect(rows(ports, '0392')[0]).toMatchObject({ werkbakje: 'crisis' });
      ports.clock.set('2026-03-03T15:00:00.000Z');
      expect(await publishWorklists(ports, RUN)).toMatchObject({ files: 0, mails: 0 });

      await ports.signals.create(eviction(5, '2026-03-03T14:00:00.000Z'));
      expect(await publishWorklists(ports, RUN)).toMatchObject({ mails: 2 });
      ports.clock.set('2026-03-04T05:00:00.000Z');
      expect(await publishWorklists(ports, {})).toMatchObject({ mails: 0 });
    });
  });

  it('news of the last minutes waits for the next mail: nothing is counted twice or passed over', async () => {
    const ports = await received();
    ports.clock.set('2026-03-02T08:04:00.000Z');
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 0 });
    ports.clock.set('2026-03-02T08:06:00.000Z');
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 2 });
  });

  it('[R-FEE-6] a refused mail is counted and tried again the next day', async () => {
    const ports = await threeCases();
    ports.mailer.refusing.add('schulden@haarlem.example.nl');
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 3, mailsRefused: 1 });
    ports.mailer.refusing.clear();
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 1, mailsRefused: 0 });
  });

  it('[R-FEE-6] a mail that bounced is told again the next day, to that reader only; after a complaint it waits', async () => {
    const ports = await threeCases();
    await publishWorklists(ports, {});
    const back = async (what: 'BOUNCE' | 'COMPLAINT', address: string) => {
      const mail = ports.mailer.sent.findLast(({ to, subject }) => to === address && subject.endsWith('Haarlem'));
      if (!mail) throw new Error(`no mail to ${address}`);
      const { to, about } = mail;
      const messageId = `${what} ${address}`;
      await recordMailEvent(ports, { what, detail: '', about, to, messageId, sentAt: ports.clock.now() });
    };
    await back('BOUNCE', 'schulden@haarlem.example.nl');
    ports.clock.set('2026-03-04T05:00:00.000Z');
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 1, mailsStopped: 0 });
    expect(ports.mailer.sent.at(-1)).toMatchObject({
      to: 'schulden@haarlem.example.nl',
      text: expect.stringContaining('- Nieuwe signalen: 2'),
    });
    await back('COMPLAINT', 'vroegsignalering@haarlem.example.nl');
    const later = inMarch(4, '0392', 100);
    const at = Instant.parse('2026-03-04T08:00:00.000Z');
    await ports.signals.create({ ...later, history: later.history.map((entry) => ({ ...entry, at })) });
    ports.clock.set('2026-03-05T05:00:00.000Z');
    expect(await publishWorklists(ports, {})).toMatchObject({ mails: 1, mailsStopped: 1 });
    expect(ports.mailer.sent.at(-1)).toMatchObject({
      to: 'schulden@haarlem.example.nl',
      text: expect.stringContaining('- Nieuwe signalen: 1'),
    });
  });

  it('survives a crash at every call', async () => {
    const calls = await survivesEveryCrash(threeCases, async (ports) => {
      await publishWorklists(ports, {});
      return 'done';
    });
    expect(calls).toBeGreaterThan(20);
  });
});

describe('what happened since the list before', () => {
  const marks = (ports: MemoryPorts): readonly (readonly (string | undefined)[])[] =>
    rows(ports, '0392').map(({ totaalbedrag, nieuws, gebeurd }) => [totaalbedrag, nieuws, gebeurd]);
  const SECOND = '2026-03-04T05:00:00.000Z';
  /** Mailed about on the 3rd; on the 4th one more case came. */
  const secondDay = async (): Promise<MemoryPorts> => {
    const ports = await threeCases();
    await publishWorklists(ports, {});
    const at = Instant.parse('2026-03-03T09:00:00.000Z');
    await ports.signals.create({ ...inMarch(4, '0392', 300), history: [{ kind: 'RECEIVED', at, source: 'x' }] });
    ports.clock.set(SECOND);
    return ports;
  };
  const FRESH = ['3,00', 'nieuw', 'gemeld'];

  it('[R-WOR-1] the first list says that all is new, the next what came after the one that was mailed', async () => {
    const ports = await threeCases();
    await publishWorklists(ports, {});
    expect(rows(ports, '0392').map(({ nieuws, nieuws_sinds }) => [nieuws, nieuws_sinds])).toEqual([
      ['nieuw', 'eerste lijst'],
      ['nieuw', 'eerste lijst'],
    ]);
    const next = await secondDay();
    await publishWorklists(next, {});
    expect(marks(next)).toEqual([['5,00', '', ''], FRESH, ['1,00', '', '']]);
    expect(rows(next, '0392')[0]?.nieuws_sinds).toBe('3 maart 2026 om 05:55 uur');
  });

  it('all lists of a day say the same: made again, for a crisis, or on request', async () => {
    const ports = await secondDay();
    await writeWorklist(ports, asked);
    expect(marks(ports)).toContainEqual(FRESH);
    await publishWorklists(ports, {});
    const first = ports.objects.text('exchange', 'municipalities/0392/worklists/2026-03.csv');
    await publishWorklists(ports, {});
    expect(ports.objects.text('exchange', 'municipalities/0392/worklists/2026-03.csv')).toBe(first);
    ports.clock.set('2026-03-04T11:00:00.000Z');
    await publishWorklists(ports, { crisis: true });
    await writeWorklist(ports, asked);
    expect(marks(ports)).toContainEqual(FRESH);
  });

  it('a day without a mail moves nothing on; a mail that came back told nothing', async () => {
    const ports = await threeCases();
    ports.mailer.refusing.add('schulden@haarlem.example.nl').add('vroegsignalering@haarlem.example.nl');
    await publishWorklists(ports, {});
    ports.clock.set(SECOND);
    await publishWorklists(ports, {});
    expect(marks(ports).map(([, mark]) => mark)).toEqual(['nieuw', 'nieuw']);
    ports.mailer.refusing.clear();
    await publishWorklists(ports, {});
    ports.clock.set('2026-03-05T05:00:00.000Z');
    await publishWorklists(ports, {});
    expect(marks(ports).map(([, mark]) => mark)).toEqual(['', '']);
    // Nothing to mail on the 5th, so that the 6th still counts from the 4th.
    ports.clock.set('2026-03-06T05:00:00.000Z');
    await publishWorklists(ports, {});
    expect(rows(ports, '0392')[0]?.nieuws_sinds).toBe('4 maart 2026 om 05:55 uur');
  });

  it('since a day of one’s own choice, from its first moment on, beside the list of all', async () => {
    const ports = await secondDay();
    await publishWorklists(ports, {});
    const listed = async (since: string) => {
      const { lists } = await writeWorklist(ports, { ...asked, since: IsoDate.parse(since) });
      return lists.map((list) => list.marks);
    };
    expect(await listed('2026-03-02')).toEqual([{ nieuw: 3 }]);
    expect(await listed('2026-03-04')).toEqual([{}]);
    expect(marks(ports)).toContainEqual(FRESH);
  });

  it('survives a crash at every call on the second day, with the same marks', async () => {
    const calls = await survivesEveryCrash(secondDay, async (ports) => {
      await publishWorklists(ports, {});
      return 'done';
    });
    expect(calls).toBeGreaterThan(20);
  });
});
