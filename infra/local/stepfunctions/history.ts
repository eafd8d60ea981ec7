import type { Millis } from '../contract.ts';
import type { Json } from './expressions.ts';

export const MAX_EVENTS = 25_000;

type Details = { readonly [field: string]: Json | undefined };

/** An event as GetExecutionHistory answers it; `timestamp` in epoch seconds. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: number;
  readonly type: string;
  readonly [details: `${string}EventDetails`]: Details;
}

/** Types whose details AWS files under a name of the family. */
const FAMILIES: readonly (readonly [RegExp, string | undefined])[] = [
  [/^(Task|Pass|Choice|Wait|Succeed|Fail|Map|Parallel)StateEntered$/, 'stateEntered'],
  [/^(Task|Pass|Choice|Wait|Succeed|Map|Parallel)StateExited$/, 'stateExited'],
  [/^(MapStateSucceeded|ParallelState(Started|Succeeded|Failed|Aborted)|MapState(Failed|Aborted))$/, undefined],
];

const detailsName = (type: string): string | undefined => {
  const family = FAMILIES.find(([pattern]) => pattern.test(type));
  return family ? family[1] : type.charAt(0).toLowerCase() + type.slice(1);
};

export const historyEvent = (
  id: number,
  previousEventId: number,
  at: Millis,
  type: string,
  details: Details = {},
): HistoryEvent => {
  const name = detailsName(type);
  return {
    timestamp: at / 1000,
    type,
    id,
    previousEventId,
    ...(name === undefined ? {} : { [`${name}EventDetails`]: details }),
  };
};

const DATA = new Set(['input', 'output', 'parameters', 'assignedVariables']);

/** The event without what went in and out: for `includeExecutionData: false`. */
export const withoutData = (event: HistoryEvent): HistoryEvent =>
  Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key,
      typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).filter(([field]) => !DATA.has(field.replace(/Details$/, ''))))
        : value,
    ]),
  ) as unknown as HistoryEvent;

/** Input or output as text with the note AWS puts beside it. */
export const data = (name: 'input' | 'output' | 'parameters', value: Json): Details => ({
  [name]: JSON.stringify(value),
  ...(name === 'parameters' ? {} : { [`${name}Details`]: { truncated: false } }),
});
