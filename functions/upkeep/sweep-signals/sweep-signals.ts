import { Instant } from '#domain/ids.ts';
import type { Clock, SignalStore, WorkflowStarter } from '#domain/ports.ts';
import { dueAt } from '#domain/signal/due.ts';

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
}

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
    if (signal.status === 'RECEIVED') {
      await ports.workflows.startSignal({ caseId, signalId }, signal.round);
      started += 1;
    }
    if (signal.status !== 'RECEIVED' || due < hopeless) stuck += 1;
  }
  return { checked, started, stuck };
};
