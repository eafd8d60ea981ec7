import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  ArrearId,
  type CaseNumber,
  Cents,
  caseIdOf,
  caseNumberOf,
  HouseholdKey,
  IsoDate,
  MunicipalityCode,
  PartnerId,
  Period,
} from '#domain/ids.ts';
import { conditionWords, explainRanking } from '#domain/ranking/explain.ts';
import type { CaseFlag } from '#domain/ranking/flags.ts';
import { holds, measure, type RankedSignal, type RankingInput } from '#domain/ranking/measure.ts';
import { Condition, FACTS, RankingPolicy } from '#domain/ranking/policy.ts';
import { judge, rankBy, rankCases } from '#domain/ranking/ranking.ts';
import { SHIPPED } from '#domain/ranking/shipped.ts';
import { PARTNER_TYPES } from '#domain/signal/ddas.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { configuration } from '#test/support/configuration.ts';
import { signal } from '#test/support/signal.ts';

const today = IsoDate.parse('2026-04-20');
const date = (text: string): IsoDate => IsoDate.parse(text);
const cents = (n: number): Cents => Cents.parse(n);
const numberOf = (n: number, municipality = '0392', period = '2026-04'): CaseNumber =>
  caseNumberOf(
    caseIdOf(
      MunicipalityCode.parse(municipality),
      Period.parse(period),
      HouseholdKey.parse(String(n).padStart(12, '0')),
    ),
  );

const caseWith = (
  signals: readonly Partial<Signal>[],
  {
    threshold,
    flags = [] as readonly CaseFlag[],
    n = 1,
  }: { threshold?: number; flags?: readonly CaseFlag[]; n?: number } = {},
): RankingInput => {
  const [first = signal(), ...others] = signals.map((facts) => ({ ...signal(), ...facts }) as Signal);
  return {
    caseNumber: numberOf(n),
    signals: [first, ...others],
    flags,
    policy: {
      ranking: { ruleSet: 'EIGEN', version: 1 },
      ...(threshold !== undefined && { threshold: { cents: cents(threshold) } }),
    },
  };
};

const attempt = (kind: 'Huisbezoek' | 'Telefoon', reached: boolean, day = '2026-04-07') =>
  ({ kind, reached, date: date(day), dayPart: 'Ochtend' }) as const;
const born = (dateOfBirth: string) => ({ resident: { surname: 'Jansen', dateOfBirth: date(dateOfBirth) } });

