import { grouped } from '../grouped.ts';
import type { MunicipalityCode, Period } from '../ids.ts';
import { casesOf, householdOf, keyOfMember, type SignalCase } from '../matching/cases.ts';
import type { MatchDecision } from '../matching/decision.ts';
import { type Comparer, comparer, memberKey, personsOf } from '../matching/persons.ts';
import type { Signal } from '../signal/signal.ts';
import { decidedIn } from './decided.ts';
import type { Turn } from './turns.ts';
import { isAwaiting } from './work-tray.ts';
import type { CaseDecision, CasePerson, Link, PossiblePair, RelatedCase } from './worklist.ts';
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
  /** Pairs of persons of one case for somebody to look at: each two at most once. */
  readonly possibleAmong: (persons: readonly CasePerson[]) => readonly PossiblePair[];
  /** What was decided about its signals, in time, undone or not. */
  readonly decisionsOn: (of: SignalCase) => readonly CaseDecision[];
  /** When its signals came to be in other cases than before, in time. */
  readonly turnsOf: (of: SignalCase) => readonly Turn[];
}

const stands = ({ status }: Signal): boolean => status !== 'WITHDRAWN';
const inTime = (a: SignalCase, b: SignalCase): number =>
  a.period === b.period ? (a.number < b.number ? -1 : 1) : a.period < b.period ? -1 : 1;
const distinct = (cases: readonly SignalCase[]): readonly SignalCase[] => [...new Set(cases)].sort(inTime);

/** The doors it is behind, in its month: one, unless it was put together. */
const homesOf = ({ period, signals }: SignalCase): readonly string[] => [
  ...new Set(signals.map((signal) => `${period} ${householdOf(signal)}`)),
];

/** What became of it, without a value of a person: `2026-02, nog niet beantwoord`. */
const endWords = ({ period }: SignalCase, signals: readonly Signal[]): string => {
  const standing = signals.filter(stands);
  const results = new Set(standing.flatMap((signal) => ('outcome' in signal && signal.outcome?.result) || []));
  const ends = [
    ...results,
    ...(standing.some(isAwaiting) ? ['nog niet beantwoord'] : []),
    ...(standing.length === 0 ? ['ingetrokken'] : []),
  ];
  return `${period}, ${ends.join(', ')}`;
};

const bestLink = (
  one: readonly Signal[],
  other: readonly Signal[],
  { compare }: Comparer,
  holds: (a: Signal, b: Signal, { decision }: Link['comparison']) => boolean = () => true,
): Link | undefined => {
  let best: Link | undefined;
  for (const a of one)
    for (const b of other) {
      const comparison = compare(a, b);
      if (holds(a, b, comparison) && comparison.score > (best?.comparison.score ?? Number.NEGATIVE_INFINITY))
        best = { a: a.signalId, b: b.signalId, comparison };
    }
  return best;
};

/** Each further signal with the one before it that it agrees with best. */
const evidenceOf = (signals: readonly Signal[], comparing: Comparer): readonly Link[] =>
  signals.slice(1).flatMap((signal, i) => bestLink(signals.slice(0, i + 1), [signal], comparing) ?? []);

