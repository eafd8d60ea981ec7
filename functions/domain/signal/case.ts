import type { IsoDate } from '../ids.ts';
import { later } from '../term/calendar.ts';
import { CRISIS_KINDS } from '../term/terms.ts';
import type { EndResult } from './ddas.ts';
import { handedOverTo } from './hand-over.ts';
import type { Outcome, Signal } from './signal.ts';

/** When the outcome that stands was given. */
const givenAt = ({ history }: Signal): string =>
  history.findLast(({ kind }) => kind === 'OUTCOME_RECORDED' || kind === 'OUTCOME_CORRECTED')?.at ?? '';

/** They say something of one signal, not of the household. */
const OF_ONE_SIGNAL: readonly EndResult[] = [
  'Niet opgepakt: andere reden',
  'Niet opgepakt: herhaalde melding',
  'Niet opgepakt: onterecht signaal',
];

/**
 * Whether a signal that joins a case takes over its answer by itself (R-FLO-1). Not in a crisis: somebody must talk to the
 * resident (R-FLO-3). Not when the answer is about one signal.
 */
export const mayFollow = ({ kind }: Pick<Signal, 'kind'>, { result }: Pick<Outcome, 'result'>): boolean =>
  !CRISIS_KINDS.includes(kind) && !OF_ONE_SIGNAL.includes(result);

/**
 * An answer to a case as it holds for a signal that came after it: from the day it came, and without what is about
 * another partner's arrear: payment, arrangement, schuldenrust (R-FEE-3, R-SUS-1).
 */
export const joining = ({ result, date, actionPlanOn, forPart }: Outcome, receivedOn: IsoDate): Outcome => ({
  result,
  date: later(date, receivedOn),
  ...(actionPlanOn && { actionPlanOn }),
  maySuspend: false,
  forCase: true,
  ...(forPart && { forPart }),
});

/**
 * The outcome a signal takes over when it joins a case that was answered as a whole (R-FLO-1); undefined when there is
 * none it may follow, or when this signal had an answer of its own. What ended early is no example: a worker decides. Of
 * one room it is an example for `isOne` only: that strangers are no longer told apart makes nobody theirs (R-MAT-4).
 */
export const followedOutcome = (
  signal: Signal,
  others: readonly Signal[],
  receivedOn: IsoDate,
  isOne: (other: Signal) => boolean,
): Outcome | undefined => {
  if (givenAt(signal) !== '') return undefined;
  const answered = others
    .filter(({ signalId }) => signalId !== signal.signalId)
    .flatMap((other) => {
      if (!('outcome' in other) || !other.outcome?.forCase || other.status === 'WITHDRAWN') return [];
      // It went on elsewhere: whether this one must too is for a worker to say (R-ROU-4).
      if (handedOverTo(other)) return [];
      if (other.outcome.forPart && !isOne(other)) return [];
      const ended = 'suspension' in other && other.suspension?.endedEarly !== undefined;
      return ended ? [] : [{ at: givenAt(other), outcome: other.outcome }];
    })
    .sort((a, b) => (a.at < b.at ? 1 : -1));
  const [leading] = answered;
  return leading && mayFollow(signal, leading.outcome) ? joining(leading.outcome, receivedOn) : undefined;
};
