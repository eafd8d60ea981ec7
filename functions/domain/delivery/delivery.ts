import type {
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
  RunId,
  SignalId,
} from '../ids.ts';
import type { PartnerType } from '../signal/ddas.ts';
import type { Scan } from './scan.ts';

/** Address as the partner gave it, in parts; postcode is `1234AB`. */
export interface Address {
  readonly street?: string;
  readonly houseNumber: number;
  readonly houseLetter?: string;
  readonly addition?: string;
  readonly postcode: string;
  readonly city?: string;
}

/** The person behind the arrear. Personal data: never in a log, key, mail or execution. */
export interface Resident {
  readonly initials?: string;
  readonly prefix?: string;
  readonly surname: string;
  readonly dateOfBirth?: IsoDate;
  readonly customerNumber?: string;
  /** As given, and normalised when it could be. */
  readonly phone?: { readonly given: string; readonly e164?: string };
  readonly email?: { readonly given: string; readonly normalised?: string };
}

/** The four steps before a signal (R-DEL-2): the date, or `attested` when the partner only says it was done. */
export interface SocialCollection {
  readonly reminder: IsoDate | 'attested';
  readonly contactAttempt: IsoDate | 'attested';
  readonly pointedAtDebtHelp: IsoDate | 'attested';
  readonly announced: IsoDate | 'attested';
}

export const COLLECTION_PHASES = ['achterstand', 'incasso', 'deurwaarder'] as const;
export type CollectionPhase = (typeof COLLECTION_PHASES)[number];

export const SIGNAL_KINDS = ['vroeg', 'geactualiseerd', 'eindelevering', 'ontruiming'] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

export const WITHDRAWAL_REASONS = ['betaald', 'fout', 'bezwaar'] as const;
export type WithdrawalReason = (typeof WITHDRAWAL_REASONS)[number];

/** A report row after every rule on its cells held: what the partner says, normalised. */
export interface ReportRow {
  readonly action: 'melden';
  readonly partner: PartnerId;
  readonly reference: string;
  readonly resident: Resident;
  readonly address: Address;
  readonly amountCents: Cents;
  readonly dueDate: IsoDate;
  readonly collectionPhase: CollectionPhase;
  readonly kind: SignalKind;
  readonly endOfSupplyOn?: IsoDate;
  readonly socialCollection: SocialCollection;
  readonly warnings: readonly WarningCode[];
}

export interface WithdrawalRow {
  readonly action: 'intrekken';
  readonly partner: PartnerId;
  readonly reference: string;
  readonly reason: WithdrawalReason;
}

/**
 * A good row: one line of a chunk. Personal data. The original cells travel along: whether a reference exists, or was
 * withdrawn, is known only when the row is applied.
 */
export type RoutedRow = ((ReportRow & { readonly route: Route }) | WithdrawalRow) & {
  readonly line: number;
  readonly original: readonly string[];
};

export interface Route {
  readonly municipality: MunicipalityCode;
  readonly organisation: OrganisationId;
  readonly agreement: AgreementId;
  readonly policy: PolicyId;
  readonly partnerType: PartnerType;
  readonly certainty: 'exact' | 'probable';
}

