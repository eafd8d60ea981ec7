import type { Policy } from '../agreement/configuration.ts';
import type { IsoDate } from '../ids.ts';
import type { CollectionSuspension, Outcome, Signal, Term } from '../signal/signal.ts';
import { addDays, startOfDay } from '../term/calendar.ts';

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

export interface SuspensionCheck {
  readonly holds: readonly SuspensionCondition[];
  readonly lacks: readonly SuspensionCondition[];
}

type SuspensionPolicy = Pick<Policy, 'acceptanceResults' | 'suspension'>;

/** At most this many days, whatever a policy says (R-SUS-2). */
const MAXIMUM_DAYS = 30;

const lastDayOf = (outcome: Outcome, policy: SuspensionPolicy): IsoDate =>
  addDays(outcome.date, Math.min(policy.suspension.days, MAXIMUM_DAYS));

/**
 * Which conditions for schuldenrust hold and which lack (R-SUS-1). `fedBackOn` is the day the acceptance lies ready for
 * the partner, undefined when it is not told. A suspension that would already be over does not start.
 */
export const checkSuspension = (
  signal: Pick<Signal, 'history'>,
  outcome: Outcome,
  policy: SuspensionPolicy,
  fedBackOn: IsoDate | undefined,
): SuspensionCheck => {
  const { paymentResumes } = outcome;
  const met: Readonly<Record<SuspensionCondition, boolean>> = {
    PASSED_ON: signal.history.some((entry) => entry.kind === 'RECEIVED'),
    ACCEPTED_IN_PLAN: policy.acceptanceResults.includes(outcome.result) && outcome.actionPlanOn !== undefined,
    FED_BACK: fedBackOn !== undefined,
    PAYMENTS_RESUMED: paymentResumes !== undefined && paymentResumes !== 'cannot',
    MUNICIPALITY_AGREES: outcome.maySuspend,
    LAST_DAY_AHEAD: fedBackOn !== undefined && fedBackOn <= lastDayOf(outcome, policy),
  };
  return {
    holds: SUSPENSION_CONDITIONS.filter((condition) => met[condition]),
    lacks: SUSPENSION_CONDITIONS.filter((condition) => !met[condition]),
  };
};

/**
 * The suspension that starts, or undefined when a condition lacks (R-SUS-2, R-SUS-6): from the day of acceptance, at
 * most 30 days, the last day in full.
 */
export const suspensionOf = (
  signal: Pick<Signal, 'history'>,
  outcome: Outcome,
  policy: SuspensionPolicy,
  fedBackOn: IsoDate,
): CollectionSuspension | undefined => {
  if (checkSuspension(signal, outcome, policy, fedBackOn).lacks.length > 0) return undefined;
  const { actionPlanOn, paymentResumes, date } = outcome;
  if (actionPlanOn === undefined || paymentResumes === undefined || paymentResumes === 'cannot') return undefined;
  return {
    startsOn: date,
    lastDay: lastDayOf(outcome, policy),
    acceptedOn: date,
    actionPlanOn,
    paymentResumesOn: paymentResumes.from,
    fedBackOn,
  };
};

/** The term at which schuldenrust is over: the end of its last day, Europe/Amsterdam (R-SUS-2). */
export const suspensionEnd = ({ lastDay }: Pick<CollectionSuspension, 'lastDay'>): Term => ({
  kind: 'SUSPENSION_END',
  on: lastDay,
  at: startOfDay(addDays(lastDay, 1)),
});

/** Reminder, then end (R-SUS-3). The reminder comes at the start of the day that many days before the last. */
export const suspensionTerms = (
  suspension: Pick<CollectionSuspension, 'lastDay'>,
  { suspension: { reminderDaysBefore } }: Pick<Policy, 'suspension'>,
): readonly Term[] => {
  const remindOn = addDays(suspension.lastDay, -reminderDaysBefore);
  return [
    { kind: 'SUSPENSION_REMINDER', on: addDays(remindOn, -1), at: startOfDay(remindOn) },
    suspensionEnd(suspension),
  ];
};
