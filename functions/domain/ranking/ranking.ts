import { euros } from '../feedback/amount.ts';
import type { CaseId, Cents, IsoDate } from '../ids.ts';
import { Cents as CentsSchema } from '../ids.ts';
import type { Signal } from '../signal/signal.ts';

/** The rule sets there are (R-WOR-3): a policy names one with its version. */
export const RULE_SETS = [
  { name: 'LCV', version: 1 },
  { name: 'HAARLEM', version: 1 },
] as const;

/** All that ranking may know of a signal. Partner and partner type are not among it: equal treatment (R-WOR-2). */
export type RankedSignal = Pick<Signal, 'kind' | 'collectionPhase' | 'amountCents' | 'dueDate' | 'warnings'>;

export interface RankingInput {
  readonly caseId: CaseId;
  /** Its open signals; at least one. */
  readonly signals: readonly RankedSignal[];
  /** Cases that owe less come after all others (R-WOR-7). */
  readonly thresholdCents?: Cents;
}

export interface RankedCase {
  readonly caseId: CaseId;
  /** 1 = first. */
  readonly rank: number;
  /** In Dutch, in the order in which they counted. */
  readonly reasons: readonly string[];
}

/** Crisis: supply or home is about to be lost. Late: at the bailiff, or past the maximum age of a signal (R-DEL-4). */
const URGENCY = [
  '',
  'laat signaal (deurwaarder of over de maximale achterstand)',
  'crisis (ontruiming of einde levering)',
];

const urgencyOf = (signal: RankedSignal): number => {
  if (signal.kind === 'ontruiming' || signal.kind === 'eindelevering') return 2;
  return signal.collectionPhase === 'deurwaarder' || signal.warnings.includes('OVERDUE_PAST_MAXIMUM') ? 1 : 0;
};

export const totalOf = (signals: readonly Pick<Signal, 'amountCents'>[]): Cents =>
  CentsSchema.parse(signals.reduce((total, { amountCents }) => total + amountCents, 0));

interface Measured {
  readonly caseId: CaseId;
  readonly belowThreshold: boolean;
  readonly count: number;
  readonly urgency: number;
  readonly total: Cents;
  readonly oldest: IsoDate;
}

const measure = ({ caseId, signals, thresholdCents }: RankingInput): Measured => {
  const total = totalOf(signals);
  const dueDates = signals.map(({ dueDate }) => dueDate).sort();
  return {
    caseId,
    belowThreshold: thresholdCents !== undefined && total < thresholdCents,
    count: signals.length,
    urgency: Math.max(0, ...signals.map(urgencyOf)),
    total,
    oldest: dueDates[0] ?? ('9999-12-31' as IsoDate),
  };
};

/** Rule set LCV 1 (R-WOR-4); the case id makes the order total, so that the same cases always rank the same. */
const compare = (a: Measured, b: Measured): number =>
  Number(a.belowThreshold) - Number(b.belowThreshold) ||
  b.count - a.count ||
  b.urgency - a.urgency ||
  b.total - a.total ||
  (a.oldest === b.oldest ? (a.caseId < b.caseId ? -1 : 1) : a.oldest < b.oldest ? -1 : 1);

const reasonsOf = ({ belowThreshold, count, urgency, total, oldest }: Measured): readonly string[] => [
  ...(belowThreshold ? ['onder het drempelbedrag'] : []),
  count === 1 ? '1 signaal' : `${count} signalen`,
  ...(urgency > 0 ? [URGENCY[urgency] ?? ''] : []),
  `totaal € ${euros(total)}`,
  `oudste vervaldatum ${oldest}`,
];

/**
 * Ranks cases by the default rules (R-WOR-4): more signals first, then crisis and late signals, amount, age of the
 * arrear. Each case carries what counted (R-WOR-3). Nothing about the sender is read (R-WOR-2).
 */
export const rankCases = (cases: readonly RankingInput[]): readonly RankedCase[] =>
  cases
    .map(measure)
    .sort(compare)
    .map((measured, i) => ({ caseId: measured.caseId, rank: i + 1, reasons: reasonsOf(measured) }));
