import { z } from 'zod';
import { DELIVERY_COLUMNS } from './columns.ts';
import { MAX_COLUMNS } from './dialect.ts';

/**
 * How a delivering party writes its own files, where that differs from ours (DOMAIN section 12): its headers, its dates
 * and amounts, words of its own, fixed values and defaults. Data, stored with the party.
 */
export const DATE_FORMATS = ['dd-mm-jjjj', 'mm-dd-jjjj', 'jjjj-mm-dd', 'jjjjmmdd', 'ddmmjjjj'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** `1.234,56` · `1,234.56` · whole cents (`123456`). */
export const AMOUNT_FORMATS = ['komma', 'punt', 'centen'] as const;
export type AmountFormat = (typeof AMOUNT_FORMATS)[number];

/** A longer name is none. */
export const MAX_HEADER = 120;

const cell = z.string().max(200);
const Column = z.enum(DELIVERY_COLUMNS);

export const ColumnMapping = z.strictObject({
  /** Header as the party writes it (case, blanks, `_` and `-` do not count) to a column of ours; `null`: not ours, left out. */
  columns: z
    .array(z.strictObject({ header: z.string().trim().min(1).max(MAX_HEADER), column: Column.nullable() }))
    .max(MAX_COLUMNS)
    .default([]),
  /** The one way this party writes dates; the separator may be `-`, `/` or `.`. Absent: our own three ways. */
  dates: z.enum(DATE_FORMATS).optional(),
  amounts: z.enum(AMOUNT_FORMATS).optional(),
  /** Words of the party for values of ours: `{ column: 'fase', from: 'Deurw.', to: 'deurwaarder' }`. */
  words: z
    .array(z.strictObject({ column: Column, from: cell.min(1), to: cell }))
    .max(500)
    .default([]),
  /** The column is not in the file: every row has this value. */
  fixed: z
    .array(z.strictObject({ column: Column, value: cell.min(1) }))
    .max(40)
    .default([]),
  /** An empty cell has this value. */
  defaults: z
    .array(z.strictObject({ column: Column, value: cell.min(1) }))
    .max(40)
    .default([]),
});
export type ColumnMapping = z.infer<typeof ColumnMapping>;
