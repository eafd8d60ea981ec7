import type { Governing } from '../agreement/governing.ts';
import type { CaseId, CaseNumber, IsoDate, Period, SignalId } from '../ids.ts';
import type { Comparison } from '../matching/comparison.ts';
import type { MatchDecision } from '../matching/decision.ts';
import type { FormedBy, SharedBy } from '../matching/signal-case.ts';
import type { Signal } from '../signal/signal.ts';
import { type FlagFact, flagsOf } from './flags.ts';
import type { Matched } from './matched.ts';
import { rankingInputOf } from './measure.ts';
import type { RankingPolicy } from './policy.ts';
import { type RankedCase, rankCases } from './ranking.ts';
import type { Turn } from './turns.ts';

/** The rules that govern a signal, with ranking and threshold as on the day of the list. */
export type PolicyOf = (signal: Signal) => Governing;

/** Two signals and how far their residents agree. */
export interface Link {
  readonly a: SignalId;
  readonly b: SignalId;
  readonly comparison: Comparison;
}

/** One resident among those of a case, and which of its signals are about this person (R-MAT-3). */
export interface CasePerson {
  /** As the first of the signals writes it. */
  readonly name: string;
  readonly signals: readonly Signal[];
  /** A company, foundation or the like: never matched as a person. */
  readonly business: boolean;
  /** What the signals were taken together on, a line per pair; empty for one signal. */
  readonly evidence: readonly Link[];
}

/** Two persons of one case, by name, who may be one. */
export interface PossiblePair extends Link {
  readonly names: readonly [string, string];
}

/** What somebody decided about signals of a case and others, also when it was undone since. */
export interface CaseDecision extends Pick<MatchDecision, 'at' | 'decided'> {
  readonly kind: 'APART' | 'TOGETHER';
  /** Signals of this month: of this case, and those they were parted from or put together with. */
  readonly own: readonly SignalId[];
  readonly others: readonly SignalId[];
  /** The cases of the others: after they were parted, or before they were put together. */
  readonly cases: readonly CaseNumber[];
}

/** An earlier case at the address, another case behind the same door, or one with the same person. */
export interface RelatedCase {
  readonly number: CaseNumber;
  readonly why:
    | 'EARLIER_AT_ADDRESS'
    | 'EARLIER_SAME_PERSON'
    | 'SAME_PERSON_ELSEWHERE'
    | 'POSSIBLY_SAME_PERSON'
    | 'SAME_ADDRESS';
  /** Its month and what became of it, in Dutch. */
  readonly because: string;
  /** What it rests on, of persons: a signal of this case, and one of the other. */
  readonly link?: Link;
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
  readonly shared?: SharedBy | undefined;
  /** All signals of the case, withdrawn ones too, oldest first. */
  readonly signals: readonly Signal[];
  /** Those that are not withdrawn; all when every one is. */
  readonly shown: readonly [Signal, ...Signal[]];
  readonly persons: readonly CasePerson[];
  readonly possible: readonly PossiblePair[];
  /** In time. */
  readonly decisions: readonly CaseDecision[];
  readonly turns: readonly Turn[];
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
  const cases = found.flatMap(({ ofMonth, personsIn, possibleAmong, before, related, decisionsOn, turnsOf }) =>
    ofMonth(period).map((own) => {
      const { number, formed, shared, signals } = own;
      const [first, ...others] = signals.filter(({ status }) => status !== 'WITHDRAWN');
      const standing = first ? ([first, ...others] as const) : undefined;
      const shown = standing ?? signals;
      const persons = personsIn(shown);
      return {
        number,
        caseId: signals[0].caseId,
        formed,
        shared,
        signals,
        shown,
        persons,
        possible: possibleAmong(persons),
        decisions: decisionsOn(own),
        turns: turnsOf(own),
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
