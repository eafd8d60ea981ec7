import { grouped } from '../grouped.ts';
import type { MunicipalityCode, Period } from '../ids.ts';
import { casesOf, householdOf, keyOfMember, type SignalCase } from '../matching/cases.ts';
import type { Comparison } from '../matching/comparison.ts';
import type { MatchDecision } from '../matching/decision.ts';
import { type Comparer, comparer, memberKey, personsOf } from '../matching/persons.ts';
import type { Signal } from '../signal/signal.ts';
import { evidenceWords } from './evidence.ts';
import { isAwaiting } from './work-tray.ts';
import type { CasePerson, RelatedCase } from './worklist.ts';
import { nameWords } from './worklist-columns.ts';

/** The cases of every month of one municipality, found once for all its lists. */
export interface Matched {
  readonly municipality: MunicipalityCode;
  /** In time. */
  readonly cases: readonly SignalCase[];
  readonly ofMonth: (period: Period) => readonly SignalCase[];
  readonly personsIn: (signals: readonly Signal[]) => readonly CasePerson[];
  /** The cases of the months before that a case goes on from, oldest first. */
  readonly before: (of: SignalCase) => readonly SignalCase[];
  readonly related: (of: SignalCase) => readonly RelatedCase[];
}

const stands = ({ status }: Signal): boolean => status !== 'WITHDRAWN';
const inTime = (a: SignalCase, b: SignalCase): number =>
  a.period === b.period ? (a.number < b.number ? -1 : 1) : a.period < b.period ? -1 : 1;
const distinct = (cases: readonly SignalCase[]): readonly SignalCase[] => [...new Set(cases)].sort(inTime);

/** What became of it, without a value of a person: `2026-02, nog niet beantwoord`. */
const endWords = ({ period, signals }: SignalCase): string => {
  const standing = signals.filter(stands);
  const results = new Set(standing.flatMap((signal) => ('outcome' in signal && signal.outcome?.result) || []));
  const ends = [
    ...results,
    ...(standing.some(isAwaiting) ? ['nog niet beantwoord'] : []),
    ...(standing.length === 0 ? ['ingetrokken'] : []),
  ];
  return `${period}, ${ends.join(', ')}`;
};

/** Each further signal with the one before it that it agrees with best. */
const evidenceOf = (signals: readonly Signal[], { compare }: Comparer): readonly Comparison[] =>
  signals.slice(1).flatMap((signal, i) => {
    const [best] = signals
      .slice(0, i + 1)
      .map((earlier) => compare(earlier, signal))
      .sort((a, b) => b.score - a.score);
    return best ?? [];
  });

const matchedIn = (
  municipality: MunicipalityCode,
  signals: readonly Signal[],
  decisions: readonly MatchDecision[],
  comparing: Comparer,
): Matched => {
  const cases = casesOf(signals, decisions, comparing).toSorted(inTime);
  const byMonth = grouped(cases, ({ period }) => period);
  const caseOf = new Map(cases.flatMap((each) => each.signals.map((signal) => [signal, each] as const)));
  const atHome = grouped(cases, ({ period, signals: [first] }) => `${period} ${householdOf(first)}`);
  const byMember = grouped(
    cases.flatMap((each) => each.signals.map((signal) => ({ key: memberKey(signal), each }))),
    ({ key }) => key,
  );
  const linksOf = grouped(
    decisions
      .filter(({ kind }) => kind !== 'APART')
      .flatMap(({ one, other, decided: how }) =>
        'model' in how
          ? [
              ...one.map((member) => ({ member, to: other, evidence: how.evidence })),
              ...other.map((member) => ({ member, to: one, evidence: how.evidence })),
            ]
          : [],
      ),
    ({ member }) => keyOfMember(member),
  );
  const apart = new Set(
    decisions
      .filter(({ kind }) => kind === 'APART')
      .flatMap(({ one, other }) =>
        one.flatMap((a) =>
          other.flatMap((b) => [`${keyOfMember(a)} ${keyOfMember(b)}`, `${keyOfMember(b)} ${keyOfMember(a)}`]),
        ),
      ),
  );

  const before = ({ earlier }: SignalCase): readonly SignalCase[] =>
    distinct(earlier.filter(stands).flatMap((signal) => caseOf.get(signal) ?? []));

  /** The same person at another address: in a case of this month, or the last one before it. */
  const elsewhere = (of: SignalCase): readonly RelatedCase[] => {
    const found = of.signals
      .filter(stands)
      .flatMap((signal) =>
        (linksOf.get(memberKey(signal)) ?? []).flatMap(({ to, evidence }) =>
          to
            .filter((member) => !apart.has(`${memberKey(signal)} ${keyOfMember(member)}`))
            .flatMap((member) => (byMember.get(keyOfMember(member)) ?? []).map(({ each }) => ({ each, evidence }))),
        ),
      );
    const near = found.filter(({ each }) => each !== of && each.period <= of.period && each.signals.some(stands));
    const evidence = new Map(near.map((link) => [link.each, link.evidence]));
    return [...evidence].map(
      ([each, link]): RelatedCase => ({
        number: each.number,
        why: each.period === of.period ? 'SAME_PERSON_ELSEWHERE' : 'EARLIER_SAME_PERSON',
        because: `${endWords(each)}; ${evidenceWords(link)}`,
      }),
    );
  };

  /** Somebody in another case at this address may be the same person; a worker who said otherwise is believed. */
  const possibly = (of: SignalCase): readonly RelatedCase[] =>
    (atHome.get(`${of.period} ${householdOf(of.signals[0])}`) ?? []).flatMap((each) => {
      if (each === of) return [];
      const [best] = of.signals
        .flatMap((a) =>
          each.signals.flatMap((b) =>
            stands(a) && stands(b) && !apart.has(`${memberKey(a)} ${memberKey(b)}`) ? comparing.compare(a, b) : [],
          ),
        )
        .filter(({ decision }) => decision !== 'DIFFERENT')
        .sort((a, b) => b.score - a.score);
      return best ? [{ number: each.number, why: 'POSSIBLY_SAME_PERSON' as const, because: evidenceWords(best) }] : [];
    });

  return {
    municipality,
    cases,
    ofMonth: (period) => byMonth.get(period) ?? [],
    personsIn: (own) =>
      personsOf(own, comparing).map((person): CasePerson => {
        const [first] = person;
        return {
          name: first ? nameWords(first.resident) : '',
          signals: person,
          business: first !== undefined && comparing.isBusiness(first),
          evidence: evidenceOf(person, comparing),
        };
      }),
    before,
    related: (of) => [
      ...before(of).map((each) => ({
        number: each.number,
        why: 'EARLIER_AT_ADDRESS' as const,
        because: endWords(each),
      })),
      ...elsewhere(of).toSorted((a, b) => (a.number < b.number ? -1 : 1)),
      ...possibly(of),
    ],
  };
};

/**
 * One per municipality: what one of them knows is not looked up in another, also where both know the same address and
 * arrear, as after a merger or a corrected address (R-PRI-1, R-MAT-5). `signals` are all that is held of them, `decisions`
 * all that was decided there.
 */
export const matched = (
  signals: readonly Signal[],
  decisions: readonly MatchDecision[],
  comparing: Comparer = comparer(),
): readonly Matched[] => {
  const decided = grouped(decisions, ({ municipality }) => municipality);
  return [...grouped(signals, ({ municipality }) => municipality)].map(([municipality, own]) =>
    matchedIn(municipality, own, decided.get(municipality) ?? [], comparing),
  );
};
