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
