import { isDeepStrictEqual } from 'node:util';
import type { ExpectedLife, PlannedSignal } from './plan.ts';

/** One thing that is not as the plan says. */
interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}
export interface Checked {
  readonly comparisons: number;
  readonly differences: readonly Difference[];
}

/** Signals of the plan by name, with what must have become of them. */
export type Expected = ReadonlyMap<string, { readonly signal: PlannedSignal; readonly after: ExpectedLife }>;

/** Holds what was found against what was expected. */
export type Same = (what: string, expected: unknown, found: unknown) => void;

export const tally = (items: Iterable<string>): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of [...items].sort()) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only what differs, so that a reader sees it at once. */
const narrowed = (expected: unknown, found: unknown): [unknown, unknown] => {
  if (isRecord(expected) && isRecord(found)) {
    const names = Object.keys({ ...expected, ...found }).filter(
      (name) => !isDeepStrictEqual(expected[name], found[name]),
    );
    const only = (of: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(names.map((name) => [name, of[name] ?? '–']));
    return [only(expected), only(found)];
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    const from = expected.findIndex((each, i) => !isDeepStrictEqual(each, found[i]));
    const at = from < 0 ? expected.length : from;
    return [expected.slice(at), found.slice(at)];
  }
  return [expected, found];
};

const LONGEST = 600;
const shown = (value: unknown): string => {
  const text = (JSON.stringify(value) ?? '–').replaceAll(/([,:])(?=\S)/g, '$1 ');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
};

/** Runs comparisons and keeps what differs. */
export const comparing = (compare: (same: Same) => void): Checked => {
  const differences: Difference[] = [];
  let comparisons = 0;
  compare((what, expected, found) => {
    comparisons += 1;
    if (isDeepStrictEqual(expected, found)) return;
    const [wanted, seen] = narrowed(expected, found);
    differences.push({ what, expected: shown(wanted), found: shown(seen) });
  });
  return { comparisons, differences };
};
