import type { Dialect } from './files.ts';
import type { Household, Municipality } from './people.ts';

/**
 * The plan of the story: who does what, when, and what must become of it. Verdicts, results and feedback are written
 * here by hand from DOMAIN.md: the demo compares what the cloud did with this, so nothing of it may be computed by the
 * code under test. Moments are local, `yyyy-mm-ddThh:mm` in Amsterdam.
 */
export const STARTS_AT = '2026-03-02T08:00';
export const ENDS_AT = '2026-05-16T18:00';

/** What the agreements of the sample configuration say, as the story's author read them. Calendar days. */
export const AGREED = {
  reminder: 14,
  warning: 25,
  escalation: 28,
  closing: 60,
  suspension: 30,
  suspensionReminder: 5,
} as const;

/** Haarlem and Zandvoort only: working days within which the partner hears something, by phase of collection. */
export const FEEDBACK_WITHIN = { achterstand: 10, incasso: 5, deurwaarder: 5 } as const;

/** Amounts of a case from which Haarlem and Zandvoort go to see people themselves; less is for the budget coach. */
export const THRESHOLD_CENTS = 7_500;

/** Where each rule stands, as the meldpunt must name it. */
export const SOURCES = {
  terms: 'Landelijk convenant vroegsignalering, Leeswijzer verhuurders; Wgs art. 4 lid 1',
  crisis: 'Landelijk convenant vroegsignalering, Wgs art. 4 lid 2',
  feedback: 'Addendum Haarlem/Zandvoort 2021, art. 5.4',
  suspension: 'Landelijk convenant vroegsignalering, Leeswijzer verhuurders art. 4',
} as const;

/** In which words a partner reads each thing it is told. */
export const PARTNER_READS: Readonly<Record<string, string>> = {
  HELP_ACCEPTED: 'hulp geaccepteerd',
  NO_HELP: 'geen hulp tot stand gekomen',
  KNOWN_AT_DEBT_COUNSELLING: 'al bekend bij schuldhulpverlening',
  RESIDENT_DECEASED: 'inwoner is overleden',
  NOT_TAKEN_UP: 'niet opgepakt',
  REPEAT_SIGNAL: 'niet opgepakt: herhaalde melding',
  UNFOUNDED_SIGNAL: 'niet opgepakt: onterecht signaal',
  NO_RESIDENT: 'geen inwoner (meer) van de gemeente',
  RETRACTED: 'eerdere terugkoppeling vervalt',
  SUSPENSION_EXPIRED: 'schuldenrust afgelopen',
  SUSPENSION_ENDED_EARLY: 'schuldenrust eerder beëindigd',
};

export type Verdict = 'accepted' | 'corrected' | 'unchanged' | 'withdrawn' | { readonly refused: string };

export interface PlannedRow {
  /** Cells in the order of the dialect, spoilt where the story wants it. */
  readonly cells: readonly string[];
  readonly verdict: Verdict;
  readonly warnings: readonly string[];
}

export interface PlannedDelivery {
  readonly name: string;
  readonly at: string;
  readonly party: string;
  readonly sender: string;
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly rows: readonly PlannedRow[];
  /** The whole file refused, with this code. */
  readonly refused?: string;
  /** The party is not in the configuration: nobody to write to. */
  readonly stranger?: true;
  readonly remark?: string;
}

/** What a municipality writes on one line. */
export interface Answer {
  readonly worker?: string;
  readonly result?: string;
  readonly on?: string;
  readonly plan?: string;
  readonly resumes?: string;
  readonly arrangement?: { readonly amount: string; readonly from: string };
  readonly suspend?: 'j' | 'n';
  readonly contact?: {
    readonly kind: string;
    readonly reached: 'j' | 'n';
    readonly on: string;
    readonly dayPart: string;
  };
  readonly endOfSuspension?: string;
  /** The result replaces one that was given by mistake. */
  readonly correction?: 'j';
  /** Why a closed case opens again. */
  readonly reopen?: string;
  readonly phase?: string;
  readonly team?: string;
  readonly knownAtTeam?: 'j' | 'n';
  /** Where the resident lives now: in another municipality. */
  readonly movedTo?: Household;
}

export type LineVerdict = 'taken' | 'known' | { readonly refused: string };

export interface PlannedLine {
  /** Whose row of the worklist the caseworker looks up; a text is an id typed by hand. */
  readonly about:
    | { readonly household: Household; readonly period: string; readonly person?: 0 | 1 }
    | { readonly typed: string };
  /** In which column the id goes. */
  readonly by: 'zaak' | 'signaal';
  readonly answer: Answer;
  readonly verdict: LineVerdict;
  /** What the meldpunt must answer beside the verdict. */
  readonly notes?: readonly string[];
}

