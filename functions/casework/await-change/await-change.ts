import { failure, untilSettled } from '#domain/failure.ts';
import type { SignalRef } from '#domain/ids.ts';
import type { SignalStore, WorkflowStarter } from '#domain/ports.ts';
import type { Signal, SignalStatus, Term } from '#domain/signal/signal.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'storeTaskToken'>;
  readonly workflows: Pick<WorkflowStarter, 'wake'>;
}

export interface AwaitedChange extends SignalRef {
  readonly waitingFor: 'OUTCOME' | 'SUSPENSION_END';
  /** Until when the execution waits; for whoever reads the execution, the timeout itself lies in the workflow. */
  readonly term: Term;
  readonly taskToken: string;
}

const WAITING = {
  OUTCOME: ['ASSIGNED', 'TERM_EXPIRED'],
  SUSPENSION_END: ['SUSPENDED'],
} as const satisfies Record<AwaitedChange['waitingFor'], readonly SignalStatus[]>;

const stillWaits = (signal: Signal, waitingFor: AwaitedChange['waitingFor']): boolean =>
  (WAITING[waitingFor] as readonly SignalStatus[]).includes(signal.status) &&
  !(signal.status === 'SUSPENDED' && signal.suspension.endedEarly !== undefined);

/**
 * Keeps the token with which the waiting execution is woken. The token is stored under the version that was read: a
 * change that came before is seen here and wakes at once, one that comes after sees the token. No wake is lost.
 */
export const awaitChange = (
  ports: Ports,
  { caseId, signalId, waitingFor, taskToken }: AwaitedChange,
): Promise<{ readonly waiting: boolean }> =>
  untilSettled(async () => {
    const ref = { caseId, signalId };
    const signal = await ports.signals.get(ref);
    if (!signal) throw failure('SignalMissing');
    if (!stillWaits(signal, waitingFor)) {
      await ports.workflows.wake(taskToken);
      return { waiting: false };
    }
    if (signal.taskToken === taskToken) return { waiting: true };
    const written = await ports.signals.storeTaskToken(ref, signal.version, taskToken, WAITING[waitingFor]);
    return written === 'written' ? { waiting: true } : undefined;
  });
