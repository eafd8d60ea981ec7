import type { ArrearId, HouseholdKey, Instant, MunicipalityCode, WorkerId } from '../ids.ts';
import type { Comparison } from './comparison.ts';

/** Why a worker takes signals apart (R-MAT-4). The second makes the address one of rooms, until all were put together again. */
export const SPLIT_REASONS = ['andere persoon', 'kamers of begeleid wonen', 'ten onrechte samengevoegd'] as const;
/** Why a worker joins cases. */
export const MERGE_REASONS = ['zelfde persoon', 'zelfde huishouden', 'ten onrechte gesplitst'] as const;
export type DecisionReason = (typeof SPLIT_REASONS)[number] | (typeof MERGE_REASONS)[number];

/** Keyed ids only (R-MAT-5): where an arrear was reported, and which. It holds for every month it is reported again. */
export interface Member {
  readonly household: HouseholdKey;
  readonly arrearId: ArrearId;
}

/**
 * That arrears of one municipality are apart or together. Only ever added to: of two that speak of the same pair a
 * worker's goes before the model's, then the later one; so an undo is a decision too, and history stays.
 */
export interface MatchDecision {
  /** From what it comes of, so that the same decision again is the same record. */
  readonly decisionId: string;
  readonly municipality: MunicipalityCode;
  /** SAME_PERSON is told, and joins nothing: the addresses differ. */
  readonly kind: 'APART' | 'TOGETHER' | 'SAME_PERSON';
  /** With APART: who leaves. */
  readonly one: readonly Member[];
  readonly other: readonly Member[];
  readonly at: Instant;
  readonly decided:
    | { readonly by: WorkerId; readonly reason: DecisionReason; readonly source: string }
    | { readonly model: string; readonly evidence: Comparison };
}

/** A decision with where copies of it lie: of one that was interrupted some are missing. */
export interface StoredDecision {
  readonly decision: MatchDecision;
  readonly under: readonly HouseholdKey[];
}

/** The households it speaks of, each of which must have a copy, in the order in which they get it. */
export const householdsOf = ({ one, other }: MatchDecision): readonly HouseholdKey[] =>
  [...new Set([...one, ...other].map(({ household }) => household))].sort();
