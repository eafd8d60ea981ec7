import { failure, untilSettled } from '#domain/failure.ts';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { type AtOnce, publishAtOnce, saidOf, suspensionEndFeedback } from '#domain/feedback/outcome.ts';
import type { SignalRef } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, FeedbackStore, SignalStore } from '#domain/ports.ts';
import type { Signal, Term } from '#domain/signal/signal.ts';
import { closeSuspension } from '#domain/signal/transition.ts';
import { suspensionOverAt } from '#domain/suspension/suspension.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'replace'>;
  readonly configuration: Pick<ConfigurationStore, 'governing'>;
  readonly feedback: Pick<FeedbackStore, 'add' | 'ofSignal'>;
  readonly clock: Clock;
}

/** Enters the execution history; in the form in which an outcome is settled. */
interface Ended {
  readonly waiting: false;
  readonly terms: readonly Term[];
  /** Whose feedback must lie ready at once, and whether a mail says so. */
  readonly publish: AtOnce | null;
}

const saysTheEnd = ({ kind }: Feedback): boolean => kind === 'SUSPENSION_EXPIRED' || kind === 'SUSPENSION_ENDED_EARLY';

const ended = async (ports: Ports, signal: Signal, told: readonly Feedback[]): Promise<Ended> => {
  const said = saidOf(signal, told).filter(saysTheEnd);
  const rules = await ports.configuration.governing(signal);
  if (!rules) throw failure('PolicyMissing');
  return { waiting: false, terms: [], publish: publishAtOnce(signal, rules, said) };
};

/**
 * Schuldenrust is over: the partner is told that it may resume (R-SUS-3, R-SUS-4), then the signal closes; the worklist
 * and its mail tell the municipality. A withdrawal during schuldenrust ends it the same way and stays withdrawn. Fails
 * with `SignalChanged` when the outcome was corrected in the same moment, or schuldenrust is not over yet: look again.
 */
export const endSuspension = (ports: Ports, { caseId, signalId }: SignalRef): Promise<Ended> =>
  untilSettled(async () => {
    const signal = await ports.signals.get({ caseId, signalId });
    if (!signal) throw failure('SignalMissing');
    if (signal.status === 'OUTCOME_KNOWN') throw failure('SignalChanged');
    const told = await ports.feedback.ofSignal(signal.partner, signalId);
    if (signal.status === 'CLOSED') return ended(ports, signal, told);
    if (signal.status !== 'SUSPENDED' && signal.status !== 'WITHDRAWN') {
      // Opened again before this execution heard that it had closed: a new one goes on with it.
      if (signal.round > 1) return { waiting: false, terms: [], publish: null };
      throw failure('OutcomeMissing');
    }
    const now = ports.clock.now();
    if (signal.status === 'SUSPENDED' && !signal.suspension.endedEarly && now < suspensionOverAt(signal.suspension))
      // Another round's schuldenrust, or a clock that is ahead: back to the wait.
      throw failure('SignalChanged');

    const over = suspensionEndFeedback(signal, amsterdamDate(now), told);
    if (over && (await ports.feedback.add(over)) === 'conflict') return undefined;
    const all = over ? [...told, over] : told;
    if (signal.status === 'WITHDRAWN') return ended(ports, signal, all);
    const moved = closeSuspension(signal, now);
    if (!moved.ok) return undefined;
    const written = await ports.signals.replace(moved.value.signal, moved.value.allowed);
    return written === 'written' ? ended(ports, signal, all) : undefined;
  });
