import type { z } from 'zod';
import type { Configuration } from './configuration.ts';

/** What is wrong with a configuration: where, and in Dutch what. */
export interface Problem {
  /** As in JSON: `agreements[3].policy`. */
  readonly path: string;
  readonly text: string;
}

/** `agreements[3].policy`, as a person would look it up. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');

const TYPES: Readonly<Record<string, string>> = {
  array: 'een lijst',
  string: 'een tekst',
  number: 'een getal',
  int: 'een heel getal',
  boolean: 'true of false',
  object: 'een object met { }',
  record: 'een object met { }',
};
const UNITS: Readonly<Record<string, string>> = { array: ' in de lijst', string: ' tekens', record: ' velden' };

/** What zod would say in English, for who fills in a configuration. Texts of our own schemas stay as they are. */
export const inDutch: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.input === undefined ? 'dit ontbreekt: ' : ''}hier hoort ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'kies uit' : 'dit moet zijn'}: ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `te weinig: ${issue.inclusive ? 'minstens' : 'meer dan'} ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `te veel: ${issue.inclusive ? 'hoogstens' : 'minder dan'} ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'unrecognized_keys':
      return `onbekend: ${issue.keys.join(', ')}`;
    case 'invalid_format':
      return 'dit staat niet in de vorm die hier hoort';
    default:
      return 'dit past bij niets wat hier mag staan';
  }
};

/** What does not fit its schema. */
export const schemaProblems = ({ issues }: z.ZodError): readonly Problem[] =>
  issues.map(({ path, message }) => ({ path: pathOf(path), text: message }));

export type Check = (configuration: Configuration) => readonly Problem[];

/** Looks at every item of a list of the configuration; `path` is where it stands. */
export const listed = <T>(
  list: string,
  items: readonly T[],
  check: (item: T, path: string) => readonly (Problem | false | undefined)[],
): readonly Problem[] =>
  items.flatMap((item, i) => check(item, `${list}[${i}]`).filter((found) => found !== false && found !== undefined));
