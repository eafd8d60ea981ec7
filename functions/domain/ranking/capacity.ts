import type { Capacity } from '../agreement/configuration.ts';
import { grouped } from '../grouped.ts';
import type { CaseNumber, IsoDate } from '../ids.ts';
import { conversationHeld } from '../signal/transition.ts';
import { amsterdamDate } from '../term/calendar.ts';
import { dutchDate, dutchMonth } from '../term/explain.ts';
import { CRISIS_KINDS } from '../term/terms.ts';
import type { Matched } from './matched.ts';
import { isHomeVisit, rankingInputOf } from './measure.ts';
import type { RankingPolicy } from './policy.ts';
import { rankCases } from './ranking.ts';
import { isAwaiting } from './work-tray.ts';
import type { Approach, PolicyOf, WorklistCase } from './worklist.ts';

/** The open cases of one household, of every month and every partner: one front door, one approach (R-WOR-5). */
interface Door {
  readonly key: string;
  /** The first one stands highest. */
  readonly cases: readonly [WorklistCase, ...WorklistCase[]];
}

/** What is known of the cases of a municipality, on a list or not. */
type Known = Pick<Matched, 'municipality' | 'cases' | 'before' | 'turnsOf'>;

/** A case number without its month. */
const homeOf = (number: CaseNumber): string => number.slice('0000-0000-'.length);

/**
 * Which front door each case is behind, also of months that are on no list any more: its number without the month, which is
 * the household and where strangers live the part of it (R-MAT-4); or that of the earlier case it goes on from, where the
 * part has another name. Two cases of one month stay two.
 */
const doorsOf = ({ cases, before }: Known): ReadonlyMap<CaseNumber, string> => {
  const doors = new Map<CaseNumber, string>();
  const taken = new Set<string>();
  for (const each of cases) {
    const { number, period } = each;
    const own = homeOf(number);
    const earlier = before(each).flatMap((one) => doors.get(one.number) ?? []);
    const door = earlier.find((one) => !taken.has(`${period} ${one}`)) ?? own;
    taken.add(`${period} ${door}`);
    doors.set(number, door);
  }
  return doors;
};

/**
 * Visits held in the month of `today` and the doors they were at. One visit may stand at signals of several months, and of
 * what was one case that day and fell apart since, often by what was seen there.
 */
const heldVisits = (known: Known | undefined, doorOf: (number: CaseNumber) => string, today: IsoDate) => {
  const visits = new Set<string>();
  const at = new Map<string, IsoDate>();
  for (const each of known?.cases ?? [])
    for (const signal of each.signals)
      for (const { date, dayPart, ...attempt } of signal.contactAttempts) {
        if (!isHomeVisit(attempt) || date.slice(0, 7) !== today.slice(0, 7)) continue;
        const turn = known?.turnsOf(each).find((one) => date <= amsterdamDate(one.at) && one.was.has(signal));
        const was = turn?.was.get(signal);
        const door = doorOf(each.number);
        visits.add(`${was === undefined ? door : homeOf(was)} ${date} ${dayPart ?? ''}`);
        at.set(door, date);
      }
  return { held: visits.size, at };
};

const isUrgent = ({ shown }: WorklistCase): boolean =>
  shown.some((signal) => isAwaiting(signal) && CRISIS_KINDS.includes(signal.kind) && !conversationHeld(signal));

/** The first other way that can be used: a number or an address that is known and can be used. */
const otherChannel = ({ cases }: Door, { otherChannels }: Capacity): Pick<Approach, 'channel' | 'because'> => {
  const residents = cases.flatMap(({ shown }) => shown.map(({ resident }) => resident));
  const usable = {
    telefoon: residents.some(({ phone }) => phone?.e164 !== undefined) && 'telefoonnummer bekend',
    'e-mail': residents.some(({ email }) => email?.normalised !== undefined) && 'e-mailadres bekend',
    brief: otherChannels.length > 1 ? 'geen telefoonnummer of e-mailadres bekend' : 'zo is afgesproken',
  };
  const channel = otherChannels.find((each) => usable[each] !== false) ?? 'brief';
  return { channel, because: String(usable[channel]) };
};

