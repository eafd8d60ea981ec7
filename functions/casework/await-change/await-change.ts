import { failure, untilSettled } from '#domain/failure.ts';
import type { Instant, SignalRef } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, SignalStore, WorkflowStarter } from '#domain/ports.ts';
import type { Signal, SignalStatus, Term } from '#domain/signal/signal.ts';
import { passTerms } from '#domain/signal/transition.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'replace' | 'storeTaskToken'>;
  readonly configuration: Pick<ConfigurationStore, 'governing'>;
  readonly workflows: Pick<WorkflowStarter, 'wake'>;
  readonly clock: Clock;
}

export interface AwaitedChange extends SignalRef {
  readonly waitingFor: 'OUTCOME' | 'SUSPENSION_END';
  /** Until when the execution waits: the timeout itself lies in the workflow. */
  readonly term: Term | null;
  readonly taskToken: string;
}

const WAITING = {
  OUTCOME: ['ASSIGNED', 'TERM_EXPIRED'],
  SUSPENSION_END: ['SUSPENDED'],
} as const satisfies Record<AwaitedChange['waitingFor'], readonly SignalStatus[]>;

/** Whether the signal is what this execution waits for, or what became of it. */
const standing = (signal: Signal, waitingFor: AwaitedChange['waitingFor']): 'WAITS' | 'OVER' | 'CHANGED' => {
  const waits = (WAITING[waitingFor] as readonly SignalStatus[]).includes(signal.status);
  if (waits) return signal.status === 'SUSPENDED' && signal.suspension.endedEarly ? 'OVER' : 'WAITS';
  return waitingFor === 'SUSPENSION_END' && signal.status === 'OUTCOME_KNOWN' ? 'CHANGED' : 'OVER';
};

/** What is to be said of terms that are over; undefined when none is. */
const passed = async (ports: Ports, signal: Signal, now: Instant) => {
  if (!('terms' in signal) || now < (signal.terms[0]?.at ?? now)) return undefined;
  const policy = await ports.configuration.governing(signal);
  if (!policy) throw failure('PolicyMissing');
  const moved = passTerms(signal, policy.closing.result, now);
  return moved.ok ? moved.value : undefined;
};

const nextTerm = (signal: Signal): Term | undefined => ('terms' in signal ? signal.terms[0] : undefined);

/**
 * Lets the terms pass that are over, each once (R-FLO-2, R-FLO-3, R-FLO-7, R-SUS-3), then keeps the token with which the
 * execution is woken. The token is stored under the version that was read: a change that came before is seen here and
 * wakes at once, one that comes after sees the token. No wake is lost. The stored terms are the truth: an execution that
 * waits for another one is sent back to look again.
 */
export const awaitChange = (
  ports: Ports,
  { caseId, signalId, waitingFor, term, taskToken }: AwaitedChange,
): Promise<{ readonly waiting: boolean }> =>
  untilSettled(async () => {
    const ref = { caseId, signalId };
    const wakeUp = async (news: 'OVER' | 'CHANGED') => {
      await ports.workflows.wake(taskToken, news);
      return { waiting: false };
    };
    const signal = await ports.signals.get(ref);
    if (!signal) throw failure('SignalMissing');
    const before = standing(signal, waitingFor);
    if (before !== 'WAITS') return wakeUp(before);

    const now = ports.clock.now();
    const moved = await passed(ports, signal, now);
    if (moved) {
      const said: Signal = { ...moved.signal, taskToken };
      if ((await ports.signals.replace(said, moved.allowed)) === 'conflict') return undefined;
    }
    const current = moved?.signal ?? signal;
    if (standing(current, waitingFor) !== 'WAITS') return wakeUp('OVER');
    const next = nextTerm(current);
    if (next?.kind === 'SUSPENSION_END' && next.at <= now) return wakeUp('OVER');
    if (next?.kind !== term?.kind || next?.at !== term?.at) return wakeUp('CHANGED');
    if (moved || signal.taskToken === taskToken) return { waiting: true };
    const written = await ports.signals.storeTaskToken(ref, signal.version, taskToken, WAITING[waitingFor]);
    return written === 'written' ? { waiting: true } : undefined;
  });
