/**
 * Writing CSV that a spreadsheet cannot be tricked with. Used for every file the meldpunt writes.
 */

/** Characters with which a spreadsheet takes a cell for a formula, full-width twins included; what nobody sees before them does not count. */
const FORMULA_START = /^(?:[\s\p{Cf}\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n])/u;
const NEEDS_QUOTES = /[";,\t\r\n]|^ | $/;
const PREFIXED = /^'(?=[\s\p{Cf}\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF200-9']|[\t\r\n])/u;

/**
 * The text with a `'` before it when a spreadsheet would compute it. Applying it twice changes nothing more.
 * `plainCell` reads it back, so a corrected rejection file can be uploaded as it is.
 */
export const safeCell = (text: string): string => (FORMULA_START.test(text) ? `'${text}` : text);

const MONTH_NAME = '(?:jan|feb|mrt|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)';
/**
 * What a (Dutch) spreadsheet makes something else of when a file is opened and saved: a first 0 goes, of 12 digits and
 * more only the first stay, `12E3` becomes 12000, `1.234` loses its point, `12 1/2` becomes 12,5, `12-1`, `1/2`, `1 mei`
 * and `01-02-03` become a date, `12 a` and `10:30` a time. Blanks around it make no difference. A whole date is left alone:
 * it stays the same day.
 */
const ALTERED = new RegExp(
  [
    '0\\d+',
    '\\d{12,}',
    '\\d+(?:[.,]\\d+)?E[+-]?\\d+',
    '\\d{1,3}(?:\\.\\d{3})+',
    '\\d{1,4}[-/]\\d{1,4}',
    '\\d+ +\\d{1,4}/\\d{1,4}',
    '\\d{1,2}[-/]\\d{1,2}[-/]\\d{1,2}',
    '\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}',
    `\\d{1,2}[-/ ]?${MONTH_NAME}[a-z]*(?:[-/ ]?\\d{2,4})?`,
    '\\d{1,2} [ap]m?',
    '\\d{1,4}:\\d{1,2}(?::\\d{1,2})?',
  ]
    .map((each) => `^${each}$`)
    .join('|'),
  'i',
);

/** The cell with a `'` before it when a spreadsheet would save something else than it opened. `plainCell` reads it back. */
export const spreadsheetProof = (text: string): string => (ALTERED.test(text.trim()) ? `'${text}` : text);

const WHOLE_DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:.*)?$/;
/** The same for a cell that is no date, or not in the spreadsheet's way of writing: a whole date is one more to protect. */
export const textProof = (text: string): string => (WHOLE_DATE.test(text.trim()) ? `'${text}` : spreadsheetProof(text));

/** The text without the `'` that Excel or `safeCell` put before a formula sign or a number; `'s-Gravenhage` stays. */
export const plainCell = (text: string): string => text.replace(PREFIXED, '');

/** One record, formula-safe and quoted where needed, ended by CRLF (RFC 4180). */
export const csvRow = (cells: readonly string[], delimiter = ';'): string =>
  `${cells
    .map((cell) => {
      const safe = safeCell(cell);
      return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    })
    .join(delimiter)}\r\n`;