describe('conditions', () => {
  const two = [{ amountCents: cents(4_000) }, { amountCents: cents(3_500) }];
  it.each<[string, unknown, RankingInput, boolean]>([
    ['two signals', { fact: 'signals', atLeast: 2 }, caseWith(two), true],
    ['fewer than two', { fact: 'signals', below: 2 }, caseWith(two), false],
    ['the amount itself', { fact: 'totalCents', atLeast: 7_500 }, caseWith(two), true],
    ['a cent below', { fact: 'totalCents', below: 7_501 }, caseWith(two), true],
    ['below is below', { fact: 'totalCents', below: 7_500 }, caseWith(two), false],
    ['the threshold', { fact: 'totalCents', atLeast: 'threshold' }, caseWith(two, { threshold: 7_500 }), true],
    ['under the threshold', { fact: 'totalCents', below: 'threshold' }, caseWith(two, { threshold: 7_501 }), true],
    ['no threshold, no at least', { fact: 'totalCents', atLeast: 'threshold' }, caseWith(two), false],
    ['no threshold, no below', { fact: 'totalCents', below: 'threshold' }, caseWith(two), false],
    ['no threshold', { fact: 'thresholdSet', is: false }, caseWith(two), true],
    [
      'days of the oldest',
      { fact: 'oldestDays', atLeast: 78 },
      caseWith([{ dueDate: date('2026-02-01') }, { dueDate: date('2026-03-01') }]),
      true,
    ],
    ['not a day more', { fact: 'oldestDays', atLeast: 79 }, caseWith([{ dueDate: date('2026-02-01') }]), false],
    ['crisis of any signal', { fact: 'kind', in: ['ontruiming'] }, caseWith([{}, { kind: 'ontruiming' }]), true],
    ['no crisis', { fact: 'kind', in: ['ontruiming'] }, caseWith([{ kind: 'eindelevering' }]), false],
    [
      'the corrected phase',
      { fact: 'phase', in: ['incasso'] },
      caseWith([{ collectionPhase: 'deurwaarder', correctedPhase: 'incasso' }]),
      true,
    ],
    [
      'not that of the file',
      { fact: 'phase', in: ['deurwaarder'] },
      caseWith([{ collectionPhase: 'deurwaarder', correctedPhase: 'incasso' }]),
      false,
    ],
    ['past the maximum', { fact: 'pastMaximum', is: true }, caseWith([{ warnings: ['OVERDUE_PAST_MAXIMUM'] }]), true],
    ['known at the team', { fact: 'knownAtTeam', is: true }, caseWith([{}, { knownAtTeam: true }]), true],
    ['not known', { fact: 'knownAtTeam', is: false }, caseWith([{}]), true],
    ['65 today', { fact: 'age', atLeast: 65 }, caseWith([born('1961-04-20')]), true],
    ['65 tomorrow', { fact: 'age', atLeast: 65 }, caseWith([born('1961-04-21')]), false],
    ['one of two is young', { fact: 'age', below: 27 }, caseWith([born('1961-04-20'), born('2001-01-01')]), true],
    ['an age nobody knows', { fact: 'age', below: 200 }, caseWith([{}]), false],
    ['consecutive', { fact: 'consecutive', is: true }, caseWith([{}], { flags: ['SINGLE', 'CONSECUTIVE'] }), true],
    ['repeat', { fact: 'repeat', is: true }, caseWith([{ earlierPeriods: [Period.parse('2026-03')] }]), true],
    [
      'an attempt for the case counts once',
      { fact: 'attempts', atLeast: 2 },
      caseWith([{ contactAttempts: [attempt('Telefoon', false)] }, { contactAttempts: [attempt('Telefoon', false)] }]),
      false,
    ],
    [
      'two attempts',
      { fact: 'attempts', atLeast: 2 },
      caseWith([{ contactAttempts: [attempt('Telefoon', false), attempt('Telefoon', false, '2026-04-08')] }]),
      true,
    ],
    [
      'a visit',
      { fact: 'homeVisitHeld', is: true },
      caseWith([{ contactAttempts: [attempt('Huisbezoek', true)] }]),
      true,
    ],
    [
      'nobody at home is no visit',
      { fact: 'homeVisitHeld', is: true },
      caseWith([{ contactAttempts: [attempt('Huisbezoek', false)] }]),
      false,
    ],
    [
      'a telephone call is no visit',
      { fact: 'homeVisitHeld', is: true },
      caseWith([{ contactAttempts: [attempt('Telefoon', true)] }]),
      false,
    ],
    [
      'all',
      {
        all: [
          { fact: 'signals', atLeast: 2 },
          { fact: 'totalCents', below: 100 },
        ],
      },
      caseWith(two),
      false,
    ],
    [
      'any',
      {
        any: [
          { fact: 'signals', atLeast: 2 },
          { fact: 'totalCents', below: 100 },
        ],
      },
      caseWith(two),
      true,
    ],
    ['not', { not: { fact: 'signals', atLeast: 2 } }, caseWith(two), false],
    ['not below a threshold that is not set', { not: { fact: 'totalCents', below: 'threshold' } }, caseWith(two), true],
  ])('[R-WOR-3] %s', (_, condition, input, expected) => {
    expect(holds(Condition.parse(condition), measure(input, today))).toBe(expected);
  });

  it.each([
    [{ fact: 'partner', in: ['ymere'] }],
    [{ fact: 'partnerType', in: ['Huur'] }],
    [{ fact: 'deliveringParty', in: ['incasso-bv'] }],
    [{ fact: 'reference', in: ['HC-1'] }],
    [{ fact: 'kind', in: ['vroeg'], partner: 'ymere' }],
    [
      {
        all: [
          { fact: 'signals', atLeast: 1 },
          { fact: 'partnerType', in: ['Huur'] },
        ],
      },
    ],
    [{ all: [] }],
  ])('[R-WOR-2] %j cannot be written down', (condition) => {
    expect(Condition.safeParse(condition).success).toBe(false);
  });

  it('[R-WOR-2] no rule can look at who sent a signal: the facts are these, and the signal that is read holds no sender', () => {
    expect([...FACTS].sort()).toEqual([
      'age',
      'attempts',
      'consecutive',
      'homeVisitHeld',
      'kind',
      'knownAtTeam',
      'oldestDays',
      'pastMaximum',
      'phase',
      'repeat',
      'signals',
      'thresholdSet',
      'totalCents',
    ]);
    type Sender = 'partner' | 'partnerType' | 'reference' | 'delivery' | 'agreement' | 'policy' | 'arrearId';
    expectTypeOf<Extract<keyof RankedSignal, Sender>>().toEqualTypeOf<never>();
    expectTypeOf<keyof RankedSignal['resident']>().toEqualTypeOf<'dateOfBirth'>();
  });

  it('are said in Dutch', () => {
    const late = SHIPPED[0]?.order.find((step) => 'id' in step && step.id === 'laat');
    expect(late && 'when' in late && conditionWords(late.when)).toBe(
      'niet (signaalsoort eindelevering of ontruiming) en (fase deurwaarder of over de maximale achterstand)',
    );
    const points = configuration.rankings[0];
    expect(points && explainRanking(points).map(({ part, when, effect }) => `${part}: ${when}: ${effect}`)).toEqual([
      'punten: signaalsoort ontruiming of eindelevering: +60 punten',
      'punten: fase deurwaarder: +40 punten',
      'punten: aantal signalen 2 of meer: +30 punten',
      'punten: bekend bij het wijkteam of leeftijd van een bewoner 65 of meer: +15 punten',
      'punten: eerder een signaal op dit adres: +10 punten',
      'punten: totaalbedrag minder dan € 75,00: -20 punten',
      'volgorde: als de regels hierboven gelijk zijn: hoogste eerst',
      'volgorde: als de regels hierboven gelijk zijn: hoogste eerst',
    ]);
  });
});

