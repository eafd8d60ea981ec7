import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration } from '../support/configuration.ts';
import { goodRow, Meldpunt, type Receipt, type Row } from '../support/meldpunt.ts';

type Item = Record<string, unknown>;
interface StoredTerm {
  readonly kind: string;
  readonly on: string;
  readonly because: string;
}

const stateOf = async (meldpunt: Meldpunt, reference: string): Promise<Item | undefined> =>
  (await meldpunt.signals(reference))[0];
const termOf = async (meldpunt: Meldpunt, reference: string, kind: string): Promise<StoredTerm | undefined> =>
  (((await stateOf(meldpunt, reference))?.terms ?? []) as StoredTerm[]).find((term) => term.kind === kind);
const onList = async (meldpunt: Meldpunt, reference: string, municipality: string, month: string): Promise<Row> => {
  const id = String((await stateOf(meldpunt, reference))?.signalId);
  const found = (await meldpunt.worklist(municipality, month)).find((row) => row.signalen_ids?.includes(id));
  if (!found) throw new Error(`${reference} is not on the list`);
  return found;
};
/** What the partner reads about its refused rows. */
const refused = async (meldpunt: Meldpunt, party: string, { deliveryId }: Receipt) =>
  (await meldpunt.rows(`partners/${party}/deliveries/${deliveryId}/rejected.csv`)).map(
    ({ referentie, code, uitleg }) => ({
      referentie,
      code,
      uitleg,
    }),
  );

/** A good row of early 2021, for a household of its own. */
let house = 0;
const row2021 = (referentie: string, over: Row = {}): Row => {
  house += 1;
  return goodRow({
    referentie,
    huisnummer: String(house),
    vervaldatum: '01-02-2021',
    datum_herinnering: '10-02-2021',
    datum_contactpoging: '20-02-2021',
    ...over,
  });
};

/** The whole product from a moment on, for one test. */
const from = async (start: string, work: (meldpunt: Meldpunt) => Promise<void>): Promise<void> => {
  const meldpunt = await Meldpunt.open(start);
  try {
    await work(meldpunt);
    expect(await meldpunt.executions('SignalStateMachine', 'FAILED')).toEqual([]);
  } finally {
    await meldpunt.close();
  }
};

describe('Haarlem and Zandvoort in 2021', () => {
  it('[R-AGR-1][R-AGR-2] before its first day the agreement does not count, on that day it does', () =>
    from('2021-03-31T09:00:00+02:00', async (meldpunt) => {
      const early = await meldpunt.upload('elan-wonen', [row2021('TE-VROEG')]);
      expect(await refused(meldpunt, 'elan-wonen', early)).toEqual([
        {
          referentie: 'TE-VROEG',
          code: 'NO_AGREEMENT',
          uitleg: 'De overeenkomst met de gemeente Haarlem is nog niet ingegaan.',
        },
      ]);
      await meldpunt.advanceTo('2021-04-01T00:01:00+02:00');
      expect(await meldpunt.upload('elan-wonen', [row2021('EERSTE-DAG')])).toMatchObject({ counts: { accepted: 1 } });
    }));

  it('[R-AGR-3] the addendum sets the first team and the term for feedback by phase, and says which article', () =>
    from('2021-04-26T09:00:00+02:00', async (meldpunt) => {
      const zandvoort = { postcode: '2042 AA', woonplaats: 'Zandvoort' };
      await meldpunt.upload('pre-wonen', [row2021('TIEN'), row2021('VIJF', { ...zandvoort, fase: 'incasso' })]);
      expect(await stateOf(meldpunt, 'TIEN')).toMatchObject({ municipality: '0392', team: 'sdv' });
      expect(await stateOf(meldpunt, 'VIJF')).toMatchObject({ municipality: '0473', team: 'sdv' });
      expect(await termOf(meldpunt, 'TIEN', 'FEEDBACK')).toMatchObject({
        on: '2021-05-12',
        because:
          '10 werkdagen na 26 april 2021 = 12 mei 2021; Koningsdag en Bevrijdingsdag tellen niet (Addendum Haarlem/Zandvoort 2021, art. 5.4)',
      });
      expect(await termOf(meldpunt, 'VIJF', 'FEEDBACK')).toMatchObject({
        on: '2021-05-04',
        because:
          '5 werkdagen na 26 april 2021 = 4 mei 2021; Koningsdag telt niet (Addendum Haarlem/Zandvoort 2021, art. 5.4)',
      });
      // What the addendum leaves alone is still the national text.
      expect(await termOf(meldpunt, 'TIEN', 'ESCALATION')).toMatchObject({
        on: '2021-05-24',
        because:
          '28 dagen na 26 april 2021 = 24 mei 2021 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders; Wgs art. 4 lid 1)',
      });
    }));

  it('[R-AGR-4] in the implementatiefase there is no threshold, from 1 July 2021 on there is: also for who came in June', () =>
    from('2021-06-29T09:00:00+02:00', async (meldpunt) => {
      await meldpunt.upload('ymere', [row2021('KLEIN', { bedrag: '50,00' }), row2021('GROOT', { bedrag: '500,00' })]);
      await meldpunt.advanceTo('2021-06-30T20:00:00+02:00');
      expect(await onList(meldpunt, 'KLEIN', '0392', '2021-06')).toMatchObject({
        reden_rangorde: expect.stringContaining('er geldt geen drempelbedrag'),
        regelset: 'HAARLEM 1 (Addendum Haarlem/Zandvoort 2021, art. 5.3)',
      });
      await meldpunt.advanceTo('2021-07-01T00:05:00+02:00');
      expect(await onList(meldpunt, 'KLEIN', '0392', '2021-06')).toMatchObject({
        reden_rangorde: expect.stringMatching(/^prioriteit IV: minder dan € 75,00/),
      });
      expect(await onList(meldpunt, 'GROOT', '0392', '2021-06')).toMatchObject({
        rang: '1',
        reden_rangorde: expect.stringMatching(/^prioriteit II: € 75,00 of meer/),
      });
    }));
});

