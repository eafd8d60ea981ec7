import { failure, untilSettled } from '#domain/failure.ts';
import type { SignalRef } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, SignalStore } from '#domain/ports.ts';
import type { Term } from '#domain/signal/signal.ts';
import { assign } from '#domain/signal/transition.ts';
import { termsOf } from '#domain/term/terms.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'replace'>;
  readonly configuration: Pick<ConfigurationStore, 'policy'>;
  readonly clock: Clock;
}

/** Whether the workflow must wait, and the terms still ahead. Enters the execution history: ids, dates and flags only. */
interface Waiting {
  readonly waiting: boolean;
  readonly terms: readonly Term[];
}

/**
 * Hands a signal to its executing organisation and sets its terms (R-FLO-1, R-FLO-2). What was assigned before keeps its
 * terms; what was withdrawn or answered before it was assigned has nothing to wait for.
 */
export const assignSignal = (ports: Ports, { caseId, signalId }: SignalRef): Promise<Waiting> =>
  untilSettled(async () => {
    const signal = await ports.signals.get({ caseId, signalId });
    if (!signal) throw failure('SignalMissing');
    if (signal.status === 'ASSIGNED' || signal.status === 'TERM_EXPIRED') return { waiting: true, terms: signal.terms };
    if (signal.status !== 'RECEIVED') return { waiting: false, terms: [] };

    const policy = await ports.configuration.policy(signal.policy);
    if (!policy) throw failure('PolicyMissing');
    const terms = termsOf(signal.receivedAt, policy);
    const moved = assign(signal, terms, ports.clock.now());
    if (!moved.ok) return undefined;
    const written = await ports.signals.replace(moved.value.signal, moved.value.allowed);
    return written === 'written' ? { waiting: true, terms } : undefined;
  });