describe('tiers and points', () => {
  const own = RankingPolicy.parse({
    name: 'EIGEN',
    version: 1,
    title: 'Eigen rangorde',
    tiers: [
      {
        tier: 'A',
        rules: [
          { id: 'deurwaarder', when: { fact: 'phase', in: ['deurwaarder'] }, says: 'bij de deurwaarder' },
          { id: 'crisis', when: { fact: 'kind', in: ['ontruiming'] }, says: 'ontruiming' },
        ],
      },
      { tier: 'B', rules: [{ id: 'rest', says: 'overige zaken, {dagen} oud' }] },
    ],
    points: [
      { id: 'meer', when: { fact: 'signals', atLeast: 2 }, points: 5, says: '{signalen}' },
      { id: 'oud', when: { fact: 'oldestDays', atLeast: 78 }, points: 8, says: 'al {dagen}' },
      { id: 'klein', when: { fact: 'totalCents', below: 5_000 }, points: -1, says: 'maar € {bedrag}' },
    ],
    order: [{ by: 'attempts', comes: 'LOWEST_FIRST' }],
  });

  it('[R-WOR-3] a case names every rule that fired, with its tier and points, in the order in which they counted', () => {
    const input = caseWith([{ collectionPhase: 'deurwaarder', kind: 'ontruiming', amountCents: cents(4_999) }]);
    expect(judge(own, measure(input, today))).toEqual({
      caseNumber: numberOf(1),
      key: [0, -7, 0],
      fired: ['deurwaarder', 'crisis', 'oud', 'klein'],
      tier: 'A',
      points: 7,
      reasons: [
        'bij de deurwaarder',
        'ontruiming',
        'samen 7 punten',
        '+8 punten: al 78 dagen',
        '-1 punt: maar € 49,99',
        '0 contactpogingen',
      ],
    });
  });

  it('[R-WOR-3] the tier counts first, then points, then the order; no points is said too', () => {
    const recent = { dueDate: date('2026-04-01') };
    const tried = { contactAttempts: [attempt('Telefoon', false)] };
    const cases = [
      caseWith([{ ...recent, ...tried }], { n: 1 }),
      caseWith([recent], { n: 2 }),
      caseWith([{}], { n: 3 }),
      caseWith([{ ...recent, kind: 'ontruiming' }], { n: 4 }),
    ];
    const ranked = rankCases(cases, today, [own]);
    expect(ranked.map(({ caseNumber, tier, points }) => [caseNumber, tier, points])).toEqual([
      [numberOf(4), 'A', 0],
      [numberOf(3), 'B', 8],
      [numberOf(2), 'B', 0],
      [numberOf(1), 'B', 0],
    ]);
    expect(ranked[3]?.reasons).toEqual(['overige zaken, 19 dagen oud', 'samen 0 punten', '1 contactpoging']);
  });

  it('[R-WOR-2] what is equal is put in the order of the keyed hash, whatever municipality, month or part it is of', () => {
    const equal = (caseNumber: CaseNumber) => ({ ...caseWith([{}]), caseNumber });
    const part = caseNumberOf(
      caseIdOf(MunicipalityCode.parse('0392'), Period.parse('2026-04'), HouseholdKey.parse('000000000001')),
      ArrearId.parse('ABCD000000000000'),
    );
    const numbers = [numberOf(1, '0473', '2026-03'), part, numberOf(2, '0392'), numberOf(3, '0363', '2025-12')];
    for (const order of [numbers, numbers.toReversed()])
      expect(rankBy(own, order.map(equal), today).map(({ caseNumber }) => caseNumber)).toEqual(numbers);
  });
});

