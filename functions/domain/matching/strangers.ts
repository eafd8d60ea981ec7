import { grouped } from '../grouped.ts';
import type { PartnerType } from '../signal/ddas.ts';
import type { Signal } from '../signal/signal.ts';
import { contactsOf, shareContact, shareSurname } from './compare.ts';
import type { PreparedPerson } from './person.ts';
import type { Comparer } from './persons.ts';
import { SURNAMES } from './surnames.ts';
import { oneSpelling } from './text.ts';

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

/**
 * More persons at one address are an institution, or a town hall with letters for many: no household, and a tie among them is
 * chance. Nobody is compared with everybody then, so that work grows with those who live there and not with their square.
 */
const INSTITUTION = 30;

type Somebody<O extends Owed> = readonly O[];
type Telling = (contact: string) => boolean;

const hasTenancy = (person: Somebody<Owed>): boolean =>
  person.some(({ last, counts }) => counts && last.partnerType === RENT);

/** Two tenancies are two homes: the model never makes one case of them, whatever else agrees (R-MAT-4). */
export const areTenantsBoth = (one: Somebody<Owed>, other: Somebody<Owed>): boolean =>
  hasTenancy(one) && hasTenancy(other);

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
    .map((person) => person.filter(({ last, counts }) => counts && !comparing.isNobody(last)))
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

/** Who lives at an address, and who of them have nothing in common. */
const groundOf = (persons: readonly Somebody<Owed>[], comparing: Comparer) => {
  const residents = residentsAmong(persons, comparing);
  const isTelling = tellingAmong(residents, comparing);
  // Of two tenants born on two days a telephone or mailbox in common says nothing: it is of who lets the rooms.
  const areStrangers = (one: Somebody<Owed>, other: Somebody<Owed>): boolean => {
    const areTwoTenants = areTenantsBoth(one, other) && !every(one, other, (a, b) => !comparing.areBornApart(a, b));
    const ties = areTwoTenants ? () => false : isTelling;
    return every(one, other, (a, b) => comparing.areStrangers(a, b, ties));
  };
  return { residents, isTelling, areStrangers };
};

/** Strangers live at the address: three or more without anything in common, or two of whom each has a tenancy. */
export const sharedBy = (
  persons: readonly Somebody<Owed>[],
  comparing: Comparer,
): 'TENANTS' | 'STRANGERS' | undefined => {
  if (residentsAmong(persons, comparing).length > INSTITUTION) return 'STRANGERS';
  const { residents, areStrangers } = groundOf(persons, comparing);
  const tenants = residents.filter(hasTenancy);
  if (tenants.some((one, i) => tenants.slice(i + 1).some((other) => areStrangers(one, other)))) return 'TENANTS';
  return haveThree(residents, areStrangers) ? 'STRANGERS' : undefined;
};

/** Surnames, in one spelling, of so many people that strangers in one house may bear them. */
const COMMON = new Set(Object.keys(SURNAMES.of).map(oneSpelling));

/** The whole surname of one of two, in the other's, and not a common one. */
const shareRareSurname = ({ spelled: a }: PreparedPerson, { spelled: b }: PreparedPerson): boolean => {
  const [few, many] = a.length < b.length ? [a, b] : [b, a];
  return few.some((name) => !COMMON.has(name)) && few.every((name) => many.includes(name));
};

/**
 * Persons of a shared address with whom they belong to: two tenants never do, and others by a telephone, a mailbox or a
 * surname, which must be a rare one where three strangers live. Only who are tied to the very same people are one family:
 * that a is tied to b and b to c does not join a and c, and who is tied to either of two tenants stays with neither. A firm
 * is tied to nobody but itself, whosever name it bears, and who was not named to nobody: any of them may owe it. Of an
 * institution everybody is alone.
 */
export const families = <O extends Owed>(
  persons: readonly Somebody<O>[],
  comparing: Comparer,
): readonly Somebody<O>[] => {
  if (persons.length > INSTITUTION) return persons;
  const ground = groundOf(persons, comparing);
  const share = haveThree(ground.residents, ground.areStrangers) ? shareRareSurname : shareSurname;
  const areTied = (one: Somebody<O>, other: Somebody<O>): boolean =>
    !areTenantsBoth(one, other) &&
    !every(one, other, (a, b) => {
      const [mine, theirs] = [comparing.person(a), comparing.person(b)];
      if (comparing.isNobody(a) || comparing.isNobody(b))
        return !mine.isBusiness || !theirs.isBusiness || mine.surname !== theirs.surname;
      return !share(mine, theirs) && !shareContact(mine, theirs, ground.isTelling);
    });
  const circleOf = (one: Somebody<O>): string =>
    persons.flatMap((other, i) => (one === other || areTied(one, other) ? i : [])).join();
  return [...grouped(persons, circleOf).values()].map((family) => family.flat());
};
