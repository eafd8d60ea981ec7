import type { IsoDate } from '../ids.ts';
import { later } from '../term/calendar.ts';
import type { Outcome, Signal } from './signal.ts';

/** When the outcome that stands was given. */
const givenAt = ({ history }: Signal): string =>
  history.findLast(({ kind }) => kind === 'OUTCOME_RECORDED' || kind === 'OUTCOME_CORRECTED')?.at ?? '';

/**
 * The outcome a signal takes over when it joins a case that was answered as a whole (R-FLO-1); undefined when there is
 * none, or when this signal had an answer of its own. It counts from the day the signal came, not before. What ended
 * early is no example: a worker decides.
 */
export const followedOutcome = (
  signal: Signal,
  others: readonly Signal[],
  receivedOn: IsoDate,
): Outcome | undefined => {
  if (givenAt(signal) !== '') return undefined;
  const answered = others
    .filter(({ signalId }) => signalId !== signal.signalId)
    .flatMap((other) => {
      if (!('outcome' in other) || !other.outcome?.forCase || other.status === 'WITHDRAWN') return [];
      const ended = 'suspension' in other && other.suspension?.endedEarly !== undefined;
      return ended ? [] : [{ at: givenAt(other), outcome: other.outcome }];
    })
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  const [leading] = answered;
  return leading && { ...leading.outcome, date: later(leading.outcome.date, receivedOn) };
};
