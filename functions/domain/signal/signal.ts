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

export const TERM_KINDS = ['REMINDER', 'ESCALATION', 'CLOSING', 'SUSPENSION_REMINDER', 'SUSPENSION_END'] as const;
export type TermKind = (typeof TERM_KINDS)[number];

/** A moment by which something must have happened. `on` is the last day, `at` the first moment after it (Europe/Amsterdam). */
export const Term = z.object({ kind: z.enum(TERM_KINDS), on: IsoDate, at: Instant });
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
}

export const EARLY_END_REASONS = [
  'nieuwe achterstand',
  'betaling niet hervat',
  'plan gestopt',
  'volledig betaald',
  'ingetrokken',
] as const;
export type EarlyEndReason = (typeof EARLY_END_REASONS)[number];

/** Schuldenrust (R-SUS-2): whole amount, `lastDay` = `startsOn` + policy days, ends at the end of that day. */
export interface CollectionSuspension {
  readonly startsOn: IsoDate;
  readonly lastDay: IsoDate;
  readonly acceptedOn: IsoDate;
  readonly actionPlanOn: IsoDate;
  readonly paymentResumesOn: IsoDate;
  readonly fedBackOn: IsoDate;
  readonly endedEarly?: { readonly on: IsoDate; readonly reason: EarlyEndReason };
}

export const EVENT_KINDS = [
  'RECEIVED',
  'CORRECTED',
  'ASSIGNED',
  'REMINDED',
  'TERM_EXPIRED',
  'CONTACT_ATTEMPTED',
  'OUTCOME_RECORDED',
  'FED_BACK',
  'SUSPENDED',
  'SUSPENSION_REMINDED',
  'SUSPENSION_ENDED_EARLY',
  'SUSPENSION_EXPIRED',
  'WITHDRAWN',
  'MOVED',
  'CLOSED',
] as const;
export type SignalEventKind = (typeof EVENT_KINDS)[number];

/** Append-only: what happened, when, and from which delivery or outcomes file. No personal data. */
export interface HistoryEntry {
  readonly kind: SignalEventKind;
  readonly at: Instant;
  /** Delivery id, outcomes id, or `workflow`. */
  readonly source: string;
}

/**
 * RECEIVED → ASSIGNED → (TERM_EXPIRED) → OUTCOME_KNOWN → (SUSPENDED) → CLOSED; WITHDRAWN from any open state.
 * OUTCOME_KNOWN is the moment between the municipality's answer and its settlement by the workflow.
 */
export type SignalState =
  | { readonly status: 'RECEIVED' }
  | { readonly status: 'ASSIGNED'; readonly terms: readonly Term[] }
  /** Day 28 passed without outcome: the partner may go on collecting; still answerable (R-FLO-7). */
  | { readonly status: 'TERM_EXPIRED'; readonly terms: readonly Term[] }
  | { readonly status: 'OUTCOME_KNOWN'; readonly outcome: Outcome; readonly termExpired: boolean }
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
  readonly history: readonly HistoryEntry[];
  readonly contactAttempts: readonly ContactAttempt[];
  /** Where the execution waits, to be woken on a change. Not personal, but a capability: never logged. */
  readonly taskToken?: string;
} & SignalState;
