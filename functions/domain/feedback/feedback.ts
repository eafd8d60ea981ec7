import type { PartnerOutcome } from '../agreement/configuration.ts';
import type { Cents, IsoDate, MunicipalityCode, PartnerId, SignalId } from '../ids.ts';

/** What a partner may read (R-FEE-3). There is no field for anything else: reason, other creditors, kind of help, attempts, address. */
export interface OutcomeFeedback {
  readonly kind: 'OUTCOME';
  readonly outcome: PartnerOutcome;
  readonly suspension?: { readonly startsOn: IsoDate; readonly lastDay: IsoDate };
  readonly paymentResumes?: { readonly from: IsoDate } | 'cannot';
  readonly arrangement?: { readonly monthlyCents: Cents; readonly from: IsoDate };
}

/** Without the reason: a new arrear or a stopped plan would tell of other creditors or of the help. */
export interface SuspensionEndFeedback {
  readonly kind: 'SUSPENSION_EXPIRED' | 'SUSPENSION_ENDED_EARLY';
  /** Last day of schuldenrust: the partner may resume after it. */
  readonly on: IsoDate;
}

export type FeedbackContent = OutcomeFeedback | SuspensionEndFeedback;

export type Feedback = {
  readonly partner: PartnerId;
  readonly signalId: SignalId;
  readonly reference: string;
  readonly municipality: MunicipalityCode;
  /** Day on which it lies ready for the partner, Europe/Amsterdam. */
  readonly date: IsoDate;
} & FeedbackContent;