/** Accepted, but the partner should look (receipt counts them per code). */
export const WARNING_CODES = [
  'BIRTH_DATE_UNUSUAL',
  'PHONE_UNUSABLE',
  'EMAIL_UNUSABLE',
  'OVERDUE_PAST_MAXIMUM',
  'MUNICIPALITY_DIFFERS',
  'ROUTE_PROBABLE',
  'END_OF_SUPPLY_NEAR',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

/** Why one row was refused. Dutch explanation and remedy per code: `delivery/rejection.ts`. */
export const ROW_REJECTION_CODES = [
  'ROW_TOO_SHORT',
  'ROW_TOO_LONG',
  'ROW_IS_HEADER',
  'FIELD_TOO_LONG',
  'CONTROL_CHARACTER',
  'VALUE_MISSING',
  'VALUE_INVALID',
  'DATE_INVALID',
  'DATE_IN_FUTURE',
  'AMOUNT_INVALID',
  'POSTCODE_INVALID',
  'HOUSE_NUMBER_INVALID',
  'PARTNER_UNKNOWN',
  'PARTNER_NOT_YOURS',
  'BSN_IN_FIELD',
  'RESIDENT_OBJECTED',
  'SOCIAL_COLLECTION_INCOMPLETE',
  'TOO_EARLY',
  'NO_RULE_FOR_TYPE',
  'POSTCODE_UNKNOWN',
  'POSTCODE_PO_BOX',
  'NO_AGREEMENT',
  'REFERENCE_TWICE',
  'WITHDRAWAL_UNKNOWN',
  'SIGNAL_WITHDRAWN',
] as const;
export type RowRejectionCode = (typeof ROW_REJECTION_CODES)[number];

/** What exactly was wrong, for codes that can mean more than one thing. */
export const REJECTION_REASONS = [
  'AMOUNT_AMBIGUOUS',
  'AMOUNT_NOT_POSITIVE',
  'SCIENTIFIC_NUMBER',
  'DATE_TWO_WAYS',
  'DATE_SHORT_YEAR',
  'EXCEL_ERROR',
  'LETTERS_LOST',
  'AMOUNT_DECIMALS',
  'DATE_PAST',
  'EXCEL_DATE',
  'AGREEMENT_NONE',
  'AGREEMENT_NOT_SIGNED',
  'AGREEMENT_NOT_STARTED',
  'AGREEMENT_ENDED',
  'AGREEMENT_OTHER_MELDPUNT',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** Why a whole file was refused. */
export const FILE_REJECTION_CODES = [
  'FILE_EMPTY',
  'FILE_NOT_CSV',
  'FILE_NOT_TEXT',
  'FILE_UTF16',
  'FILE_MIXED',
  'FILE_TOO_LARGE',
  'FILE_IN_QUARANTINE',
  'WORKBOOK_UNREADABLE',
  'WORKBOOK_PROTECTED',
  'WORKBOOK_TOO_LARGE',
  'WORKBOOK_SHEETS',
  'HEADER_MISSING',
  'HEADER_TOO_WIDE',
  'HEADER_LOOKALIKE',
  'HEADER_DOUBLED',
  'HEADER_GIVEN',
  'HEADER_UNKNOWN_COLUMN',
  'HEADER_INCOMPLETE',
  'DELIMITER_UNKNOWN',
  'BSN_COLUMN',
  'QUOTE_NEVER_CLOSED',
  'FIELD_TOO_LARGE',
  'TOO_MANY_ROWS',
  'PARTY_UNKNOWN',
] as const;
export type FileRejectionCode = (typeof FILE_REJECTION_CODES)[number];

/** A refused row. `original` are the sender's own cells, for the sender's own rejection file and nothing else. */
export interface RowRejection {
  /** Line in the file, header = 1. */
  readonly line: number;
  readonly code: RowRejectionCode;
  readonly column?: string;
  /** What exactly is wrong, where the code leaves it open. */
  readonly reason?: RejectionReason;
  /** With which the agreement is that does not hold (R-AGR-2). */
  readonly municipality?: MunicipalityCode;
  /** A BSN in it is masked. */
  readonly original: readonly string[];
}

export interface FileRejection {
  readonly code: FileRejectionCode;
  /** Header name of ours that is missing or doubled; never text from the file. */
  readonly column?: string;
  /** Place of a column we do not know, 1 = first. */
  readonly position?: number;
  readonly line?: number;
}

/**
 * One problem (or warning) of a delivery, however many rows have it: same code, column, reason and municipality. No value
 * of a row.
 */
export interface Finding<C extends string = string> {
  readonly code: C;
  /** Our own column name. */
  readonly column?: string;
  readonly reason?: RejectionReason;
  readonly municipality?: MunicipalityCode;
  readonly count: number;
  /** Lines of the first rows that have it, header = 1, rising; at most `LINES_SHOWN`. */
  readonly lines: readonly number[];
}
export const LINES_SHOWN = 10;

/** What validation found in rows: of the whole file, or of one partner's part (R-AGR-5). */
export interface Tally extends PartnerRows {
  readonly refusals: readonly Finding<RowRejectionCode>[];
  readonly warnings: readonly Finding<WarningCode>[];
}

/** Kept as an object beside the chunks until the delivery closes. Rows that name no partner count in `whole` only. */
export interface Findings {
  readonly whole: Tally;
  readonly partners: Readonly<Record<PartnerId, Tally>>;
}

export interface DeliveryCounts {
  readonly read: number;
  /** New signals and corrected ones. */
  readonly accepted: number;
  /** Of the accepted: rows that replaced an earlier version of the same signal. */
  readonly corrected: number;
  readonly refused: number;
  readonly unchanged: number;
  readonly withdrawn: number;
}

/** Rows of one partner as validation saw them. */
export interface PartnerRows {
  readonly read: number;
  readonly refused: number;
  readonly duplicates: number;
}

/** The upload as known before anything is read. */
export interface DeliverySource {
  readonly deliveryId: DeliveryId;
  /** First folder under `inbox/`, when it is a party we know the shape of; else `onbekend`. */
  readonly party: DeliveringPartyId;
  readonly bucket: string;
  /** Chosen by the sender: may hold anything, so it stays in this record. */
  readonly key: string;
  readonly versionId: string;
  readonly sizeBytes: number;
  readonly receivedAt: Instant;
  /** The malware scan's last word; absent where nothing is scanned. */
  readonly scan?: Scan;
  /** Goes up when it is held or let go, absent = 1: each round is an execution of its own. */
  readonly round?: number;
}

export type Delivery = DeliverySource &
  (
    | { readonly status: 'RECEIVED' }
    | {
        /** Not found clean: it stays where it is and nothing is read, until another scan or an operator lets it go on. */
        readonly status: 'QUARANTINED';
        readonly scan: Scan;
        /** An operator took the bytes away: it cannot go on any more. */
        readonly erased?: true;
      }
    | {
        readonly status: 'VALIDATED';
        /** The first reading that was through: only what this one left in `work/` counts. */
        readonly run: RunId;
        readonly sha256: string;
        readonly chunks: number;
        readonly read: number;
        readonly refused: number;
        readonly duplicates: number;
        readonly header: readonly string[];
        /** The upload holds a BSN or somebody who objected: its bytes go when the delivery closes. */
        readonly mustErase: boolean;
        /** Length of the rejection file as validation left it; 0 = there is none. The closing adds later refusals. */
        readonly rejectedBytes: number;
      }
    | {
        readonly status: 'REFUSED';
        readonly sha256?: string;
        readonly rejection: FileRejection;
        readonly mustErase: boolean;
        readonly closedAt?: Instant;
      }
    | {
        readonly status: 'CLOSED';
        readonly sha256: string;
        readonly counts: DeliveryCounts;
        readonly mustErase: boolean;
        readonly closedAt: Instant;
        /** Partners beside the party that have a receipt, and are told of it. */
        readonly told: readonly PartnerId[];
      }
  );

/** What became of one row of a chunk, by line; kept beside the chunk until the delivery closes. */
export type RowResult =
  | {
      readonly line: number;
      readonly result: 'accepted' | 'corrected';
      readonly partner: PartnerId;
      readonly reference: string;
      readonly signalId: SignalId;
      readonly caseId: CaseId;
      readonly municipality: MunicipalityCode;
      readonly socialCollection: SocialCollection;
    }
  | { readonly line: number; readonly result: 'unchanged' | 'withdrawn'; readonly partner: PartnerId }
  | {
      readonly line: number;
      readonly result: 'refused';
      readonly partner: PartnerId;
      readonly rejection: RowRejection;
      /** What validation warned of, when there is anything: it does not count any more. */
      readonly warnings?: readonly WarningCode[];
    };

/** Where the signals of one arrear are: the case per month (read and written as one record). */
export interface ArrearRecord {
  readonly arrearId: ArrearId;
  readonly cases: Readonly<Record<Period, CaseId>>;
}
