import type { PreparedPerson } from './person.ts';

/**
 * Which pairs are worth comparing, so that work grows with the records and not with their square. Records are filed under
 * several kinds of key, each of which forgives an error the others do not; those that share a key are compared.
 */

/** A key of a record; 0 when it lacks what the key is made of. `name` is the place of the surname it is made with. */
export type Kind = (person: PreparedPerson, name: number) => number;

const mixed = (hash: number, part: string | number): number => {
  if (typeof part === 'number') return Math.imul(hash ^ part, 0x5bd1_e995) ^ (part >>> 15);
  let mix = hash;
  for (let i = 0; i < part.length; i += 1) mix = Math.imul(mix ^ part.charCodeAt(i), 0x0100_0193);
  return Math.imul(mix ^ (mix >>> 15), 0x5bd1_e995);
};

/** A number for these parts, 0 where one is not given. That others get it too, by chance, costs a comparison and no more. */
const key = (...parts: readonly [string | number, ...(string | number)[]]): number => {
  let hash = 0x811c_9dc5;
  for (const part of parts) {
    if (part === '' || part === 0) return 0;
    hash = mixed(hash, part);
  }
  return (hash ^ (hash >>> 13)) >>> 2 || 1;
};
const year = ({ birth }: PreparedPerson): number => Math.floor(birth / 10_000);
const place = ({ postcode, city }: PreparedPerson): string => postcode || city;
const called = ({ given, initials }: PreparedPerson): string => given[0] ?? initials.charAt(0);
const inOrder = (a: string, b: string): [string, string] => (a < b ? [a, b] : [b, a]);

/** Each by the name it has in figures. */
export const KINDS: Readonly<Record<string, Kind>> = {
  phone: ({ phone }) => key(phone),
  email: ({ email }) => key(email),
  birth: ({ birth }) => key(birth),
  // Day and month in the order of size: the same when they are swapped.
  'birth swapped': (person) => {
    const [month, day] = [Math.floor(person.birth / 100) % 100, person.birth % 100];
    return key(year(person), Math.min(month, day) * 100 + Math.max(month, day), person.initials.charAt(0));
  },
  'sound, year': (person, name) => key(person.sounds[name] ?? '', year(person)),
  'sound, day': ({ sounds, birth }, name) => key(sounds[name] ?? '', birth % 10_000),
  'postcode, number': ({ postcode, houseNumber }) => key(postcode, houseNumber),
  'street, number': ({ street, houseNumber }) => key(street, houseNumber),
  'surname, place': (person, name) => key(person.spelled[name] ?? '', place(person)),
  'surname, given name': (person, name) => key(person.spelled[name] ?? '', called(person)),
  // Given name and surname in the order of the alphabet: the same when they are swapped.
  'names swapped': ({ given, surname }) => key(...inOrder(given[0] ?? '', surname)),
  'sound, street': (person, name) => key(person.sounds[name] ?? '', person.street),
  'given name, place': (person) => key(person.given[0] ?? '', place(person)),
  mailbox: ({ email }) => key(email.slice(0, email.indexOf('@'))),
  'beginning, year': (person) => key(person.surname.slice(0, 3), person.initials.charAt(0), year(person)),
};

/** By what a block that is too large is taken apart: who shares one of these too is still compared. */
const REFINEMENTS: readonly ((person: PreparedPerson) => number)[] = [
  ({ birth }) => birth,
  ({ initials, surname, birth }) =>
    key(...inOrder(initials.charAt(0) || '-', surname.charAt(0) || '-'), Math.floor(birth / 100) % 100),
  (person) => key(place(person), called(person)),
  (person) => key(person.given[0] ?? '', person.surname),
];

/** Largest block of which every pair is compared. */
const BLOCK_LIMIT = 60;

const NONE = -1;

/** Records under the keys of one kind, as numbers: at most two for each, a person with two surnames having both. */
interface Filed {
  readonly ids: readonly [Int32Array, Int32Array];
  /** How many records each key has. */
  readonly sizes: readonly number[];
}

