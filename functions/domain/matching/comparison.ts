/** What is compared of two persons (R-MAT-3). An address says where, a person is who. */
export const FIELDS = ['surname', 'givenNames', 'dateOfBirth', 'phone', 'email', 'address'] as const;
export type Field = (typeof FIELDS)[number];

/** One field of two records: how far it agrees, in the words of the model, and what that says. Holds no value. */
export interface Agreement {
  readonly field: Field;
  /** A level of the model: `EXACT`, `SWAPPED_DAY_MONTH`, `MISSING` … */
  readonly level: string;
  /** log2 of how much likelier this level is for one person than for two; 0 when a value is missing. */
  readonly weight: number;
}

/**
 * What was found of two records, and on what it rests. SAME only where a mistake is practically out of the question;
 * POSSIBLE is for a person to look at and joins nothing by itself.
 */
export interface Comparison {
  readonly decision: 'SAME' | 'POSSIBLE' | 'DIFFERENT';
  /** Sum of the weights with the prior, log2 odds. */
  readonly score: number;
  /** 0 to 1: the score as a probability under the model. */
  readonly probability: number;
  readonly agreements: readonly Agreement[];
  /** Name and version of the model: `persoon 1`. */
  readonly model: string;
}
