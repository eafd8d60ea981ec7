import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration } from '../support/configuration.ts';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

const RANKING = {
  name: 'NIJMEGEN-PUNTEN',
  version: 1,
  title: 'Punten van Nijmegen',
  source: { text: 'Bijlage Nijmegen 2026', clause: 'art. 1' },
  points: [
    { id: 'deurwaarder', when: { fact: 'phase', in: ['deurwaarder'] }, points: 40, says: 'bij de deurwaarder' },
    { id: 'meer', when: { fact: 'signals', atLeast: 2 }, points: 30, says: '{signalen} op dit adres' },
    {
      id: 'klein',
      when: { fact: 'totalCents', below: 'threshold' },
      points: -20,
      says: 'minder dan het drempelbedrag van € {drempel}',
    },
  ],
  order: [{ by: 'totalCents', comes: 'HIGHEST_FIRST' }],
};
const NEXT = {
  ...RANKING,
  version: 2,
  title: 'Punten van Nijmegen, grote bedragen eerst',
  points: [
    ...RANKING.points,
    { id: 'groot', when: { fact: 'totalCents', atLeast: 50_000 }, points: 50, says: 'samen € {bedrag}' },
  ],
};

/** Nijmegen: by LCV 1 until April, then by points of its own, with a threshold and two home visits a month. */
const withRankings = (...rankings: object[]) => ({
  ...configuration,
  rankings,
  deviations: [
    ...configuration.deviations,
    {
      id: 'nijmegen-2026',
      title: 'Bijlage Nijmegen 2026',
      municipality: '0268',
      validFrom: '2026-04-01',
      phases: [],
      changes: [
        { subject: 'ranking', clause: 'art. 1', value: { ruleSet: 'NIJMEGEN-PUNTEN', version: 1 } },
        { subject: 'threshold', clause: 'art. 2', value: { cents: 7500 } },
        {
          subject: 'capacity',
          clause: 'art. 3',
          value: { homeVisits: 2, crisis: 'ALWAYS', otherChannels: ['telefoon', 'brief'] },
        },
      ],
    },
  ],
});

const NAMES = ['Aalbers', 'Boersma', 'Cornelissen', 'Dijkstra', 'Evertsen'];
/** A row of a household of its own: another name, date of birth and telephone number at each number. */
const row = (referentie: string, house: number, bedrag: string, over: Row = {}): Row =>
  goodRow({
    referentie,
    huisnummer: String(100 + house),
    postcode: '6511 AA',
    woonplaats: 'Nijmegen',
    straat: 'Oranjesingel',
    voorletters: `${'JKLMN'[house]}.`,
    tussenvoegsel: '',
    achternaam: NAMES[house] ?? '',
    geboortedatum: `0${house + 1}-0${house + 2}-19${60 + 7 * house}`,
    telefoon: `06 1000000${house}`,
    email: '',
    bedrag,
    ...over,
  });

