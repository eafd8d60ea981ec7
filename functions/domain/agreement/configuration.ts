import { z } from 'zod';
import { COLLECTION_PHASES } from '../delivery/delivery.ts';
import { ColumnMapping } from '../delivery/mapping.ts';
import {
  AgreementId,
  Cents,
  DeliveringPartyId,
  DeviationId,
  IsoDate,
  MunicipalityCode,
  OrganisationId,
  PartnerId,
  PolicyId,
  TeamId,
} from '../ids.ts';
import { RankingPolicy } from '../ranking/policy.ts';
import { END_RESULTS, PARTNER_TYPES } from '../signal/ddas.ts';
import { BusinessDays, CalendarDays } from '../term/days.ts';

/**
 * What the parties have agreed, as data (R-AGR-1, R-AGR-5, R-AGR-6). Loaded by `upkeep/load-configuration`,
 * validated as a whole by `checkConfiguration`. Holds no personal data but the business addresses of organisations.
 */

/** Goes into mails, pages and workbooks: no control characters, no half ones. */
const Name = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'een naam van letters en tekens op één regel');

export const Contact = z.strictObject({ name: Name, email: z.email() });

export const SignalPartner = z.strictObject({
  id: PartnerId,
  name: Name,
  type: z.enum(PARTNER_TYPES),
  /** Whom a municipality calls about a signal, and when (R-AGR-7). */
  contact: Contact.extend({ phone: z.string().max(20).optional(), reachable: z.string().max(120).optional() }),
});
export type SignalPartner = z.infer<typeof SignalPartner>;

/** Who uploads: the partner itself or a collection agency, bailiff or property manager on its behalf (R-AGR-5). */
export const DeliveringParty = z.strictObject({
  id: DeliveringPartyId,
  name: Name,
  contact: Contact,
  partners: z.array(PartnerId).min(1),
  /** How its files differ from ours. */
  mapping: ColumnMapping.optional(),
});
export type DeliveringParty = z.infer<typeof DeliveringParty>;

export const ExecutingOrganisation = z.strictObject({
  id: OrganisationId,
  name: Name,
  contact: Contact,
});
export type ExecutingOrganisation = z.infer<typeof ExecutingOrganisation>;

