import type { IsoDate, MunicipalityCode } from '../ids.ts';
import { err, ok, type Result } from '../result.ts';
import { later, monthsAfter } from '../term/calendar.ts';
import { dutchDate } from '../term/explain.ts';
import type { Agreement } from './configuration.ts';

/** Three calendar months (S1): notice of 30 November ends on the last day of February. */
const NOTICE_MONTHS = 3;

/**
 * Last day of an agreement (R-AGR-1): the one both sides agreed on, or the one notice leads to, whichever comes first.
 * Notice may be given on any day and takes three months, longer when it names a later day. Undefined while it is renewed
 * tacitly, a year at a time.
 */
export const lastDayOf = ({ validTo, cancelled }: Pick<Agreement, 'validTo' | 'cancelled'>): IsoDate | undefined => {
  if (!cancelled) return validTo;
  const soonest = monthsAfter(cancelled.on, NOTICE_MONTHS);
  const noticed = later(soonest, cancelled.lastDay ?? soonest);
  return validTo !== undefined && validTo < noticed ? validTo : noticed;
};

/** `opgezegd door de gemeente op 15 januari 2026, laatste dag 15 april 2026`; undefined while there is no end to it. */
export const explainEnd = (agreement: Agreement): string | undefined => {
  const last = lastDayOf(agreement);
  if (last === undefined) return undefined;
  if (!agreement.cancelled) return `afgesproken tot en met ${dutchDate(last)}`;
  const { on, by } = agreement.cancelled;
  const side = by === 'municipality' ? 'de gemeente' : 'de partner';
  return `opgezegd door ${side} op ${dutchDate(on)}, laatste dag ${dutchDate(last)}`;
};

/** Why no agreement counts; a later member is nearer to one that does. */
const REASONS = ['NONE', 'ENDED', 'NOT_STARTED', 'NOT_SIGNED', 'OTHER_MELDPUNT'] as const;
export type NoAgreementReason = (typeof REASONS)[number];

const failure = (agreement: Agreement, on: IsoDate, meldpunt: string): NoAgreementReason | undefined => {
  const last = lastDayOf(agreement);
  if (last !== undefined && last < on) return 'ENDED';
  if (on < agreement.validFrom) return 'NOT_STARTED';
  const signed = [agreement.signedByMunicipality, agreement.signedByPartner];
  if (signed.some((date) => date === undefined || date > on)) return 'NOT_SIGNED';
  return agreement.meldpunt === meldpunt ? undefined : 'OTHER_MELDPUNT';
};

/**
 * The agreement under which a partner may report to a municipality on a date (R-AGR-1, R-AGR-2): valid on that day
 * (first and last day included), signed by both sides on or before it, and naming this meldpunt. `agreements` are those
 * of one partner. Otherwise the reason of the one that came nearest: in a gap, that the next has not begun.
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
