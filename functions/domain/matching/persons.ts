import type { Signal } from '../signal/signal.ts';
import { areUnrelated, comparePersons } from './compare.ts';
import type { Comparison, Field } from './comparison.ts';
import { linkPersons } from './link.ts';
import { type PreparedPerson, personOf, prepare } from './person.ts';

/** Compares the residents of signals; each is read once, each pair compared once. For the time of one list or line. */
export interface Comparer {
  readonly person: (signal: Signal) => PreparedPerson;
  readonly compare: (a: Signal, b: Signal) => Comparison;
  /** Nothing ties these two: no name, nor a contact that ties, in common, and not one person under two names (R-MAT-4). */
  readonly areStrangers: (a: Signal, b: Signal, ties: (contact: string) => boolean) => boolean;
  readonly areBornApart: (a: Signal, b: Signal) => boolean;
  /** A firm or foundation. */
  readonly isBusiness: (signal: Signal) => boolean;
  /** A firm, or `Bewoner` where a name was not known: says nothing of who lives there, and is one person with nobody. */
  readonly isNobody: (signal: Signal) => boolean;
}

/** Written where a name was not known; a form of address alone leaves no surname at all. */
const UNNAMED =
  /^(?:nn?|x+|nomen nescio|(?:naam )?onbekend|niet bekend|geen naam|(?:(?:onbekende|huidige|eigenaar) )?(?:bewoners?|bewoonster|huurders?|huurster|eigenaar|onbekende)(?: (?:dit )?(?:pand|adres))?)?$/;

/** Pairs of numbers below this make one number: 67 million signals of a municipality at most. */
const PAIR = 2 ** 26;

interface Read {
  readonly n: number;
  readonly person: PreparedPerson;
  readonly nobody: boolean;
}

export const comparer = (): Comparer => {
  const read = new Map<Signal, Read>();
  const reading = (signal: Signal): Read => {
    const found = read.get(signal);
    if (found) return found;
    const person = prepare(personOf(signal));
    const nobody = person.isBusiness || UNNAMED.test(person.surnames.join(' '));
    const fresh = { n: read.size, person, nobody };
    read.set(signal, fresh);
    return fresh;
  };
  const comparing = (as: (person: PreparedPerson) => PreparedPerson) => {
    const known = new Map<number, Comparison>();
    return (a: Signal, b: Signal): Comparison => {
      const [one, other] = [reading(a), reading(b)];
      const pair = Math.min(one.n, other.n) * PAIR + Math.max(one.n, other.n);
      const found = known.get(pair) ?? comparePersons(as(one.person), as(other.person));
      known.set(pair, found);
      return found;
    };
  };
  const compare = comparing((person) => person);
  // Without telephone and mailbox: what ties nobody makes nobody one person either.
  const compareBare = comparing((person) => ({ ...person, phone: '', email: '' }));
  return {
    person: (signal) => reading(signal).person,
    compare,
    areStrangers: (a, b, ties) =>
      areUnrelated(reading(a).person, reading(b).person, ties) && compareBare(a, b).decision === 'DIFFERENT',
    areBornApart: (a, b) => compare(a, b).agreements.some(({ field, weight }) => field === 'dateOfBirth' && weight < 0),
    isBusiness: (signal) => reading(signal).person.isBusiness,
    isNobody: (signal) => reading(signal).nobody,
  };
};

/** What says who somebody is. Telephone, e-mail and address change, and are shared. */
const WHO: readonly Field[] = ['surname', 'givenNames', 'dateOfBirth'];

/** One changes a surname, never a day of birth or a given name. */
const FOR_LIFE: readonly Field[] = ['givenNames', 'dateOfBirth'];

/**
 * Two persons, and not for want of data: who they are differs. Also where it is for a person to look at: a report that does
 * not say which of father and son it is about must not make one of them.
 */
export const contradicts = ({ decision, agreements }: Comparison): boolean =>
  decision === 'DIFFERENT'
    ? agreements.some(({ field, weight }) => WHO.includes(field) && weight < 0)
    : decision === 'POSSIBLE' &&
      agreements.some(({ field, level }) => FOR_LIFE.includes(field) && level === 'DIFFERENT');

/** Where an arrear was reported, as text: the order in which nothing depends on who came first. */
export const memberKey = ({ caseId, arrearId }: Pick<Signal, 'caseId' | 'arrearId'>): string =>
  `${caseId.slice(10)}#${arrearId}`;

/** Up to so many every pair is compared; beyond, as at the address of an institution, those that share a blocking key. */
const ALL_PAIRS = 40;

interface Pair {
  readonly i: number;
  readonly j: number;
  readonly score: number;
}

const samePairs = (signals: readonly Signal[], { person, compare }: Comparer): readonly Pair[] => {
  if (signals.length > ALL_PAIRS)
    return linkPersons(
      signals.map((signal, key) => ({ key, person: person(signal) })),
      { surely: true },
    ).map(({ a, b, comparison: { score } }) => ({ i: a, j: b, score }));
  return signals.flatMap((one, i) =>
    signals.slice(i + 1).flatMap((other, k) => {
      const { decision, score } = compare(one, other);
      return decision === 'SAME' ? [{ i, j: i + 1 + k, score }] : [];
    }),
  );
};

/**
 * The persons among signals (R-MAT-3). The surest pairs first, and whoever joins must be the same as one and contradict
 * none: that a is b and b is c does not make strangers of a and c one. The order of the signals does not matter.
 */
export const personsOf = (
  signals: readonly Signal[],
  comparing: Comparer,
  areApart: (a: Signal, b: Signal) => boolean = () => false,
): readonly (readonly Signal[])[] => {
  const sorted = signals.toSorted((a, b) => (memberKey(a) < memberKey(b) ? -1 : 1));
  const groups: (readonly Signal[])[] = sorted.map((signal) => [signal]);
  if (sorted.length < 2) return groups;
  const mayJoin = (one: readonly Signal[], other: readonly Signal[]): boolean =>
    ![...one, ...other].some(comparing.isNobody) &&
    one.every((a) => other.every((b) => !areApart(a, b) && !contradicts(comparing.compare(a, b))));
  for (const { i, j } of samePairs(sorted, comparing).toSorted((a, b) => b.score - a.score || a.i - b.i || a.j - b.j)) {
    const [one = [], other = []] = [groups[i], groups[j]];
    if (one === other || !mayJoin(one, other)) continue;
    const joined = [...one, ...other];
    for (const [k, signal] of sorted.entries()) if (joined.includes(signal)) groups[k] = joined;
  }
  return [...new Set(groups)];
};
