import { z } from 'zod';
import { COLLECTION_PHASES } from '../delivery/delivery.ts';
import { CaseNumber, Cents, type IsoDate, MunicipalityCode, Period } from '../ids.ts';
import type { Signal } from '../signal/signal.ts';
import { CRISIS_KINDS } from '../term/terms.ts';
import { approachesOf } from './capacity.ts';
import { explainRanking, type RuleWords } from './explain.ts';
import type { CaseFlag } from './flags.ts';
import type { Matched } from './matched.ts';
import { type Measured, measure, type RankingInput, rankingInputOf } from './measure.ts';
import type { RankingPolicy } from './policy.ts';
import { type RankedCase, rankBy } from './ranking.ts';
import type { PolicyOf, WorklistCase } from './worklist.ts';

/**
 * What a threshold or another ranking policy would do with the cases of a month (R-WOR-7, R-WOR-4): counts, and case
 * numbers with their ranks; nothing of a person. Every case that was reported counts, also those that were answered since.
 */
const Count = z.number().int().nonnegative();
const Amounts = z.object({ cases: Count, signals: Count, totalCents: Cents });

/** How many cases fall below each threshold, in the order in which these were asked; `kinds` add up unless they overlap. */
export const Thresholds = Amounts.extend({
  thresholds: z.array(Amounts.extend({ cents: Cents, crisis: Count })),
  kinds: z.array(
    z.object({
      kind: z.string(),
      overlaps: z.boolean(),
      rows: z.array(z.object({ label: z.string(), cases: Count, below: z.array(Count) })),
    }),
  ),
  /** Cases below each amount, in equal steps from 0. */
  curve: z.array(z.object({ cents: Cents, cases: Count })),
});
export type Thresholds = z.infer<typeof Thresholds>;

const Place = z.object({
  rank: Count,
  tier: z.string().optional(),
  points: z.number().int().optional(),
  /** With an agreed capacity: whether a home visit comes of it. */
  visit: z.boolean().optional(),
});
export type Place = z.infer<typeof Place>;

const Named = z.object({ name: z.string(), version: z.number().int(), title: z.string() });

export const Comparison = z.object({
  from: Named,
  to: Named,
  cases: Count,
  /** Cases of other municipalities of the organisation stand between these, as on its lists. */
  shared: z.literal(true).optional(),
  up: Count,
  down: Count,
  /** Only when both have tiers. */
  otherTier: Count.optional(),
  /** Only with an agreed capacity. */
  visits: z.object({ homeVisits: Count, into: Count, outOf: Count }).optional(),
  /** Rules that only one has, or that differ; in Dutch. */
  rules: z.array(z.object({ id: z.string(), before: z.string().optional(), after: z.string().optional() })),
  /** Whose place, tier, points or visit differs, in the new order. */
  moves: z.array(z.object({ caseNumber: CaseNumber, before: Place, after: Place })),
});
export type Comparison = z.infer<typeof Comparison>;

/** The answer about a month of a municipality. */
export const Simulation = z.object({
  municipality: z.object({ code: MunicipalityCode, name: z.string() }),
  period: Period,
  /** As they are today; absent when the month has no case to ask it of. */
  inForce: z.object({ ranking: Named, thresholdCents: Cents.optional() }).optional(),
  thresholds: Thresholds.optional(),
  comparison: Comparison.optional(),
});
export type Simulation = z.infer<typeof Simulation>;

/** A signal as if nobody had answered it yet: so a month that is over is simulated whole. Withdrawn stays withdrawn. */
export const unanswered = (signal: Signal): Signal =>
  signal.status === 'WITHDRAWN' ? signal : { ...signal, status: 'RECEIVED' };

interface Facts extends Measured {
  readonly flags: readonly CaseFlag[];
  readonly tier: string | undefined;
}

interface Kind {
  readonly kind: string;
  readonly overlaps?: true;
  readonly rows: readonly (readonly [label: string, holds: (of: Facts) => boolean])[];
}

const AMOUNT_EDGES = [0, 2_500, 5_000, 7_500, 10_000, 15_000, 25_000, 50_000, 100_000] as const;
const amountRows: Kind['rows'] = AMOUNT_EDGES.map((from, i) => {
  const to = AMOUNT_EDGES[i + 1];
  const label = to === undefined ? `€ ${from / 100} of meer` : `€ ${from / 100} tot € ${to / 100}`;
  return [label, ({ totalCents }) => from <= totalCents && (to === undefined || totalCents < to)];
});

const furthest = ({ phase }: Facts): string | undefined => COLLECTION_PHASES.findLast((each) => phase.includes(each));
const isCrisis = ({ kind }: Facts): boolean => kind.some((each) => CRISIS_KINDS.includes(each));
const oldest = ({ age }: Facts): number => Math.max(...age);

