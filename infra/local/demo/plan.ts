import type { Column, Dialect } from './files.ts';
import type { Household, Municipality } from './people.ts';

/**
 * The plan of the story: who does what, when, and what must become of it. Verdicts, results and feedback are written
 * here by hand from DOMAIN.md: the demo compares what the cloud did with this, so nothing of it may be computed by the
 * code under test. Moments are local, `yyyy-mm-ddThh:mm` in Amsterdam.
 */
export const STARTS_AT = '2026-03-02T08:00';
export const ENDS_AT = '2026-05-16T18:00';

/** What the agreements of the sample configuration say, as the story's author read them. */
export const AGREED = { reminder: 14, escalation: 28, closing: 60, suspension: 30, suspensionReminder: 5 } as const;

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

export interface Answer {
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
}

export type LineVerdict = 'taken' | 'known' | { readonly refused: string };

export interface PlannedLine {
  /** Whose row of the worklist the caseworker looks up; a text is an id typed by hand. */
  readonly about: { readonly household: Household; readonly period: string } | { readonly typed: string };
  /** In which column the id goes. */
  readonly by: 'zaak' | 'signaal';
  readonly answer: Answer;
  readonly verdict: LineVerdict;
}

export interface PlannedOutcomes {
  readonly name: string;
  readonly at: string;
  readonly municipality: Municipality;
  readonly lines: readonly PlannedLine[];
}

/** What happens to a signal after it was accepted, in order of time. */
export type Turn =
  | { readonly kind: 'corrected'; readonly at: string; readonly amountCents: number }
  | { readonly kind: 'withdrawn'; readonly at: string; readonly reason: string }
  | { readonly kind: 'contact'; readonly at: string }
  | { readonly kind: 'answered'; readonly at: string; readonly answer: Answer }
  | { readonly kind: 'endedEarly'; readonly at: string; readonly reason: string };

export interface PlannedSignal {
  readonly partner: string;
  readonly reference: string;
  readonly period: string;
  readonly household: Household;
  readonly receivedAt: string;
  readonly amountCents: number;
  readonly turns: Turn[];
}

export interface Story {
  readonly seed: number;
  readonly deliveries: readonly PlannedDelivery[];
  readonly outcomes: readonly PlannedOutcomes[];
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
  readonly columns?: readonly Column[];
}
