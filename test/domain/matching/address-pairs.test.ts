import { describe, expect, it } from 'vitest';
import type { Address } from '#domain/delivery/delivery.ts';
import { parseHouseNumber, parsePostcode } from '#domain/delivery/values.ts';
import { householdParts } from '#domain/matching/keys.ts';

/**
 * Addresses as two partners write them in their files: `huisnummer | huisletter | toevoeging`, and the postcode behind `@`
 * where it matters. They go through the reading of a row before they are compared.
 */
type Pair = readonly [one: string, other: string, why: string];

const SAME: readonly Pair[] = [
  ['12', '12', 'nothing behind the number'],
  ['12', '012', 'a system that writes numbers with leading zeros'],
  ['12 @ 2011 SN', '12 @ 2011SN', 'a blank in the postcode'],
  ['12 @ 2011SN', '12 @ 2011 sn', 'the postcode in small letters'],
  ['12A', '12a', 'case'],
  ['12-A', '12 a', 'sign or blank'],
  ['12/A', '12A', 'a slash'],
  ['12|A|', '12||A', 'letter in the column of additions'],
  ['12A', '12|A|', 'one cell or two'],
  ['12-A', '12||-a', 'sign kept in its own column'],
  ['12A|A|', '12A', 'letter in the number and in its column'],
  ['12A3', '12|A|3', 'letter and addition in one cell'],
  ['12 A-3', '12|A|3', 'with a sign between'],
  ['12|A|3', '12||A3', 'both in the column of additions'],
  ['12|A|03', '12|A|3', 'leading zero behind a letter'],
  ['12-1', '12||1', 'addition in the number'],
  ['12-1', '12||01', 'leading zero of a numeric addition'],
  ['12||001', '12||1', 'three places'],
  ['12||(2)', '12||2', 'in brackets'],
  ['12||/2', '12-2', 'slash in its own column'],
  ['12 hs', '12-HS', 'case of hs'],
  ['12 hs', '12||huis', 'hs is huis'],
  ['12-Huis', '12HS', 'huis in the cell of the number'],
  ['12|A|hs', '12||A-huis', 'behind a letter'],
  ['12 bis', '12||BS', 'Utrecht: the register writes BS'],
  ['12 bis A', '12||BSA', 'Utrecht: bis with a letter'],
  ['12bisA', '12|| bis-a', 'Utrecht: glued'],
  ['12 A bis', '12|A|bs', 'Utrecht: the letter in front'],
  ['12 zwart', '12||ZW', 'Haarlem: the register writes ZW'],
  ['12 rood', '12-RD', 'Haarlem: the register writes RD'],
  ['12|A|rood', '12 A RD', 'Haarlem: behind a letter'],
  ['12 boven', '12||bov', 'shortened'],
  ['12-beneden', '12||ben', 'shortened'],
  ['12-1hoog', '12-1', 'hoog says that 1 is a floor'],
  ['12 1 hg', '12||1', 'hg is hoog'],
  ['12 1 hoog', '12||1hg', 'both ways to write a floor'],
  ['12 2e hoog', '12||2', 'second floor, as said'],
  ['12 3e etage', '12||3-hoog', 'etage is hoog'],
  ['12 I-hoog', '12||1', 'Amsterdam: roman, with hoog it is no letter'],
  ['12 I hoog', '12 1hg', 'the same with a blank'],
  ['12-II', '12-2', 'Amsterdam: roman of two signs'],
  ['12 III', '12||3-hoog', 'Amsterdam: roman of three signs'],
  ['12-IV', '12||4', 'Amsterdam: fourth floor'],
  ['12 2hoog-A', '12||2-a', 'a letter behind the floor'],
  ['12|A|II', '12||A-2', 'roman behind a letter'],
  ['12||2-3', '12 2 03', 'two numbers behind the number'],
  ['12||1e hg', '12||I-hoog', 'two ways for one floor'],
  ['12½', '12 ½', 'half numbers'],
];