const file = (persons: readonly PreparedPerson[], keyOf: (index: number, name: number) => number): Filed => {
  const numbers = new Map<number, number>();
  const sizes: number[] = [];
  const ids = [new Int32Array(persons.length).fill(NONE), new Int32Array(persons.length).fill(NONE)] as const;
  for (let index = 0; index < persons.length; index += 1)
    for (let name = 0; name < 2; name += 1) {
      const number = keyOf(index, name);
      if (number === 0) continue;
      const id = numbers.get(number) ?? sizes.length;
      if (id === sizes.length) {
        numbers.set(number, id);
        sizes.push(0);
      }
      if (name === 1 && ids[0][index] === id) continue;
      ids[name === 0 ? 0 : 1][index] = id;
      sizes[id] = (sizes[id] ?? 0) + 1;
    }
  return { ids, sizes };
};

const compares = ({ sizes }: Filed, id: number): boolean => id !== NONE && (sizes[id] ?? 0) <= BLOCK_LIMIT;

/** Pairs as numbers, met in any order and more than once, told once and in order. */
class Pairs {
  private readonly records: number;
  private codes = new Float64Array(1 << 16);
  private count = 0;

  constructor(records: number) {
    this.records = records;
  }

  add(a: number, b: number): void {
    if (this.count === this.codes.length) {
      const longer = new Float64Array(2 * this.count);
      longer.set(this.codes);
      this.codes = longer;
    }
    this.codes[this.count] = a * this.records + b;
    this.count += 1;
  }

  tell(pair: (a: number, b: number) => void): void {
    let last = -1;
    for (const code of this.codes.subarray(0, this.count).sort()) {
      if (code === last) continue;
      last = code;
      pair(Math.floor(code / this.records), code % this.records);
    }
  }
}

/** Adds every two records of one block. With `split`, only those on either side of it. */
const meet = (filed: Filed, pairs: Pairs, split: number | undefined): void => {
  const starts = new Int32Array(filed.sizes.length + 1);
  filed.sizes.forEach((size, id) => {
    starts[id + 1] = (starts[id] ?? 0) + (size <= BLOCK_LIMIT ? size : 0);
  });
  const ends = starts.slice(0, -1);
  const members = new Int32Array(starts[filed.sizes.length] ?? 0);
  const records = filed.ids[0].length;
  // Records come in order, so a block holds those before this one: each pair is met from its later record.
  for (let b = 0; b < records; b += 1)
    for (const slot of filed.ids) {
      const id = slot[b] ?? NONE;
      if (!compares(filed, id)) continue;
      const end = ends[id] ?? 0;
      if (split === undefined || b >= split)
        for (let at = starts[id] ?? 0; at < end; at += 1) {
          const a = members[at] ?? 0;
          if (a !== b && (split === undefined || a < split)) pairs.add(a, b);
        }
      members[end] = b;
      ends[id] = end + 1;
    }
};

/**
 * Calls `pair` once with each two records (by index, the smaller first, in order) that share a key. With `split` only pairs
 * with one record before it and one from it on. A business has no keys. Memory: a number for each time two records meet.
 */
export const candidatePairs = (
  persons: readonly PreparedPerson[],
  pair: (a: number, b: number) => void,
  split?: number,
): void => {
  const pairs = new Pairs(persons.length);
  for (const kind of Object.values(KINDS)) {
    const filed = file(persons, (index, name) => {
      const person = persons[index];
      return person === undefined || person.isBusiness || (name > 0 && person.surnames.length < 2)
        ? 0
        : kind(person, name);
    });
    meet(filed, pairs, split);
    if (!filed.sizes.some((size) => size > BLOCK_LIMIT)) continue;
    for (const refine of REFINEMENTS) {
      const refined = file(persons, (index, name) => {
        const id = filed.ids[name === 0 ? 0 : 1][index] ?? NONE;
        const person = persons[index];
        return id === NONE || person === undefined || compares(filed, id) ? 0 : key(id + 1, refine(person));
      });
      meet(refined, pairs, split);
    }
  }
  pairs.tell(pair);
};
