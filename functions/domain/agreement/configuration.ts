import { z } from 'zod';
import {
  AgreementId,
  Cents,
  DeliveringPartyId,
  IsoDate,
  MunicipalityCode,
  OrganisationId,
  PartnerId,
  PolicyId,
} from '../ids.ts';
import { END_RESULTS, PARTNER_TYPES } from '../signal/ddas.ts';

/**
 * What the parties have agreed, as data (R-AGR-1, R-AGR-5, R-AGR-6). Loaded by `upkeep/load-configuration`,
 * validated as a whole by `checkConfiguration`. Holds no personal data but the business addresses of organisations.
 */
export const Contact = z.strictObject({ name: z.string().min(1).max(120), email: z.email() });

export const SignalPartner = z.strictObject({
  id: PartnerId,
  name: z.string().min(1).max(120),
  type: z.enum(PARTNER_TYPES),
  contact: Contact,
});
export type SignalPartner = z.infer<typeof SignalPartner>;

/** Who uploads: the partner itself or a collection agency, bailiff or property manager on its behalf (R-AGR-5). */
export const DeliveringParty = z.strictObject({
  id: DeliveringPartyId,
  name: z.string().min(1).max(120),
  contact: Contact,
  partners: z.array(PartnerId).min(1),
});
export type DeliveringParty = z.infer<typeof DeliveringParty>;

export const ExecutingOrganisation = z.strictObject({
  id: OrganisationId,
  name: z.string().min(1).max(120),
  contact: Contact,
});
export type ExecutingOrganisation = z.infer<typeof ExecutingOrganisation>;

export const Municipality = z.strictObject({
  code: MunicipalityCode,
  name: z.string().min(1).max(120),
  organisation: OrganisationId,
  contact: Contact,
});
export type Municipality = z.infer<typeof Municipality>;

export const LCV_VERSIONS = ['2020', '2022'] as const;

/** Agreement between one municipality and one partner (R-AGR-1). */
export const Agreement = z.strictObject({
  id: AgreementId,
  municipality: MunicipalityCode,
  partner: PartnerId,
  lcvVersion: z.enum(LCV_VERSIONS),
  signedByMunicipality: IsoDate.optional(),
  signedByPartner: IsoDate.optional(),
  validFrom: IsoDate,
  /** Last day on which the agreement counts; absent while it is renewed tacitly. */
  validTo: IsoDate.optional(),
  /** The meldpunt chosen in art. 3.4. */
  meldpunt: z.string().min(1).max(60),
  policy: PolicyId,
});
export type Agreement = z.infer<typeof Agreement>;

/** Days since the due date per partner type and agreement version (R-DEL-4). */
export const PartnerTypeRule = z.strictObject({
  type: z.enum(PARTNER_TYPES),
  lcvVersion: z.enum(LCV_VERSIONS),
  minimumDaysOverdue: z.number().int().nonnegative(),
  maximumDaysOverdue: z.number().int().positive().optional(),
});
export type PartnerTypeRule = z.infer<typeof PartnerTypeRule>;

/** Outcome codes a partner may be told (R-FEE-2, R-FEE-3). What is not in this list cannot be said. */
export const PARTNER_OUTCOMES = [
  'HELP_ACCEPTED',
  'REPEAT_SIGNAL',
  'UNFOUNDED_SIGNAL',
  'RESIDENT_DECEASED',
  'NO_RESIDENT',
  'KNOWN_AT_DEBT_COUNSELLING',
  'NOT_TAKEN_UP',
  /** No help came of it, without why (not reached, not wanted, arranged otherwise): only where agreed, as in Haarlem. */
  'NO_HELP',
] as const;
export type PartnerOutcome = (typeof PARTNER_OUTCOMES)[number];

/** How a municipality works with a partner; terms in calendar days after the day of receipt (R-FLO-2, R-FLO-7, R-SUS-2/3). */
export const Policy = z.strictObject({
  id: PolicyId,
  version: z.number().int().positive(),
  terms: z.strictObject({
    reminderDays: z.number().int().positive(),
    escalationDays: z.number().int().positive(),
    closingDays: z.number().int().positive(),
  }),
  /** End result given when nobody answered before the closing horizon (R-FLO-7). */
  closingResult: z.enum(END_RESULTS),
  /** End results that mean the resident accepted help. */
  acceptanceResults: z.array(z.enum(END_RESULTS)).min(1),
  /** What is fed back to the partner (R-FEE-2). */
  feedbackOn: z.array(z.enum(PARTNER_OUTCOMES)),
  suspension: z.strictObject({
    /** Never more than 30 (R-SUS-2). */
    days: z.number().int().min(1).max(30),
    reminderDaysBefore: z.number().int().nonnegative(),
  }),
  ranking: z.strictObject({
    ruleSet: z.string().min(1).max(60),
    version: z.number().int().positive(),
    thresholdCents: Cents.optional(),
  }),
});
export type Policy = z.infer<typeof Policy>;

export const Configuration = z.strictObject({
  meldpunt: z.string().min(1).max(60),
  partnerTypeRules: z.array(PartnerTypeRule),
  policies: z.array(Policy),
  organisations: z.array(ExecutingOrganisation),
  municipalities: z.array(Municipality),
  partners: z.array(SignalPartner),
  deliveringParties: z.array(DeliveringParty),
  agreements: z.array(Agreement),
});
export type Configuration = z.infer<typeof Configuration>;
