import { z } from 'zod';

/**
 * Brands for every identifier, so that no id can be passed where another is meant.
 * A schema is the only way from a string to a brand.
 */
const slug = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
/** Crockford base 32: no I, L, O, U, so that an id can be read over the telephone. */
const base32 = '[0-9A-HJKMNP-TV-Z]';

export const PartnerId = z.string().regex(slug).brand<'PartnerId'>();
export type PartnerId = z.infer<typeof PartnerId>;

export const DeliveringPartyId = z.string().regex(slug).brand<'DeliveringPartyId'>();
export type DeliveringPartyId = z.infer<typeof DeliveringPartyId>;

/** Stands for whoever dropped a file in a folder of nobody we know: no party may be called so. */
export const UNKNOWN_PARTY = DeliveringPartyId.parse('onbekend');

export const OrganisationId = z.string().regex(slug).brand<'OrganisationId'>();
export type OrganisationId = z.infer<typeof OrganisationId>;

export const AgreementId = z
  .string()
  .regex(/^[a-z0-9-]{1,80}$/)
  .brand<'AgreementId'>();
export type AgreementId = z.infer<typeof AgreementId>;

export const PolicyId = z.string().regex(slug).brand<'PolicyId'>();
export type PolicyId = z.infer<typeof PolicyId>;

export const DeviationId = z.string().regex(slug).brand<'DeviationId'>();
export type DeviationId = z.infer<typeof DeviationId>;

/** A team within an executing organisation: `sdv`, `swt`. */
export const TeamId = z.string().regex(slug).brand<'TeamId'>();
export type TeamId = z.infer<typeof TeamId>;

/** A worker as the organisation names them: a code, never a name or an address. */
export const WorkerId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/)
  .brand<'WorkerId'>();
export type WorkerId = z.infer<typeof WorkerId>;

/** CBS code, four digits, text: `0392`. */
export const MunicipalityCode = z
  .string()
  .regex(/^\d{4}$/)
  .brand<'MunicipalityCode'>();
export type MunicipalityCode = z.infer<typeof MunicipalityCode>;

/** One per object version in the landing bucket: 26 base-32 characters of a hash over bucket, key and version. */
export const DeliveryId = z
  .string()
  .regex(new RegExp(`^${base32}{26}$`))
  .brand<'DeliveryId'>();
export type DeliveryId = z.infer<typeof DeliveryId>;

/** One reading of a delivery by validation: what it wrote in `work/` lies apart from that of any other. */
export const RunId = z
  .string()
  .regex(new RegExp(`^${base32}{10}$`))
  .brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

/** HMAC over the household's address: 12 characters. */
export const HouseholdKey = z
  .string()
  .regex(new RegExp(`^${base32}{12}$`))
  .brand<'HouseholdKey'>();
export type HouseholdKey = z.infer<typeof HouseholdKey>;

/** HMAC over partner and the partner's reference: 16 characters; the same arrear month after month. */
export const ArrearId = z
  .string()
  .regex(new RegExp(`^${base32}{16}$`))
  .brand<'ArrearId'>();
export type ArrearId = z.infer<typeof ArrearId>;

/** `<arrearId>-<yymm>`: an arrear reported in a month. Says nothing of the household, so partners cannot compare. */
export const SignalId = z
  .string()
  .regex(new RegExp(`^${base32}{16}-\\d{4}$`))
  .brand<'SignalId'>();
export type SignalId = z.infer<typeof SignalId>;

/** `<municipality>-<yymm>-<householdKey>`: a household in a month. Only the municipality sees it. */
export const CaseId = z
  .string()
  .regex(new RegExp(`^\\d{4}-\\d{4}-${base32}{12}$`))
  .brand<'CaseId'>();
export type CaseId = z.infer<typeof CaseId>;

/**
 * A case as people name it (zaaknummer): a case id, and `.ABCD` behind it when the signals at the address make more than
 * one case (R-MAT-4). These characters begin the arrear id of one of its signals: four, and more where four begin another too.
 */
export const CaseNumber = z
  .string()
  .regex(new RegExp(`^\\d{4}-\\d{4}-${base32}{12}(?:\\.${base32}{4,16})?$`))
  .brand<'CaseNumber'>();
export type CaseNumber = z.infer<typeof CaseNumber>;

/** Where a signal lives: both ids together are the key of its record and the input of its execution. */
export const SignalRef = z.object({ caseId: CaseId, signalId: SignalId });
export type SignalRef = z.infer<typeof SignalRef>;

/** Whole euro cents. */
export const Cents = z.number().int().nonnegative().brand<'Cents'>();
export type Cents = z.infer<typeof Cents>;

/** Plain calendar date `yyyy-mm-dd`, no time zone. */
export const IsoDate = z.iso.date().brand<'IsoDate'>();
export type IsoDate = z.infer<typeof IsoDate>;

/** Moment in UTC with milliseconds: `2026-04-01T08:00:00.000Z`. */
export const Instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .brand<'Instant'>();
export type Instant = z.infer<typeof Instant>;

/** Calendar month `yyyy-mm` in Europe/Amsterdam. */
export const Period = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
  .brand<'Period'>();
export type Period = z.infer<typeof Period>;

const yymm = (period: Period): string => period.slice(2, 4) + period.slice(5, 7);
const fromYymm = (text: string): Period => Period.parse(`20${text.slice(0, 2)}-${text.slice(2, 4)}`);

export const signalIdOf = (arrearId: ArrearId, period: Period): SignalId =>
  SignalId.parse(`${arrearId}-${yymm(period)}`);

export const caseIdOf = (municipality: MunicipalityCode, period: Period, household: HouseholdKey): CaseId =>
  CaseId.parse(`${municipality}-${yymm(period)}-${household}`);

export const partsOfSignalId = (id: SignalId): { arrearId: ArrearId; period: Period } => ({
  arrearId: ArrearId.parse(id.slice(0, 16)),
  period: fromYymm(id.slice(17)),
});

export const partsOfCaseId = (
  id: CaseId,
): { municipality: MunicipalityCode; period: Period; household: HouseholdKey } => ({
  municipality: MunicipalityCode.parse(id.slice(0, 4)),
  period: fromYymm(id.slice(5, 9)),
  household: HouseholdKey.parse(id.slice(10)),
});

/** As checked with the id: asked of every signal, again and again. */
export const householdIn = (id: CaseId): HouseholdKey => id.slice(10) as HouseholdKey;

/** Of a part: so few characters of its arrear id as tell it from `others` at the address. */
export const caseNumberOf = (caseId: CaseId, part?: ArrearId, others: readonly ArrearId[] = []): CaseNumber => {
  if (part === undefined) return CaseNumber.parse(caseId);
  const isAlike = (length: number): boolean =>
    others.some((other) => other !== part && other.startsWith(part.slice(0, length)));
  let length = 4;
  while (isAlike(length)) length += 1;
  return CaseNumber.parse(`${caseId}.${part.slice(0, length)}`);
};

/** The stored case of a number, and how the arrear id of one of its signals begins when it is a part. */
export const partsOfCaseNumber = (number: CaseNumber): { readonly caseId: CaseId; readonly part?: string } => {
  const [caseId, part] = number.split('.');
  return { caseId: CaseId.parse(caseId), ...(part !== undefined && { part }) };
};
