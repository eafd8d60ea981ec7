import type { ParseArgsConfig } from 'node:util';
import type { Installation } from './installation.ts';

/** Used wrongly: said in Dutch, exit code 2. */
export class UsageError extends Error {}

/** Understood, but it cannot be or must not be: said in Dutch, exit code 1. */
export class Refusal extends Error {}

export type Options = NonNullable<ParseArgsConfig['options']>;
export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** What a command has to say: `data` for a machine (`--json`), `text` for a person. Not `ok` is exit code 1. */
export interface Answer {
  readonly ok: boolean;
  readonly data: unknown;
  readonly text: string;
}

export interface Call {
  readonly positionals: readonly string[];
  readonly values: Values;
  /** The meldpunt that is spoken to; throws a `UsageError` when there is none to be found. */
  readonly installation: () => Installation;
}

/** One command; every one also knows `--json` and `--help`, and `--outputs` unless it is `offline`. */
export interface Command {
  /** How it is used, after `npx meldpunt`, and what it does. */
  readonly help: string;
  /** It speaks to no meldpunt: `--outputs` means nothing to it. */
  readonly offline?: true;
  /** One that is `multiple` may be given more than once. */
  readonly options: Options;
  readonly run: (call: Call) => Promise<Answer>;
}

/** The value of an option that takes one. */
export const textOf = ({ values }: Pick<Call, 'values'>, option: string): string | undefined => {
  const value = values[option];
  return typeof value === 'string' ? value : undefined;
};

/** The values of an option that may be given more than once. */
export const textsOf = ({ values }: Pick<Call, 'values'>, option: string): readonly string[] =>
  [values[option]].flat().filter((value) => typeof value === 'string');
