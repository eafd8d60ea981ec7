import { styleText } from 'node:util';

/** Tables for a terminal of a hundred columns: aligned, and readable without colour. */
export const WIDTH = 100;

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** May be cut short when the table is too wide. */
  readonly flexible?: boolean;
}

type Cell = string | number;

const length = (text: string): number => [...text].length;
const cut = (text: string, width: number): string =>
  length(text) <= width ? text : `${[...text].slice(0, Math.max(0, width - 1)).join('')}…`;
const pad = (text: string, width: number, align: Column['align']): string => {
  const space = ' '.repeat(Math.max(0, width - length(text)));
  return align === 'right' ? space + text : text + space;
};

const number = new Intl.NumberFormat('nl-NL');
const text = (cell: Cell): string => (typeof cell === 'number' ? (cell === 0 ? '·' : number.format(cell)) : cell);

/** Lines of a table no wider than `WIDTH`; columns marked flexible give way. A last row under a rule when `total` is given. */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  total?: readonly Cell[],
): string[] => {
  const all = [...rows, ...(total ? [total] : [])].map((row) => row.map(text));
  const widths = columns.map(({ title }, i) => Math.max(length(title), ...all.map((row) => length(row[i] ?? ''))));
  const over = (): number => 2 + widths.reduce((sum, width) => sum + width + 2, -2) - WIDTH;
  while (over() > 0) {
    const widest = columns.reduce(
      (best, { flexible }, i) => (flexible && (widths[i] ?? 0) > (widths[best] ?? -1) ? i : best),
      -1,
    );
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => pad(cut(cell, widths[i] ?? 0), widths[i] ?? 0, columns[i]?.align)).join('  ')}`.trimEnd();
  const rule = `  ${widths.map((width) => '─'.repeat(width)).join('──')}`;
  const body = all.map(line);
  return [
    dim(line(columns.map(({ title }) => title))),
    dim(rule),
    ...body.slice(0, rows.length),
    ...(total ? [dim(rule), bold(body.at(-1) ?? '')] : []),
  ];
};

let coloured = false;
/** Colour only where a person looks. */
export const useColour = (wanted: boolean): void => {
  coloured = wanted;
};
const styled =
  (style: Parameters<typeof styleText>[0]) =>
  (words: string): string =>
    coloured ? styleText(style, words) : words;
export const bold = styled('bold');
export const dim = styled('dim');
export const green = styled('green');
export const red = styled('red');
export const yellow = styled('yellow');
export const cyan = styled('cyan');

export const heading = (words: string): string => `\n${bold(words)}`;

/** Sentences broken at `WIDTH`. */
export const wrapped = (words: string, indent = '  '): string[] => {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && length(last) + length(word) < WIDTH - indent.length)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((each) => indent + each);
};
