import { Instant } from '#domain/ids.ts';
import type { Clock, SignalStore, WorkflowStarter } from '#domain/ports.ts';
import { dueAt } from '#domain/signal/due.ts';
import { calendarEndsWithin } from '#domain/term/business-days.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { CalendarDays } from '#domain/term/days.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'overdue'>;
  readonly workflows: Pick<WorkflowStarter, 'startSignal'>;
  readonly clock: Clock;
}

export interface Sweep {
  readonly checked: number;
  /** Received, but never moved by a workflow: started again. */
  readonly started: number;
  /** Nobody moves them any more; somebody has to look. */
  readonly stuck: number;
  /** Business-day terms cannot be counted much longer: the decree days of the years after are needed (R-FLO-3). */
  readonly calendarEnds: boolean;
}

/** A decree names the days of some years at once, and reaches a release within this time. */
const CALENDAR_WARNING = CalendarDays.parse(180);

/** A signal that was started again but not moved for this long has an execution that failed: starting repairs nothing. */
const HOPELESS_MS = 24 * 3_600_000;

/**
 * Looks for signals whose workflow should have moved them. The index is a hint and may lag: the signal itself decides.
 * One that never started is started (a start that exists is success); any other is counted for the alarm.
 */
export const sweepSignals = async (ports: Ports, _input: Readonly<Record<string, never>>): Promise<Sweep> => {
  const now = ports.clock.now();
  const hopeless = Instant.parse(new Date(Date.parse(now) - HOPELESS_MS).toISOString());
  let checked = 0;
  let started = 0;
  let stuck = 0;
  for await (const { caseId, signalId } of ports.signals.overdue(now)) {
    checked += 1;
    const signal = await ports.signals.get({ caseId, signalId });
    const due = signal && dueAt(signal);
    if (signal === undefined || due === undefined || due >= now) continue;
    // A later round may have been written and not started; a start that exists is success.
    if (signal.status === 'RECEIVED' || signal.round > 1) {
      await ports.workflows.startSignal({ caseId, signalId }, signal.round);
      started += 1;
    }
    if (signal.status !== 'RECEIVED' || due < hopeless) stuck += 1;
  }
  return { checked, started, stuck, calendarEnds: calendarEndsWithin(amsterdamDate(now), CALENDAR_WARNING) };
};
