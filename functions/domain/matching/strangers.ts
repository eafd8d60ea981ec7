import type { PartnerType } from '../signal/ddas.ts';
import type { Signal } from '../signal/signal.ts';
import { contactsOf, shareSurname } from './compare.ts';
import type { Comparer } from './persons.ts';

/** An arrear of somebody at an address. */
export interface Owed {
  /** As it was said last. */
  readonly last: Signal;
  /** Somebody at this address owed it: reported, and not taken back as a mistake. */
  readonly counts: boolean;
}

/** So many residents with nothing in common are no household: two may be a couple with two names (R-MAT-4). */
export const STRANGERS = 3;
/** Who lets rooms writes of each tenant; of one household there is one tenant. A new tenant does not owe the old one's rent. */
export const RENT: PartnerType = 'Huur';

type Somebody<O extends Owed> = readonly O[];
type Telling = (contact: string) => boolean;

const hasTenancy = (person: Somebody<Owed>): boolean =>
  person.some(({ last, counts }) => counts && last.partnerType === RENT);

const every = (one: Somebody<Owed>, other: Somebody<Owed>, holds: (a: Signal, b: Signal) => boolean): boolean =>
  one.every((a) => other.every((b) => holds(a.last, b.last)));

/** Whether there are three of whom each is apart from the others. */
const haveThree = <T>(among: readonly T[], areApart: (a: T, b: T) => boolean): boolean => {
  const reaches = (chosen: readonly T[], from: number): boolean =>
    chosen.length === STRANGERS ||
    among
      .slice(from)
      .some((one, i) => chosen.every((other) => areApart(one, other)) && reaches([...chosen, one], from + i + 1));
  return among.length >= STRANGERS && reaches([], 0);
};

const residentsAmong = <O extends Owed>(persons: readonly Somebody<O>[], comparing: Comparer): readonly Somebody<O>[] =>
  persons
    .map((person) => person.filter(({ last, counts }) => counts && !comparing.isBusiness(last)))
    .filter((person) => person.length > 0);

/** The telephones and mailboxes that tie people: of three with three surnames it is a landlord's or a guardian's. */
const tellingAmong = (residents: readonly Somebody<Owed>[], comparing: Comparer): Telling => {
  const holders = new Map<string, Set<Somebody<Owed>>>();
  for (const resident of residents)
    for (const { last } of resident)
      for (const contact of contactsOf(comparing.person(last)))
        holders.set(contact, (holders.get(contact) ?? new Set()).add(resident));
  const areOtherNames = (one: Somebody<Owed>, other: Somebody<Owed>): boolean =>
    every(one, other, (a, b) => !shareSurname(comparing.person(a), comparing.person(b)));
  const worn = new Set([...holders].flatMap(([contact, of]) => (haveThree([...of], areOtherNames) ? contact : [])));
  return (contact) => !worn.has(contact);
};

/** Nothing in common. Of two tenants born on two days a telephone or mailbox in common says nothing: it is who lets the rooms. */
const areStrangers = (one: Somebody<Owed>, other: Somebody<Owed>, telling: Telling, comparing: Comparer): boolean => {
  const areTwoTenants =
    hasTenancy(one) && hasTenancy(other) && !every(one, other, (a, b) => !comparing.areBornApart(a, b));
  const ties = areTwoTenants ? () => false : telling;
  return every(one, other, (a, b) => comparing.areStrangers(a, b, ties));
};

/** Strangers live at the address: three or more without anything in common, or two of whom each has a tenancy. */
export const isShared = (persons: readonly Somebody<Owed>[], comparing: Comparer): boolean => {
  const residents = residentsAmong(persons, comparing);
  const telling = tellingAmong(residents, comparing);
  const areApart = (one: Somebody<Owed>, other: Somebody<Owed>) => areStrangers(one, other, telling, comparing);
  const tenants = residents.filter(hasTenancy);
  return (
    tenants.some((one, i) => tenants.slice(i + 1).some((other) => areApart(one, other))) ||
    haveThree(residents, areApart)
  );
};

/** Persons with what ties them: a family stays together where strangers live. */
export const families = <O extends Owed>(
  persons: readonly Somebody<O>[],
  comparing: Comparer,
): readonly Somebody<O>[] => {
  const telling = tellingAmong(residentsAmong(persons, comparing), comparing);
  let left = [...persons];
  const found: Somebody<O>[] = [];
  while (left.length > 0) {
    const [first = [], ...rest] = left;
    const family = [...first];
    left = rest;
    for (let more = true; more; ) {
      const kin = left.filter((person) => !areStrangers(person, family, telling, comparing));
      family.push(...kin.flat());
      left = left.filter((person) => !kin.includes(person));
      more = kin.length > 0;
    }
    found.push(family);
  }
  return found;
};
