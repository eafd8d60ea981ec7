import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, it } from 'vitest';
import { Configuration } from '#domain/agreement/configuration.ts';
import {
  AgreementId,
  ArrearId,
  type CaseId,
  Cents,
  caseIdOf,
  HouseholdKey,
  IsoDate,
  MunicipalityCode,
  Period,
  partsOfCaseId,
  signalIdOf,
  WorkerId,
} from '#domain/ids.ts';
import type { Simulation } from '#domain/ranking/simulate.ts';
import { simulationPage } from '#domain/ranking/simulation-page.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { writeWorklist } from '#functions/casework/publish-worklists/publish-worklists.ts';
import { type SimulationAsked, simulatePolicy } from '#functions/casework/simulate-policy/simulate-policy.ts';
import { configuration } from '#test/support/configuration.ts';
import { type MemoryPorts, memoryPorts } from '#test/support/memory/ports.ts';
import { signal } from '#test/support/signal.ts';

const nijmegen = MunicipalityCode.parse('0268');
const april = Period.parse('2026-04');
const euros = (n: number): Cents => Cents.parse(n * 100);

/** Nijmegen ranks by LCV 1 with a threshold of 75 euros, and has two home visits a month. */
const agreed = Configuration.parse({
  ...configuration,
  deviations: [
    ...configuration.deviations,
    {
      id: 'nijmegen-2026',
      title: 'Bijlage Nijmegen',
      municipality: '0268',
      validFrom: '2026-01-01',
      phases: [],
      changes: [
        { subject: 'threshold', clause: 'art. 1', value: { cents: 7500 } },
        {
          subject: 'capacity',
          clause: 'art. 2',
          value: { homeVisits: 2, crisis: 'BY_RANK', otherChannels: ['telefoon', 'brief'] },
        },
      ],
    },
  ],
});
const agreement = AgreementId.parse(
  String(configuration.agreements.find(({ municipality }) => municipality === '0268')?.id),
);

let serial = 0;
const reported = (household: number, facts: Partial<Signal> = {}): Signal => {
  serial += 1;
  const arrearId = ArrearId.parse(`${serial}`.padStart(16, '0'));
  const period = facts.period ?? april;
  return {
    ...signal(),
    municipality: nijmegen,
    agreement,
    arrearId,
    period,
    signalId: signalIdOf(arrearId, period),
    caseId: caseIdOf(nijmegen, period, HouseholdKey.parse(`${household}`.padStart(12, '0'))),
    ...facts,
  } as Signal;
};
const caseNumber = (household: number): CaseId =>
  caseIdOf(nijmegen, april, HouseholdKey.parse(`${household}`.padStart(12, '0')));
const born = (year: number) => ({ ...signal().resident, dateOfBirth: IsoDate.parse(`${year}-01-01`) });

