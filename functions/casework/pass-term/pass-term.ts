import { failure, untilSettled } from '#domain/failure.ts';
import type { Instant, PolicyId, SignalRef } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, SignalStore } from '#domain/ports.ts';
import type { Signal, Term } from '#domain/signal/signal.ts';
import { expireTerm, recordOutcome, remind, remindSuspension, type Transition } from '#domain/signal/transition.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'replace'>;
  readonly configuration: Pick<ConfigurationStore, 'policy'>;
  readonly clock: Clock;
}

interface Waiting {
  readonly waiting: boolean;
  readonly terms: readonly Term[];
}

const NOTHING_LEFT: Waiting = { waiting: false, terms: [] };

/** Terms that still run for a signal, as stored; undefined when it no longer waits for this kind of term. */
const runningTerms = (signal: Signal, passed: Term): readonly Term[] | undefined => {
  const suspension = passed.kind === 'SUSPENSION_REMINDER' || passed.kind === 'SUSPENSION_END';
  if (suspension) return signal.status === 'SUSPENDED' && !signal.suspension.endedEarly ? signal.terms : undefined;
  return signal.status === 'ASSIGNED' || signal.status === 'TERM_EXPIRED' ? signal.terms : undefined;
};

const closingResult = async (ports: Ports, id: PolicyId) => {
  const policy = await ports.configuration.policy(id);
  if (!policy) throw failure('PolicyMissing');
  return policy.closingResult;
};

/** What the passing of a term does to the signal; undefined when the end of the wait is all there is to it. */
const transitionOf = async (ports: Ports, signal: Signal, term: Term, now: Instant) => {
  switch (term.kind) {
    case 'REMINDER':
      return remind(signal, now);
    case 'ESCALATION':
      return expireTerm(signal, now);
    case 'CLOSING': {
      const result = await closingResult(ports, signal.policy);
      return recordOutcome(signal, { result, date: term.on, maySuspend: false }, now, 'workflow');
    }
    case 'SUSPENSION_REMINDER':
      return remindSuspension(signal, now);
    case 'SUSPENSION_END':
      return undefined;
  }
};

const after = ({ signal }: Transition): Waiting =>
  'terms' in signal ? { waiting: true, terms: signal.terms } : NOTHING_LEFT;

/**
 * The first term of a wait passed: reminds, marks *termijn verstreken*, or gives the closing result of the policy
 * (R-FLO-2, R-FLO-7, R-SUS-3). The stored terms are the truth: a term that is handled already or not reached yet by the
 * clock changes nothing, and the answer is what is left.
 */
export const passTerm = (
  ports: Ports,
  { caseId, signalId, term }: SignalRef & { readonly term: Term },
): Promise<Waiting> =>
  untilSettled(async () => {
    const signal = await ports.signals.get({ caseId, signalId });
    if (!signal) throw failure('SignalMissing');
    const terms = runningTerms(signal, term);
    const next = terms?.[0];
    if (!terms || !next) return NOTHING_LEFT;
    const now = ports.clock.now();
    if (next.kind !== term.kind || now < next.at) return { waiting: true, terms };

    const moved = await transitionOf(ports, signal, next, now);
    if (!moved) return NOTHING_LEFT;
    if (!moved.ok) return undefined;
    const written = await ports.signals.replace(moved.value.signal, moved.value.allowed);
    return written === 'written' ? after(moved.value) : undefined;
  });
