import type { PreparedPerson } from './person.ts';

/** Which pairs are worth comparing, so that work grows with the records and not with their square. */

/** Keys under which a record is filed; records that share one are compared. Empty parts make no key. */
export const keysOf = (person: PreparedPerson): readonly string[] => {
  const { sounds, spelled, initials, birth, phone, email, postcode, houseNumber, given, surname, city } = person;
  const year = Math.floor(birth / 10_000);
  const day = birth % 10_000;
  const first = initials.charAt(0);
  const keys: string[] = [];
  const add = (kind: string, ...parts: readonly (string | number)[]): void => {
    if (parts.every((part) => part !== '' && part !== 0)) keys.push(`${kind}|${parts.join('|')}`);
  };
  if (phone !== '') add('p', phone);
  if (email !== '') add('e', email);
  if (birth !== 0) {
    const [month, date] = [Math.floor(day / 100), day % 100];
    const ordered = Math.min(month, date) * 100 + Math.max(month, date);
    add('b', birth, first);
    add('i', year, ordered, first);
    for (const sound of sounds) {
      add('y', sound, year);
      add('m', sound, day);
    }
    if (given[0] !== undefined) add('g', given[0], year, surname.charAt(0));
    add('bs', birth, surname.charAt(0));
  }
  if (postcode !== '' && houseNumber !== '') add('a', postcode, houseNumber);
  else if (person.street !== '' && houseNumber !== '') add('a', person.street, houseNumber);
  for (const name of spelled) {
    add('n', name, first, postcode === '' ? city : postcode);
    add('f', name, given[0] ?? '');
  }
  return keys;
};

/** Largest block of which every pair is compared; a larger one is refined by what else is known, or passed over. */
export const BLOCK_LIMIT = 60;

/**
 * Calls `pair` once with each two records (by index, the smaller first) that share a key. With `split` only pairs with one
 * record before it and one from it on. Memory: a number per key of a record.
 */
export const candidatePairs = (
  persons: readonly PreparedPerson[],
  pair: (a: number, b: number) => void,
  split?: number,
): void => {
  const ids = new Map<string, number>();
  const own: Int32Array[] = [];
  const counts: number[] = [];
  for (const person of persons) {
    const keys = person.isBusiness ? [] : [...new Set(keysOf(person))];
    own.push(
      Int32Array.from(keys, (key) => {
        let id = ids.get(key);
        if (id === undefined) {
          id = counts.length;
          ids.set(key, id);
          counts.push(0);
        }
        counts[id] = (counts[id] ?? 0) + 1;
        return id;
      }),
    );
  }
  ids.clear();
  const starts = new Int32Array(counts.length + 1);
  counts.forEach((count, id) => {
    starts[id + 1] = (starts[id] ?? 0) + count;
  });
  const filled = new Int32Array(counts.length);
  const members = new Int32Array(starts[counts.length] ?? 0);
  /** Last record each one was paired with: a pair is met once however many keys it shares. */
  const met = new Int32Array(persons.length).fill(-1);
  // Records come in order, so a block holds those before this one: each pair is met from its later record.
  for (let b = 0; b < persons.length; b += 1)
    for (const id of own[b] ?? []) {
      const start = starts[id] ?? 0;
      const end = start + (filled[id] ?? 0);
      if ((counts[id] ?? 0) <= BLOCK_LIMIT && (split === undefined || b >= split))
        for (let at = start; at < end; at += 1) {
          const a = members[at] ?? 0;
          if (met[a] === b || (split !== undefined && a >= split)) continue;
          met[a] = b;
          pair(a, b);
        }
      members[end] = b;
      filled[id] = (filled[id] ?? 0) + 1;
    }
};