describe('simulate policy', () => {
  let ports: MemoryPorts;
  const ask = async (asked: Partial<SimulationAsked> = {}): Promise<Simulation> => {
    const answer = await simulatePolicy(ports, { municipality: nijmegen, ...asked });
    if ('problems' in answer) throw new Error(JSON.stringify(answer.problems));
    return answer;
  };

  beforeEach(async () => {
    serial = 0;
    ports = memoryPorts({ now: '2026-04-20T08:00:00.000Z', configuration: agreed });
    const outcome = { result: 'Inwoner is overleden', date: IsoDate.parse('2026-04-09'), maySuspend: false } as const;
    const closedAt = ports.clock.now();
    const held = [
      // Two signals of one resident: 40 + 30 = 70 euros, and one of a month before.
      reported(1, { amountCents: euros(40), resident: born(1950) }),
      reported(1, { amountCents: euros(30), resident: born(1950) }),
      reported(1, { period: Period.parse('2026-03'), amountCents: euros(500), resident: born(1950) }),
      // Withdrawn does not count with its case: 60 euros stay.
      reported(2, { amountCents: euros(60), collectionPhase: 'deurwaarder' }),
      { ...reported(2, { amountCents: euros(900) }), status: 'WITHDRAWN', reason: 'fout', closedAt } as Signal,
      // A crisis of 45 euros.
      reported(3, { amountCents: euros(45), kind: 'ontruiming', resident: born(2003) }),
      // The threshold itself does not fall below; it was answered, and counts.
      {
        ...reported(4, { amountCents: euros(75), knownAtTeam: true } as Partial<Signal>),
        status: 'CLOSED',
        outcome: { ...outcome, forCase: true },
        closedAt,
      } as Signal,
      reported(5, { amountCents: euros(1_200), resident: born(1980) }),
      // Nothing of it stands.
      { ...reported(6), status: 'WITHDRAWN', reason: 'betaald', closedAt } as Signal,
    ];
    for (const each of held) await ports.signals.create(each);
  });

  it('[R-WOR-7] counts how many cases fall below each threshold, by what a case owes together', async () => {
    const { thresholds, inForce, period } = await ask({ thresholds: [50, 75, 76, 100].map(euros) });
    expect(period).toBe('2026-04');
    expect(inForce).toMatchObject({ ranking: { name: 'LCV', version: 1 }, thresholdCents: 7500 });
    expect(thresholds).toMatchObject({ cases: 5, signals: 6, totalCents: 145_000 });
    expect(thresholds?.thresholds).toEqual([
      { cents: 5_000, cases: 1, signals: 1, totalCents: 4_500, crisis: 1 },
      { cents: 7_500, cases: 3, signals: 4, totalCents: 17_500, crisis: 1 },
      { cents: 7_600, cases: 4, signals: 5, totalCents: 25_000, crisis: 1 },
      { cents: 10_000, cases: 4, signals: 5, totalCents: 25_000, crisis: 1 },
    ]);
    expect(thresholds?.curve.slice(0, 17).map(({ cases }) => cases)).toEqual([
      ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      ...[1, 1, 1, 2, 2, 3, 4],
    ]);
    expect(thresholds?.curve.at(-1)).toEqual({ cents: 20_000, cases: 4 });
  });

  it('[R-WOR-7] says which kinds of cases these are', async () => {
    const { thresholds } = await ask({ thresholds: [euros(75)] });
    const rows = thresholds?.kinds.map(({ kind, rows: all }) => [
      kind,
      ...all.filter(({ cases }) => cases > 0).map(({ label, cases, below }) => `${label}: ${cases}, ${below}`),
    ]);
    expect(rows).toEqual([
      [
        'Soort zaak',
        'enkelvoudig (één signaal): 4, 2',
        'meervoudig (twee of meer signalen): 1, 1',
        'opeenvolgend (eerder een signaal op dit adres): 1, 1',
      ],
      ['Crisis', 'ontruiming of einde levering: 1, 1', 'geen crisis: 4, 2'],
      ['Verste fase', 'deurwaarder: 1, 1', 'achterstand: 4, 2'],
      [
        'Totaalbedrag van de zaak',
        '€ 25 tot € 50: 1, 1',
        '€ 50 tot € 75: 2, 2',
        '€ 75 tot € 100: 1, 0',
        '€ 1000 of meer: 1, 0',
      ],
      ['Wijkteam', 'bekend bij het wijkteam: 1, 0', 'niet bekend: 4, 3'],
      [
        'Leeftijd van de oudste bewoner die wij kennen',
        'jonger dan 27: 1, 1',
        '27 tot en met 64: 1, 0',
        '65 of ouder: 1, 1',
        'onbekend: 2, 1',
      ],
    ]);
    for (const { kind, overlaps, rows: all } of thresholds?.kinds ?? [])
      if (!overlaps) expect([kind, all.reduce((sum, { below }) => sum + (below[0] ?? 0), 0)]).toEqual([kind, 3]);
  });

  const draft = {
    name: 'CRISIS-EERST',
    version: 1,
    title: 'Crisis eerst',
    points: [{ id: 'crisis', when: { fact: 'kind', in: ['ontruiming'] }, points: 100, says: 'ontruiming' }],
    order: [
      { by: 'totalCents', comes: 'HIGHEST_FIRST' },
      {
        id: 'onder-drempel',
        when: { fact: 'totalCents', below: 'threshold' },
        comes: 'LAST',
        says: 'onder het drempelbedrag',
      },
    ],
  };

  it('[R-WOR-4] [R-WOR-3] compares with a draft that is stored nowhere: who moves, and which rules differ', async () => {
    const { comparison } = await ask({ compare: { to: draft } });
    // LCV 1: 5 (1200), 4 (75), then below: 1 (two signals), 3 (crisis), 2 (bailiff). Draft: 3, then by amount 5, 4, 1, 2.
    expect(comparison).toMatchObject({
      from: { name: 'LCV', version: 1 },
      to: { name: 'CRISIS-EERST', version: 1 },
      cases: 5,
      up: 1,
      down: 3,
      visits: { homeVisits: 2, into: 1, outOf: 1 },
    });
    expect(comparison).not.toHaveProperty('otherTier');
    expect(comparison?.moves).toEqual([
      { caseNumber: caseNumber(3), before: { rank: 4, visit: false }, after: { rank: 1, points: 100, visit: true } },
      { caseNumber: caseNumber(5), before: { rank: 1, visit: true }, after: { rank: 2, points: 0, visit: true } },
      { caseNumber: caseNumber(4), before: { rank: 2, visit: true }, after: { rank: 3, points: 0, visit: false } },
      { caseNumber: caseNumber(1), before: { rank: 3, visit: false }, after: { rank: 4, points: 0, visit: false } },
    ]);
    expect(comparison?.rules.map(({ id, before, after }) => [id, before !== undefined, after])).toEqual([
      ['aantal signalen', true, undefined],
      ['crisis', true, '+100 punten: signaalsoort ontruiming (“ontruiming”)'],
      ['laat', true, undefined],
      ['dagen sinds de oudste vervaldatum', true, undefined],
    ]);
    expect(await ports.configuration.rankings()).toEqual(configuration.rankings);
  });

  it('[R-WOR-5] a home visit that an earlier month takes is not left for this one, as on the list', async () => {
    const march = Period.parse('2026-03');
    await ports.signals.create(reported(7, { period: march, kind: 'ontruiming' }));
    const always = Configuration.parse({
      ...agreed,
      deviations: agreed.deviations.map((each) => ({
        ...each,
        changes: each.changes.map((change) =>
          change.subject === 'capacity' ? { ...change, value: { ...change.value, crisis: 'ALWAYS' } } : change,
        ),
      })),
    });
    const held = {
      ...ports,
      configuration: memoryPorts({ now: ports.clock.now(), configuration: always }).configuration,
    };
    const answer = await simulatePolicy(held, { municipality: nijmegen, compare: { to: draft } });
    if ('problems' in answer) throw new Error(JSON.stringify(answer.problems));
    // Two visits: the crisis of this month and that of March.
    expect(answer.comparison?.visits).toEqual({ homeVisits: 2, into: 0, outOf: 0 });
    const visits = answer.comparison?.moves.map(({ caseNumber: number, before, after }) => [
      number,
      before.visit,
      after.visit,
    ]);
    expect(visits).toEqual([
      [caseNumber(3), true, true],
      [caseNumber(5), false, false],
      [caseNumber(4), false, false],
      [caseNumber(1), false, false],
    ]);
  });

  it('[R-WOR-4] compares two versions by name, whatever is in force', async () => {
    const { comparison } = await ask({
      compare: { from: { name: 'HAARLEM', version: 1 }, to: { name: 'HAARLEM', version: 1 } },
    });
    expect(comparison).toMatchObject({ up: 0, down: 0, otherTier: 0, rules: [], moves: [] });
  });

  it.each([
    [{ to: { name: 'HAARLEM', version: 9 } }, 'to: regelset HAARLEM 9 bestaat niet'],
    [{ from: { name: 'X', version: 1 }, to: draft }, 'from: regelset X 1 bestaat niet'],
    [{ to: { ...draft, name: 'LCV' } }, 'version: regelset LCV 1 bestaat al: geef het ontwerp een volgende versie'],
    [
      { to: { ...draft, points: [{ ...draft.points[0], says: '{naam}' }] } },
      'points[0].says: {naam} kan niet worden ingevuld; wel: {bedrag} {drempel} {signalen} {dagen} {oudste} {pogingen}',
    ],
    [{ to: { ...draft, title: '' } }, expect.stringMatching(/^title: /)],
  ])('[R-WOR-3] refuses %j by what is wrong with it', async (compare, problem) => {
    const answer = await simulatePolicy(ports, { municipality: nijmegen, compare });
    expect('problems' in answer && answer.problems.map(({ path, text }) => `${path}: ${text}`)).toEqual([problem]);
  });

  it('[R-WOR-3] refuses conditions that nobody could follow, and amounts that nothing owes, in words', async () => {
    const nested = (times: number): unknown =>
      Array.from({ length: times }).reduce((when) => ({ not: when }), { fact: 'signals', atLeast: 1 });
    const asking = (times: number, cents = 7_500) =>
      simulatePolicy(ports, {
        municipality: nijmegen,
        thresholds: [euros(50), Cents.parse(cents)],
        compare: { to: { ...draft, points: [{ ...draft.points[0], when: nested(times) }] } },
      });
    expect(await asking(10)).not.toHaveProperty('problems');
    for (const times of [11, 20_000])
      expect(await asking(times)).toEqual({
        problems: [
          { path: 'points[0].when', text: expect.stringMatching(/^geen voorwaarde: .*hoogstens 10 in elkaar$/) },
        ],
      });
    expect(await asking(1, 100_000_000)).not.toHaveProperty('problems');
    for (const cents of [100_000_001, Number.MAX_SAFE_INTEGER])
      expect(await asking(1, cents)).toEqual({
        problems: [{ path: 'thresholds[1]', text: 'een drempelbedrag is hoogstens € 1.000.000' }],
      });
  });

  describe('of an organisation with more municipalities', () => {
    const [haarlem, zandvoort] = [MunicipalityCode.parse('0392'), MunicipalityCode.parse('0473')];
    /** Three cases of Haarlem and two of Zandvoort, between each other by amount. */
    const NUMBERS = [1, 2, 3, 4, 5].map((n) => {
      const code = n % 2 === 1 ? haarlem : zandvoort;
      return caseIdOf(code, april, HouseholdKey.parse(`${n}`.padStart(12, '0')));
    });
    const neighbours = async (config: Configuration = configuration): Promise<MemoryPorts> => {
      const held = memoryPorts({ now: '2026-04-20T08:00:00.000Z', configuration: config });
      for (const [i, caseId] of NUMBERS.entries()) {
        const { municipality } = partsOfCaseId(caseId);
        const agreed = config.agreements.find((each) => each.municipality === municipality);
        if (!agreed) throw new Error('no agreement');
        const { id, partner, policy } = agreed;
        const resident = { initials: 'B.', surname: `Kanarie${'abcde'[i]}` };
        await held.signals.create(
          reported(i + 1, {
            municipality,
            agreement: id,
            partner,
            policy,
            caseId,
            resident,
            amountCents: euros(900 - i),
          }),
        );
      }
      return held;
    };
    const upsideDown = { ...draft, points: undefined, order: [{ by: 'totalCents', comes: 'LOWEST_FIRST' }] };
    const compared = async (held: MemoryPorts, to: unknown) => {
      const answer = await simulatePolicy(held, { municipality: haarlem, compare: { to }, thresholds: [euros(1_000)] });
      if ('problems' in answer) throw new Error(JSON.stringify(answer.problems));
      return answer;
    };
    const movesOf = ({ comparison }: Simulation) =>
      comparison?.moves.map(({ caseNumber: number, before, after }) => [number, before.rank, after.rank]);

    it('[R-WOR-1] [R-WOR-4] ranks are those of the list, and who moves does so by the rules', async () => {
      const held = await neighbours();
      await writeWorklist(held, { municipality: haarlem, by: WorkerId.parse('w-17'), purpose: 'lijst van vandaag' });
      const list = held.objects.text('exchange', 'municipalities/0392/worklists/2026-04.csv') ?? '';
      const rows: Record<string, string>[] = parse(list, { columns: true, delimiter: ';', bom: true });
      const ranks = rows.map(({ zaak, rang }) => [zaak, Number(rang)]);
      expect(ranks).toEqual([0, 2, 4].map((i) => [NUMBERS[i], i + 1]));
      const moves = movesOf(await compared(held, upsideDown));
      expect(moves).toEqual([
        [NUMBERS[4], 5, 1],
        [NUMBERS[0], 1, 5],
      ]);
    });

    it('[R-PRI-1] answers the cases of the municipality that was asked for, and of another only that there are some', async () => {
      const answer = await compared(await neighbours(), upsideDown);
      expect(answer.comparison).toMatchObject({ cases: 3, shared: true, up: 1, down: 1 });
      expect(answer.thresholds).toMatchObject({ cases: 3, totalCents: 269_400 });
      for (const word of ['0473', 'Kanarie']) expect(JSON.stringify(answer)).not.toContain(word);
      expect(simulationPage(answer)).toContain('tussen de zaken van andere gemeenten van de organisatie');
    });

    it('[R-WOR-4] a municipality that ranks by another policy is not among them', async () => {
      const apart = Configuration.parse({
        ...configuration,
        deviations: [
          ...configuration.deviations,
          {
            id: 'zandvoort-2026',
            title: 'Bijlage Zandvoort',
            municipality: '0473',
            validFrom: '2026-01-01',
            phases: [],
            changes: [{ subject: 'ranking', clause: 'art. 1', value: { ruleSet: 'LCV', version: 1 } }],
          },
        ],
      });
      const answer = await compared(await neighbours(apart), upsideDown);
      expect(answer.comparison).not.toHaveProperty('shared');
      expect(movesOf(answer)).toEqual([
        [NUMBERS[4], 3, 1],
        [NUMBERS[0], 1, 3],
      ]);
    });

    it('[R-PRI-1] reads nothing of another municipality when only thresholds are asked', async () => {
      const held = await neighbours();
      const read: string[] = [];
      const signals = {
        ofMunicipality: (code: MunicipalityCode) => {
          read.push(code);
          return held.signals.ofMunicipality(code);
        },
      };
      await simulatePolicy({ ...held, signals }, { municipality: haarlem, thresholds: [euros(50)] });
      expect(read).toEqual(['0392']);
    });
  });

  it('a month without cases has nothing to count; a municipality nobody knows is an error by name', async () => {
    expect(await ask({ period: Period.parse('2026-05'), thresholds: [euros(50)] })).toEqual({
      municipality: { code: '0268', name: 'Nijmegen' },
      period: '2026-05',
    });
    await expect(simulatePolicy(ports, { municipality: MunicipalityCode.parse('9999') })).rejects.toMatchObject({
      name: 'MunicipalityUnknown',
    });
  });

  it('[R-PRI-3] answers nothing of a person, an address or who sent it', async () => {
    const text = JSON.stringify(await ask({ thresholds: [euros(75)], compare: { to: draft } }));
    for (const word of ['Jansen', '2011AB', '06 12345678', 'elan-wonen', 'HC-1001', '1950-01-01'])
      expect(text).not.toContain(word);
  });

  describe('as a page', () => {
    it('[R-WOR-7] has a picture that says in words what it shows, and the same in a table', async () => {
      const page = simulationPage(await ask({ thresholds: [50, 75].map(euros), compare: { to: draft } }));
      expect(page).toContain('<h1>Andere regels voor Nijmegen: wat verandert er?</h1>');
      expect(page).toContain(
        'Nu geldt € 75. Onder € 50 valt 1 zaak, waarvan 1 met dreigende ontruiming of afsluiting. Onder € 75 vallen 3 zaken,',
      );
      expect(page).toContain('<th scope="row">€ 75 (geldt nu)</th><td class="n">3 (60 %)</td>');
      expect(page).toContain('>€ 75: 3 (nu)</text>');
      for (const [, id] of page.matchAll(/<svg [^>]*aria-labelledby="([^"]+)"/g))
        for (const part of String(id).split(' ')) expect(page).toContain(` id="${part}">`);
      expect(page.match(/<svg /g)).toHaveLength(2);
      expect(page).toContain(
        '<desc id="lijn-desc">Een lijn die stijgt met het drempelbedrag. € 50: 1 (20 %), € 75: 3 (60 %). Dezelfde getallen staan in de tabel.</desc>',
      );
      expect(page).toContain(
        `<th scope="row" class="code">${caseNumber(3)}</th><td>4</td><td>1, 100 punten, huisbezoek</td><td class="n">▲ 3</td>`,
      );
      expect(page).not.toMatch(/NaN|undefined|style=/);
    });

    it('says so when there is nothing', async () => {
      const page = simulationPage(await ask({ period: Period.parse('2026-05'), thresholds: [euros(50)] }));
      expect(page).toContain('In mei 2026 zijn er geen zaken.');
      expect(page).not.toContain('<svg');
    });
  });
});
