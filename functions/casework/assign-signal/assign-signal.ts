import type { Governing } from '#domain/agreement/governing.ts';
import { failure, untilSettled } from '#domain/failure.ts';
import { partsOfCaseId, type SignalRef, signalIdOf } from '#domain/ids.ts';
import { type Around, decisionsAround, signalsAround } from '#domain/matching/around.ts';
import { oneWith } from '#domain/matching/belonging.ts';
import { casesOf, caseWith } from '#domain/matching/cases.ts';
import type { Clock, ConfigurationStore, MatchStore, SignalStore } from '#domain/ports.ts';
import { followedOutcome } from '#domain/signal/case.ts';
import { monthsToLookAt, repeatOf, repeatOutcome, repeatWords } from '#domain/signal/repeat.ts';
import type { Outcome, Signal, Term } from '#domain/signal/signal.ts';
import { assign, recordOutcome, retime, settleRepeat } from '#domain/signal/transition.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { openTerms } from '#domain/term/terms.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'arrear' | 'get' | 'ofHousehold' | 'replace'>;
  readonly matches: Pick<MatchStore, 'ofHousehold'>;
  readonly configuration: Pick<ConfigurationStore, 'governing'>;
  readonly clock: Clock;
}

/** The terms still ahead, first one first; none when nothing is waited for. Enters the execution history: dates and their reasons only. */
interface Assigned {
  readonly terms: readonly Term[];
}

/**
 * The outcome of its case that a signal takes over (R-FLO-1): of those it belongs with (R-MAT-4), as they belonged together
 * when it came. A worker or the model who joins cases later closes nothing by that.
 */
const toFollow = async ({ signals, matches }: Ports, signal: Signal): Promise<Outcome | undefined> => {
  const { municipality, household } = partsOfCaseId(signal.caseId);
  const { signalId } = signal;
  const [received] = signal.history;
  const decided = (): Promise<Around> =>
    decisionsAround(async (each) => {
      const decisions = await matches.ofHousehold(municipality, each);
      return decisions.filter(({ kind, at }) => kind === 'APART' || received === undefined || at <= received.at);
    }, household);
  const before = await decided();
  const near = await signalsAround(signals, municipality, before);
  const answer = ({ decisions }: Around): Outcome | undefined => {
    const own = caseWith(casesOf(near, decisions), signal);
    if (!own) return undefined;
    const isOne = (other: Signal): boolean =>
      oneWith((each) => each.signalId === signalId, own, decisions).some((each) => each.signalId === other.signalId);
    return followedOutcome(signal, own.signals, amsterdamDate(signal.receivedAt), isOne);
  };
  // Who splits a case and answers a part does so in this order: the answer that was read now must be of this part still.
  return answer(before) && answer(await decided());
};

/** Whether the outcome of the case was written to this signal, or nothing had to be; undefined is a lost race. */
const follow = async (ports: Ports, signal: Signal): Promise<'followed' | 'alone' | undefined> => {
  const outcome = await toFollow(ports, signal);
  if (!outcome) return 'alone';
  const moved = recordOutcome(signal, outcome, ports.clock.now(), { source: 'workflow' });
  if (!moved.ok) return undefined;
  const written = await ports.signals.replace(moved.value.signal, moved.value.allowed);
  return written === 'written' ? 'followed' : undefined;
};

/** The signal that a new one repeats, when the policy closes it for that (R-DEL-5). */
const repeatedBy = async ({ signals }: Ports, signal: Signal, policy: Governing): Promise<Signal | undefined> => {
  const months = monthsToLookAt(signal, policy);
  if (months.length === 0) return undefined;
  const { arrearId } = signal;
  const cases = (await signals.arrear(arrearId))?.cases;
  const earlier = await Promise.all(
    months.map((month) => {
      const caseId = cases?.[month];
      return caseId && signals.get({ caseId, signalId: signalIdOf(arrearId, month) });
    }),
  );
  return repeatOf(signal, earlier, policy, amsterdamDate(signal.receivedAt));
};

/**
 * Closes a new signal by policy as the repeat of an earlier one, before anybody gets it: in one write, so that a crash
 * leaves it new or answered. Not in a case that was answered: that answer says more.
 */
const closeRepeat = async (ports: Ports, signal: Signal, policy: Governing): Promise<'closed' | 'new' | undefined> => {
  const repeated = signal.status === 'RECEIVED' ? await repeatedBy(ports, signal, policy) : undefined;
  if (repeated === undefined) return 'new';
  if (await toFollow(ports, signal)) return 'new';
  const now = ports.clock.now();
  const why = repeatWords(repeated, policy.because.repeats);
  const moved = settleRepeat(signal, repeatOutcome(amsterdamDate(now)), now, why);
  if (!moved.ok) return undefined;
  return (await ports.signals.replace(moved.value.signal, moved.value.allowed)) === 'written' ? 'closed' : undefined;
};

/**
 * Hands a signal to the first team and sets its terms (R-FLO-1, R-FLO-2, R-FLO-4), or counts them anew for one that
 * waits already and changed. A signal that joins an answered case follows it: it looks at the case after it is assigned,
 * as whoever answers a case looks again afterwards, so that one of both sees the other. What is answered or withdrawn
 * has nothing to wait for; so does a repeat signal that the policy closes (R-DEL-5).
 */
export const assignSignal = (ports: Ports, { caseId, signalId }: SignalRef): Promise<Assigned> =>
  untilSettled(async () => {
    const signal = await ports.signals.get({ caseId, signalId });
    if (!signal) throw failure('SignalMissing');
    if (signal.status !== 'RECEIVED' && signal.status !== 'ASSIGNED' && signal.status !== 'TERM_EXPIRED')
      return { terms: [] };
    const policy = await ports.configuration.governing(signal);
    if (!policy) throw failure('PolicyMissing');
    const repeat = await closeRepeat(ports, signal, policy);
    if (repeat !== 'new') return repeat && { terms: [] };
    const open = openTerms(signal, policy);
    if (!open.ok) throw failure('CalendarEnded');

    const now = ports.clock.now();
    const terms = open.value;
    const moved =
      signal.status === 'RECEIVED' ? assign(signal, terms, policy.teams.first, now) : retime(signal, terms, now);
    if (moved.ok && (await ports.signals.replace(moved.value.signal, moved.value.allowed)) === 'conflict')
      return undefined;
    const followed = await follow(ports, moved.ok ? moved.value.signal : signal);
    if (followed === undefined) return undefined;
    return { terms: followed === 'followed' ? [] : terms };
  });
