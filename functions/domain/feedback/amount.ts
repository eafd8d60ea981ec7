import type { Cents } from '../ids.ts';

/** Amount as our files write it: `1234,56`, no thousands separator. */
export const euros = (cents: Cents): string => `${Math.trunc(cents / 100)},${String(cents % 100).padStart(2, '0')}`;

/** Amount within a sentence: `4.350,00`. */
export const dottedEuros = (cents: Cents): string => euros(cents).replace(/\d(?=(\d{3})+,)/g, '$&.');

/** `€ 4.350,00`. */
export const euroWords = (cents: Cents): string => `€ ${dottedEuros(cents)}`;
