import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import type { Millis } from '../contract.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An error of a state, by the name that `Retry` and `Catch` compare. */
export class StateError extends Error {
  readonly error: string;
  readonly errorCause: string;
  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.name = error;
    this.error = error;
    this.errorCause = cause;
  }
}

/** What an expression may see: the reserved `$states`, the workflow's variables, and the embedded cloud's time. */
export interface Scope {
  readonly states: {
    readonly input: Json;
    readonly context: JsonObject;
    readonly result?: Json;
    readonly errorOutput?: Json;
  };
  readonly variables: JsonObject;
  readonly now: Millis;
  readonly random: () => number;
}

export type StatesMember = keyof Scope['states'];

/** A JSON value of the definition with its expressions compiled. Rejects with States.QueryEvaluationError. */
export type Template = (scope: Scope) => Promise<Json>;

export interface Compiler {
  /** `allowed`: the members of `$states` that exist at this place. */
  compile(value: unknown, path: string, allowed: readonly StatesMember[]): Template;
  /** Variables that expressions read, with the place; to be compared with those that are assigned. */
  readonly reads: readonly { readonly name: string; readonly path: string }[];
}

/** Named by JSONata but not offered by Step Functions. */
const REFUSED_FUNCTIONS = new Set(['eval']);
const OWN_FUNCTIONS = ['partition', 'range', 'hash', 'random', 'uuid', 'parse', 'now', 'millis', 'toMillis'] as const;
const EVALUATION_LIMIT_MS = 10_000;

export const isExpression = (value: unknown): boolean =>
  typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}') && value.length >= 4;

/** Compiles templates and tells `problem` what is wrong with them, each with its path. */
export const compiler = (problem: (path: string, message: string) => void): Compiler => {
  const reads: { name: string; path: string }[] = [];

  const expression = (text: string, path: string, allowed: readonly StatesMember[]): Template => {
    const source = text.slice(2, -2).trim();
    let compiled: ReturnType<typeof jsonata>;
    try {
      compiled = jsonata(source, { timeout: EVALUATION_LIMIT_MS });
    } catch (error) {
      problem(path, `is no JSONata: ${messageOf(error)}`);
      return constant(null);
    }
    const names = namesIn(compiled.ast());
    for (const member of names.states)
      if (!allowed.some((name) => name === member))
        problem(path, `reads $states.${member}, which does not exist here (${allowed.join(', ')} do)`);
    for (const name of names.functions)
      if (REFUSED_FUNCTIONS.has(name) || !isFunction(name)) problem(path, `calls unknown function $${name}`);
    for (const name of names.variables) reads.push({ name, path });
    const describe = `The JSONata expression '${source}' specified for the field '${path.replace(/^.*\/States\/[^/]+\//, '')}'`;
    return async (scope) => {
      let value: unknown;
      try {
        value = await compiled.evaluate(undefined, {
          ...scope.variables,
          ...functionsFor(scope),
          states: scope.states,
        });
      } catch (error) {
        throw evaluationError(`${describe} threw an error during evaluation. ${messageOf(error)}`);
      }
      if (value === undefined) throw evaluationError(`${describe} returned nothing (undefined).`);
      const text = JSON.stringify(value, (_, part) =>
        typeof part === 'function' || part?._jsonata_function ? undefined : part,
      );
      if (text === undefined) throw evaluationError(`${describe} returned an unsupported result type.`);
      return JSON.parse(text);
    };
  };

  const compile: Compiler['compile'] = (value, path, allowed) => {
    if (typeof value === 'string') {
      if (isExpression(value)) return expression(value, path, allowed);
      if (value.trim().startsWith('{%') || value.trim().endsWith('%}'))
        problem(path, 'must start with {% and end with %} to be an expression, without blanks outside');
      return constant(value);
    }
    if (Array.isArray(value)) {
      const parts = value.map((part, index) => compile(part, `${path}/${index}`, allowed));
      return async (scope) => Promise.all(parts.map((part) => part(scope)));
    }
    if (isObject(value)) {
      const parts = Object.entries(value).map(
        ([key, part]) => [key, compile(part, `${path}/${key}`, allowed)] as const,
      );
      return async (scope) =>
        Object.fromEntries(await Promise.all(parts.map(async ([key, part]) => [key, await part(scope)] as const)));
    }
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return constant(value);
    problem(path, 'is no JSON value');
    return constant(null);
  };

  return { compile, reads };
};