const DIFFERENT: readonly Pair[] = [
  ['12', '12A', 'a letter is another door'],
  ['12', '12-1', 'an addition is another door'],
  ['12', '12 hs', 'a partner who leaves hs out may mean the whole house'],
  ['12', '12||0', '0 may be the ground floor'],
  ['12 @ 2011SN', '12 @ 2011SP', 'another postcode'],
  ['12 @ 2011SN', '12 @ 2012SN', 'another neighbourhood'],
  ['12', '14', 'next door'],
  ['12', '121', 'another number'],
  ['12-1', '121', 'the sign parts number and addition'],
  ['12A', '12B', 'letters side by side'],
  ['12-1', '12-2', 'floors'],
  ['12-1', '12-11', 'doors of a gallery'],
  ['12-1', '12-10', 'a zero behind counts'],
  ['12-A', '12-A1', 'a room behind a letter'],
  ['12|A|1', '12|A|2', 'rooms of one letter'],
  ['12|A|1', '12|B|1', 'rooms of two letters'],
  ['12A', '12|A|A', 'door A of A, or a letter told twice'],
  ['12-A1', '12-1A', 'order: floor 1 of A, or door A of floor 1'],
  ['12 hs', '12-1', 'ground floor and first floor'],
  ['12 hs', '12-H', 'H may be the eighth letter'],
  ['12 hs', '12|H|', 'the same in its own column'],
  ['12-I', '12-1', 'I may be the ninth letter'],
  ['12-I', '12 hs', 'a letter or the first floor, never the ground floor'],
  ['12-V', '12-5', 'V may be a letter, or voor'],
  ['12|I|I', '12-II', 'letter I and addition I are no roman number'],
  ['12-II', '12-III', 'floors in roman numbers'],
  ['12 bis', '12', 'Utrecht: bis is the upper house'],
  ['12 bis', '12-B', 'B may be a letter'],
  ['12 bis A', '12 bis B', 'Utrecht: two upper houses'],
  ['12 zwart', '12 rood', 'Haarlem: down and up'],
  ['12 rood', '12-R', 'R may be a letter, or rechts'],
  ['12 zwart', '12-Z', 'Z may be a letter'],
  ['12 rood', '12', 'Haarlem: up is not the whole house'],
  ['12 boven', '12 beneden', 'up and down'],
  ['12 boven', '12-B', 'B stands for either, or for a letter'],
  ['12-1hoog', '12-2hoog', 'two floors'],
  ['12-1e', '12-1', 'E may be a letter'],
  ['12 1 hoog A', '12 1 hoog B', 'two doors of a floor'],
  ['12-12', '12||1-2', 'door 12, or door 2 of floor 1'],
  ['12 k1', '12 k2', 'rooms of a student house'],
  ['12||K 101', '12||K 110', 'rooms with numbers alike'],
  ['12||AA', '12||AB', 'rooms with two letters'],
  ['12 voor', '12 achter', 'front and back'],
  ['12 links', '12 rechts', 'left and right'],
  ['12½', '12', 'half numbers are houses'],
];

const addressOf = (text: string): Address => {
  const [cells = '', postcode = '2011 SN'] = text.split(' @ ');
  const [number = '', letter = '', addition = ''] = cells.split('|').map((cell) => cell.trim());
  const houseNumber = parseHouseNumber(number, letter, addition);
  const parsed = parsePostcode(postcode);
  if (!houseNumber.ok || !parsed.ok) throw new Error(`A partner could not deliver ${text}`);
  return { ...houseNumber.value, postcode: parsed.value };
};
const household = (text: string): string => JSON.stringify(householdParts(addressOf(text)));

describe('one household or two, by how partners write the address', () => {
  it.each(SAME)('[R-MAT-1] %s and %s are one: %s', (one, other) => {
    expect(household(one)).toBe(household(other));
  });
  it.each(DIFFERENT)('[R-MAT-4] %s and %s are two: %s', (one, other) => {
    expect(household(one)).not.toBe(household(other));
  });
  it('[R-MAT-4] no door of one house is taken for another, however many it has', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const floors = Array.from({ length: 30 }, (_, floor) => String(floor + 1));
    const words = ['hs', 'bis', 'zw', 'rd', 'bov', 'ben', 'voor', 'achter', 'links', 'rechts', 'sous'];
    const doors = ['', ...letters, ...floors, ...words].flatMap((door) => [
      { addition: door },
      ...(/^[1-4]$|^hs$|^bis$/.test(door) ? letters.map((letter) => ({ addition: `${door}${letter}` })) : []),
      ...(/^[A-Z]$/.test(door) ? floors.map((floor) => ({ houseLetter: door, addition: floor })) : []),
    ]);
    const keys = doors.map((door) => householdParts({ postcode: '2011SN', houseNumber: 12, ...door }).join('|'));
    expect(keys.length).toBeGreaterThan(900);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
