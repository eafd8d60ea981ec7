import type { IsoDate, MunicipalityCode } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import type { Agreement } from './configuration.ts';

/** Why no agreement counts; a later member is nearer to one that does. */
const REASONS = ['NONE', 'ENDED', 'NOT_STARTED', 'NOT_SIGNED', 'OTHER_MELDPUNT'] as const;
export type NoAgreementReason = (typeof REASONS)[number];

const failure = (agreement: Agreement, on: IsoDate, meldpunt: string): NoAgreementReason | undefined => {
  if (agreement.validTo !== undefined && agreement.validTo < on) return 'ENDED';
  if (on < agreement.validFrom) return 'NOT_STARTED';
  const signed = [agreement.signedByMunicipality, agreement.signedByPartner];
  if (signed.some((date) => date === undefined || date > on)) return 'NOT_SIGNED';
  return agreement.meldpunt === meldpunt ? undefined : 'OTHER_MELDPUNT';
};

/**
 * The agreement under which a partner may report to a municipality on a date (R-AGR-1, R-AGR-2): valid on that day
 * (first and last day included), signed by both sides on or before it, and naming this meldpunt. An agreement without
 * `validTo` is renewed tacitly. `agreements` are those of one partner. Otherwise the reason of the one that came nearest.
 */
export const activeAgreement = (
  agreements: readonly Agreement[],
  municipality: MunicipalityCode,
  on: IsoDate,
  meldpunt: string,
): Result<Agreement, NoAgreementReason> => {
  let active: Agreement | undefined;
  let nearest: NoAgreementReason = 'NONE';
  for (const agreement of agreements) {
    if (agreement.municipality !== municipality) continue;
    const reason = failure(agreement, on, meldpunt);
    // Overlaps are refused when configuration is loaded; should one exist, the newest counts.
    if (reason === undefined) active = active && active.validFrom >= agreement.validFrom ? active : agreement;
    else if (REASONS.indexOf(reason) > REASONS.indexOf(nearest)) nearest = reason;
  }
  return active ? ok(active) : err(nearest);
};
