import { z } from 'zod';
import { COLLECTION_PHASES, SIGNAL_KINDS } from '../delivery/delivery.ts';
import { Cents } from '../ids.ts';

/**
 * How cases are ranked, as data (R-WOR-3): readable rules over a closed list of facts about a case. Who sent a signal is
 * not among them and cannot be written down (R-WOR-2). A version never changes; what differs is a next version.
 */
const whole = z.number().int().nonnegative();
const Bound = { atLeast: whole.optional(), below: whole.optional() } as const;
/** An amount, or the municipality's own threshold as it is on the day of the list (R-WOR-7). */
const Amount = z.union([Cents, z.literal('threshold')]);

/** Counted facts. `age`: of any resident of whom it is known; `attempts`: contact attempts so far (R-FLO-5). */
export const NUMBER_FACTS = ['signals', 'oldestDays', 'age', 'attempts'] as const;
/** Facts of which one signal of the case decides. `phase`: as corrected (R-FLO-8). */
export const WORD_FACTS = { kind: SIGNAL_KINDS, phase: COLLECTION_PHASES } as const;
/**
 * `pastMaximum`: over the maximum age of a signal (R-DEL-4); `knownAtTeam`: as marked, which is also how a municipality
 * says that there are children; `consecutive`: an earlier signal at the address (R-MAT-2); `repeat`: an arrear that was
 * reported before (R-DEL-5); `homeVisitHeld`: somebody was met at home (R-WOR-5).
 */
export const YES_NO_FACTS = [
  'thresholdSet',
  'pastMaximum',
  'knownAtTeam',
  'consecutive',
  'repeat',
  'homeVisitHeld',
] as const;
export type NumberFact = (typeof NUMBER_FACTS)[number];
export type YesNoFact = (typeof YES_NO_FACTS)[number];

/** Every fact a rule may look at. */
export const FACTS = [...NUMBER_FACTS, 'totalCents', ...Object.keys(WORD_FACTS), ...YES_NO_FACTS] as const;

const oneOf = <K extends keyof typeof WORD_FACTS>(fact: K) =>
  z.strictObject({ fact: z.literal(fact), in: z.array(z.enum(WORD_FACTS[fact])).min(1) });
const Leaf = z.union([
  z.strictObject({ fact: z.enum(NUMBER_FACTS), ...Bound }),
  z.strictObject({ fact: z.literal('totalCents'), atLeast: Amount.optional(), below: Amount.optional() }),
  oneOf('kind'),
  oneOf('phase'),
  z.strictObject({ fact: z.enum(YES_NO_FACTS), is: z.boolean() }),
]);
type Leaf = z.infer<typeof Leaf>;

export type Condition =
  | Leaf
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };
/** Deeper nobody reads along. */
const DEEPEST = 10;
const conditionOf = (depth: number): z.ZodType<Condition> => {
  if (depth === 0) return Leaf;
  const inner = conditionOf(depth - 1);
  return z.union(
    [
      Leaf,
      z.strictObject({ all: z.array(inner).min(1) }),
      z.strictObject({ any: z.array(inner).min(1) }),
      z.strictObject({ not: inner }),
    ],
    {
      error: `geen voorwaarde: een regel kijkt alleen naar ${FACTS.join(', ')}, met all, any en not, hoogstens ${DEEPEST} in elkaar`,
    },
  );
};
export const Condition: z.ZodType<Condition> = conditionOf(DEEPEST);

/** What a sentence may fill in. */
export const PLACEHOLDERS = ['bedrag', 'drempel', 'signalen', 'dagen', 'oudste', 'pogingen'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const RuleId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'een naam van kleine letters, cijfers en streepjes');
/** What stands on the list, in Dutch. `;` and `|` divide sentences there. */
const Says = z
  .string()
  .max(160)
  .regex(/^[^;|\p{Cc}]+$/u, 'een zin zonder ; of |');

/** Holds when `when` does; always without it. */
const Rule = z.strictObject({ id: RuleId, when: Condition.optional(), says: Says });
export type Rule = z.infer<typeof Rule>;

const PointsRule = z.strictObject({
  id: RuleId,
  when: Condition,
  points: z.number().int().min(-1000).max(1000),
  says: Says,
});

/** What counts next when all before is equal: a number of the case, or whether a rule holds. */
const Step = z.union([
  z.strictObject({
    by: z.enum(['signals', 'totalCents', 'oldestDays', 'attempts']),
    comes: z.enum(['HIGHEST_FIRST', 'LOWEST_FIRST']),
  }),
  z.strictObject({ id: RuleId, when: Condition, comes: z.enum(['FIRST', 'LAST']), says: Says }),
]);
export type Step = z.infer<typeof Step>;

export const RankingPolicy = z.strictObject({
  name: z.string().regex(/^[A-Z][A-Z0-9-]{0,39}$/, 'een naam van hoofdletters, cijfers en streepjes'),
  version: z.number().int().positive(),
  title: z.string().min(1).max(120),
  /** The text that says so, when there is one. */
  source: z.strictObject({ text: z.string().min(1).max(120), clause: z.string().min(1).max(80) }).optional(),
  /** A case is in the first tier of which a rule holds; the last catches all. */
  tiers: z
    .array(z.strictObject({ tier: z.string().min(1).max(20), rules: z.array(Rule).min(1) }))
    .min(1)
    .optional(),
  /** The sum of all that hold; the most points come first, within a tier when there are tiers. */
  points: z.array(PointsRule).min(1).optional(),
  order: z.array(Step).min(1),
});
export type RankingPolicy = z.infer<typeof RankingPolicy>;

/** How a policy is named in an agreement, and on the command line: `LCV 1`. */
export const policyName = ({ name, version }: Pick<RankingPolicy, 'name' | 'version'>): string => `${name} ${version}`;
