import type { Cents } from '../ids.ts';

/** Amount as our files write it: `1234,56`, no thousands separator. */
export const euros = (cents: Cents): string => `${Math.trunc(cents / 100)},${String(cents % 100).padStart(2, '0')}`;
