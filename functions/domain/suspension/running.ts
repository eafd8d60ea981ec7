import { type Feedback, inOrder, type ToldSuspension } from '../feedback/feedback.ts';
import { grouped } from '../grouped.ts';
import type { IsoDate, MunicipalityCode, SignalId } from '../ids.ts';
import { addDays } from '../term/calendar.ts';

/** What a partner knows of the schuldenrust of one signal. `ended`: it was told that it is over. */
export interface Known extends ToldSuspension {
  readonly ended: boolean;
}

const until = (known: Known | undefined, on: IsoDate, ended: boolean): Known | undefined =>
  known && { ...known, lastDay: on < known.lastDay ? on : known.lastDay, ended: known.ended || ended };

/** One word more of feedback: it starts, moves or shortens what is known, and never makes a shortened one longer by itself. */
const heard = (known: Known | undefined, feedback: Feedback): Known | undefined => {
  switch (feedback.kind) {
    case 'OUTCOME':
      return feedback.suspension && feedback.suspension !== 'none'
        ? { ...feedback.suspension, ended: false }
        : until(known, feedback.date, false);
    case 'RETRACTED':
      return until(known, feedback.date, false);
    case 'SUSPENSION_ENDED_EARLY':
    case 'SUSPENSION_EXPIRED':
      return until(known, feedback.on, true);
  }
};

/** The suspension of one signal as its feedback tells it, the last word counting; undefined when none was ever told. */
export const knownSuspension = (feedback: readonly Feedback[]): Known | undefined =>
  inOrder(feedback).reduce<Known | undefined>(heard, undefined);

/** A suspension that runs: the partner, its agency and its bailiff wait through its last day (R-SUS-2). */
export interface RunningSuspension extends ToldSuspension {
  readonly signalId: SignalId;
  readonly reference: string;
  readonly municipality: MunicipalityCode;
}

/** `ENDED` with the day that was its last. */
export interface SuspensionChange extends RunningSuspension {
  readonly what: 'STARTED' | 'CHANGED' | 'ENDED';
}

/** Feedback of so many days before a day decides what runs on it and what changed: 30 days, and the day it is gone. */
export const RUNNING_DAYS_BACK = 31;

const runsOn = (known: Known | undefined, day: IsoDate): ToldSuspension | undefined =>
  known && day <= known.lastDay ? { startsOn: known.startsOn, lastDay: known.lastDay } : undefined;

const bySignal = (feedback: readonly Feedback[], until: IsoDate) =>
  [
    ...grouped(
      feedback.filter(({ date }) => date <= until),
      ({ signalId, municipality }) => `${signalId}#${municipality}`,
    ),
  ]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, items]) => inOrder(items));

const about = ([first]: readonly Feedback[], suspension: ToldSuspension): readonly RunningSuspension[] =>
  first
    ? [{ reference: first.reference, signalId: first.signalId, municipality: first.municipality, ...suspension }]
    : [];

/** What runs on a day, as the partner's own feedback up to and with that day tells it (R-SUS-5). */
export const runningOn = (feedback: readonly Feedback[], day: IsoDate): readonly RunningSuspension[] =>
  bySignal(feedback, day).flatMap((items) => {
    const runs = runsOn(knownSuspension(items), day);
    return runs ? about(items, runs) : [];
  });

const changed = (
  before: ToldSuspension | undefined,
  after: ToldSuspension | undefined,
): SuspensionChange['what'] | undefined => {
  if (!before || !after) return before ? 'ENDED' : after && 'STARTED';
  return before.startsOn === after.startsOn && before.lastDay === after.lastDay ? undefined : 'CHANGED';
};

const changesOfSignal = (items: readonly Feedback[], day: IsoDate): readonly SuspensionChange[] => {
  const earlier = items.filter(({ date }) => date < day);
  const today = items.filter(({ date }) => date === day);
  const changes: SuspensionChange[] = [];
  let shown = runsOn(knownSuspension(earlier), addDays(day, -1));
  // First what yesterday was the last day of, then word by word what was told today.
  for (let words = 0; words <= today.length; words += 1) {
    const known = knownSuspension([...earlier, ...today.slice(0, words)]);
    const runs = runsOn(known, day);
    const what = changed(shown, runs);
    const dates = runs ?? (known && { startsOn: known.startsOn, lastDay: known.lastDay });
    if (what && dates) changes.push(...about(items, dates).map((each) => ({ what, ...each })));
    shown = runs;
  }
  return changes;
};

/**
 * What changed on a day: whoever reads the days in order, from a list or from the beginning, has what runs on the last of
 * them. Within a day only added to while feedback comes in, per signal in order.
 */
export const changesOn = (feedback: readonly Feedback[], day: IsoDate): readonly SuspensionChange[] =>
  bySignal(feedback, day).flatMap((items) => changesOfSignal(items, day));
