import { failure, untilSettled } from '#domain/failure.ts';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { outcomeFeedback, suspensionEndFeedback } from '#domain/feedback/outcome.ts';
import type { SignalRef } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, FeedbackStore, SignalStore } from '#domain/ports.ts';
import type { Signal, Term } from '#domain/signal/signal.ts';
import { closeSettled, suspend } from '#domain/signal/transition.ts';
import { suspensionEnd, suspensionOf, suspensionTerms } from '#domain/suspension/suspension.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'replace'>;
  readonly configuration: Pick<ConfigurationStore, 'policy'>;
  readonly feedback: Pick<FeedbackStore, 'add' | 'get'>;
  readonly clock: Clock;
}

interface Waiting {
  readonly waiting: boolean;
  readonly terms: readonly Term[];
}

const NOTHING_LEFT: Waiting = { waiting: false, terms: [] };

/** Adds feedback; when it is there already, the one that is there: its date counts for everything that follows. */
const told = async (ports: Ports, wanted: Feedback): Promise<Feedback> => {
  if ((await ports.feedback.add(wanted)) === 'written') return wanted;
  const stored = await ports.feedback.get(wanted.partner, wanted.signalId, wanted.kind);
  if (!stored) throw failure('TransientFailure');
  return stored;
};

const settle = async (
  ports: Ports,
  signal: Extract<Signal, { status: 'OUTCOME_KNOWN' }>,
): Promise<Waiting | undefined> => {
  const policy = await ports.configuration.policy(signal.policy);
  if (!policy) throw failure('PolicyMissing');
  const now = ports.clock.now();
  const wanted = outcomeFeedback(signal, signal.outcome, policy, amsterdamDate(now));
  // Feedback first: suspension may only start once it lies ready (R-SUS-1), and a crash in between finds it again.
  const feedback = wanted && (await told(ports, wanted));
  const suspension = feedback && suspensionOf(signal, signal.outcome, policy, feedback.date);
  const terms = suspension ? suspensionTerms(suspension, policy) : [];
  const moved = suspension
    ? suspend(signal, suspension, terms, now)
    : closeSettled(signal, feedback !== undefined, now);
  if (!moved.ok) return undefined;
  const written = await ports.signals.replace(moved.value.signal, moved.value.allowed);
  return written === 'written' ? { waiting: suspension !== undefined, terms } : undefined;
};

/**
 * Settles what the municipality answered: feedback by policy (R-FEE-1, R-FEE-2), then schuldenrust when its conditions
 * hold (R-SUS-1), else closed (R-SUS-6). May run any number of times: the feedback's first date stays and decides.
 */
export const settleOutcome = (ports: Ports, { caseId, signalId }: SignalRef): Promise<Waiting> =>
  untilSettled(async () => {
    const signal = await ports.signals.get({ caseId, signalId });
    if (!signal) throw failure('SignalMissing');
    switch (signal.status) {
      case 'OUTCOME_KNOWN':
        return settle(ports, signal);
      case 'SUSPENDED':
        // Settled before. One that ended early meanwhile still has to pass the wait, which lets it through at once.
        return { waiting: true, terms: signal.terms.length > 0 ? signal.terms : [suspensionEnd(signal.suspension)] };
      case 'WITHDRAWN': {
        const earlier = await ports.feedback.get(signal.partner, signalId, 'OUTCOME');
        const over = suspensionEndFeedback(signal, amsterdamDate(ports.clock.now()), earlier);
        if (over) await ports.feedback.add(over);
        return NOTHING_LEFT;
      }
      case 'CLOSED':
        return NOTHING_LEFT;
      case 'RECEIVED':
      case 'ASSIGNED':
      case 'TERM_EXPIRED':
        throw failure('OutcomeMissing');
    }
  });
