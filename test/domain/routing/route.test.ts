import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsoDate, MunicipalityCode } from '#domain/ids.ts';
import {
  exceptions,
  knownMunicipalities,
  municipalityChanges,
  pc4Defaults,
  poBoxPc4s,
} from '#domain/reference/reference.ts';
import { municipalityNamed, municipalityOn, route } from '#domain/routing/route.ts';

const today = IsoDate.parse('2026-11-22');
const found = (...args: Parameters<typeof route>) => {
  const result = route(...args);
  return result.ok ? [result.value.municipality, result.value.certainty] : result.error;
};

describe('[R-ROU-1] the municipality of an address', () => {
  it('goes from the most precise entry to the least', () => {
    expect(found('2011SN', 12, today)).toEqual(['0392', 'exact']);
    expect(found('2042AA', 1, today)).toEqual(['0473', 'exact']);
    expect(found('9354TB', 4, today, 'A')).toEqual(['1699', 'exact']);
    expect(found('9354TB', 4, today, 'a')).toEqual(['1699', 'exact']);
    expect(found('9354TB', 4, today)).toEqual(['1969', 'exact']);
    expect(found('9423TA', 18, today, 'B', '2')).toEqual(['1701', 'exact']);
    expect(found('9207HA', 3, today)).toEqual(['0086', 'exact']);
    expect(found('9207AA', 3, today)).toEqual(['0090', 'exact']);
    expect(found('6574AA', 3, today)).toEqual(['1945', 'probable']);
  });

  it('refuses what is no address', () => {
    expect(found('1000AA', 1, today)).toBe('POSTCODE_PO_BOX');
    expect(found('9999XX', 1, today)).toEqual(['1966', 'exact']);
    expect(found('1002AA', 1, today)).toMatch(/^POSTCODE_/);
  });

  it('answers for every four digits, and only with a municipality there is', () => {
    const known = new Set<string>(knownMunicipalities().map(({ code }) => code));
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 9999 }), fc.integer({ min: 1, max: 99_999 }), (pc4, number) => {
        const result = route(`${pc4}ZZ`, number, today);
        if (result.ok) expect(known).toContain(result.value.municipality);
        else expect(pc4Defaults().has(String(pc4))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('[R-ROU-2] municipalities merge', () => {
  const code = (text: string) => MunicipalityCode.parse(text);
  it('the date decides', () => {
    expect(municipalityOn(code('0457'), IsoDate.parse('2022-03-23'))).toBe('0457');
    expect(municipalityOn(code('0457'), IsoDate.parse('2022-03-24'))).toBe('0363');
    expect(municipalityOn(code('0788'), today)).toBe('0788');
  });
  it('follows one merger into the next, and no law that is not in force', () => {
    const changes = [
      { on: '2027-01-01', from: code('1696'), fromName: 'W', to: [code('0402')], inForce: true },
      { on: '2029-01-01', from: code('0402'), fromName: 'H', to: [code('9000')], inForce: true },
    ];
    expect(municipalityOn(code('1696'), IsoDate.parse('2026-12-31'), changes)).toBe('1696');
    expect(municipalityOn(code('1696'), IsoDate.parse('2027-01-01'), changes)).toBe('0402');
    expect(municipalityOn(code('1696'), IsoDate.parse('2029-06-01'), changes)).toBe('9000');
    expect(municipalityOn(code('1696'), IsoDate.parse('2027-01-01'))).toBe('1696');
  });
});

describe('the municipality a partner names', () => {
  it.each([
    ['Haarlem', ['0392']],
    ['gemeente HAARLEM', ['0392']],
    ['GM0392', ['0392']],
    ['0392', ['0392']],
    ['392', ['0392']],
    ["'s-Hertogenbosch", ['0796']],
    ['Sudwest-Fryslan', ['1900']],
    ['Súdwest-Fryslân', ['1900']],
    ['Weesp', ['0363']],
    ['Den Haag', ['0518']],
    ['Nergens', []],
    ['', []],
  ])('%s', (text, codes) => expect(municipalityNamed(text)).toEqual(codes));
});

describe('the shipped tables', () => {
  it('are whole', () => {
    expect(knownMunicipalities()).toHaveLength(342);
    expect(pc4Defaults().size).toBe(4075);
    expect([...pc4Defaults().values()].filter(({ certain }) => !certain)).toHaveLength(18);
    expect(exceptions().size).toBe(38);
    expect(poBoxPc4s().size).toBe(622);
    expect(municipalityChanges()).toHaveLength(19);
    expect([...poBoxPc4s()].filter((pc4) => pc4Defaults().has(pc4))).toEqual([]);
  });
});