/** Any policy that the schema takes, over any facts. */
const leaf = fc.oneof(
  fc.record({
    fact: fc.constantFrom('signals', 'oldestDays', 'age', 'attempts'),
    atLeast: fc.integer({ min: 0, max: 90 }),
  }),
  fc.record({
    fact: fc.constant('totalCents'),
    below: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.constant('threshold')),
  }),
  fc.record({ fact: fc.constant('kind'), in: fc.constant(['ontruiming']) }),
  fc.record({ fact: fc.constant('phase'), in: fc.constant(['deurwaarder', 'incasso']) }),
  fc.record({
    fact: fc.constantFrom('thresholdSet', 'pastMaximum', 'knownAtTeam', 'consecutive', 'repeat', 'homeVisitHeld'),
    is: fc.boolean(),
  }),
);
const condition = fc.oneof(
  leaf,
  fc.record({ all: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
  fc.record({ any: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
  fc.record({ not: leaf }),
);
const anyPolicy = fc
  .record({
    tiers: fc.option(fc.array(condition, { maxLength: 3 }), { nil: undefined }),
    points: fc.option(fc.array(fc.tuple(condition, fc.integer({ min: -9, max: 9 })), { minLength: 1, maxLength: 4 }), {
      nil: undefined,
    }),
    steps: fc.array(condition, { maxLength: 2 }),
    by: fc.constantFrom('signals', 'totalCents', 'oldestDays', 'attempts'),
    comes: fc.constantFrom('HIGHEST_FIRST', 'LOWEST_FIRST'),
  })
  .map(({ tiers, points, steps, by, comes }) =>
    RankingPolicy.parse({
      name: 'EIGEN',
      version: 1,
      title: 'Eigen',
      ...(tiers && {
        tiers: [
          ...tiers.map((when, i) => ({ tier: `T${i}`, rules: [{ id: `t${i}`, when, says: `trede ${i}` }] })),
          { tier: 'rest', rules: [{ id: 'rest', says: 'overig' }] },
        ],
      }),
      ...(points && { points: points.map(([when, n], i) => ({ id: `p${i}`, when, points: n, says: `punt ${i}` })) }),
      order: [...steps.map((when, i) => ({ id: `s${i}`, when, comes: 'FIRST', says: `stap ${i}` })), { by, comes }],
    }),
  );
const anySignal = fc.record({
  amountCents: fc.integer({ min: 1, max: 500 }).map(cents),
  dueDate: fc.constantFrom(...['2026-01-01', '2026-02-01', '2026-04-01'].map(date)),
  kind: fc.constantFrom('vroeg', 'ontruiming'),
  collectionPhase: fc.constantFrom('achterstand', 'incasso', 'deurwaarder'),
  warnings: fc.constantFrom([], ['OVERDUE_PAST_MAXIMUM']),
  knownAtTeam: fc.boolean(),
  earlierPeriods: fc.constantFrom([], [Period.parse('2026-03')]),
  contactAttempts: fc.constantFrom([], [attempt('Telefoon', false)], [attempt('Huisbezoek', true)]),
  resident: fc.constantFrom({ surname: 'Jansen' }, born('1950-01-01').resident, born('2000-01-01').resident),
});
const anyCases = fc
  .tuple(
    fc.array(fc.array(anySignal, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 }),
    fc.constantFrom(undefined, 300, 600),
    fc.array(fc.constantFrom<CaseFlag>('SINGLE', 'MULTIPLE', 'CONSECUTIVE')),
  )
  .map(([cases, threshold, flags]) =>
    cases.map((signals, n) =>
      caseWith(signals as readonly Partial<Signal>[], { n, flags, ...(threshold !== undefined && { threshold }) }),
    ),
  );

describe('any policy that can be written', () => {
  const names = fc.infiniteStream(fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.constantFrom(...PARTNER_TYPES)));

  it('[R-WOR-2] never moves a rank by who sent a signal', () => {
    fc.assert(
      fc.property(anyPolicy, anyCases, names, (policy, cases, senders) => {
        const renamed = cases.map((each) => {
          const [first = signal(), ...others] = each.signals.map((one) => {
            const [partner, partnerType] = senders.next().value;
            return { ...one, partner: PartnerId.parse(partner), partnerType, reference: partner };
          });
          return { ...each, signals: [first, ...others] as const };
        });
        expect(rankCases(renamed, today, [policy])).toEqual(rankCases(cases, today, [policy]));
      }),
    );
  });

  it('[R-WOR-3] gives each case one rank from 1 on and at least one reason, whatever the order of reading', () => {
    fc.assert(
      fc.property(anyPolicy, anyCases, fc.integer(), (policy, cases, seed) => {
        const ranked = rankCases(cases, today, [policy]);
        expect(ranked.map(({ rank }) => rank)).toEqual(cases.map((_, i) => i + 1));
        expect(new Set(ranked.map(({ caseNumber }) => caseNumber)).size).toBe(cases.length);
        for (const { reasons } of ranked) expect(reasons.length).toBeGreaterThan(0);
        const [shuffled = []] = fc.sample(fc.shuffledSubarray(cases, { minLength: cases.length }), {
          seed,
          numRuns: 1,
        });
        expect(rankCases(shuffled, today, [policy])).toEqual(ranked);
      }),
    );
  });

  it('[R-WOR-3] a case that is there alone stands in the same order among the others', () => {
    fc.assert(
      fc.property(anyPolicy, anyCases, (policy, cases) => {
        const all = rankCases(cases, today, [policy]).map(({ caseNumber }) => caseNumber);
        const some = cases.filter((_, i) => i % 2 === 0);
        const kept = new Set(some.map(({ caseNumber }) => caseNumber));
        expect(rankCases(some, today, [policy]).map(({ caseNumber }) => caseNumber)).toEqual(
          all.filter((number) => kept.has(number)),
        );
      }),
    );
  });
});

describe('shipped policies', () => {
  it('[R-WOR-4] fit their schema and cannot be shadowed by a loaded one', () => {
    for (const policy of SHIPPED) expect(RankingPolicy.parse(structuredClone(policy))).toEqual(policy);
    const other = { ...(SHIPPED[1] as RankingPolicy), name: 'LCV' };
    const input = { ...caseWith([{}]), policy: { ranking: { ruleSet: 'LCV', version: 1 } } };
    expect(rankCases([input], today, [other])).toEqual(rankCases([input], today, []));
  });
});
