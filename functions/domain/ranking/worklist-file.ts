import { csvRow } from '../delivery/csv.ts';
import { euros } from '../feedback/amount.ts';
import { COLUMNS, type Line, type Said, WORKLIST_COLUMNS } from './worklist-columns.ts';

const cellOf = (said: Said): string => {
  if (typeof said === 'string') return said;
  if ('texts' in said) return said.texts.join(' | ');
  if ('days' in said) return said.days.join(' | ');
  if ('cents' in said) return euros(said.cents);
  return said.number === undefined ? '' : String(said.number);
};

/**
 * The worklist as CSV, line by line: semicolons, UTF-8 with BOM, dates `jjjj-mm-dd`, euros `1234,56`; several values in a cell are
 * divided by ` | `. A case lists every signal, so that nobody has to look elsewhere what a household owes. Of several
 * signals the first day of each term is shown; `termijnen` explains those that are left.
 */
export function* worklistFile(lines: readonly Line[]): Generator<string> {
  yield `\uFEFF${csvRow(WORKLIST_COLUMNS)}`;
  for (const line of lines) yield csvRow(COLUMNS.map(({ says }) => cellOf(says(line))));
}
