import type { Signal } from '../signal/signal.ts';
import { doorOf } from './keys.ts';
import { type Name, readName } from './names.ts';
import { cologne, oneSpelling, plain } from './text.ts';

/** Who a record is about, as it was given. Personal data. */
export interface Person {
  readonly givenNames?: string | undefined;
  /** Tussenvoegsel, when it has a column of its own. */
  readonly prefix?: string | undefined;
  readonly surname: string;
  /** `yyyy-mm-dd`; anything else counts as missing. */
  readonly dateOfBirth?: string | undefined;
  readonly street?: string | undefined;
  readonly houseNumber?: string | undefined;
  readonly addition?: string | undefined;
  readonly postcode?: string | undefined;
  readonly city?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

/** A person read once, to be compared many times. Empty text and 0 mean: not given. */
export interface PreparedPerson extends Name {
  /** The surnames as one word, in the order of the alphabet: `jansenvries`. */
  readonly surname: string;
  /** Each surname in the one spelling, and as it sounds. */
  readonly spelled: readonly string[];
  readonly sounds: readonly string[];
  /** yyyymmdd. */
  readonly birth: number;
  /** The digits of one subscriber: without +31 or 0. */
  readonly phone: string;
  readonly email: string;
  readonly postcode: string;
  readonly houseNumber: string;
  readonly addition: string;
  readonly street: string;
  readonly city: string;
}

const birthOf = (text = ''): number => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text.trim()) ?? [];
  return year === undefined || Number(year) < 1000 ? 0 : Number(`${year}${month}${day}`);
};

const phoneOf = (text = ''): string => {
  const digits = text.replace(/\D/g, '').replace(/^(?:0031|31(?=\d{9}$))0?|^0+/, '');
  return digits.length < 6 || /^(\d)\1*$/.test(digits) ? '' : digits;
};

/** Behind a plus stands what the owner wrote for himself; Gmail reads no dots either. */
const emailOf = (text = ''): string => {
  const [, local = '', domain = ''] = /^([^@\s]+)@([^@\s]+)$/.exec(text.trim().toLowerCase()) ?? [];
  if (domain === '') return '';
  const isGmail = domain === 'gmail.com' || domain === 'googlemail.com';
  const bare = local.replace(/(?<=.)\+.*$/, '');
  return `${isGmail ? bare.replaceAll('.', '') : bare}@${isGmail ? 'gmail.com' : domain}`;
};

const letters = (text = ''): string => plain(text).replace(/[^a-z0-9]/g, '');

/** How the ends of street names are shortened. */
const STREETS: Readonly<Record<string, string>> = {
  straat: 'str',
  wg: 'weg',
  laan: 'ln',
  plein: 'pln',
  gracht: 'gr',
};
const streetOf = (text = ''): string =>
  plain(text)
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(/(?:straat|wg|laan|plein|gracht)\b/g, (end) => STREETS[end] ?? end)
    .replaceAll(' ', '');

/** Whether this is a firm, a foundation or a shop: no person, so never linked as one. */
export const isBusiness = (person: Pick<Person, 'givenNames' | 'prefix' | 'surname'>): boolean =>
  readName(person).isBusiness;

/** Reads a person in any spelling. Never throws: what cannot be read counts as not given. */
export const prepare = (person: Person): PreparedPerson => {
  const name = readName(person);
  return {
    ...name,
    surname: name.surnames.length < 2 ? (name.surnames[0] ?? '') : name.surnames.toSorted().join(''),
    spelled: name.surnames.map(oneSpelling),
    sounds: name.surnames.map(cologne),
    birth: birthOf(person.dateOfBirth),
    phone: phoneOf(person.phone),
    email: emailOf(person.email),
    postcode: letters(person.postcode),
    houseNumber: letters(person.houseNumber).replace(/^0+/, ''),
    addition: doorOf('', person.addition),
    street: streetOf(person.street),
    city: letters(person.city),
  };
};

/** The person of a signal: the resident at the address. */
export const personOf = ({ resident, address }: Pick<Signal, 'resident' | 'address'>): Person => ({
  givenNames: resident.initials,
  prefix: resident.prefix,
  surname: resident.surname,
  dateOfBirth: resident.dateOfBirth,
  street: address.street,
  houseNumber: String(address.houseNumber),
  addition: `${address.houseLetter ?? ''} ${address.addition ?? ''}`.trim(),
  postcode: address.postcode,
  city: address.city,
  phone: resident.phone?.e164 ?? resident.phone?.given,
  email: resident.email?.normalised ?? resident.email?.given,
});
