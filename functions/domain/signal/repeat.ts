import type { Clause, Governing } from '../agreement/governing.ts';
import type { IsoDate, Period } from '../ids.ts';
import { municipalityOn } from '../routing/route.ts';
import { addMonths } from '../term/calendar.ts';
import { CRISIS_KINDS } from '../term/terms.ts';
import type { EndResult } from './ddas.ts';
import { handedOverTo } from './hand-over.ts';
import type { Outcome, Signal, SignalFacts } from './signal.ts';

/** How DDAS says that a signal was closed because an earlier one was dealt with (R-DEL-5). */
export const REPEAT: EndResult = 'Niet opgepakt: herhaalde melding';

/** After these nobody has dealt with the resident here. */
const NOT_DEALT_WITH: readonly EndResult[] = [
  'Niet opgepakt: andere reden',
  'Niet opgepakt: onterecht signaal',
  'Persoon is geen inwoner (meer) in de gemeente',
];

/** The months in which a signal that this one repeats can lie, newest first; none when no policy asks for it. */
export const monthsToLookAt = (
  { earlierPeriods, period }: Pick<SignalFacts, 'earlierPeriods' | 'period'>,
  { repeats }: Pick<Governing, 'repeats'>,
): readonly Period[] => {
  if (repeats === undefined) return [];
  const from = addMonths(period, -repeats.withinMonths);
  return earlierPeriods.filter((month) => from <= month).toReversed();
};

const lastAnswer = ({ history }: Pick<Signal, 'history'>) =>
  history.findLast(({ kind }) => kind === 'OUTCOME_RECORDED' || kind === 'OUTCOME_CORRECTED');

/** Answered by the workflow for this signal alone: at the closing horizon, or as a repeat signal. */
const byItself = (signal: Signal, outcome: Outcome): boolean =>
  lastAnswer(signal)?.source === 'workflow' && !outcome.forCase;

/** Whether the municipality has dealt with an earlier signal, or has it in hand and is in time. */
const isDealtWith = (earlier: Signal): boolean => {
  switch (earlier.status) {
    case 'ASSIGNED':
      return true;
    case 'OUTCOME_KNOWN':
    case 'SUSPENDED':
    case 'CLOSED': {
      const { outcome } = earlier;
      const failed = 'suspension' in earlier && earlier.suspension?.endedEarly !== undefined;
      return (
        !failed && !NOT_DEALT_WITH.includes(outcome.result) && !byItself(earlier, outcome) && !handedOverTo(earlier)
      );
    }
    case 'RECEIVED':
    case 'TERM_EXPIRED':
    case 'WITHDRAWN':
      return false;
  }
};

/** A repeat signal itself, closed by policy or by a worker: what counts is the one before it. */
const isRepeat = (signal: Signal): boolean =>
  (signal.status === 'CLOSED' || signal.status === 'OUTCOME_KNOWN') && signal.outcome.result === REPEAT;

/**
 * The earlier signal that a new one repeats, so that it may close by policy (R-DEL-5); undefined when it must be taken up.
 * `earlier` are those of `monthsToLookAt`, in that order; one that cannot be found breaks the chain. The amount may not be
 * higher than it was in any of them, from one month to the next: what rises is looked at. Never in a crisis, never when the
 * signal was answered before, and only what this municipality, or one that became part of it, dealt with.
 */
export const repeatOf = (
  signal: Signal,
  earlier: readonly (Signal | undefined)[],
  { repeats }: Pick<Governing, 'repeats'>,
  on: IsoDate,
): Signal | undefined => {
  if (repeats === undefined || CRISIS_KINDS.includes(signal.kind) || lastAnswer(signal)) return undefined;
  let { amountCents } = signal;
  for (const before of earlier) {
    if (before === undefined || before.amountCents < amountCents) return undefined;
    if (municipalityOn(before.municipality, on) !== municipalityOn(signal.municipality, on)) return undefined;
    if (!isRepeat(before)) return isDealtWith(before) ? before : undefined;
    amountCents = before.amountCents;
  }
  return undefined;
};

/** The answer to a repeat signal that closes by policy. */
export const repeatOutcome = (on: IsoDate): Outcome => ({
  result: REPEAT,
  date: on,
  maySuspend: false,
  forCase: false,
});

/** `zelfde achterstand als in 2026-03, bedrag niet hoger (Bijlage Nijmegen, art. 3)`. */
export const repeatWords = ({ period }: Pick<Signal, 'period'>, { document, clause }: Clause): string =>
  `zelfde achterstand als in ${period}, bedrag niet hoger (${document}, ${clause})`;

const isClosedByPolicy = (signal: Signal): boolean =>
  isRepeat(signal) && 'outcome' in signal && signal.outcome !== undefined && byItself(signal, signal.outcome);

/** Why a signal was closed as a repeat signal by policy, and which clause says so; undefined when it was not. */
export const whyClosed = (signal: Signal): string | undefined =>
  isClosedByPolicy(signal) ? lastAnswer(signal)?.detail : undefined;

/** Why a signal that was closed by policy must be taken up after a correction; undefined when it may stay closed. */
export const whyTakeUp = (closed: Signal, corrected: Pick<Signal, 'amountCents' | 'kind'>): string | undefined => {
  if (!isClosedByPolicy(closed)) return undefined;
  if (CRISIS_KINDS.includes(corrected.kind)) return 'nu een crisis';
  return corrected.amountCents > closed.amountCents ? 'bedrag is hoger geworden' : undefined;
};
