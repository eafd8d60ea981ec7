/**
 * Writing CSV that a spreadsheet cannot be tricked with. Used for every file the meldpunt writes.
 */

/** Characters with which a spreadsheet takes a cell for a formula, full-width twins included. */
const FORMULA_START = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const NEEDS_QUOTES = /[";,\t\r\n]|^ | $/;
const PREFIXED = /^'(?=[=+\-@\t\r\n0-9\uFF1D\uFF0B\uFF0D\uFF20'])/;

/**
 * The text with a `'` before it when a spreadsheet would compute it. Applying it twice changes nothing more.
 * `plainCell` reads it back, so a corrected rejection file can be uploaded as it is.
 */
export const safeCell = (text: string): string => (FORMULA_START.test(text) ? `'${text}` : text);

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