export interface PlannedOutcomes {
  readonly name: string;
  readonly at: string;
  readonly municipality: Municipality;
  readonly lines: readonly PlannedLine[];
  readonly remark?: string;
  /** In the folder for previews, with what the partners would see of it: nothing may change. */
  readonly preview?: readonly { readonly partner: string; readonly reference: string; readonly feedback: unknown }[];
}

/** A look at the worklist on the way: what must stand in some cells of the row of a household. */
export interface PlannedGlimpse {
  readonly title: string;
  readonly at: string;
  readonly household: Household;
  readonly period: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** What happens to a signal after it was accepted, in order of time. */
export type Turn =
  | { readonly kind: 'corrected'; readonly at: string; readonly amountCents: number }
  | { readonly kind: 'withdrawn'; readonly at: string; readonly reason: string }
  | { readonly kind: 'contact'; readonly at: string }
  | { readonly kind: 'answered'; readonly at: string; readonly answer: Answer }
  | { readonly kind: 'endedEarly'; readonly at: string; readonly reason: string };

/** What a partner must hear of a signal, and when. */
export interface Told {
  readonly kind: 'OUTCOME' | 'RETRACTED' | 'SUSPENSION_EXPIRED' | 'SUSPENSION_ENDED_EARLY';
  readonly at: string;
  /** Which outcome of the signal it is about. */
  readonly number: number;
  readonly outcome?: string;
  readonly replaces?: true;
  /** Schuldenrust as it is told with an outcome; absent is not told. */
  readonly rest?: 'none' | { readonly from: string; readonly until: string };
  /** Last day of the schuldenrust that is over. */
  readonly until?: string;
  /** From which day the resident pays again, or `nee`. */
  readonly resumes?: string;
  readonly arrangement?: { readonly amount: string; readonly from: string };
}

export interface Rest {
  readonly startsOn: string;
  readonly lastDay: string;
  readonly end: 'loopt nog' | 'afgelopen' | 'eerder beëindigd' | 'ingetrokken';
  readonly endedOn?: string;
  readonly reason?: string;
}

type Status = 'ASSIGNED' | 'TERM_EXPIRED' | 'SUSPENDED' | 'CLOSED' | 'WITHDRAWN';

/** What must have become of a signal when the story ends. */
export interface ExpectedLife {
  readonly status: Status;
  readonly result?: string;
  /** Its executions, one for each round. */
  readonly executions: readonly ('RUNNING' | 'SUCCEEDED')[];
  readonly amountCents: number;
  /** `2026-03-17T00:00 REMINDED <why>`, in order of time. */
  readonly history: readonly string[];
  readonly feedback: readonly Told[];
  readonly rest?: Rest;
  /** Schuldenrust of outcomes that were replaced: first day, last day, day it ended and why. */
  readonly earlierRests?: readonly string[];
  /** Terms that are still ahead: `FEEDBACK 2026-05-22`, first one first. */
  readonly ahead: readonly string[];
  /** Where it lies on the worklist. */
  readonly tray: string;
}

export interface PlannedSignal {
  readonly partner: string;
  readonly reference: string;
  readonly period: string;
  readonly household: Household;
  readonly person: 0 | 1;
  readonly receivedAt: string;
  readonly amountCents: number;
  readonly phase?: 'incasso' | 'deurwaarder';
  readonly kind?: 'ontruiming';
  /** It came from another municipality, not in a delivery. */
  readonly takenOver?: true;
  /** Told line by line in the plan; otherwise its turns decide. */
  readonly life?: ExpectedLife;
  readonly turns: Turn[];
}

export interface Story {
  readonly seed: number;
  readonly deliveries: readonly PlannedDelivery[];
  readonly outcomes: readonly PlannedOutcomes[];
  readonly glimpses: readonly PlannedGlimpse[];
  readonly signals: readonly PlannedSignal[];
}

/** Who is who in the sample configuration. */
export interface Sender {
  readonly party: string;
  readonly name: string;
  readonly partner: string;
  /** Start of this partner's own references. */
  readonly mark: string;
  readonly dialect: Dialect;
}

/** Every signal of the story by a name of its own: a signal that was handed over lives in two municipalities. */
export const keyOf = (item: {
  readonly partner?: unknown;
  readonly reference?: unknown;
  readonly period?: unknown;
  readonly municipality?: unknown;
}): string => [item.partner, item.reference, item.period, item.municipality].join(' ');

export const signalKey = ({ household, ...signal }: PlannedSignal): string =>
  keyOf({ ...signal, municipality: household.municipality });