const KINDS: readonly Kind[] = [
  {
    kind: 'Soort zaak',
    overlaps: true,
    rows: [
      ['enkelvoudig (één signaal)', ({ flags }) => flags.includes('SINGLE')],
      ['meervoudig (twee of meer signalen)', ({ flags }) => flags.includes('MULTIPLE')],
      ['opeenvolgend (eerder een signaal op dit adres)', ({ flags }) => flags.includes('CONSECUTIVE')],
    ],
  },
  {
    kind: 'Crisis',
    rows: [
      ['ontruiming of einde levering', isCrisis],
      ['geen crisis', (of) => !isCrisis(of)],
    ],
  },
  {
    kind: 'Verste fase',
    rows: COLLECTION_PHASES.toReversed().map((phase) => [phase, (of) => furthest(of) === phase]),
  },
  { kind: 'Totaalbedrag van de zaak', rows: amountRows },
  {
    kind: 'Wijkteam',
    rows: [
      ['bekend bij het wijkteam', ({ knownAtTeam }) => knownAtTeam],
      ['niet bekend', ({ knownAtTeam }) => !knownAtTeam],
    ],
  },
  {
    kind: 'Leeftijd van de oudste bewoner die wij kennen',
    rows: [
      ['jonger dan 27', (of) => of.age.length > 0 && oldest(of) < 27],
      ['27 tot en met 64', (of) => of.age.length > 0 && oldest(of) >= 27 && oldest(of) < 65],
      ['65 of ouder', (of) => of.age.length > 0 && oldest(of) >= 65],
      ['onbekend', ({ age }) => age.length === 0],
    ],
  },
];

const tierKind = ({ tiers }: RankingPolicy): readonly Kind[] =>
  tiers
    ? [{ kind: 'Trede in de rangorde', rows: tiers.map(({ tier }) => [`trede ${tier}`, (of) => of.tier === tier]) }]
    : [];

const amountsOf = (cases: readonly Facts[]): z.infer<typeof Amounts> => ({
  cases: cases.length,
  signals: cases.reduce((sum, { signals }) => sum + signals, 0),
  totalCents: Cents.parse(cases.reduce((sum, { totalCents }) => sum + totalCents, 0)),
});

const CURVE_STEPS = 40;

/** Twice as far as what was asked, in steps of whole euros. */
const curveOf = (cases: readonly Facts[], thresholds: readonly Cents[]): Thresholds['curve'] => {
  const step = Math.ceil((2 * Math.max(10_000, ...thresholds)) / CURVE_STEPS / 100) * 100;
  return Array.from({ length: CURVE_STEPS + 1 }, (_, i) => ({
    cents: Cents.parse(i * step),
    cases: cases.filter(({ totalCents }) => totalCents < i * step).length,
  }));
};

const inputsOf = (cases: readonly WorklistCase[], policyOf: PolicyOf): readonly RankingInput[] =>
  cases.flatMap((each) => rankingInputOf(each, policyOf) ?? []);

/**
 * How many cases of a month fall below each threshold, and which kinds (R-WOR-7). A case falls below by its total, as in
 * the ranking. `policy`: the ranking policy in force, for its tiers.
 */
export const simulateThresholds = (
  cases: readonly WorklistCase[],
  policyOf: PolicyOf,
  today: IsoDate,
  policy: RankingPolicy,
  thresholds: readonly Cents[],
): Thresholds => {
  const inputs = inputsOf(cases, policyOf);
  const tiers = new Map(rankBy(policy, inputs, today).map(({ caseNumber, tier }) => [caseNumber, tier]));
  const facts = inputs.map(
    (input): Facts => ({ ...measure(input, today), flags: input.flags, tier: tiers.get(input.caseNumber) }),
  );
  const below = thresholds.map((cents) => facts.filter(({ totalCents }) => totalCents < cents));
  return {
    ...amountsOf(facts),
    thresholds: thresholds.map((cents, i) => {
      const fallen = below[i] ?? [];
      return { cents, ...amountsOf(fallen), crisis: fallen.filter(isCrisis).length };
    }),
    kinds: [...tierKind(policy), ...KINDS].map(({ kind, overlaps = false, rows }) => ({
      kind,
      overlaps,
      rows: rows.map(([label, holds]) => ({
        label,
        cases: facts.filter(holds).length,
        below: below.map((fallen) => fallen.filter(holds).length),
      })),
    })),
    curve: curveOf(facts, thresholds),
  };
};

const ruleText = ({ id, says, when, effect }: RuleWords): string =>
  id === says ? `${effect}, ${when}` : `${effect}: ${when} (“${says}”)`;

