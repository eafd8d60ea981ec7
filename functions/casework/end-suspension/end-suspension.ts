import { failure, untilSettled } from '#domain/failure.ts';
import { suspensionEndFeedback } from '#domain/feedback/outcome.ts';
import type { SignalRef } from '#domain/ids.ts';
import type { Clock, FeedbackStore, SignalStore } from '#domain/ports.ts';
import { closeSuspension } from '#domain/signal/transition.ts';
import { suspensionEnd } from '#domain/suspension/suspension.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'replace'>;
  readonly feedback: Pick<FeedbackStore, 'add'>;
  readonly clock: Clock;
}

/**
 * Schuldenrust is over: the partner is told that it may resume (R-SUS-3, R-SUS-4), then the signal closes; the worklist
 * and its mail tell the municipality. A withdrawal during schuldenrust ends it the same way and stays withdrawn.
 */
export const endSuspension = (ports: Ports, { caseId, signalId }: SignalRef): Promise<{ readonly ended: boolean }> =>
  untilSettled(async () => {
    const signal = await ports.signals.get({ caseId, signalId });
    if (!signal) throw failure('SignalMissing');
    if (signal.status === 'CLOSED') return { ended: true };
    if (signal.status !== 'SUSPENDED' && signal.status !== 'WITHDRAWN') throw failure('OutcomeMissing');
    const now = ports.clock.now();
    if (signal.status === 'SUSPENDED' && !signal.suspension.endedEarly && now < suspensionEnd(signal.suspension).at)
      throw failure('SuspensionNotOver');

    const over = suspensionEndFeedback(signal, amsterdamDate(now));
    if (over) await ports.feedback.add(over);
    if (signal.status === 'WITHDRAWN') return { ended: true };
    const moved = closeSuspension(signal, now);
    if (!moved.ok) return undefined;
    const written = await ports.signals.replace(moved.value.signal, moved.value.allowed);
    return written === 'written' ? { ended: true } : undefined;
  });
