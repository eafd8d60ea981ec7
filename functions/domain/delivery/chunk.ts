import type { RoutedRow } from './delivery.ts';
import type { GoodRow } from './row.ts';

/**
 * One line of a chunk: the row with its place and the sender's cells. These are one text between signs that no cell of ours
 * may hold: a list of them is the larger part of the work of writing a chunk.
 */
const BETWEEN = '\u0080';

export const chunkLine = (row: GoodRow, line: number, original: readonly string[]): string =>
  `${JSON.stringify({ ...row, line, original: original.join(BETWEEN) })}\n`;

/** Reads a chunk back. */
export const rowsOfChunk = (text: string): readonly RoutedRow[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { original, ...row } = JSON.parse(line);
      return { ...row, original: original.split(BETWEEN) } as RoutedRow;
    });
