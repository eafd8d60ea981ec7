import type { Governing } from '../agreement/governing.ts';
import type { CaseId, CaseNumber, IsoDate, Period } from '../ids.ts';
import type { Comparison } from '../matching/comparison.ts';
import type { FormedBy } from '../matching/signal-case.ts';
import type { Signal } from '../signal/signal.ts';
import { type FlagFact, flagsOf } from './flags.ts';
import type { Matched } from './matched.ts';
import { rankingInputOf } from './measure.ts';
import type { RankingPolicy } from './policy.ts';
import { type RankedCase, rankCases } from './ranking.ts';

/** The rules that govern a signal, with ranking and threshold as on the day of the list. */
export type PolicyOf = (signal: Signal) => Governing;

/** One resident among those of a case, and which of its signals are about this person (R-MAT-3). */
export interface CasePerson {
  /** As the first of the signals writes it. */
  readonly name: string;
  readonly signals: readonly Signal[];
  /** A company, foundation or the like: never matched as a person. */
  readonly business: boolean;
  /** What the signals were taken together on, a line per pair; empty for one signal. */
  readonly evidence: readonly Comparison[];
}

/** An earlier case at the address, or another case with the same person. */
export interface RelatedCase {
  readonly number: CaseNumber;
  readonly why: 'EARLIER_AT_ADDRESS' | 'EARLIER_SAME_PERSON' | 'SAME_PERSON_ELSEWHERE' | 'POSSIBLY_SAME_PERSON';
  /** What it rests on, in Dutch, without a value of a person. */
  readonly because: string;
}

/** How to approach a case, when the municipality has agreed on a capacity (R-WOR-5). */
export interface Approach {
  readonly channel: 'huisbezoek' | 'telefoon' | 'e-mail' | 'brief';
  readonly because: string;
}

export const MARKS = ['nieuw', 'gewijzigd', 'ingetrokken'] as const;
/** What happened to a case since the list before. */
export type Mark = (typeof MARKS)[number];

/** A case as it stands on the worklist. Personal data: for the executing organisation of its municipality only. */
export interface WorklistCase {
  readonly number: CaseNumber;
  /** The stored case of its first signal. */
  readonly caseId: CaseId;
  readonly formed: FormedBy;
  /** All signals of the case, withdrawn ones too, oldest first. */
  readonly signals: readonly Signal[];
  /** Those that are not withdrawn; all when every one is. */
  readonly shown: readonly [Signal, ...Signal[]];
  readonly persons: readonly CasePerson[];
  readonly flags: readonly FlagFact[];
  readonly related: readonly RelatedCase[];
  /** Absent when nobody has to be approached any more. */
  readonly ranked?: RankedCase;
  /** Absent when nothing was agreed about capacity. */
  readonly approach?: Approach;
}

export const isOpen = ({ status }: Signal): boolean => status !== 'CLOSED' && status !== 'WITHDRAWN';

/**
 * The cases of one month of one executing organisation, ranked over all its municipalities (R-WOR-1, R-WOR-4), those of
 * one policy among each other. `rankings` are the ranking policies of the configuration. Cases that need nobody come last.
 */
export const worklistOf = (
  period: Period,
  found: readonly Matched[],
  policyOf: PolicyOf,
  today: IsoDate,
  rankings: readonly RankingPolicy[] = [],
): readonly WorklistCase[] => {
  const cases = found.flatMap(({ ofMonth, personsIn, before, related }) =>
    ofMonth(period).map((own) => {
      const { number, formed, signals } = own;
      const [first, ...others] = signals.filter(({ status }) => status !== 'WITHDRAWN');
      const standing = first ? ([first, ...others] as const) : undefined;
      const shown = standing ?? signals;
      return {
        number,
        caseId: signals[0].caseId,
        formed,
        signals,
        shown,
        persons: personsIn(shown),
        flags: flagsOf(standing ?? [], before(own)),
        related: related(own),
      };
    }),
  );
  const waiting = cases.flatMap((each) => rankingInputOf(each, policyOf) ?? []);
  const ranks = new Map(rankCases(waiting, today, rankings).map((ranked) => [ranked.caseNumber, ranked]));
  const last = Number.MAX_SAFE_INTEGER;
  return cases
    .map((each) => {
      const ranked = ranks.get(each.number);
      return { ...each, ...(ranked && { ranked }) };
    })
    .sort((a, b) => (a.ranked?.rank ?? last) - (b.ranked?.rank ?? last) || (a.number < b.number ? -1 : 1));
};
