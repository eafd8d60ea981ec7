import type { PartnerOutcome } from '../agreement/configuration.ts';
import type { Cents, IsoDate, MunicipalityCode, PartnerId, SignalId } from '../ids.ts';
import type { CollectionSuspension } from '../signal/signal.ts';

/** As far as a partner knows schuldenrust: from which day, and which day is the last in full. */
export type ToldSuspension = Pick<CollectionSuspension, 'startsOn' | 'lastDay'>;

/**
 * What may be told along with an outcome code (R-FEE-3, S4 art. 5.5); absent is not told. There is no field for anything
 * else: reason, other creditors, kind of help, family, health, attempts, address, notes.
 */
export interface ToldItems {
  readonly suspension?: ToldSuspension | 'none';
  /** `cannot`: help was accepted, the partner looks for another solution (R-FEE-4). */
  readonly paymentResumes?: { readonly from: IsoDate } | 'cannot';
  readonly arrangement?: { readonly monthlyCents: Cents; readonly from: IsoDate };
}

export interface OutcomeFeedback extends ToldItems {
  readonly kind: 'OUTCOME';
  readonly outcome: PartnerOutcome;
  /** Takes the place of what was told before: the outcome was corrected, or the case opened again. */
  readonly replaces: boolean;
}

/** What was told before no longer holds, and there is nothing to tell in its place. */
export interface RetractedFeedback {
  readonly kind: 'RETRACTED';
}

/** Without the reason: a new arrear or a stopped plan would tell of other creditors or of the help. */
export interface SuspensionEndFeedback {
  readonly kind: 'SUSPENSION_EXPIRED' | 'SUSPENSION_ENDED_EARLY';
  /** Last day of schuldenrust: the partner may resume after it. */
  readonly on: IsoDate;
}

export type FeedbackContent = OutcomeFeedback | RetractedFeedback | SuspensionEndFeedback;

export type Feedback = {
  readonly partner: PartnerId;
  readonly signalId: SignalId;
  /** Which outcome of the signal it is about: 1, 2, … Never shown: it would tell that there were outcomes in between. */
  readonly number: number;
  readonly reference: string;
  readonly municipality: MunicipalityCode;
  /** Day on which it lies ready for the partner, Europe/Amsterdam. */
  readonly date: IsoDate;
} & FeedbackContent;

/** Within one outcome: first what it is, then what became of its suspension. */
const RANK: Readonly<Record<Feedback['kind'], number>> = {
  OUTCOME: 0,
  RETRACTED: 0,
  SUSPENSION_ENDED_EARLY: 1,
  SUSPENSION_EXPIRED: 1,
};

/** Feedback on one signal in the order in which it counts: the last word stands, whatever the order of arrival. */
export const inOrder = <F extends Feedback>(feedback: readonly F[]): readonly F[] =>
  feedback.toSorted((a, b) => a.number - b.number || RANK[a.kind] - RANK[b.kind]);
