import { styleText } from 'node:util';

/** Colour for who looks at a terminal: none in a pipe or a file, and none with NO_COLOR. To be put on after wrapping. */
const style =
  (format: 'bold' | 'dim' | 'green' | 'red' | 'yellow') =>
  (text: string): string =>
    styleText(format, text, { stream: process.stdout });

export const paint = {
  bold: style('bold'),
  dim: style('dim'),
  good: style('green'),
  bad: style('red'),
  warning: style('yellow'),
} as const;
