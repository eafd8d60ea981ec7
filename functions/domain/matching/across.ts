import { grouped } from '../grouped.ts';
import type { HouseholdKey, Instant, MunicipalityCode } from '../ids.ts';
import type { Signal } from '../signal/signal.ts';
import { addMonths, periodOf } from '../term/calendar.ts';
import { householdOf, isMistake, keyOfMember, LOOK_BACK } from './cases.ts';
import type { Comparison } from './comparison.ts';
import { lastOf, memberOf } from './decide.ts';
import type { MatchDecision } from './decision.ts';
import { doorOf } from './keys.ts';
import { linkPersons } from './link.ts';
import { type Comparer, comparer, memberKey, personsOf } from './persons.ts';
import { areTenantsBoth, type Owed } from './strangers.ts';

/** Who seems to live at more addresses of one municipality than so many is an office or a name like many, and not told of. */
const MOST_ADDRESSES = 4;

/** A person at one address, with all their arrears there. */
interface Resident {
  readonly household: HouseholdKey;
  readonly signals: readonly Signal[];
}

/** Of a resident every arrear counts: mistakes are left out before. */
const owedBy = ({ signals }: Resident): readonly Owed[] => signals.map((last) => ({ last, counts: true }));

const residentsOf = (signals: readonly Signal[], comparing: Comparer): readonly Resident[] =>
  [...grouped(signals, householdOf)].flatMap(([household, here]) =>
    personsOf(here, comparing).map((person) => ({ household, signals: person })),
  );

/** One front door spelt two ways: the same postcode and number, and what stands behind it left out once (R-MAT-4). */
const isOneDoor = ({ address: a }: Signal, { address: b }: Signal): boolean =>
  a.postcode === b.postcode &&
  a.houseNumber === b.houseNumber &&
  (doorOf(a.houseLetter, a.addition) === '') !== (doorOf(b.houseLetter, b.addition) === '');

/**
 * Whether two at one front door are joined, or only told of as one person. A slip may be made of a door, so of the person
 * nothing may be in doubt: born on one known day, and not a tenant twice (R-MAT-4).
 */
const areJoined = ({ a, b, comparison }: Pair, one: Resident, other: Resident): boolean =>
  isOneDoor(a, b) &&
  comparison.agreements.some(({ field, level }) => field === 'dateOfBirth' && level === 'EXACT') &&
  !areTenantsBoth(owedBy(one), owedBy(other));

interface Pair {
  readonly a: Signal;
  readonly b: Signal;
  readonly comparison: Comparison;
}

const pairText = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

const decisionOf = (
  municipality: MunicipalityCode,
  at: Instant,
  kind: 'TOGETHER' | 'SAME_PERSON',
  { a, b, comparison }: Pair,
  one: Resident,
  other: Resident,
): MatchDecision => ({
  // With its kind: who was told of first and is joined later has a record of each.
  decisionId: [comparison.model.replace(/[^a-z0-9]+/gi, ''), kind, memberKey(a), memberKey(b)]
    .join('-')
    .replaceAll('#', '.'),
  municipality,
  kind,
  one: one.signals.map(memberOf),
  other: other.signals.map(memberOf),
  at,
  decided: { model: comparison.model, evidence: comparison },
});

/**
 * What the model finds of persons at more than one address of a municipality and nobody decided yet (R-MAT-3): TOGETHER
 * for one front door spelt two ways, SAME_PERSON otherwise. Only who is surely the same, reported in the months that
 * count; two addresses that a worker took apart are left alone. The order of the signals does not matter, nor whether a
 * list was made before all of them were there: who was only told of is joined once nothing is in doubt any more.
 */
export const newLinks = (
  municipality: MunicipalityCode,
  signals: readonly Signal[],
  known: readonly MatchDecision[],
  now: Instant,
  comparing: Comparer = comparer(),
): readonly MatchDecision[] => {
  const from = addMonths(periodOf(now), -LOOK_BACK);
  const recent = lastOf(signals.filter((signal) => from <= signal.period && !isMistake(signal)));
  const persons = recent.filter((signal) => !comparing.isNobody(signal));
  const homes = persons.map(householdOf);
  const pairs = linkPersons(
    persons.map((signal) => ({ key: signal, person: comparing.person(signal) })),
    { among: (i, j) => homes[i] !== homes[j], surely: true },
  );
  if (pairs.length === 0) return [];
  const concerned = new Set(pairs.flatMap(({ a, b }) => [householdOf(a), householdOf(b)]));
  const residents = residentsOf(
    persons.filter((signal) => concerned.has(householdOf(signal))),
    comparing,
  );
  const residentOf = new Map(
    residents.flatMap((each) => each.signals.map((signal) => [memberKey(signal), each] as const)),
  );

  const decided = new Set<string>();
  // By the model, of who was in doubt then.
  const told = new Set<string>();
  for (const { kind, one, other, decided: how } of known)
    for (const a of one)
      for (const b of other) {
        const [mine, theirs] = [a, b].map((member) => residentOf.get(keyOfMember(member)));
        const among = kind === 'SAME_PERSON' ? told : decided;
        for (const x of mine?.signals ?? [])
          for (const y of theirs?.signals ?? []) among.add(pairText(memberKey(x), memberKey(y)));
        if (kind === 'APART' && 'by' in how && a.household !== b.household)
          decided.add(pairText(a.household, b.household));
      }

  const addresses = new Map<Resident, Set<HouseholdKey>>();
  const best = new Map<string, Pair & { readonly one: Resident; readonly other: Resident }>();
  for (const pair of pairs.toSorted((x, y) => y.comparison.score - x.comparison.score)) {
    const [one, other] = [residentOf.get(memberKey(pair.a)), residentOf.get(memberKey(pair.b))];
    if (!one || !other) continue;
    for (const [each, there] of [
      [one, other.household],
      [other, one.household],
    ] as const)
      addresses.set(each, (addresses.get(each) ?? new Set()).add(there));
    const [x, y] = [one, other].map(({ signals: [first] }) => (first ? memberKey(first) : ''));
    const key = pairText(x ?? '', y ?? '');
    if (!best.has(key)) best.set(key, { ...pair, one, other });
  }
  return [...best.values()]
    .map((pair) => ({
      ...pair,
      kind: areJoined(pair, pair.one, pair.other) ? ('TOGETHER' as const) : ('SAME_PERSON' as const),
    }))
    .filter(
      ({ a, b, one, other, kind }) =>
        !decided.has(pairText(memberKey(a), memberKey(b))) &&
        (kind === 'TOGETHER' || !told.has(pairText(memberKey(a), memberKey(b)))) &&
        !decided.has(pairText(one.household, other.household)) &&
        (isOneDoor(a, b) || [one, other].every((each) => (addresses.get(each)?.size ?? 0) < MOST_ADDRESSES)),
    )
    .map(({ one, other, kind, ...pair }) => decisionOf(municipality, now, kind, pair, one, other));
};
