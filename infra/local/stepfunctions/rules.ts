import type { Millis } from '../contract.ts';
import type { Retrier } from './definition.ts';
import { type Json, type Scope, StateError, type Template } from './expressions.ts';

/** AWS's limit on what goes in or out of a state, in bytes of UTF-8. */
export const MAX_PAYLOAD = 262_144;

/**
 * Whether a Retry or Catch of these names is for this error. Nothing is for States.Runtime, which always ends the
 * execution; States.DataLimitExceeded must be named; States.TaskFailed is not for the timeout.
 */
export const matches = (names: readonly string[], error: string): boolean =>
  error !== 'States.Runtime' &&
  names.some(
    (name) =>
      name === error ||
      (error !== 'States.DataLimitExceeded' &&
        (name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout'))),
  );

/** How long to wait before the next attempt, when `used` were made again already. */
export const delayOf = (retrier: Retrier, used: number, random: () => number): Millis => {
  const seconds = Math.min(
    retrier.intervalSeconds * retrier.backoffRate ** used,
    retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY,
  );
  return Math.round(1000 * seconds * (retrier.fullJitter ? random() : 1));
};

export const tooLarge = (value: Json): boolean => Buffer.byteLength(JSON.stringify(value)) > MAX_PAYLOAD;

export const limited = (value: Json, what: string): void => {
  if (tooLarge(value))
    throw new StateError('States.DataLimitExceeded', `${what} exceed the limit of ${MAX_PAYLOAD} bytes.`);
};

/** What a field evaluates to, which must be a whole number from `from`; rejects with States.QueryEvaluationError. */
export const wholeNumber = async (
  template: Template | undefined,
  scope: Scope,
  field: string,
  from: number,
): Promise<number> => {
  const value = await template?.(scope);
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= 99_999_999) return value;
  throw new StateError(
    'States.QueryEvaluationError',
    `The field '${field}' evaluated to no whole number from ${from} to 99999999.`,
  );
};

export const textOf = async (
  template: Template | undefined,
  scope: Scope,
  field: string,
): Promise<string | undefined> => {
  const value = await template?.(scope);
  if (value === undefined || typeof value === 'string') return value;
  throw new StateError('States.QueryEvaluationError', `The field '${field}' evaluated to no text.`);
};