const ruleDifferences = (from: RankingPolicy, to: RankingPolicy): Comparison['rules'] => {
  const texts = (policy: RankingPolicy) => new Map(explainRanking(policy).map((rule) => [rule.id, ruleText(rule)]));
  const [before, after] = [texts(from), texts(to)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const [was, is] = [before.get(id), after.get(id)];
    if (was === is) return [];
    return [{ id, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }];
  });
};

/** What stands between or beside the cases of a simulated month. */
export interface Beside {
  /** Of that month, of other municipalities that are ranked among these. */
  readonly others: readonly WorklistCase[];
  /** Of other months of the municipality, as they are: home visits are shared with them. */
  readonly otherMonths: readonly WorklistCase[];
  /** Every case there is, for who lives behind which door. */
  readonly found: readonly Matched[];
}

/** As if none of this month's visits was held yet. */
const unvisited = (found: Matched): Matched => ({
  ...found,
  cases: found.cases.map((each) => {
    const [first, ...more] = each.signals;
    const untried = (signal: Signal): Signal => ({ ...signal, contactAttempts: [] });
    return { ...each, signals: [untried(first), ...more.map(untried)] };
  }),
});

const placesBy = (
  policy: RankingPolicy,
  cases: readonly WorklistCase[],
  { others, otherMonths, found }: Beside,
  policyOf: PolicyOf,
  today: IsoDate,
): ReadonlyMap<CaseNumber, Place> => {
  const under: PolicyOf = (signal) => ({
    ...policyOf(signal),
    ranking: { ruleSet: policy.name, version: policy.version },
  });
  const approaches = approachesOf([...cases, ...otherMonths], found, under, today, [policy]);
  const place = ({ caseNumber, rank, tier, points }: RankedCase): Place => {
    const approach = approaches.get(caseNumber);
    return {
      rank,
      ...(tier !== undefined && { tier }),
      ...(points !== undefined && { points }),
      ...(approach && { visit: approach.channel === 'huisbezoek' }),
    };
  };
  const own = new Set(cases.map(({ number }) => number));
  const ranked = rankBy(policy, inputsOf([...cases, ...others], under), today);
  return new Map(ranked.flatMap((each) => (own.has(each.caseNumber) ? [[each.caseNumber, place(each)]] : [])));
};

export const named = ({ name, version, title }: RankingPolicy): z.infer<typeof Named> => ({ name, version, title });

/** What only one of both policies has, tiers or points, is no difference of a case. */
const same = (a: Place, b: Place): boolean =>
  a.rank === b.rank &&
  a.visit === b.visit &&
  (a.tier === b.tier || a.tier === undefined || b.tier === undefined) &&
  (a.points === b.points || a.points === undefined || b.points === undefined);

/**
 * Who moves when a month is ranked by another policy or version (R-WOR-4). What stands beside goes along, so that who moves
 * does so by the rules, and nothing else is answered of it (R-PRI-1). Home visits are those of the list, as if none of this
 * month's was held yet. `to` may be a draft that is stored nowhere.
 */
export const compareRankings = (
  cases: readonly WorklistCase[],
  beside: Beside,
  policyOf: PolicyOf,
  today: IsoDate,
  from: RankingPolicy,
  to: RankingPolicy,
): Comparison => {
  const sharing: Beside = { ...beside, found: beside.found.map(unvisited) };
  const places = (policy: RankingPolicy) => placesBy(policy, cases, sharing, policyOf, today);
  const [before, after] = [places(from), places(to)];
  const pairs = [...after].flatMap(([caseNumber, place]) => {
    const was = before.get(caseNumber);
    return was ? [{ caseNumber, before: was, after: place }] : [];
  });
  const count = (holds: (pair: (typeof pairs)[number]) => boolean): number => pairs.filter(holds).length;
  const capacity = cases[0] && policyOf(cases[0].shown[0]).capacity;
  return {
    from: named(from),
    to: named(to),
    cases: pairs.length,
    ...(beside.others.length > 0 && { shared: true as const }),
    up: count((pair) => pair.after.rank < pair.before.rank),
    down: count((pair) => pair.after.rank > pair.before.rank),
    ...(from.tiers && to.tiers && { otherTier: count((pair) => pair.after.tier !== pair.before.tier) }),
    ...(capacity && {
      visits: {
        homeVisits: capacity.homeVisits,
        into: count((pair) => pair.after.visit === true && pair.before.visit === false),
        outOf: count((pair) => pair.after.visit === false && pair.before.visit === true),
      },
    }),
    rules: ruleDifferences(from, to),
    moves: pairs.filter((pair) => !same(pair.before, pair.after)),
  };
};
