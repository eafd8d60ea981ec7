import { failure, untilSettled } from '#domain/failure.ts';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { type AtOnce, previewOf, publishAtOnce, saidOf, suspensionEndFeedback } from '#domain/feedback/outcome.ts';
import type { IsoDate, SignalRef } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, FeedbackStore, SignalStore } from '#domain/ports.ts';
import type { Signal, Term } from '#domain/signal/signal.ts';
import { closeSettled, suspend } from '#domain/signal/transition.ts';
import { suspensionTerms } from '#domain/suspension/suspension.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'get' | 'replace'>;
  readonly configuration: Pick<ConfigurationStore, 'governing'>;
  readonly feedback: Pick<FeedbackStore, 'add' | 'ofSignal'>;
  readonly clock: Clock;
}

/** Enters the execution history: ids, dates and flags only. */
interface Settled {
  /** Whether schuldenrust runs. */
  readonly waiting: boolean;
  readonly terms: readonly Term[];
  /** Whose feedback must lie ready at once, and whether a mail says so. */
  readonly publish: AtOnce | null;
}
type In<S extends Signal['status']> = Extract<Signal, { status: S }>;

const rulesOf = async (ports: Ports, signal: Signal) => {
  const rules = await ports.configuration.governing(signal);
  if (!rules) throw failure('PolicyMissing');
  return rules;
};

/** Feedback first: suspension may only start once it lies ready (R-SUS-1), and a crash in between finds it again. */
const settle = async (ports: Ports, signal: In<'OUTCOME_KNOWN'>): Promise<Settled | undefined> => {
  const rules = await rulesOf(ports, signal);
  const told = await ports.feedback.ofSignal(signal.partner, signal.signalId);
  const now = ports.clock.now();
  const { feedback, suspension } = previewOf(signal, signal.outcome, rules, amsterdamDate(now), told);
  for (const each of feedback) if ((await ports.feedback.add(each)) === 'conflict') return undefined;

  const said = saidOf(signal, [...told, ...feedback]);
  const terms = suspension ? suspensionTerms(suspension, rules) : [];
  const moved = suspension ? suspend(signal, suspension, terms, now) : closeSettled(signal, said.length > 0, now);
  if (!moved.ok) return undefined;
  const written = await ports.signals.replace(moved.value.signal, moved.value.allowed);
  if (written === 'conflict') return undefined;
  return { waiting: suspension !== undefined, terms, publish: publishAtOnce(signal, rules, said) };
};

/** What a settlement that lost its race left untold, or told of an outcome that was corrected meanwhile. */
const stillToTell = async (
  ports: Ports,
  signal: In<'SUSPENDED' | 'CLOSED' | 'WITHDRAWN'>,
  today: IsoDate,
  told: readonly Feedback[],
): Promise<readonly Feedback[]> => {
  if (signal.status === 'WITHDRAWN') return [suspensionEndFeedback(signal, today, told) ?? []].flat();
  if (signal.status === 'SUSPENDED' || signal.suspension) return [];
  return previewOf(signal, signal.outcome, await rulesOf(ports, signal), today, told).feedback;
};

/** Settled before, or withdrawn: the same answer again, after what the partner has still to hear. */
const settled = async (ports: Ports, signal: In<'SUSPENDED' | 'CLOSED' | 'WITHDRAWN'>): Promise<Settled> => {
  const told = await ports.feedback.ofSignal(signal.partner, signal.signalId);
  const today = amsterdamDate(ports.clock.now());
  const over = await stillToTell(ports, signal, today, told);
  for (const each of over) await ports.feedback.add(each);
  const said = saidOf(signal, [...told, ...over]);
  return {
    waiting: signal.status === 'SUSPENDED',
    terms: signal.status === 'SUSPENDED' ? signal.terms : [],
    publish: said.length > 0 ? publishAtOnce(signal, await rulesOf(ports, signal), said) : null,
  };
};

/**
 * Settles what the municipality answered: feedback by policy (R-FEE-1, R-FEE-2), then schuldenrust when its conditions
 * hold (R-SUS-1), else closed (R-SUS-6). May run any number of times: the feedback's first date stays and decides.
 */
export const settleOutcome = (ports: Ports, { caseId, signalId }: SignalRef): Promise<Settled> =>
  untilSettled(async () => {
    const signal = await ports.signals.get({ caseId, signalId });
    if (!signal) throw failure('SignalMissing');
    switch (signal.status) {
      case 'OUTCOME_KNOWN':
        return settle(ports, signal);
      case 'SUSPENDED':
      case 'CLOSED':
      case 'WITHDRAWN':
        return settled(ports, signal);
      case 'RECEIVED':
      case 'ASSIGNED':
      case 'TERM_EXPIRED':
        // Opened again before this execution heard that it had settled: a new one goes on with it.
        if (signal.round > 1) return { waiting: false, terms: [], publish: null };
        throw failure('OutcomeMissing');
    }
  });
