import type { Delivery, RowResult, SocialCollection } from '../delivery/delivery.ts';
import type { DeliveryId, Instant, MunicipalityCode, PartnerId, SignalId } from '../ids.ts';

/**
 * Meldbewijs (R-DEL-10): proof that a partner reported an arrear, when, to which municipality, and what it attested.
 * No outcome, no person. Hash chain and signature come with the full rule.
 */
export interface ReportCertificate {
  readonly signalId: SignalId;
  readonly partner: PartnerId;
  /** The partner's own reference of the arrear. */
  readonly reference: string;
  readonly municipality: MunicipalityCode;
  readonly receivedAt: Instant;
  readonly socialCollection: SocialCollection;
  readonly deliveryId: DeliveryId;
}

export const certificateOf = (
  result: Extract<RowResult, { result: 'accepted' | 'corrected' }>,
  { deliveryId, receivedAt }: Pick<Delivery, 'deliveryId' | 'receivedAt'>,
): ReportCertificate => ({
  signalId: result.signalId,
  partner: result.partner,
  reference: result.reference,
  municipality: result.municipality,
  receivedAt,
  socialCollection: result.socialCollection,
  deliveryId,
});