describe('agreements that change while signals run', () => {
  let meldpunt: Meldpunt;
  let loaded: Item = configuration;
  const [lcv] = configuration.policies;
  const row = (referentie: string, over: Row = {}): Row => {
    house += 1;
    return goodRow({ referentie, huisnummer: String(house), ...over });
  };
  const nijmegen = { postcode: '6511 AA', woonplaats: 'Nijmegen' };
  /** Loads what is loaded with something changed in it; a minute later every function knows it. */
  const load = async (over: Item): Promise<Item> => {
    const wanted = { ...loaded, ...over };
    const answer = (await meldpunt.invoke('LoadConfigurationFunction', { configuration: wanted })) as Item;
    if ('loaded' in answer) loaded = wanted;
    await meldpunt.advanceTo(new Date(Date.parse(meldpunt.cloud.clock.iso()) + 60_000).toISOString());
    return answer;
  };
  const listOf = (name: string): readonly Item[] => loaded[name] as readonly Item[];
  const shorter = { reminderDays: 7, warningDays: 10, escalationDays: 14, closingDays: 30 };

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-05-20T09:00:00+02:00');
  });
  afterAll(() => meldpunt?.close());

  it('[R-AGR-1] an agreement of 2021 is renewed tacitly: in 2026 it counts', async () => {
    expect(await meldpunt.upload('ymere', [row('HUUR')])).toMatchObject({ counts: { accepted: 1, refused: 0 } });
    expect(await stateOf(meldpunt, 'HUUR')).toMatchObject({ agreement: 'haarlem-ymere' });
  });

  it('[R-AGR-1] one side gives notice: loading it says the last day, three months on', async () => {
    const cancelled = { on: '2026-03-02', by: 'partner' };
    const agreements = listOf('agreements').map((each) =>
      each.id === 'haarlem-ymere' ? { ...each, cancelled } : each,
    );
    expect(await load({ agreements })).toMatchObject({
      ending: { 'haarlem-ymere': 'opgezegd door de partner op 2 maart 2026, laatste dag 2 juni 2026' },
    });
  });

  it('[R-AGR-3] the base text never changes, and a new deviation does not begin before tomorrow', async () => {
    expect(await load({ policies: [{ ...lcv, terms: shorter }] })).toMatchObject({
      problems: [{ path: 'policies[0]' }],
    });
    expect(await load({ deviations: [...listOf('deviations'), annex('2026-05-20')] })).toMatchObject({
      problems: [{ path: 'deviations[2].validFrom' }],
    });
  });

  const annex = (validFrom: string): Item => ({
    id: 'nijmegen-2026',
    title: 'Bijlage Nijmegen',
    municipality: '0268',
    validFrom,
    phases: [],
    changes: [{ subject: 'terms', clause: 'art. 1', value: shorter }],
  });

  it('[R-AGR-3] a deviation that begins while signals run: these keep their terms, new ones get the new', async () => {
    await meldpunt.upload('incasso', [row('NIJMEGEN-OUD', nijmegen)]);
    expect(await load({ deviations: [...listOf('deviations'), annex('2026-05-21')] })).toHaveProperty('loaded');
    await meldpunt.upload('incasso', [row('NIJMEGEN-VANDAAG', nijmegen)]);
    await meldpunt.advanceTo('2026-05-21T09:00:00+02:00');
    await meldpunt.upload('incasso', [row('NIJMEGEN-NIEUW', nijmegen)]);
    for (const reference of ['NIJMEGEN-OUD', 'NIJMEGEN-VANDAAG'])
      expect(await termOf(meldpunt, reference, 'ESCALATION')).toMatchObject({ on: '2026-06-17' });
    expect(await termOf(meldpunt, 'NIJMEGEN-NIEUW', 'ESCALATION')).toMatchObject({
      on: '2026-06-04',
      because: '14 dagen na 21 mei 2026 = 4 juni 2026 (Bijlage Nijmegen, art. 1)',
    });
  });

  it('[R-AGR-6] a new type of partner joins as data: its own minimum, and an addendum to its agreement', async () => {
    await meldpunt.advanceTo('2026-05-22T09:00:00+02:00');
    const [landlord] = listOf('partners');
    const [party] = listOf('deliveringParties');
    const [agreement] = listOf('agreements');
    const joins = {
      partners: [...listOf('partners'), { ...landlord, id: 'bank', name: 'Voorbeeldbank', type: 'Hypotheek' }],
      deliveringParties: [
        ...listOf('deliveringParties'),
        { ...party, id: 'bank', name: 'Voorbeeldbank', partners: ['bank'] },
      ],
      agreements: [
        ...listOf('agreements'),
        {
          ...agreement,
          id: 'amsterdam-bank',
          municipality: '0363',
          partner: 'bank',
          lcvVersion: '2022',
          validFrom: '2026-05-22',
        },
      ],
      deviations: [
        ...listOf('deviations'),
        {
          id: 'amsterdam-bank',
          title: 'Addendum hypotheek',
          municipality: '0363',
          agreement: 'amsterdam-bank',
          validFrom: '2026-05-22',
          phases: [],
          changes: [
            {
              subject: 'feedbackTerm',
              clause: 'art. 1',
              value: { businessDays: { achterstand: 15, incasso: 15, deurwaarder: 15 }, decreeDays: true },
            },
          ],
        },
      ],
    };
    expect(await load(joins)).toEqual({
      problems: [{ path: 'agreements[14].lcvVersion', text: 'termijnregel voor Hypotheek 2022 bestaat niet' }],
    });
    const rule = { type: 'Hypotheek', lcvVersion: '2022', minimumDaysOverdue: 60 };
    expect(await load({ ...joins, partnerTypeRules: [...listOf('partnerTypeRules'), rule] })).toHaveProperty('loaded');

    const amsterdam = { postcode: '1012 AB', woonplaats: 'Amsterdam' };
    const receipt = await meldpunt.upload('bank', [
      row('HYPOTHEEK', {
        ...amsterdam,
        vervaldatum: '23-03-2026',
        datum_herinnering: '01-05-2026',
        datum_contactpoging: '01-05-2026',
      }),
      row('HYPOTHEEK-59', {
        ...amsterdam,
        vervaldatum: '24-03-2026',
        datum_herinnering: '01-05-2026',
        datum_contactpoging: '01-05-2026',
      }),
    ]);
    expect(await refused(meldpunt, 'bank', receipt)).toMatchObject([{ referentie: 'HYPOTHEEK-59', code: 'TOO_EARLY' }]);
    expect(await stateOf(meldpunt, 'HYPOTHEEK')).toMatchObject({ partnerType: 'Hypotheek' });
    expect(await termOf(meldpunt, 'HYPOTHEEK', 'FEEDBACK')).toMatchObject({
      on: '2026-06-15',
      because: '15 werkdagen na 22 mei 2026 = 15 juni 2026; tweede pinksterdag telt niet (Addendum hypotheek, art. 1)',
    });
  });

  it('[R-AGR-1][R-AGR-2] counts on the last day; the day after the partner learns that it has ended', async () => {
    await meldpunt.advanceTo('2026-06-02T23:30:00+02:00');
    const last = await meldpunt.upload('ymere', [row('LAATSTE'), row('LAATSTE-STIL')]);
    expect(last).toMatchObject({ counts: { accepted: 2, refused: 0 } });
    await meldpunt.advanceTo('2026-06-03T00:01:00+02:00');
    const late = await meldpunt.upload('ymere', [row('TE-LAAT')]);
    expect(await refused(meldpunt, 'ymere', late)).toEqual([
      {
        referentie: 'TE-LAAT',
        code: 'NO_AGREEMENT',
        uitleg: 'De overeenkomst met de gemeente Haarlem is afgelopen.',
      },
    ]);
  });

  it('[R-AGR-7] whoever watches over the terms hears that one was missed, and the list says how to reach the partner', async () => {
    await meldpunt.advanceTo('2026-06-05T08:00:00+02:00');
    expect(await stateOf(meldpunt, 'NIJMEGEN-OUD')).toMatchObject({ status: 'ASSIGNED' });
    expect(await stateOf(meldpunt, 'NIJMEGEN-NIEUW')).toMatchObject({ status: 'TERM_EXPIRED' });
    const mails = (await meldpunt.mails()).filter((mail) => /^To: .*termijnen@nijmegen\.example\.nl/im.test(mail));
    expect(mails).toHaveLength(1);
    expect(await onList(meldpunt, 'NIJMEGEN-NIEUW', '0268', '2026-05')).toMatchObject({
      contact_partners: expect.stringMatching(/024 555 01 04.*werkdagen van 10\.00 tot 12\.00 uur/),
    });
  });

  it('[R-AGR-1][R-AGR-2] in the gap before its successor the partner learns that this has not begun', async () => {
    const agreements = listOf('agreements');
    const ended = agreements.find(({ id }) => id === 'haarlem-ymere');
    expect(await load({ agreements: agreements.filter((each) => each !== ended) })).toMatchObject({
      problems: [{ path: 'agreements' }],
    });
    const successor = {
      ...ended,
      id: 'haarlem-ymere-2026',
      policy: 'lcv-2026',
      validFrom: '2026-07-01',
      cancelled: undefined,
    };
    const answer = await load({
      policies: [lcv, { ...lcv, id: 'lcv-2026', title: 'Landelijk convenant 2026', terms: shorter }],
      agreements: [...agreements, successor],
    });
    expect(answer).toHaveProperty('loaded');
    await meldpunt.advanceTo('2026-06-10T09:00:00+02:00');
    const gap = await meldpunt.upload('ymere', [row('TUSSENIN')]);
    expect(await refused(meldpunt, 'ymere', gap)).toMatchObject([
      { uitleg: 'De overeenkomst met de gemeente Haarlem is nog niet ingegaan.' },
    ]);
  });

  it('[R-AGR-1] the successor counts from its first day', async () => {
    await meldpunt.advanceTo('2026-07-01T09:00:00+02:00');
    expect(await meldpunt.upload('ymere', [row('OPVOLGER')])).toMatchObject({ counts: { accepted: 1 } });
  });

  it('[R-AGR-1][R-AGR-3] signals of an ended agreement finish under its own rules, beside those of its successor', async () => {
    expect(await stateOf(meldpunt, 'LAATSTE')).toMatchObject({ status: 'TERM_EXPIRED' });
    expect(await termOf(meldpunt, 'LAATSTE', 'CLOSING')).toMatchObject({
      on: '2026-08-01',
      because: expect.stringContaining('Landelijk convenant vroegsignalering'),
    });
    expect(await termOf(meldpunt, 'OPVOLGER', 'CLOSING')).toMatchObject({
      on: '2026-07-31',
      because: expect.stringContaining('Landelijk convenant 2026'),
    });
    await meldpunt.advanceTo('2026-07-10T09:00:00+02:00');
    await meldpunt.outcomes('0392', [
      {
        signaal: String((await stateOf(meldpunt, 'LAATSTE'))?.signalId),
        resultaat: 'Definitief geen contact kunnen krijgen',
        resultaat_datum: '10-07-2026',
      },
    ]);
    // Its addendum tells the partner every outcome; it ended as much as the agreement did, and holds for who came in time.
    expect(await meldpunt.feedback('ymere')).toContainEqual(
      expect.objectContaining({ referentie: 'LAATSTE', uitkomst: 'geen hulp tot stand gekomen' }),
    );
    await meldpunt.advanceTo('2026-08-01T09:00:00+02:00');
    expect(await stateOf(meldpunt, 'OPVOLGER')).toMatchObject({ status: 'CLOSED' });
    expect(await stateOf(meldpunt, 'LAATSTE-STIL')).toMatchObject({ status: 'TERM_EXPIRED' });
    await meldpunt.advanceTo('2026-08-02T09:00:00+02:00');
    expect(await stateOf(meldpunt, 'LAATSTE-STIL')).toMatchObject({
      status: 'CLOSED',
      outcome: { result: 'Definitief geen contact kunnen krijgen' },
    });
  });

  it('no execution failed', async () => {
    expect(await meldpunt.executions('SignalStateMachine', 'FAILED')).toEqual([]);
    expect(await meldpunt.executions('DeliveryStateMachine', 'FAILED')).toEqual([]);
  });
});
