import { z } from 'zod';
import type {
  Address,
  CollectionPhase,
  Resident,
  SignalKind,
  SocialCollection,
  WarningCode,
  WithdrawalReason,
} from '../delivery/delivery.ts';
import {
  type AgreementId,
  type ArrearId,
  type CaseId,
  type Cents,
  type DeliveringPartyId,
  type DeliveryId,
  Instant,
  IsoDate,
  type MunicipalityCode,
  type OrganisationId,
  type PartnerId,
  type Period,
  type PolicyId,
  type SignalId,
  type TeamId,
  type WorkerId,
} from '../ids.ts';
import type { ContactKind, DayPart, EndResult, PartnerType } from './ddas.ts';

/** What was reported, by whom, and where it belongs. Replaced as a whole by a corrected row (R-DEL-7). */
export interface SignalFacts {
  readonly signalId: SignalId;
  readonly caseId: CaseId;
  readonly arrearId: ArrearId;
  readonly municipality: MunicipalityCode;
  readonly period: Period;
  readonly organisation: OrganisationId;
  readonly agreement: AgreementId;
  readonly policy: PolicyId;
  readonly partner: PartnerId;
  readonly partnerType: PartnerType;
  /** The partner's own id of the arrear. */
  readonly reference: string;
  readonly kind: SignalKind;
  readonly endOfSupplyOn?: IsoDate;
  readonly collectionPhase: CollectionPhase;
  readonly amountCents: Cents;
  readonly dueDate: IsoDate;
  readonly resident: Resident;
  readonly address: Address;
  readonly socialCollection: SocialCollection;
  readonly certainty: 'exact' | 'probable';
  readonly warnings: readonly WarningCode[];
  /** Months in which the same arrear was reported before (R-DEL-5). */
  readonly earlierPeriods: readonly Period[];
  /** The delivery that wrote these facts; a later one wins, an earlier one never comes back. */
  readonly delivery: {
    readonly deliveryId: DeliveryId;
    readonly party: DeliveringPartyId;
    readonly receivedAt: Instant;
    readonly line: number;
  };
  /** Moment of first receipt: all terms count from its day in Europe/Amsterdam. */
  readonly receivedAt: Instant;
  /** Keyed hash over the row's content, to tell a repeated row from a corrected one. */
  readonly contentHash: string;
}

/** Reminder, warning, escalation and closing count calendar days (R-FLO-2), feedback and first conversation business days (R-FLO-3). */
export const TERM_KINDS = [
  'REMINDER',
  'WARNING',
  'ESCALATION',
  'CLOSING',
  'FEEDBACK',
  'FIRST_CONVERSATION',
  'SUSPENSION_REMINDER',
  'SUSPENSION_END',
] as const;
export type TermKind = (typeof TERM_KINDS)[number];

/**
 * A moment by which something must have happened. `on` is the last day, `at` the first moment after it (Europe/Amsterdam),
 * `because` says in Dutch how the day was counted and which clause says so.
 */
export const Term = z.object({ kind: z.enum(TERM_KINDS), on: IsoDate, at: Instant, because: z.string() });
export type Term = z.infer<typeof Term>;

export interface ContactAttempt {
  readonly kind: ContactKind;
  readonly reached: boolean;
  readonly date: IsoDate;
  readonly dayPart?: DayPart;
}

/** What the municipality laid down (DOMAIN section 12). */
export interface Outcome {
  readonly result: EndResult;
  readonly date: IsoDate;
  readonly actionPlanOn?: IsoDate;
  readonly paymentResumes?: { readonly from: IsoDate } | 'cannot';
  readonly arrangement?: { readonly monthlyCents: Cents; readonly from: IsoDate };
  readonly maySuspend: boolean;
  /** Given for the case: its other signals have it too, and one that joins later follows it (R-FLO-1). */
  readonly forCase: boolean;
  /** Of a case at an address where others are no part of it: only who is surely one with them follows (R-MAT-4). */
  readonly forPart?: true;
}

export const EARLY_END_REASONS = [
  'nieuwe achterstand',
  'betaling niet hervat',
  'plan gestopt',
  'volledig betaald',
  'ingetrokken',
] as const;
export type EarlyEndReason = (typeof EARLY_END_REASONS)[number];
/** The outcome was entered by mistake, and the one that replaces it does not carry the suspension. */
export const CORRECTED = 'uitkomst gecorrigeerd';
export type SuspensionEndReason = EarlyEndReason | typeof CORRECTED;

/** Why a case is opened again (R-FLO-6). */
export const REOPEN_REASONS = ['inwoner meldt zich', 'nieuwe informatie', 'ten onrechte gesloten'] as const;
export type ReopenReason = (typeof REOPEN_REASONS)[number];

/** Schuldenrust (R-SUS-2): whole amount, `lastDay` = `startsOn` + policy days, ends at the end of that day. */
export interface CollectionSuspension {
  readonly startsOn: IsoDate;
  readonly lastDay: IsoDate;
  readonly acceptedOn: IsoDate;
  readonly actionPlanOn: IsoDate;
  readonly paymentResumesOn: IsoDate;
  readonly fedBackOn: IsoDate;
  readonly endedEarly?: { readonly on: IsoDate; readonly reason: SuspensionEndReason };
}

