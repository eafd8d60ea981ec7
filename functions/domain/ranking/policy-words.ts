import { euros } from '../feedback/amount.ts';
import type { Cents } from '../ids.ts';
import type { Placeholder, RankingPolicy, Step } from './policy.ts';

/** What a sentence fills in, said of cases in general. */
const IN_GENERAL: Readonly<Record<Exclude<Placeholder, 'drempel'>, string>> = {
  bedrag: '…',
  signalen: 'aantal signalen',
  dagen: 'aantal dagen',
  oudste: 'oudste vervaldatum',
  pogingen: 'aantal contactpogingen',
};

const general = (says: string, threshold: Cents | undefined): string =>
  says
    .replaceAll('{drempel}', threshold === undefined ? 'het drempelbedrag' : euros(threshold))
    .replaceAll(/\{(\w+)\}/g, (whole, name: string) => IN_GENERAL[name as keyof typeof IN_GENERAL] ?? whole);

type Measure = Extract<Step, { readonly by: unknown }>;
const MEASURES: Readonly<Record<Measure['by'], Readonly<Record<Measure['comes'], string>>>> = {
  signals: { HIGHEST_FIRST: 'meer signalen eerst', LOWEST_FIRST: 'minder signalen eerst' },
  totalCents: { HIGHEST_FIRST: 'hoogste totaalbedrag eerst', LOWEST_FIRST: 'laagste totaalbedrag eerst' },
  oldestDays: { HIGHEST_FIRST: 'oudste vervaldatum eerst', LOWEST_FIRST: 'jongste vervaldatum eerst' },
  attempts: { HIGHEST_FIRST: 'meeste contactpogingen eerst', LOWEST_FIRST: 'minste contactpogingen eerst' },
};

/** What decides when all rules leave two cases equal. */
export const TIE_WORDS =
  'Is alles gelijk, dan beslist de code in het nummer van de zaak. Die zegt niets over inwoner, partner of maand, en is elke keer dezelfde.';

/**
 * A ranking policy in Dutch sentences, in the order in which its rules count (R-WOR-3): groups, points, and what counts
 * next when all before is equal.
 */
export const policyWords = (
  { tiers = [], points = [], order }: Pick<RankingPolicy, 'tiers' | 'points' | 'order'>,
  threshold: Cents | undefined,
): readonly string[] => [
  ...tiers.map(
    ({ tier, rules }) => `Groep ${tier}: ${rules.map(({ says }) => general(says, threshold)).join('; of ')}`,
  ),
  ...points
    .toSorted((a, b) => b.points - a.points)
    .map((rule) => `${rule.points > 0 ? '+' : ''}${rule.points}: ${general(rule.says, threshold)}`),
  ...(points.length > 0 ? ['De meeste punten komen eerst.'] : []),
  ...order.map((step) =>
    'by' in step
      ? MEASURES[step.by][step.comes]
      : `${general(step.says, threshold)}: ${step.comes === 'FIRST' ? 'eerst' : 'laatst'}`,
  ),
];
