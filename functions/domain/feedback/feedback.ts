import type { PartnerOutcome } from '../agreement/configuration.ts';
import type { Cents, IsoDate, MunicipalityCode, PartnerId, SignalId } from '../ids.ts';
import type { EarlyEndReason } from '../signal/signal.ts';

/** What a partner may read (R-FEE-3). There is no field for anything else: reason, other creditors, kind of help, attempts, address. */
export interface OutcomeFeedback {
  readonly kind: 'OUTCOME';
  readonly outcome: PartnerOutcome;
  readonly suspension?: { readonly startsOn: IsoDate; readonly lastDay: IsoDate };
  readonly paymentResumes?: { readonly from: IsoDate } | 'cannot';
  readonly arrangement?: { readonly monthlyCents: Cents; readonly from: IsoDate };
}

export interface SuspensionEndFeedback {
  readonly kind: 'SUSPENSION_EXPIRED' | 'SUSPENSION_ENDED_EARLY';
  readonly on: IsoDate;
  readonly reason?: EarlyEndReason;
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
