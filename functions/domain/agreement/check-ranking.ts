import { type Condition, PLACEHOLDERS, policyName, type RankingPolicy } from '../ranking/policy.ts';
import { SHIPPED } from '../ranking/shipped.ts';
import { type Check, listed, type Problem } from './problem.ts';

type Found = readonly (Problem | false | undefined)[];

/** Whether a condition that holds (or, with `so` false, one that does not) can only be where a threshold is set. */
const needsThreshold = (condition: Condition, so = true): boolean => {
  if ('not' in condition) return needsThreshold(condition.not, !so);
  if ('all' in condition || 'any' in condition) {
    const parts = 'all' in condition ? condition.all : condition.any;
    const each = (part: Condition): boolean => needsThreshold(part, so);
    return 'all' in condition === so ? parts.some(each) : parts.every(each);
  }
  if ('is' in condition) return condition.fact === 'thresholdSet' && condition.is === so;
  return (
    so && 'fact' in condition && !('in' in condition) && [condition.atLeast, condition.below].includes('threshold')
  );
};

/** What is wrong with a sentence; `set`: it only stands where a threshold is set. */
const sentenceProblem = (says: string, set: boolean): string | undefined => {
  const unknown = [...says.matchAll(/\{([^{}]*)\}/g)].find(([, name]) => !PLACEHOLDERS.some((each) => each === name));
  if (unknown)
    return `${unknown[0]} kan niet worden ingevuld; wel: ${PLACEHOLDERS.map((each) => `{${each}}`).join(' ')}`;
  if (/[{}]/.test(says.replaceAll(/\{\w+\}/g, ''))) return 'een accolade staat los';
  return says.includes('{drempel}') && !set
    ? 'er kan een zaak zijn zonder drempelbedrag; {drempel} is dan leeg'
    : undefined;
};

const boundProblems = (condition: Condition, path: string): Found => {
  if ('not' in condition) return boundProblems(condition.not, `${path}.not`);
  if ('all' in condition) return condition.all.flatMap((each, i) => boundProblems(each, `${path}.all[${i}]`));
  if ('any' in condition) return condition.any.flatMap((each, i) => boundProblems(each, `${path}.any[${i}]`));
  if ('is' in condition || 'in' in condition) return [];
  const { fact, atLeast, below } = condition;
  if (atLeast === undefined && below === undefined)
    return [{ path, text: `zeg van ${fact} atLeast, below of allebei` }];
  const never =
    atLeast !== undefined &&
    (atLeast === below || (typeof atLeast === 'number' && typeof below === 'number' && atLeast > below));
  return [never && { path, text: `${fact} kan niet tegelijk minstens ${atLeast} en minder dan ${below} zijn` }];
};

const againOf = (keys: readonly string[]): ((i: number) => boolean) => {
  const first = new Map(keys.map((key, i) => [key, i] as const).reverse());
  return (i) => (first.get(keys[i] ?? '') ?? i) < i;
};

interface PlacedRule {
  readonly id: string;
  readonly when?: Condition | undefined;
  readonly says: string;
  readonly at: string;
  /** What did not hold when this rule is looked at. */
  readonly after: readonly Condition[];
}

const rulesOf = ({ tiers = [], points = [], order }: RankingPolicy): readonly PlacedRule[] => [
  ...tiers.flatMap(({ rules }, i) => {
    const after = tiers.slice(0, i).flatMap((tier) => tier.rules.flatMap(({ when }) => when ?? []));
    return rules.map((rule, j) => ({ ...rule, at: `tiers[${i}].rules[${j}]`, after }));
  }),
  ...points.map((rule, i) => ({ ...rule, at: `points[${i}]`, after: [] })),
  ...order.flatMap((step, i) => ('by' in step ? [] : [{ ...step, at: `order[${i}]`, after: [] }])),
];

/** What is wrong with a ranking policy, whoever's it is: at `path` of a configuration, or a draft that is tried out. */
export const rankingProblems = (policy: RankingPolicy, path?: string): readonly Problem[] => {
  const { tiers = [], points = [], order } = policy;
  const rules = rulesOf(policy);
  const ruleAgain = againOf(rules.map(({ id }) => id));
  const tierAgain = againOf(tiers.map(({ tier }) => tier));
  const measures = order.map((step, i) => ('by' in step ? step.by : `#${i}`));
  const measureAgain = againOf(measures);
  const catchesAll = (i: number): boolean => tiers[i]?.rules.some(({ when }) => when === undefined) === true;
  const found: Found = [
    ...rules.flatMap(({ id, when, says, at, after }, i): Found => {
      const set =
        (when !== undefined && needsThreshold(when)) || after.some((condition) => needsThreshold(condition, false));
      const wrong = sentenceProblem(says, set);
      return [
        ruleAgain(i) && { path: `${at}.id`, text: `regel ${id} komt meer dan één keer voor` },
        ...(when === undefined ? [] : boundProblems(when, `${at}.when`)),
        wrong !== undefined && { path: `${at}.says`, text: wrong },
      ];
    }),
    ...tiers.flatMap(({ tier }, i): Found => {
      const isLast = i === tiers.length - 1;
      return [
        tierAgain(i) && { path: `tiers[${i}].tier`, text: `trede ${tier} komt meer dan één keer voor` },
        isLast &&
          !catchesAll(i) && { path: `tiers[${i}]`, text: 'de laatste trede moet een regel zonder voorwaarde hebben' },
        !isLast &&
          catchesAll(i) && {
            path: `tiers[${i}]`,
            text: 'na deze trede komt niets meer: een regel heeft geen voorwaarde',
          },
      ];
    }),
    ...points.map(
      ({ points: given }, i) => given === 0 && { path: `points[${i}].points`, text: 'nul punten is geen regel' },
    ),
    ...measures.map((by, i) => measureAgain(i) && { path: `order[${i}].by`, text: `${by} telt al eerder` }),
    !order.some((step) => 'by' in step) && {
      path: 'order',
      text: 'zeg met by wat telt als de regels gelijk zijn, zodat elke zaak een reden heeft',
    },
  ];
  return found.flatMap((each) =>
    each ? [{ ...each, path: path === undefined ? each.path : `${path}.${each.path}` }] : [],
  );
};

/** Ranking policies that can be carried out and explained, beside the shipped ones (R-WOR-3). */
export const rankings: Check = (configuration) =>
  listed('rankings', configuration.rankings, (policy, path) => [
    SHIPPED.some((each) => policyName(each) === policyName(policy)) && {
      path: `${path}.version`,
      text: `regelset ${policyName(policy)} hoort bij het meldpunt: kies een eigen naam of een andere versie`,
    },
    ...rankingProblems(policy, path),
  ]);
