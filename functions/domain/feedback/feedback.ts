import type { PartnerOutcome } from '../agreement/configuration.ts';
import type { Cents, IsoDate, MunicipalityCode, PartnerId, SignalId } from '../ids.ts';

/** What a partner may read (R-FEE-3). There is no field for anything else: reason, other creditors, kind of help, attempts, address. */
export interface OutcomeFeedback {
  readonly kind: 'OUTCOME';
  readonly outcome: PartnerOutcome;
  /** Takes the place of what was told before: the outcome was corrected, or the case opened again. */
  readonly replaces: boolean;
  readonly suspension?: { readonly startsOn: IsoDate; readonly lastDay: IsoDate };
  readonly paymentResumes?: { readonly from: IsoDate } | 'cannot';
  readonly arrangement?: { readonly monthlyCents: Cents; readonly from: IsoDate };
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
  /** Which outcome of the signal it is about: 1, 2, … */
  readonly number: number;
  readonly reference: string;
  readonly municipality: MunicipalityCode;
  /** Day on which it lies ready for the partner, Europe/Amsterdam. */
  readonly date: IsoDate;
} & FeedbackContent;