export const EVENT_KINDS = [
  'RECEIVED',
  'CORRECTED',
  'ASSIGNED',
  'TERMS_CHANGED',
  'REMINDED',
  'WARNED',
  'FEEDBACK_OVERDUE',
  'FIRST_CONVERSATION_OVERDUE',
  'TERM_EXPIRED',
  'CONTACT_ATTEMPTED',
  'FORWARDED',
  'PHASE_CORRECTED',
  'KNOWN_AT_TEAM',
  'OUTCOME_RECORDED',
  'OUTCOME_CORRECTED',
  'FED_BACK',
  'SUSPENDED',
  'SUSPENSION_REMINDED',
  'SUSPENSION_ENDED_EARLY',
  'SUSPENSION_EXPIRED',
  'WITHDRAWN',
  'MOVED',
  'HANDED_OVER',
  'REOPENED',
  'CLOSED',
] as const;
export type SignalEventKind = (typeof EVENT_KINDS)[number];

/** Of a correction that changed nothing of who lives where: no other case can be another one by it (R-MAT-4). */
export const SAME_RESIDENT = 'zelfde bewoner';

/** Append-only: what happened, when, from which delivery or outcomes file, and who did it. No personal data. */
export interface HistoryEntry {
  readonly kind: SignalEventKind;
  readonly at: Instant;
  /** Delivery id, outcomes id, or `workflow`; for MOVED and HANDED_OVER the case at the other side. */
  readonly source: string;
  /** The worker, as the executing organisation names them. */
  readonly by?: WorkerId;
  /** A team, a phase, a closed reason, how a term was counted, or `SAME_RESIDENT`: never free text. */
  readonly detail?: string;
}

/** Where a change comes from. */
export type Origin = Pick<HistoryEntry, 'source' | 'by'>;

/**
 * RECEIVED → ASSIGNED → (TERM_EXPIRED) → OUTCOME_KNOWN → (SUSPENDED) → CLOSED; WITHDRAWN from any open state.
 * OUTCOME_KNOWN is the moment between the municipality's answer and its settlement by the workflow.
 */
export type SignalState =
  | { readonly status: 'RECEIVED' }
  | { readonly status: 'ASSIGNED'; readonly terms: readonly Term[] }
  /** Day 28 passed without outcome: the partner may go on collecting; still answerable (R-FLO-7). */
  | { readonly status: 'TERM_EXPIRED'; readonly terms: readonly Term[] }
  | { readonly status: 'OUTCOME_KNOWN'; readonly outcome: Outcome }
  | {
      readonly status: 'SUSPENDED';
      readonly outcome: Outcome;
      readonly suspension: CollectionSuspension;
      readonly terms: readonly Term[];
    }
  | {
      readonly status: 'CLOSED';
      readonly outcome: Outcome;
      readonly suspension?: CollectionSuspension;
      readonly closedAt: Instant;
    }
  | {
      readonly status: 'WITHDRAWN';
      readonly reason: WithdrawalReason | 'verplaatst';
      readonly closedAt: Instant;
      /** What was known when it was withdrawn; a suspension that ran ended early with it (R-SUS-4). */
      readonly outcome?: Outcome;
      readonly suspension?: CollectionSuspension;
    };

export type SignalStatus = SignalState['status'];

export type Signal = SignalFacts & {
  /** Counts writes; the store refuses a write over another version than was read. */
  readonly version: number;
  /** Counts executions: 1, and one more each time a closed signal is opened again or its outcome corrected. */
  readonly round: number;
  readonly history: readonly HistoryEntry[];
  readonly contactAttempts: readonly ContactAttempt[];
  /** Who has it now (R-FLO-4). */
  readonly team?: TeamId;
  /** The collection phase as the municipality corrected it (R-FLO-8); a later delivery does not undo it. */
  readonly correctedPhase?: CollectionPhase;
  /** The neighbourhood team knows the household (R-WOR-4). */
  readonly knownAtTeam?: boolean;
  /** Outcomes that were replaced, oldest first: the one that stands has the number after theirs. */
  readonly earlierOutcomes: readonly Outcome[];
  readonly earlierSuspensions: readonly CollectionSuspension[];
  /** Where the execution waits, to be woken on a change. Not personal, but a capability: never logged. */
  readonly taskToken?: string;
} & SignalState;

/** The phase that counts: the municipality's correction before the file's word (R-FLO-8). */
export const phaseOf = ({ correctedPhase, collectionPhase }: Pick<Signal, 'correctedPhase' | 'collectionPhase'>) =>
  correctedPhase ?? collectionPhase;

/** Which outcome of the signal stands, or would be given next: 1, 2, … */
export const outcomeNumber = ({ earlierOutcomes }: Pick<Signal, 'earlierOutcomes'>): number =>
  earlierOutcomes.length + 1;
