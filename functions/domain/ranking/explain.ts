import { euroWords } from '../feedback/amount.ts';
import { Cents } from '../ids.ts';
import type { Condition, NumberFact, RankingPolicy, Step, YesNoFact } from './policy.ts';

/** A ranking policy as its readers see it, rule by rule, in Dutch (R-WOR-3). */
export interface RuleWords {
  /** The rule's own name; of a number that counts, its words. The same in another version: the same rule. */
  readonly id: string;
  /** `trede II`, `punten` or `volgorde`. */
  readonly part: string;
  /** What is said on the list when it fires. */
  readonly says: string;
  readonly when: string;
  /** What comes of it: `+60 punten`, `komt eerst`, `hoogste eerst`. */
  readonly effect: string;
}

const NUMBER_WORDS: Readonly<Record<NumberFact | 'totalCents', string>> = {
  signals: 'aantal signalen',
  oldestDays: 'dagen sinds de oudste vervaldatum',
  age: 'leeftijd van een bewoner',
  attempts: 'aantal contactpogingen',
  totalCents: 'totaalbedrag',
};

const YES_NO_WORDS: Readonly<Record<YesNoFact, readonly [yes: string, no: string]>> = {
  thresholdSet: ['er is een drempelbedrag', 'er is geen drempelbedrag'],
  pastMaximum: ['over de maximale achterstand', 'niet over de maximale achterstand'],
  knownAtTeam: ['bekend bij het wijkteam', 'niet bekend bij het wijkteam'],
  consecutive: ['eerder een signaal op dit adres', 'niet eerder een signaal op dit adres'],
  repeat: ['een achterstand die eerder is gemeld', 'geen achterstand die eerder is gemeld'],
  homeVisitHeld: ['er is een huisbezoek gehouden', 'er is nog geen huisbezoek gehouden'],
};

const WORD_WORDS = { kind: 'signaalsoort', phase: 'fase' } as const;

const listed = (words: readonly string[], last: 'en' | 'of'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

const nested = (condition: Condition): string => {
  const compound = 'all' in condition || 'any' in condition;
  return compound ? `(${conditionWords(condition)})` : conditionWords(condition);
};

/** `aantal signalen 2 of meer`, `fase deurwaarder en niet (…)`. */
export const conditionWords = (condition: Condition): string => {
  if ('all' in condition) return condition.all.map(nested).join(' en ');
  if ('any' in condition) return condition.any.map(nested).join(' of ');
  if ('not' in condition) return `niet (${conditionWords(condition.not)})`;
  if ('is' in condition) return YES_NO_WORDS[condition.fact][condition.is ? 0 : 1];
  if ('in' in condition) return `${WORD_WORDS[condition.fact]} ${listed(condition.in, 'of')}`;
  const { fact, atLeast, below } = condition;
  const amount = (value: number | 'threshold'): string => {
    if (value === 'threshold') return 'het drempelbedrag';
    return fact === 'totalCents' ? euroWords(Cents.parse(value)) : String(value);
  };
  const bounds = [
    ...(atLeast === undefined ? [] : [`${amount(atLeast)} of meer`]),
    ...(below === undefined ? [] : [`minder dan ${amount(below)}`]),
  ];
  return `${NUMBER_WORDS[fact]} ${bounds.join(' en ')}`;
};

const stepWords = (step: Step): RuleWords =>
  'by' in step
    ? {
        id: NUMBER_WORDS[step.by],
        part: 'volgorde',
        says: NUMBER_WORDS[step.by],
        when: 'als de regels hierboven gelijk zijn',
        effect: step.comes === 'HIGHEST_FIRST' ? 'hoogste eerst' : 'laagste eerst',
      }
    : {
        id: step.id,
        part: 'volgorde',
        says: step.says,
        when: conditionWords(step.when),
        effect: step.comes === 'FIRST' ? 'komt eerst' : 'komt laatst',
      };

/** What decides when all rules are equal: the same each time, and about nobody. */
export const TIE_WORDS =
  'Is alles gelijk, dan beslist het geheime kenmerk in het zaaknummer: dat zegt niets over de bewoner, het bedrag of de partner.';

/** All rules of a policy, in the order in which they count. */
export const explainRanking = ({ tiers = [], points = [], order }: RankingPolicy): readonly RuleWords[] => [
  ...tiers.flatMap(({ tier, rules }) =>
    rules.map(({ id, says, when }) => ({
      id,
      part: `trede ${tier}`,
      says,
      when: when === undefined ? 'alle andere zaken' : conditionWords(when),
      effect: `trede ${tier}`,
    })),
  ),
  ...points.map(({ id, says, when, points: given }) => ({
    id,
    part: 'punten',
    says,
    when: conditionWords(when),
    effect: `${given > 0 ? '+' : ''}${given} ${Math.abs(given) === 1 ? 'punt' : 'punten'}`,
  })),
  ...order.map(stepWords),
];