export const Municipality = z.strictObject({
  code: MunicipalityCode,
  name: Name,
  organisation: OrganisationId,
  contact: Contact,
  /** Who hears of missed terms (R-AGR-7); the contact when absent. */
  missedTerms: Contact.optional(),
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
  /** Last day both sides agreed on; absent while it is renewed tacitly, a year at a time. */
  validTo: IsoDate.optional(),
  /** One side gave notice: it ends three months later, or on a later day the notice names. */
  cancelled: z
    .strictObject({ on: IsoDate, by: z.enum(['municipality', 'partner']), lastDay: IsoDate.optional() })
    .optional(),
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

/** What may be told along with an outcome code (R-FEE-3, R-FEE-4, S4 art. 5.5). */
export const FEEDBACK_ITEMS = ['SUSPENSION', 'PAYMENT_RESUMES', 'ARRANGEMENT'] as const;
export type FeedbackItem = (typeof FEEDBACK_ITEMS)[number];

const clause = z.string().min(1).max(80);

/** The day on which a term passes is the last; counted after the day of receipt in Europe/Amsterdam. */
const Terms = z.strictObject({
  /** Treated preferably by then (R-FLO-2). */
  reminderDays: CalendarDays,
  /** Warning that the last day comes near. */
  warningDays: CalendarDays,
  /** Treated at the latest by then. */
  escalationDays: CalendarDays,
  /** No longer answerable, and closed with a result of the policy (R-FLO-7). */
  closingDays: CalendarDays,
});

/** Feedback to the partner on every outcome within so many business days, by collection phase (R-FLO-3). */
const FeedbackTerm = z.strictObject({
  businessDays: z.record(z.enum(COLLECTION_PHASES), BusinessDays),
  decreeDays: z.boolean(),
});

/** First conversation with a resident about to lose home or supply (R-FLO-3, R-DEL-12). */
const CrisisTerm = z.strictObject({ businessDays: BusinessDays, decreeDays: z.boolean() });

/**
 * A repeat signal of which the amount did not rise closes as *herhaalde melding*, when the signal it repeats was dealt with
 * so many months before at most (R-DEL-5).
 */
const Repeats = z.strictObject({
  close: z.literal('WHEN_NOT_HIGHER'),
  withinMonths: z.number().int().min(1).max(12),
});

/** How else a resident is approached, in DOMAIN's words. A letter always can be sent. */
export const OTHER_CHANNELS = ['telefoon', 'e-mail', 'brief'] as const;

/** What an executing organisation can do for a municipality (R-WOR-5). */
const Capacity = z.strictObject({
  /** In a calendar month. */
  homeVisits: z.number().int().nonnegative(),
  /** Where home or supply is about to be lost and nobody was spoken to: a visit whatever is left, or by rank like others. */
  crisis: z.enum(['ALWAYS', 'BY_RANK']),
  /** For who gets no visit: the first one that can be used. */
  otherChannels: z.array(z.enum(OTHER_CHANNELS)).min(1),
});
export type Capacity = z.infer<typeof Capacity>;

const Rules = {
  terms: Terms,
  feedbackTerm: FeedbackTerm.optional(),
  crisisTerm: CrisisTerm,
  /** End result given when nobody answered before the closing horizon (R-FLO-7). */
  closing: z.strictObject({ result: z.enum(END_RESULTS) }),
  /** End results that mean the resident accepted help. */
  acceptance: z.strictObject({ results: z.array(z.enum(END_RESULTS)).min(1) }),
  /** Which outcome codes the partner is told, and what along with each; a code that is absent is not told (R-FEE-2). */
  feedback: z.strictObject({
    delivery: z.enum(['DIGEST', 'IMMEDIATE']),
    told: z.partialRecord(z.enum(PARTNER_OUTCOMES), z.array(z.enum(FEEDBACK_ITEMS))),
  }),
  suspension: z.strictObject({
    /** Never more than 30 (R-SUS-2). */
    days: CalendarDays.max(30),
    reminderDaysBefore: CalendarDays,
  }),
  ranking: z.strictObject({ ruleSet: z.string().min(1).max(60), version: z.number().int().positive() }),
  /** Amount under which a case comes last; absent while a phase leaves it unset (R-AGR-4, R-WOR-7). */
  threshold: z.strictObject({ cents: Cents }).optional(),
  /** Who gets a signal first, and to whom it may be forwarded (R-FLO-4, R-WOR-6). */
  teams: z.strictObject({
    first: TeamId,
    teams: z.array(z.strictObject({ id: TeamId, name: Name.max(80) })).min(1),
  }),
  /** Absent: only a worker closes a repeat signal. */
  repeats: Repeats.optional(),
  /** Absent: the list says nothing of how to approach. */
  capacity: Capacity.optional(),
} as const;

/** What can be agreed upon, one thing at a time (R-AGR-3). */
export type Subject = keyof typeof Rules;
export const SUBJECTS = Object.keys(Rules) as readonly Subject[];

/** Of these a text may say nothing at all. */
export const SILENT = ['repeats', 'capacity'] as const satisfies readonly Subject[];
type Said = Exclude<Subject, (typeof SILENT)[number]>;
const saidClauses = Object.fromEntries(
  SUBJECTS.filter((subject) => !SILENT.some((each) => each === subject)).map((subject) => [subject, clause]),
) as Record<Said, typeof clause>;

/** The base text of an agreement. It never changes: what differs is a deviation with a date. */
export const Policy = z.strictObject({
  id: PolicyId,
  title: z.string().min(1).max(120),
  /** Where in the text each thing stands. A text that says nothing of repeat signals or capacity needs no clause for it. */
  clauses: z.strictObject({ ...saidClauses, repeats: clause.optional(), capacity: clause.optional() }),
  ...Rules,
});
export type Policy = z.infer<typeof Policy>;
export type PolicyRules = Pick<Policy, Subject>;

export const AGREEMENT_PHASES = ['implementatiefase', 'reguliere fase'] as const;
export type AgreementPhase = (typeof AGREEMENT_PHASES)[number];

/** One thing a deviation changes, always or in one phase. `null` = not set, where the base text may leave it out too. */
const change = <S extends Subject, V extends z.ZodType>(subject: S, value: V) =>
  z.strictObject({ subject: z.literal(subject), clause, phase: z.enum(AGREEMENT_PHASES).optional(), value });
const Change = z.discriminatedUnion('subject', [
  change('terms', Terms),
  change('feedbackTerm', FeedbackTerm.nullable()),
  change('crisisTerm', CrisisTerm),
  change('closing', Rules.closing),
  change('acceptance', Rules.acceptance),
  change('feedback', Rules.feedback),
  change('suspension', Rules.suspension),
  change('ranking', Rules.ranking),
  change('threshold', Rules.threshold.unwrap().nullable()),
  change('teams', Rules.teams),
  change('repeats', Repeats.nullable()),
  change('capacity', Capacity.nullable()),
]);

/** A dated annex to one agreement, or to all agreements of a municipality (R-AGR-3). Renewed tacitly without `validTo`. */
export const Deviation = z.strictObject({
  id: DeviationId,
  title: z.string().min(1).max(120),
  municipality: MunicipalityCode,
  agreement: AgreementId.optional(),
  validFrom: IsoDate,
  /** Last day. */
  validTo: IsoDate.optional(),
  /** Phases with their first and last day (R-AGR-4). */
  phases: z.array(z.strictObject({ phase: z.enum(AGREEMENT_PHASES), from: IsoDate, to: IsoDate.optional() })),
  /** A change without phase holds as long as the deviation does. */
  changes: z.array(Change).min(1),
});
export type Deviation = z.infer<typeof Deviation>;

/** What one upload may hold; beyond it the file is refused before work starts. */
export const UploadLimits = z.strictObject({
  maxBytes: z.number().int().positive().default(100_000_000),
  maxRows: z.number().int().positive().default(250_000),
});
export type UploadLimits = z.infer<typeof UploadLimits>;

export const Configuration = z.strictObject({
  meldpunt: z.string().min(1).max(60),
  uploadLimits: UploadLimits.prefault({}),
  partnerTypeRules: z.array(PartnerTypeRule),
  policies: z.array(Policy),
  /** Ranking policies beside the shipped ones; an agreement names one with its version (R-WOR-3). */
  rankings: z.array(RankingPolicy).default([]),
  deviations: z.array(Deviation),
  organisations: z.array(ExecutingOrganisation),
  municipalities: z.array(Municipality),
  partners: z.array(SignalPartner),
  deliveringParties: z.array(DeliveringParty),
  agreements: z.array(Agreement),
});
export type Configuration = z.infer<typeof Configuration>;
