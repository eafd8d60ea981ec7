import { failure } from '../failure.ts';
import { grouped } from '../grouped.ts';
import type { CaseNumber, IsoDate } from '../ids.ts';
import { filled, holds, type Measured, measure, type RankingInput } from './measure.ts';
import { policyName, type RankingPolicy, type Step } from './policy.ts';
import { SHIPPED } from './shipped.ts';

export interface RankedCase {
  readonly caseNumber: CaseNumber;
  /** 1 = first. */
  readonly rank: number;
  /** Where the policy has tiers. */
  readonly tier?: string;
  /** Where the policy has points: the sum. */
  readonly points?: number;
  /** Every rule that fired, in Dutch, in the order in which they counted (R-WOR-3). */
  readonly reasons: readonly string[];
}

/** What a policy says of one case. */
export interface Judgement extends Omit<RankedCase, 'rank'> {
  /** What counts first, and what next when that is equal: lower comes first. */
  readonly key: readonly number[];
  /** Ids of the rules that fired. */
  readonly fired: readonly string[];
}

/** The policy of this name and version: one that is shipped, or one of the configuration. */
export const policyNamed = (
  policies: readonly RankingPolicy[],
  { ruleSet, version }: { readonly ruleSet: string; readonly version: number },
): RankingPolicy | undefined =>
  [...SHIPPED, ...policies].find((each) => each.name === ruleSet && each.version === version);

const MEASURE_SAYS = {
  signals: '{signalen}',
  totalCents: 'totaal € {bedrag}',
  oldestDays: 'oudste vervaldatum {oudste}',
  attempts: '{pogingen}',
} as const;

const pointsWords = (points: number): string => `${points} ${Math.abs(points) === 1 ? 'punt' : 'punten'}`;

interface Said {
  readonly key: number;
  readonly rules: readonly { readonly id?: string; readonly says: string }[];
}

const stepSays = (step: Step, of: Measured): Said => {
  if ('by' in step) {
    const value = of[step.by];
    return { key: step.comes === 'HIGHEST_FIRST' ? -value : value, rules: [{ says: MEASURE_SAYS[step.by] }] };
  }
  const fires = holds(step.when, of);
  return { key: fires === (step.comes === 'FIRST') ? 0 : 1, rules: fires ? [step] : [] };
};

/** Applies a policy to the facts of one case. Nothing else is known here, so nothing else can count (R-WOR-2). */
export const judge = (policy: RankingPolicy, of: Measured): Judgement => {
  const tiers = policy.tiers?.map(({ tier, rules }) => ({
    tier,
    rules: rules.filter(({ when }) => when === undefined || holds(when, of)),
  }));
  const place = tiers?.findIndex(({ rules }) => rules.length > 0);
  const tier = place === undefined ? undefined : tiers?.[place];
  const scored = policy.points?.filter(({ when }) => holds(when, of)).toSorted((a, b) => b.points - a.points);
  const points = scored?.reduce((sum, rule) => sum + rule.points, 0);
  const said: readonly Said[] = [
    ...(place === undefined ? [] : [{ key: place < 0 ? (tiers?.length ?? 0) : place, rules: tier?.rules ?? [] }]),
    ...(points === undefined
      ? []
      : [
          {
            key: -points,
            rules: [
              // A cell that began with a minus would be written as no formula may be.
              { says: `samen ${pointsWords(points)}` },
              ...(scored ?? []).map((rule) => ({
                id: rule.id,
                says: `${rule.points > 0 ? '+' : ''}${pointsWords(rule.points)}: ${rule.says}`,
              })),
            ],
          },
        ]),
    ...policy.order.map((step) => stepSays(step, of)),
  ];
  const rules = said.flatMap((each) => each.rules);
  return {
    caseNumber: of.caseNumber,
    key: said.map(({ key }) => key),
    fired: rules.flatMap(({ id }) => id ?? []),
    reasons: rules.map(({ says }) => filled(says, of)),
    ...(tier && { tier: tier.tier }),
    ...(points !== undefined && { points }),
  };
};

/**
 * What is equal in everything else is put in the order of the keyed hash in its number, then of the whole number: the same
 * every time, and it says nothing of resident, sender, municipality or month.
 */
const tieOf = (number: CaseNumber): string => `${number.slice('0000-0000-'.length)} ${number}`;

export const inOrder = (a: Judgement, b: Judgement): number => {
  const at = a.key.findIndex((value, i) => value !== b.key[i]);
  if (at >= 0) return (a.key[at] ?? 0) - (b.key[at] ?? 0);
  return tieOf(a.caseNumber) < tieOf(b.caseNumber) ? -1 : 1;
};

/** Ranks cases by one policy, whatever is in force for them. */
export const rankBy = (
  policy: RankingPolicy,
  cases: readonly RankingInput[],
  today: IsoDate,
): readonly (RankedCase & Pick<Judgement, 'fired'>)[] =>
  cases
    .map((each) => judge(policy, measure(each, today)))
    .sort(inOrder)
    .map(({ key: _, ...judgement }, i) => ({ ...judgement, rank: i + 1 }));

/**
 * Ranks cases, each by the policy in force for it on the day of the list (R-WOR-4), and says of each what counted
 * (R-WOR-3). `policies` are those of the configuration, beside the shipped ones. Policies do not compare with each other:
 * each has its own ranks from 1. Throws `PolicyMissing` for a policy that does not exist, which no checked configuration
 * names.
 */
export const rankCases = (
  cases: readonly RankingInput[],
  today: IsoDate,
  policies: readonly RankingPolicy[],
): readonly RankedCase[] =>
  [...grouped(cases, ({ policy: { ranking } }) => policyName({ ...ranking, name: ranking.ruleSet })).values()].flatMap(
    (group) => {
      const policy = group[0] && policyNamed(policies, group[0].policy.ranking);
      if (!policy) throw failure('PolicyMissing');
      return rankBy(policy, group, today).map(({ fired: _, ...ranked }) => ranked);
    },
  );