const matchedIn = (
  municipality: MunicipalityCode,
  signals: readonly Signal[],
  decisions: readonly MatchDecision[],
  comparing: Comparer,
): Matched => {
  const cases = casesOf(signals, decisions, comparing).toSorted(inTime);
  const byMonth = grouped(cases, ({ period }) => period);
  const caseOf = new Map(cases.flatMap((each) => each.signals.map((signal) => [signal, each] as const)));
  const atHome = new Map<string, SignalCase[]>();
  for (const each of cases) for (const home of homesOf(each)) atHome.set(home, [...(atHome.get(home) ?? []), each]);
  const byMember = grouped(
    cases.flatMap((each) => each.signals.map((signal) => ({ key: memberKey(signal), signal, each }))),
    ({ key }) => key,
  );
  const decided = decidedIn(signals, cases, decisions, comparing);
  const linksOf = grouped(
    decisions
      .filter(({ kind }) => kind !== 'APART')
      .flatMap(({ one, other, decided: how }) =>
        'model' in how
          ? [...one.map((member) => ({ member, to: other })), ...other.map((member) => ({ member, to: one }))]
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

  const areApart = (a: string, b: string): boolean => apart.has(`${a} ${b}`);
  /** Two signals that stand of who may be one person, and of whom no worker said otherwise. */
  const bestAmong = (one: readonly Signal[], other: readonly Signal[]): Link | undefined =>
    bestLink(
      one.filter(stands),
      other.filter(stands),
      comparing,
      (a, b, { decision }) => decision !== 'DIFFERENT' && !areApart(memberKey(a), memberKey(b)),
    );

  /** All in a case of the person this signal is of. */
  const ofPerson = ({ signals: own }: SignalCase, signal: Signal): readonly Signal[] =>
    personsOf(own, comparing).find((person) => person.includes(signal)) ?? [];

  /**
   * The same person at another address: in a case of this month, or one before it. The model's word of then counts only
   * while signals of both stand and do not say otherwise; what they agree on is of now.
   */
  const elsewhere = (of: SignalCase): readonly RelatedCase[] => {
    const found = new Map<SignalCase, RelatedCase>();
    for (const signal of of.signals)
      for (const member of (linksOf.get(memberKey(signal)) ?? []).flatMap(({ to }) => to)) {
        if (areApart(memberKey(signal), keyOfMember(member))) continue;
        for (const { each, signal: other } of byMember.get(keyOfMember(member)) ?? []) {
          if (each === of || each.period > of.period) continue;
          const theirs = ofPerson(each, other);
          const link = bestAmong(ofPerson(of, signal), theirs);
          if (!link || (found.get(each)?.link?.comparison.score ?? Number.NEGATIVE_INFINITY) >= link.comparison.score)
            continue;
          const sure = each.period === of.period ? 'SAME_PERSON_ELSEWHERE' : 'EARLIER_SAME_PERSON';
          const why = link.comparison.decision === 'SAME' ? sure : 'POSSIBLY_SAME_PERSON';
          found.set(each, { number: each.number, why, because: endWords(each, theirs), link });
        }
      }
    return [...found.values()];
  };

  /** Behind the same door this month, also when one door is spelt two ways and a worker took it apart. */
  const neighbours = (of: SignalCase): readonly SignalCase[] =>
    distinct([...homesOf(of).flatMap((home) => atHome.get(home) ?? []), ...decided.partedFrom(of)]).filter(
      (each) => each !== of,
    );

  /** Somebody in another case at this address may be the same person; a worker who said otherwise is believed. */
  const possibly = (of: SignalCase): readonly RelatedCase[] =>
    neighbours(of).flatMap((each): readonly RelatedCase[] => {
      const link = bestAmong(of.signals, each.signals);
      const { number } = each;
      return link ? [{ number, why: 'POSSIBLY_SAME_PERSON', because: endWords(each, each.signals), link }] : [];
    });

  const possibleAmong = (persons: readonly CasePerson[]): readonly PossiblePair[] =>
    persons.flatMap((one, i) =>
      persons.slice(i + 1).flatMap((other) => {
        const link = bestLink(
          one.signals,
          other.signals,
          comparing,
          (_a, _b, { decision }) => decision !== 'DIFFERENT',
        );
        return link ? [{ ...link, names: [one.name, other.name] as const }] : [];
      }),
    );

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
    possibleAmong,
    decisionsOn: decided.on,
    turnsOf: decided.turns,
    related: (of) => {
      const maybe = possibly(of);
      return [
        ...before(of).map((each) => ({
          number: each.number,
          why: 'EARLIER_AT_ADDRESS' as const,
          because: endWords(each, each.signals),
        })),
        ...elsewhere(of).toSorted((a, b) => (a.number < b.number ? -1 : 1)),
        ...maybe,
        ...neighbours(of)
          .filter(({ number }) => !maybe.some((each) => each.number === number))
          .map((each) => ({
            number: each.number,
            why: 'SAME_ADDRESS' as const,
            because: endWords(each, each.signals),
          })),
      ];
    },
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