describe('a ranking of its own', () => {
  let meldpunt: Meldpunt;
  const list = async (month: string) => {
    const references = new Map(
      (await meldpunt.signals()).map(({ signalId, reference }) => [String(signalId), String(reference)]),
    );
    const rows = await meldpunt.worklist('0268', month);
    return rows.map(
      (each): Row => ({
        ...each,
        naam_zaak: (each.signalen_ids ?? '')
          .split(' | ')
          .map((id) => references.get(id) ?? '?')
          .sort()
          .join('+'),
      }),
    );
  };
  const caseNumber = async (month: string, name: string) =>
    (await list(month)).find(({ naam_zaak }) => naam_zaak === name)?.zaak;
  const simulate = async (asked: object): Promise<Record<string, unknown>> =>
    (await meldpunt.invoke('SimulatePolicyFunction', { municipality: '0268', ...asked })) as Record<string, unknown>;

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-03-10T09:00:00+01:00', withRankings(RANKING));
    const receipt = await meldpunt.upload('incasso', [row('OUD', 0, '300,00'), row('OUDER', 1, '80,00')]);
    expect(receipt).toMatchObject({ counts: { read: 2, accepted: 2 } });
    await meldpunt.advanceTo('2026-03-31T12:00:00+02:00');
  });
  afterAll(() => meldpunt?.close());

  it('[R-WOR-4] counts from its first day on: until then the list is that of the national agreement, without approach', async () => {
    expect(
      (await list('2026-03')).map(({ rang, naam_zaak, regelset, aanpak }) => [rang, naam_zaak, regelset, aanpak]),
    ).toEqual([
      ['1', 'OUD', 'LCV 1 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders art. 3)', ''],
      ['2', 'OUDER', 'LCV 1 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders art. 3)', ''],
    ]);
  });

  it('[R-WOR-3] [R-WOR-4] each case shows its points, the rules that gave them, and the version in force', async () => {
    await meldpunt.advanceTo('2026-04-08T09:00:00+02:00');
    await meldpunt.upload('incasso', [
      row('SAMEN', 0, '50,00'),
      row('GROOT', 2, '900,00', { telefoon: '' }),
      row('KLEIN', 3, '60,00'),
      row('DEURWAARDER', 4, '100,00', { fase: 'deurwaarder' }),
    ]);
    await meldpunt.upload('energie', [row('SAMEN-STROOM', 0, '40,00')]);
    const april = await list('2026-04');
    expect(april.map(({ rang, naam_zaak, reden_rangorde }) => [rang, naam_zaak, reden_rangorde])).toEqual([
      ['1', 'DEURWAARDER', 'samen 40 punten; +40 punten: bij de deurwaarder; totaal € 100,00'],
      ['2', 'SAMEN+SAMEN-STROOM', 'samen 30 punten; +30 punten: 2 signalen op dit adres; totaal € 90,00'],
      ['3', 'GROOT', 'samen 0 punten; totaal € 900,00'],
      ['4', 'KLEIN', 'samen -20 punten; -20 punten: minder dan het drempelbedrag van € 75,00; totaal € 60,00'],
    ]);
    expect(new Set(april.map(({ regelset }) => regelset))).toEqual(
      new Set(['NIJMEGEN-PUNTEN 1 (Bijlage Nijmegen 2026, art. 1)']),
    );
  });

  it('[R-WOR-5] two home visits go to the first by rank, months and partners of a household together; the others by what is known', async () => {
    const approach = async (month: string) =>
      (await list(month)).map(({ naam_zaak, aanpak, aanpak_reden }) => [naam_zaak, aanpak, aanpak_reden]);
    const none = 'geen huisbezoek over (2 in april 2026, 0 gehouden)';
    expect(await approach('2026-04')).toEqual([
      ['DEURWAARDER', 'huisbezoek', 'huisbezoek naar rang: 1 van 2 in april 2026'],
      ['SAMEN+SAMEN-STROOM', 'huisbezoek', 'huisbezoek naar rang: 2 van 2 in april 2026'],
      ['GROOT', 'brief', `${none}, geen telefoonnummer of e-mailadres bekend`],
      ['KLEIN', 'telefoon', `${none}, telefoonnummer bekend`],
    ]);
    const samen = await caseNumber('2026-04', 'SAMEN+SAMEN-STROOM');
    expect(await approach('2026-03')).toEqual([
      ['OUD', 'huisbezoek', `samen met zaak ${samen}`],
      ['OUDER', 'telefoon', `${none}, telefoonnummer bekend`],
    ]);
  });

  it('[R-WOR-5] a visit that was held this month counts off, for whatever case it was; nobody at home does not', async () => {
    const visit = (zaak: string | undefined, contact_bereikt: 'j' | 'n') => ({
      zaak: zaak ?? '',
      contact_soort: 'Huisbezoek',
      contact_bereikt,
      contact_datum: '08-04-2026',
      contact_dagdeel: 'Ochtend',
    });
    const first = async () =>
      (await list('2026-04')).slice(0, 2).map(({ aanpak, aanpak_reden }) => [aanpak, aanpak_reden]);
    await meldpunt.outcomes('0268', [visit(await caseNumber('2026-04', 'KLEIN'), 'n')], 'a.csv');
    expect((await first())[1]?.[0]).toBe('huisbezoek');
    await meldpunt.outcomes('0268', [visit(await caseNumber('2026-03', 'OUDER'), 'j')], 'b.csv');
    expect(await first()).toEqual([
      ['huisbezoek', 'huisbezoek naar rang: 2 van 2 in april 2026'],
      ['telefoon', 'geen huisbezoek over (2 in april 2026, 1 gehouden), telefoonnummer bekend'],
    ]);
    expect((await list('2026-03')).find(({ naam_zaak }) => naam_zaak === 'OUDER')).toMatchObject({
      aanpak: 'telefoon',
      aanpak_reden: 'huisbezoek gehouden op 8 april 2026, telefoonnummer bekend',
    });
  });

  it('[R-WOR-7] the simulator counts what falls below € 50, 75 and 100, and which kinds', async () => {
    const { thresholds, inForce } = (await simulate({ period: '2026-04', thresholds: [5_000, 7_500, 10_000] })) as {
      inForce: unknown;
      thresholds: { cases: number; thresholds: unknown; kinds: { kind: string; rows: { label: string }[] }[] };
    };
    expect(inForce).toMatchObject({ ranking: { name: 'NIJMEGEN-PUNTEN', version: 1 }, thresholdCents: 7_500 });
    expect(thresholds.cases).toBe(4);
    expect(thresholds.thresholds).toEqual([
      { cents: 5_000, cases: 0, signals: 0, totalCents: 0, crisis: 0 },
      { cents: 7_500, cases: 1, signals: 1, totalCents: 6_000, crisis: 0 },
      { cents: 10_000, cases: 2, signals: 3, totalCents: 15_000, crisis: 0 },
    ]);
    expect(thresholds.kinds.find(({ kind }) => kind === 'Soort zaak')?.rows).toEqual([
      { label: 'enkelvoudig (één signaal)', cases: 3, below: [0, 1, 1] },
      { label: 'meervoudig (twee of meer signalen)', cases: 1, below: [0, 0, 1] },
      { label: 'opeenvolgend (eerder een signaal op dit adres)', cases: 1, below: [0, 0, 1] },
    ]);
  });

  it('[R-WOR-4] [R-WOR-5] a next version is tried out on this month before it is agreed: who moves, who gets the visits', async () => {
    const [groot, deurwaarder, samen] = [
      await caseNumber('2026-04', 'GROOT'),
      await caseNumber('2026-04', 'DEURWAARDER'),
      await caseNumber('2026-04', 'SAMEN+SAMEN-STROOM'),
    ];
    const { comparison } = await simulate({ compare: { to: NEXT } });
    expect(comparison).toMatchObject({
      from: { name: 'NIJMEGEN-PUNTEN', version: 1 },
      to: { name: 'NIJMEGEN-PUNTEN', version: 2 },
      cases: 4,
      up: 1,
      down: 2,
      visits: { homeVisits: 2, into: 1, outOf: 1 },
      rules: [{ id: 'groot', after: '+50 punten: totaalbedrag € 500,00 of meer (“samen € {bedrag}”)' }],
      moves: [
        {
          caseNumber: groot,
          before: { rank: 3, points: 0, visit: false },
          after: { rank: 1, points: 50, visit: true },
        },
        { caseNumber: deurwaarder, before: { rank: 1, visit: true }, after: { rank: 2, visit: true } },
        { caseNumber: samen, before: { rank: 2, visit: true }, after: { rank: 3, points: 30, visit: false } },
      ],
    });
    expect((await list('2026-04'))[0]?.naam_zaak).toBe('DEURWAARDER');
  });

  it('[R-WOR-2] [R-WOR-3] a rule about the sender cannot be loaded, and a version that lists name cannot be changed', async () => {
    const load = async (...rankings: object[]) =>
      (await meldpunt.invoke('LoadConfigurationFunction', { configuration: withRankings(...rankings) })) as {
        problems?: { path: string; text: string }[];
      };
    const [rule] = RANKING.points;
    const partial = { ...NEXT, points: [{ ...rule, when: { fact: 'partner', in: ['particulier'] } }] };
    expect((await load(RANKING, partial)).problems).toEqual([
      {
        path: 'rankings[1].points[0].when',
        text: expect.stringMatching(/^geen voorwaarde: een regel kijkt alleen naar /),
      },
    ]);
    expect((await load({ ...RANKING, points: [rule] })).problems).toEqual([
      {
        path: 'rankings[0]',
        text: 'regelset NIJMEGEN-PUNTEN 1 verandert niet: lijsten noemen haar; maak versie 2',
      },
    ]);
    expect(await load(RANKING, NEXT)).toMatchObject({ loaded: { rankings: 2 } });
  });
});
