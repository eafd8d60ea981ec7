import { z } from 'zod';
import { COLLECTION_PHASES, SIGNAL_KINDS, WARNING_CODES, WITHDRAWAL_REASONS } from '#domain/delivery/delivery.ts';
import {
  AgreementId,
  ArrearId,
  CaseId,
  Cents,
  DeliveringPartyId,
  DeliveryId,
  Instant,
  IsoDate,
  MunicipalityCode,
  OrganisationId,
  PartnerId,
  Period,
  PolicyId,
  SignalId,
  TeamId,
  WorkerId,
} from '#domain/ids.ts';
import { CONTACT_KINDS, DAY_PARTS, END_RESULTS, PARTNER_TYPES } from '#domain/signal/ddas.ts';
import { CORRECTED, EARLY_END_REASONS, EVENT_KINDS, type Signal, Term } from '#domain/signal/signal.ts';

/** A stored signal as it is read back: what does not fit the union is a broken record, not a guess. */
const text = z.string();
const optional = <T extends z.ZodType>(schema: T) => z.exactOptional(schema);

const resident = z.strictObject({
  initials: optional(text),
  prefix: optional(text),
  surname: text,
  dateOfBirth: optional(IsoDate),
  customerNumber: optional(text),
  phone: optional(z.strictObject({ given: text, e164: optional(text) })),
  email: optional(z.strictObject({ given: text, normalised: optional(text) })),
});

const address = z.strictObject({
  street: optional(text),
  houseNumber: z.number().int(),
  houseLetter: optional(text),
  addition: optional(text),
  postcode: text,
  city: optional(text),
});

const step = z.union([IsoDate, z.literal('attested')]);

const outcome = z.strictObject({
  result: z.enum(END_RESULTS),
  date: IsoDate,
  actionPlanOn: optional(IsoDate),
  paymentResumes: optional(z.union([z.strictObject({ from: IsoDate }), z.literal('cannot')])),
  arrangement: optional(z.strictObject({ monthlyCents: Cents, from: IsoDate })),
  maySuspend: z.boolean(),
  forCase: z.boolean(),
  forPart: optional(z.literal(true)),
});

const suspension = z.strictObject({
  startsOn: IsoDate,
  lastDay: IsoDate,
  acceptedOn: IsoDate,
  actionPlanOn: IsoDate,
  paymentResumesOn: IsoDate,
  fedBackOn: IsoDate,
  endedEarly: optional(z.strictObject({ on: IsoDate, reason: z.enum([...EARLY_END_REASONS, CORRECTED]) })),
});

const facts = z.strictObject({
  signalId: SignalId,
  caseId: CaseId,
  arrearId: ArrearId,
  municipality: MunicipalityCode,
  period: Period,
  organisation: OrganisationId,
  agreement: AgreementId,
  policy: PolicyId,
  partner: PartnerId,
  partnerType: z.enum(PARTNER_TYPES),
  reference: text,
  kind: z.enum(SIGNAL_KINDS),
  endOfSupplyOn: optional(IsoDate),
  collectionPhase: z.enum(COLLECTION_PHASES),
  amountCents: Cents,
  dueDate: IsoDate,
  resident,
  address,
  socialCollection: z.strictObject({
    reminder: step,
    contactAttempt: step,
    pointedAtDebtHelp: step,
    announced: step,
  }),
  certainty: z.enum(['exact', 'probable']),
  warnings: z.array(z.enum(WARNING_CODES)),
  earlierPeriods: z.array(Period),
  delivery: z.strictObject({
    deliveryId: DeliveryId,
    party: DeliveringPartyId,
    receivedAt: Instant,
    line: z.number().int(),
  }),
  receivedAt: Instant,
  contentHash: text,
  version: z.number().int(),
  round: z.number().int().positive(),
  history: z.array(
    z.strictObject({
      kind: z.enum(EVENT_KINDS),
      at: Instant,
      source: text,
      by: optional(WorkerId),
      detail: optional(text),
    }),
  ),
  contactAttempts: z.array(
    z.strictObject({
      kind: z.enum(CONTACT_KINDS),
      reached: z.boolean(),
      date: IsoDate,
      dayPart: optional(z.enum(DAY_PARTS)),
    }),
  ),
  taskToken: optional(text),
  team: optional(TeamId),
  correctedPhase: optional(z.enum(COLLECTION_PHASES)),
  knownAtTeam: optional(z.boolean()),
  earlierOutcomes: z.array(outcome),
  earlierSuspensions: z.array(suspension),
});

const terms = z.array(Term.strict());

const states = z.discriminatedUnion('status', [
  facts.extend({ status: z.literal('RECEIVED') }),
  facts.extend({ status: z.literal('ASSIGNED'), terms }),
  facts.extend({ status: z.literal('TERM_EXPIRED'), terms }),
  facts.extend({ status: z.literal('OUTCOME_KNOWN'), outcome }),
  facts.extend({ status: z.literal('SUSPENDED'), outcome, suspension, terms }),
  facts.extend({
    status: z.literal('CLOSED'),
    outcome,
    suspension: optional(suspension),
    closedAt: Instant,
  }),
  facts.extend({
    status: z.literal('WITHDRAWN'),
    reason: z.enum([...WITHDRAWAL_REASONS, 'verplaatst']),
    closedAt: Instant,
    outcome: optional(outcome),
    suspension: optional(suspension),
  }),
]) satisfies z.ZodType<Signal>;

/** From an item to the signal it holds; an attribute nobody knows is an error, so that no writer loses what another keeps. */
export const signalRecord = {
  parse: ({ pk: _pk, sk: _sk, duePk: _duePk, dueAt: _dueAt, ...signal }: Record<string, unknown>): Signal =>
    states.parse(signal),
};
