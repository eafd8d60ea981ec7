import type { Governing } from '../agreement/governing.ts';
import type { CollectionPhase, Resident, SignalKind } from '../delivery/delivery.ts';
import { dottedEuros } from '../feedback/amount.ts';
import { type CaseNumber, type Cents, Cents as CentsSchema, type IsoDate } from '../ids.ts';
import { type ContactAttempt, phaseOf, type Signal } from '../signal/signal.ts';
import { daysBetween, yearsBetween } from '../term/calendar.ts';
import type { CaseFlag } from './flags.ts';
import type { Condition, NumberFact, Placeholder, YesNoFact } from './policy.ts';
import { isAwaiting } from './work-tray.ts';
import type { PolicyOf, WorklistCase } from './worklist.ts';

type Known =
  | 'kind'
  | 'collectionPhase'
  | 'correctedPhase'
  | 'amountCents'
  | 'dueDate'
  | 'warnings'
  | 'knownAtTeam'
  | 'earlierPeriods'
  | 'contactAttempts';

/** All that ranking may know of a signal. Partner and partner type are not among it: equal treatment (R-WOR-2). */
export type RankedSignal = Pick<Signal, Known> & { readonly resident: Pick<Resident, 'dateOfBirth'> };

export interface RankingInput {
  readonly caseNumber: CaseNumber;
  /** Its signals that wait for an answer. */
  readonly signals: readonly [RankedSignal, ...RankedSignal[]];
  readonly flags: readonly CaseFlag[];
  /** As they count on the day of the list. */
  readonly policy: Pick<Governing, 'ranking' | 'threshold'>;
}

/** What is ranked of a case on the list: its signals that wait for an answer; undefined when nobody has to be approached. */
export const rankingInputOf = (
  { number, shown, flags }: Pick<WorklistCase, 'number' | 'shown' | 'flags'>,
  policyOf: PolicyOf,
): RankingInput | undefined => {
  const [first, ...others] = shown.filter(isAwaiting);
  return (
    first && {
      caseNumber: number,
      signals: [first, ...others],
      flags: flags.map(({ flag }) => flag),
      policy: policyOf(first),
    }
  );
};

/** The facts of a case on a day, by the names that rules use. */
export type Measured = Readonly<Record<Exclude<NumberFact, 'age'>, number>> &
  Readonly<Record<YesNoFact, boolean>> & {
    readonly caseNumber: CaseNumber;
    readonly totalCents: Cents;
    readonly threshold: Cents | undefined;
    readonly oldest: IsoDate;
    /** Of each resident whose date of birth is known. */
    readonly age: readonly number[];
    readonly kind: readonly SignalKind[];
    readonly phase: readonly CollectionPhase[];
  };

export const totalOf = (signals: readonly Pick<Signal, 'amountCents'>[]): Cents =>
  CentsSchema.parse(signals.reduce((total, { amountCents }) => total + amountCents, 0));

/** The contact attempts of a case: one for the whole case stands at each of its signals and counts once. */
export const attemptsOf = (signals: readonly Pick<Signal, 'contactAttempts'>[]): readonly ContactAttempt[] => [
  ...new Map(
    signals.flatMap(({ contactAttempts }) =>
      contactAttempts.map((each) => [`${each.date} ${each.kind} ${each.reached} ${each.dayPart ?? ''}`, each] as const),
    ),
  ).values(),
];

/** R-WOR-5: entering the home, or contact at the door that leads to an appointment; nobody at home is a try, not a visit. */
export const isHomeVisit = ({ kind, reached }: Pick<ContactAttempt, 'kind' | 'reached'>): boolean =>
  kind === 'Huisbezoek' && reached;

export const measure = ({ caseNumber, signals, flags, policy }: RankingInput, today: IsoDate): Measured => {
  const attempts = attemptsOf(signals);
  const oldest = signals.map(({ dueDate }) => dueDate).sort()[0] ?? signals[0].dueDate;
  return {
    caseNumber,
    signals: signals.length,
    totalCents: totalOf(signals),
    threshold: policy.threshold?.cents,
    thresholdSet: policy.threshold !== undefined,
    oldest,
    oldestDays: daysBetween(oldest, today),
    age: signals.flatMap(({ resident: { dateOfBirth } }) =>
      dateOfBirth === undefined ? [] : [yearsBetween(dateOfBirth, today)],
    ),
    kind: signals.map(({ kind }) => kind),
    phase: signals.map(phaseOf),
    pastMaximum: signals.some(({ warnings }) => warnings.includes('OVERDUE_PAST_MAXIMUM')),
    knownAtTeam: signals.some(({ knownAtTeam }) => knownAtTeam === true),
    consecutive: flags.includes('CONSECUTIVE'),
    repeat: signals.some(({ earlierPeriods }) => earlierPeriods.length > 0),
    attempts: attempts.length,
    homeVisitHeld: attempts.some(isHomeVisit),
  };
};

/** Whether a condition holds of a case. What is compared with a threshold that is not set does not hold. */
export const holds = (condition: Condition, of: Measured): boolean => {
  if ('all' in condition) return condition.all.every((each) => holds(each, of));
  if ('any' in condition) return condition.any.some((each) => holds(each, of));
  if ('not' in condition) return !holds(condition.not, of);
  if ('is' in condition) return of[condition.fact] === condition.is;
  if ('in' in condition) {
    const wanted: readonly string[] = condition.in;
    return of[condition.fact].some((word) => wanted.includes(word));
  }
  const bound = (value: number | 'threshold'): number => (value === 'threshold' ? (of.threshold ?? Number.NaN) : value);
  const { atLeast, below } = condition;
  return [of[condition.fact]]
    .flat()
    .some(
      (value) => (atLeast === undefined || value >= bound(atLeast)) && (below === undefined || value < bound(below)),
    );
};

const counted = (n: number, one: string, more: string): string => `${n} ${n === 1 ? one : more}`;

/** What each placeholder stands for; a threshold that is not set has no amount. */
const FILLED: Readonly<Record<Placeholder, (of: Measured) => string>> = {
  bedrag: ({ totalCents }) => dottedEuros(totalCents),
  drempel: ({ threshold }) => (threshold === undefined ? '(geen drempelbedrag)' : dottedEuros(threshold)),
  signalen: ({ signals }) => counted(signals, 'signaal', 'signalen'),
  dagen: ({ oldestDays }) => counted(oldestDays, 'dag', 'dagen'),
  oudste: ({ oldest }) => oldest,
  pogingen: ({ attempts }) => counted(attempts, 'contactpoging', 'contactpogingen'),
};

/** A sentence of a rule, about this case. */
export const filled = (says: string, of: Measured): string =>
  says.replaceAll(/\{(\w+)\}/g, (whole, name: string) => FILLED[name as Placeholder]?.(of) ?? whole);