/** For each door how it is approached, in order of rank. */
const approachDoors = (
  doors: readonly Door[],
  capacity: Capacity,
  { held, at }: ReturnType<typeof heldVisits>,
  today: IsoDate,
): ReadonlyMap<Door, Approach> => {
  const month = dutchMonth(today);
  const approaches = new Map<Door, Approach>();
  let used = held;
  const visit = (door: Door, why: string): void => {
    used += 1;
    approaches.set(door, { channel: 'huisbezoek', because: `${why}: ${used} van ${capacity.homeVisits} in ${month}` });
  };
  const left = doors.filter((door) => !at.has(door.key));
  // These are visited also when nothing is left, and count off before who else may be.
  if (capacity.crisis === 'ALWAYS')
    for (const door of left) if (door.cases.some(isUrgent)) visit(door, 'crisis, altijd een huisbezoek');
  for (const door of left) {
    if (approaches.has(door) || used >= capacity.homeVisits) continue;
    const isEarlier = door.cases[0].shown[0].period !== today.slice(0, 7);
    visit(door, isEarlier ? 'huisbezoek dat over is voor eerdere maanden' : 'huisbezoek naar rang');
  }
  for (const door of doors) {
    if (approaches.has(door)) continue;
    const { channel, because } = otherChannel(door, capacity);
    const visited = at.get(door.key);
    const why =
      visited === undefined
        ? `geen huisbezoek over (${capacity.homeVisits} in ${month}, ${held} gehouden)`
        : `huisbezoek gehouden op ${dutchDate(visited)}`;
    approaches.set(door, { channel, because: `${why}, ${because}` });
  }
  return approaches;
};

/**
 * How to approach each case that somebody has to be approached for, where its municipality agreed on a capacity (R-WOR-5):
 * home visits by rank within what is left of this month's, cases of this month first and then those of earlier ones; the
 * others by what is known of them. A household is one visit, whatever months and partners its cases are of. `cases` are
 * those on the lists, `found` every case there is, for who lives behind which door and the visits that were held; without
 * it every case is a door. Nothing about the sender is read (R-WOR-2).
 */
export const approachesOf = (
  cases: readonly WorklistCase[],
  found: readonly Known[],
  policyOf: PolicyOf,
  today: IsoDate,
  rankings: readonly RankingPolicy[],
): ReadonlyMap<CaseNumber, Approach> => {
  const approaches = new Map<CaseNumber, Approach>();
  for (const [municipality, own] of grouped(cases, ({ shown: [{ municipality }] }) => municipality)) {
    const capacity = own[0] && policyOf(own[0].shown[0]).capacity;
    if (!capacity) continue;
    const known = found.find((each) => each.municipality === municipality);
    const doors = known && doorsOf(known);
    const doorOf = (number: CaseNumber): string => doors?.get(number) ?? number;
    const inputs = own.flatMap((each) => rankingInputOf(each, policyOf) ?? []);
    // All months in one ranking: of this month alone it is the order of its list.
    const ranks = new Map(rankCases(inputs, today, rankings).map(({ caseNumber, rank }) => [caseNumber, rank]));
    const rankOf = ({ number }: WorklistCase): number => ranks.get(number) ?? 0;
    const isEarlier = ({ shown: [{ period }] }: WorklistCase): number => Number(period !== today.slice(0, 7));
    const ordered = own
      .filter(({ number }) => ranks.has(number))
      .sort((a, b) => isEarlier(a) - isEarlier(b) || rankOf(a) - rankOf(b));
    const waiting = [...grouped(ordered, ({ number }) => doorOf(number))].flatMap(([key, [first, ...others]]) =>
      first ? [{ key, cases: [first, ...others] as const }] : [],
    );
    const held = heldVisits(known, doorOf, today);
    for (const [{ cases: behind }, approach] of approachDoors(waiting, capacity, held, today))
      for (const { number } of behind)
        approaches.set(
          number,
          number === behind[0].number
            ? approach
            : { channel: approach.channel, because: `samen met zaak ${behind[0].number}` },
        );
  }
  return approaches;
};
