import { csvRow } from '../delivery/csv.ts';
import type { FileRejection, FileRejectionCode } from '../delivery/delivery.ts';
import { type Advice, FILE_ADVICE, rejectionHeader, rejectionLine } from '../delivery/rejection.ts';
import type { PartnerView } from '../feedback/preview.ts';
import type { CaseNumber, DeliveryId, Instant, MunicipalityCode, SignalId } from '../ids.ts';
import { OUTCOME_ADVICE, outcomeAdvice } from './outcome-advice.ts';
import type { OutcomeColumn, OutcomeProblem, OutcomeRejectionCode } from './outcome-line.ts';

interface Line {
  /** Line in the file, header = 1. */
  readonly line: number;
  /** Case or signal, as far as the line names one. */
  readonly target?: CaseNumber | SignalId;
}

/** What became of one line. */
export type LineVerdict = Line &
  (
    | {
        readonly verdict: 'verwerkt' | 'al bekend';
        /** What the sender should know of it, in Dutch; no personal data. */
        readonly notes: readonly string[];
        /** In a preview: what each partner would see of it. */
        readonly partners?: readonly PartnerView[];
      }
    /** With the sender's own cells. */
    | { readonly verdict: 'afgekeurd'; readonly problem: OutcomeProblem; readonly original: readonly string[] }
  );

export interface OutcomeCounts {
  readonly read: number;
  readonly taken: number;
  readonly alreadyKnown: number;
  readonly refused: number;
}

/** What the sender reads of one line. */
export interface LineAnswer extends Line, Partial<Advice> {
  readonly verdict: LineVerdict['verdict'];
  readonly code?: OutcomeRejectionCode;
  readonly column?: OutcomeColumn;
  readonly notes?: readonly string[];
  readonly partners?: readonly PartnerView[];
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
  TOO_MANY_ROWS: {
    explanation: 'Het bestand heeft meer dan 50.000 regels of is groter dan 16 MB.',
    remedy: 'Lever alleen de regels aan waarop iets is gebeurd, of verdeel ze over meer bestanden.',
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

/** What the municipality reads of its file: an answer per line, counts that add up, no personal data. */
export interface OutcomeReceipt {
  readonly outcomesId: DeliveryId;
  /** `onbekend` when the folder is no municipality code. */
  readonly municipality: MunicipalityCode | 'onbekend';
  readonly readAt: Instant;
  /** `voorbeeld`: nothing was stored, nobody was told. */
  readonly verdict: 'verwerkt' | 'voorbeeld' | 'geweigerd';
  readonly counts: OutcomeCounts;
  /** Why the whole file was refused. */
  readonly file?: OutcomeFileRejection & Advice;
  readonly refusals: readonly (Advice & { readonly code: OutcomeRejectionCode; readonly count: number })[];
  readonly answers: readonly LineAnswer[];
}

export const NO_LINES: OutcomeCounts = { read: 0, taken: 0, alreadyKnown: 0, refused: 0 };

type Source = Pick<OutcomeReceipt, 'outcomesId' | 'municipality' | 'readAt'>;

const answerOf = (said: LineVerdict): LineAnswer => {
  const { line, target, verdict } = said;
  const named = { line, ...(target && { target }), verdict };
  if (said.verdict !== 'afgekeurd')
    return {
      ...named,
      ...(said.notes.length > 0 && { notes: said.notes }),
      ...(said.partners && { partners: said.partners }),
    };
  const { code, column } = said.problem;
  return { ...named, code, ...(column && { column }), ...outcomeAdvice(said.problem) };
};

const inOrder = <L extends Line>(lines: readonly L[]): readonly L[] => lines.toSorted((a, b) => a.line - b.line);

export const outcomeReceipt = (
  source: Source,
  verdict: Exclude<OutcomeReceipt['verdict'], 'geweigerd'>,
  lines: readonly LineVerdict[],
): OutcomeReceipt => {
  const perCode = new Map<OutcomeRejectionCode, number>();
  for (const said of lines)
    if (said.verdict === 'afgekeurd') perCode.set(said.problem.code, (perCode.get(said.problem.code) ?? 0) + 1);
  const refusals = [...perCode].map(([code, count]) => ({ code, count, ...OUTCOME_ADVICE[code] }));
  const of = (wanted: LineVerdict['verdict']): number => lines.filter((said) => said.verdict === wanted).length;
  return {
    ...source,
    verdict,
    counts: { read: lines.length, taken: of('verwerkt'), alreadyKnown: of('al bekend'), refused: of('afgekeurd') },
    refusals: refusals.sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    answers: inOrder(lines).map(answerOf),
  };
};

/** Receipt of a file that was refused as a whole: no line of it counts. */
export const outcomeFileRefused = (source: Source, rejection: OutcomeFileRejection): OutcomeReceipt => ({
  ...source,
  verdict: 'geweigerd',
  counts: NO_LINES,
  file: { ...rejection, ...OUTCOME_FILE_ADVICE[rejection.code] },
  refusals: [],
  answers: [],
});

/** The answers of a receipt for whoever reads them in a spreadsheet. UTF-8 with BOM for Excel. */
export const outcomeAnswersFile = ({ answers }: OutcomeReceipt): string =>
  `\uFEFF${csvRow(['regel', 'zaak_of_signaal', 'antwoord', 'code', 'kolom', 'uitleg', 'oplossing', 'opmerkingen'])}${answers
    .map(({ line, target = '', verdict, code = '', column = '', explanation = '', remedy = '', notes = [] }) =>
      csvRow([String(line), target, verdict, code, column, explanation, remedy, notes.join('; ')]),
    )
    .join('')}`;

/**
 * The refused lines as they came, with why: to be corrected and dropped again as they are; undefined when there are none.
 * UTF-8 with BOM for Excel.
 */
export const outcomeRejectionFile = (
  header: readonly string[],
  lines: readonly LineVerdict[],
  delimiter: string,
): string | undefined => {
  const rows = inOrder(lines).flatMap((said) =>
    said.verdict === 'afgekeurd'
      ? [rejectionLine({ ...said, ...said.problem }, outcomeAdvice(said.problem), delimiter)]
      : [],
  );
  return rows.length === 0 ? undefined : rejectionHeader(header, delimiter) + rows.join('');
};