const constant =
  (value: Json): Template =>
  async () =>
    value;

const evaluationError = (cause: string): StateError => new StateError('States.QueryEvaluationError', cause);

const messageOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  return [code, message].filter(Boolean).join(': ');
};

/** JSONata's own functions, as it implements them. */
const builtins = new Map<string, ((this: unknown, ...args: unknown[]) => unknown) | undefined>();
const loadBuiltin = async (name: string): Promise<void> => {
  const found = await jsonata(`$${name}`).evaluate(undefined);
  builtins.set(name, found?.implementation);
};
const JSONATA_FUNCTIONS =
  'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval toMillis fromMillis clone now millis'.split(
    ' ',
  );
await Promise.all(JSONATA_FUNCTIONS.map(loadBuiltin));

const isFunction = (name: string): boolean => builtins.has(name) || OWN_FUNCTIONS.some((own) => own === name);

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** The functions that Step Functions adds, and those that know the time: both follow the scope. */
const functionsFor = ({ now, random }: Scope): Record<(typeof OWN_FUNCTIONS)[number], unknown> => ({
  now: (picture?: string, zone?: string) => builtins.get('fromMillis')?.call(undefined, now, picture, zone),
  millis: () => now,
  toMillis: (text?: string, picture?: string) =>
    builtins.get('toMillis')?.call({ environment: { timestamp: new Date(now) } }, text, picture),
  uuid: () => randomUUID(),
  random: (seed?: number) => (seed === undefined ? random() : fromSeed(seed)),
  parse: (text: string) => JSON.parse(text),
  hash: (value: unknown, algorithm: string) => {
    const name = HASHES[algorithm];
    if (name === undefined) throw new Error(`$hash: unknown algorithm ${algorithm}`);
    return createHash(name)
      .update(typeof value === 'string' ? value : JSON.stringify(value))
      .digest('hex');
  },
  partition: (values: readonly unknown[], size: number) => {
    if (!(Number.isInteger(size) && size > 0)) throw new Error('$partition: the size must be a positive integer');
    return Array.from({ length: Math.ceil(values.length / size) }, (_, part) =>
      values.slice(part * size, (part + 1) * size),
    );
  },
  range: (first: number, last: number, step: number) => {
    const length = Math.floor((last - first) / step) + 1;
    if (!(step !== 0 && length <= 1000)) throw new Error('$range: at most 1000 values, with a step other than 0');
    return Array.from({ length: Math.max(0, length) }, (_, index) => first + index * step);
  },
});

/** One step of mulberry32: the same seed gives the same number. */
export const fromSeed = (seed: number): number => {
  let mixed = (seed + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

interface Names {
  readonly states: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
}

/** Which names an expression uses from outside: members of `$states`, functions, workflow variables. */
const namesIn = (root: unknown): Names => {
  const states = new Set<string>();
  const functions = new Set<string>();
  const variables = new Set<string>();
  const bound = new Set<string>(['', '$', 'states']);
  const seen = new Set<unknown>();
  const visit = (node: unknown, called: boolean): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    const { type, value, steps, lhs, arguments: parameters } = node as Record<string, unknown>;
    if (type === 'bind') bound.add(String((lhs as { value?: unknown }).value));
    if (type === 'lambda') for (const { value: name } of parameters as { value: string }[]) bound.add(name);
    if (type === 'path' && Array.isArray(steps)) {
      const [first, second] = steps;
      if (first.type === 'variable' && first.value === 'states' && second.type === 'name') states.add(second.value);
      for (const { focus, index } of steps) for (const name of [focus, index]) if (name) bound.add(name);
    }
    if (type === 'variable') (called || isFunction(String(value)) ? functions : variables).add(String(value));
    for (const [key, part] of Object.entries(node)) visit(part, key === 'procedure');
  };
  visit(root, false);
  for (const name of bound) {
    variables.delete(name);
    functions.delete(name);
  }
  return { states, functions, variables };
};
