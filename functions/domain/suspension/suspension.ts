import type { Governing } from '../agreement/governing.ts';
import type { IsoDate } from '../ids.ts';
import {
  type CollectionSuspension,
  type HistoryEntry,
  type Outcome,
  outcomeNumber,
  type Signal,
  type Term,
} from '../signal/signal.ts';
import { addDays, amsterdamDate, startOfDay } from '../term/calendar.ts';
import { CalendarDays } from '../term/days.ts';
import { dutchDate, explainCalendarDays } from '../term/explain.ts';

/** The four conditions of R-SUS-1, then what the municipality decides and what the calendar allows. */
export const SUSPENSION_CONDITIONS = [
  'PASSED_ON',
  'ACCEPTED_IN_PLAN',
  'FED_BACK',
  'PAYMENTS_RESUMED',
  'MUNICIPALITY_AGREES',
  'LAST_DAY_AHEAD',
] as const;
export type SuspensionCondition = (typeof SUSPENSION_CONDITIONS)[number];

/** Whether a condition holds, since which day, and what shows it. */
export interface ConditionHeld {
  readonly condition: SuspensionCondition;
  readonly holds: boolean;
  readonly on?: IsoDate;
  /** Id of the delivery or outcomes file, or `feedback <number>`. */
  readonly evidence?: string;
}

type Rules = Pick<Governing, 'acceptance' | 'suspension'>;
/** `earlierSuspensions`: every one the partner was told of, also when it never came to run. */
type Suspendable = Pick<Signal, 'history' | 'receivedAt' | 'earlierOutcomes'> & {
  readonly earlierSuspensions: readonly Pick<CollectionSuspension, 'startsOn'>[];
};

/** At most this many days, whatever a policy says (R-SUS-2). */
const MAXIMUM_DAYS = 30;

const daysOf = ({ suspension: { days } }: Pick<Rules, 'suspension'>): CalendarDays =>
  CalendarDays.parse(Math.min(days, MAXIMUM_DAYS));

/** Counted from the first suspension of the signal, so that no row of acceptances and corrections outlasts it (R-SUS-2). */
const lastDayOf = ({ earlierSuspensions }: Suspendable, { date }: Outcome, rules: Rules): IsoDate => {
  const [first = date] = [date, ...earlierSuspensions.map(({ startsOn }) => startsOn)].sort();
  return addDays(first, daysOf(rules));
};

const recordedBy = ({ history }: Suspendable): HistoryEntry | undefined =>
  history.findLast(({ kind }) => kind === 'OUTCOME_RECORDED' || kind === 'OUTCOME_CORRECTED');

/**
 * Which conditions for schuldenrust hold, each with its day and its evidence (R-SUS-1). `fedBackOn` is the day the
 * acceptance lies ready for the partner with its suspension, undefined when it is not told. A suspension that would
 * already be over, or in which nothing is paid yet, does not start.
 */
export const suspensionConditions = (
  signal: Suspendable,
  outcome: Outcome,
  rules: Rules,
  fedBackOn: IsoDate | undefined,
): readonly ConditionHeld[] => {
  const { result, date, actionPlanOn, paymentResumes, maySuspend } = outcome;
  const received = signal.history.find(({ kind }) => kind === 'RECEIVED');
  const answer = recordedBy(signal)?.source;
  const resumesOn = paymentResumes === 'cannot' ? undefined : paymentResumes?.from;
  const lastDay = lastDayOf(signal, outcome, rules);
  const from = fedBackOn !== undefined && fedBackOn > date ? fedBackOn : date;
  const condition = (name: SuspensionCondition, holds: boolean, on?: IsoDate, evidence?: string): ConditionHeld => ({
    condition: name,
    holds,
    ...(holds && on !== undefined && { on }),
    ...(holds && evidence !== undefined && { evidence }),
  });
  return [
    condition('PASSED_ON', received !== undefined, amsterdamDate(signal.receivedAt), received?.source),
    condition(
      'ACCEPTED_IN_PLAN',
      rules.acceptance.results.includes(result) && actionPlanOn !== undefined,
      actionPlanOn,
      answer,
    ),
    condition('FED_BACK', fedBackOn !== undefined, fedBackOn, `feedback ${outcomeNumber(signal)}`),
    condition('PAYMENTS_RESUMED', resumesOn !== undefined && resumesOn <= lastDay, resumesOn, answer),
    condition('MUNICIPALITY_AGREES', maySuspend, date, answer),
    condition('LAST_DAY_AHEAD', fedBackOn !== undefined && from <= lastDay, lastDay),
  ];
};

/**
 * The suspension that starts, or undefined when a condition lacks (R-SUS-2, R-SUS-6): from the day of acceptance, also
 * when it is fed back later, at most 30 days over all suspensions of the signal, the last day in full.
 */
export const suspensionOf = (
  signal: Suspendable,
  outcome: Outcome,
  rules: Rules,
  fedBackOn: IsoDate | undefined,
): CollectionSuspension | undefined => {
  const { actionPlanOn, paymentResumes, date } = outcome;
  if (!suspensionConditions(signal, outcome, rules, fedBackOn).every(({ holds }) => holds)) return undefined;
  // What the conditions say, said again to the compiler.
  if (!fedBackOn || !actionPlanOn || !paymentResumes || paymentResumes === 'cannot') return undefined;
  return {
    startsOn: date,
    lastDay: lastDayOf(signal, outcome, rules),
    acceptedOn: date,
    actionPlanOn,
    paymentResumesOn: paymentResumes.from,
    fedBackOn,
  };
};

/** The moment at which schuldenrust is over: the end of its last day, Europe/Amsterdam (R-SUS-2). */
export const suspensionOverAt = ({ lastDay }: Pick<CollectionSuspension, 'lastDay'>) => startOfDay(addDays(lastDay, 1));

/** Reminder, then end (R-SUS-3). The reminder comes at the start of the day that many days before the last. */
export const suspensionTerms = (
  { lastDay }: Pick<CollectionSuspension, 'lastDay'>,
  rules: Pick<Governing, 'suspension' | 'because'>,
): readonly Term[] => {
  const { document, clause } = rules.because.suspension;
  const days = daysOf(rules);
  const { reminderDaysBefore } = rules.suspension;
  const remindOn = addDays(lastDay, -reminderDaysBefore);
  const before = `${reminderDaysBefore} ${reminderDaysBefore === 1 ? 'dag' : 'dagen'} voor ${dutchDate(lastDay)}`;
  const because = (counted: string) => `${counted} (${document}, ${clause})`;
  return [
    {
      kind: 'SUSPENSION_REMINDER',
      on: addDays(remindOn, -1),
      at: startOfDay(remindOn),
      because: because(before),
    },
    {
      kind: 'SUSPENSION_END',
      on: lastDay,
      at: suspensionOverAt({ lastDay }),
      because: because(explainCalendarDays(addDays(lastDay, -days), days)),
    },
  ];
};
