import type { FileRejection, FileRejectionCode } from '../delivery/delivery.ts';
import { FILE_ADVICE, rejectionHeader, rejectionLine } from '../delivery/rejection.ts';
import type { Instant, MunicipalityCode } from '../ids.ts';
import { OUTCOME_ADVICE, type OutcomeProblem, type OutcomeRejectionCode } from './outcome-line.ts';

/** A line that was not taken, with the sender's own cells. */
export interface OutcomeRejection extends OutcomeProblem {
  /** Line in the file, header = 1. */
  readonly line: number;
  readonly original: readonly string[];
}

export interface OutcomeCounts {
  readonly read: number;
  readonly taken: number;
  readonly alreadyKnown: number;
  readonly refused: number;
}

interface Advice {
  readonly explanation: string;
  readonly remedy: string;
}

/** Why a whole file was refused: as for a delivery, and a folder that is no municipality's. */
export type OutcomeFileRejection = Omit<FileRejection, 'code'> & {
  readonly code: FileRejectionCode | 'MUNICIPALITY_UNKNOWN';
};

/** Where a municipality has another thing to do than a partner. */
const OUTCOME_FILE_ADVICE: Readonly<Record<OutcomeFileRejection['code'], Advice>> = {
  ...FILE_ADVICE,
  FILE_EMPTY: {
    explanation: 'Het bestand is leeg.',
    remedy: 'Vul per zaak van de werklijst in wat er is gebeurd, en lever het bestand opnieuw aan.',
  },
  BSN_COLUMN: {
    explanation: 'Het bestand heeft een kolom voor het burgerservicenummer. Dat nummer hebben wij niet nodig.',
    remedy: 'Verwijder dit bestand uit de map, haal de kolom weg en lever het bestand opnieuw aan.',
  },
  MUNICIPALITY_UNKNOWN: {
    explanation: 'De map waarin het bestand is gezet, hoort niet bij een gemeente die wij kennen.',
    remedy: 'Zet het bestand in de map van uw gemeente: de gemeentecode van vier cijfers.',
  },
};

/** What the municipality reads of its file: counts that add up, why lines were refused; no personal data. */
export interface OutcomeReceipt {
  readonly outcomesId: string;
  /** `onbekend` when the folder is no municipality code. */
  readonly municipality: MunicipalityCode | 'onbekend';
  readonly readAt: Instant;
  readonly verdict: 'verwerkt' | 'geweigerd';
  readonly counts: OutcomeCounts;
  /** Why the whole file was refused. */
  readonly file?: OutcomeFileRejection & Advice;
  readonly refusals: readonly (Advice & { readonly code: OutcomeRejectionCode; readonly count: number })[];
}

export const NO_LINES: OutcomeCounts = { read: 0, taken: 0, alreadyKnown: 0, refused: 0 };

type Source = Pick<OutcomeReceipt, 'outcomesId' | 'municipality' | 'readAt'>;

export const outcomeReceipt = (
  source: Source,
  counts: OutcomeCounts,
  rejections: readonly OutcomeProblem[],
): OutcomeReceipt => {
  const perCode = new Map<OutcomeRejectionCode, number>();
  for (const { code } of rejections) perCode.set(code, (perCode.get(code) ?? 0) + 1);
  const refusals = [...perCode].map(([code, count]) => ({ code, count, ...OUTCOME_ADVICE[code] }));
  return {
    ...source,
    verdict: 'verwerkt',
    counts,
    refusals: refusals.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
  };
};

/** Receipt of a file that was refused as a whole: no line of it counts. */
export const outcomeFileRefused = (source: Source, rejection: OutcomeFileRejection): OutcomeReceipt => ({
  ...source,
  verdict: 'geweigerd',
  counts: NO_LINES,
  file: { ...rejection, ...OUTCOME_FILE_ADVICE[rejection.code] },
  refusals: [],
});

/** The refused lines as they came, with why: to be corrected and dropped again as they are. UTF-8 with BOM for Excel. */
export const outcomeRejectionFile = (
  header: readonly string[],
  rejections: readonly OutcomeRejection[],
  delimiter: string,
): string => {
  const rows = [...rejections]
    .sort((a, b) => a.line - b.line)
    .map((rejection) => rejectionLine(rejection, OUTCOME_ADVICE[rejection.code], delimiter));
  return rejectionHeader(header, delimiter) + rows.join('');
};
