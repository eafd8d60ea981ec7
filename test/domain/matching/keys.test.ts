import { describe, expect, it } from 'vitest';
import { PartnerId } from '#domain/ids.ts';
import { arrearParts, canonicalJson, householdParts } from '#domain/matching/keys.ts';

const home = { houseNumber: 12, postcode: '2011SN' };

describe('what the keyed hashes are made of', () => {
  it('[R-MAT-1] one address, however it is written', () => {
    const parts = householdParts({ ...home, houseLetter: 'A' });
    for (const other of [{ houseLetter: 'a' }, { addition: 'a' }, { addition: '-A' }])
      expect(householdParts({ ...home, ...other, street: 'Anders', city: 'Elders' })).toEqual(parts);
    expect(householdParts({ ...home, houseLetter: 'A', addition: '3' })).toEqual(
      householdParts({ ...home, addition: 'A-3' }),
    );
  });
  it('[R-MAT-4] never another addition, letter, number or postcode', () => {
    const all = [
      home,
      { ...home, addition: '1' },
      { ...home, addition: '2' },
      { ...home, addition: 'hs' },
      { ...home, houseNumber: 121 },
      { ...home, postcode: '2011SP' },
    ].map((address) => householdParts(address).join('|'));
    expect(new Set(all).size).toBe(all.length);
  });
  it('an arrear is the partner’s own reference, to the letter', () => {
    const [one, two] = ['elan-wonen', 'ymere'].map((id) => PartnerId.parse(id));
    if (!one || !two) throw new Error('no partner');
    const all = [arrearParts(one, 'A1'), arrearParts(one, 'a1'), arrearParts(two, 'A1')].map((parts) =>
      parts.join('|'),
    );
    expect(new Set(all).size).toBe(3);
  });
  it('the order of keys does not matter to content', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: 2 }], a: 'x' })).toBe(canonicalJson({ a: 'x', b: [1, { c: 2, d: 1 }] }));
    expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }));
  });
});
