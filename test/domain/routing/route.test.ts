import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsoDate, MunicipalityCode } from '#domain/ids.ts';
import {
  knownMunicipalities,
  municipalityChanges,
  postcodeTables,
  readPostcodes,
  rowsOf,
  SHIPPED,
} from '#domain/reference/reference.ts';
import { municipalityNamed, municipalityOn, otherMunicipalities, route } from '#domain/routing/route.ts';

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

  it('says which other municipality it may be', () => {
    const code = (text: string) => MunicipalityCode.parse(text);
    expect(otherMunicipalities('6574AA', code('1945'), today)).toEqual(['0268']);
    expect(otherMunicipalities('2011SN', code('0392'), today)).toEqual([]);
    expect(otherMunicipalities('0000AA', code('0392'), today)).toEqual([]);
  });

  it('is not certain of a house number that no source tells apart', () => {
    const tables = readPostcodes({
      postcodes: 'pc4,gmCode,unique,src\n2011,GM0392,0,C',
      ambiguous: 'pc4,defaultGm,defaultName,otherGm,otherName,a,b,c,d,pc6Exceptions\n2011,GM0392,,GM0473,,,,,,complete',
      exceptions:
        'pc6,houseNumber,houseLetter,addition,gmCode,addresses,certainty\n2011SN,4,,,GM0392,1,probable\n2011SN,6,,,GM0473,1,exact',
      poBoxes: 'pc4',
    });
    const found = (number: number) => route('2011SN', number, today, '', '', tables);
    expect(found(4)).toEqual({ ok: true, value: { municipality: '0392', certainty: 'probable' } });
    expect(found(6)).toEqual({ ok: true, value: { municipality: '0473', certainty: 'exact' } });
    expect(found(8)).toEqual({ ok: true, value: { municipality: '0392', certainty: 'exact' } });
  });

  it('answers for every four digits, and only with a municipality there is', () => {
    const known = new Set<string>(knownMunicipalities().map(({ code }) => code));
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 9999 }), fc.integer({ min: 1, max: 99_999 }), (pc4, number) => {
        const result = route(`${pc4}ZZ`, number, today);
        if (result.ok) expect(known).toContain(result.value.municipality);
        else expect(postcodeTables().areas[pc4]).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('[R-ROU-2] municipalities merge', () => {
  const code = (text: string) => MunicipalityCode.parse(text);
  const [eve, newYear] = [IsoDate.parse('2026-12-31'), IsoDate.parse('2027-01-01')];
  it('the date decides', () => {
    expect(municipalityOn(code('0457'), IsoDate.parse('2022-03-23'))).toBe('0457');
    expect(municipalityOn(code('0457'), IsoDate.parse('2022-03-24'))).toBe('0363');
    expect(municipalityOn(code('0788'), today)).toBe('0788');
    expect(municipalityOn(code('0392'), newYear)).toBe('0392');
  });
  it('follows one merger into the next, each on its day', () => {
    const changes = [
      { on: '2027-01-01', from: code('1696'), fromName: 'W', to: [code('0402')], announced: true },
      { on: '2029-01-01', from: code('0402'), fromName: 'H', to: [code('9000')], announced: true },
    ];
    expect(municipalityOn(code('1696'), eve, changes)).toBe('1696');
    expect(municipalityOn(code('1696'), newYear, changes)).toBe('0402');
    expect(municipalityOn(code('1696'), IsoDate.parse('2029-06-01'), changes)).toBe('9000');
    expect(municipalityOn(code('0402'), eve, changes)).toBe('0402');
  });
  it('never runs in a circle', () => {
    const back = { from: code('0002'), fromName: '', to: [code('0001')], announced: false };
    const changes = [{ ...back, on: '2020-01-01', from: code('0001'), to: [code('0002')] }];
    expect(municipalityOn(code('0001'), newYear, [...changes, { ...back, on: '2020-01-01' }])).toBe('0002');
    expect(municipalityOn(code('0001'), newYear, [...changes, { ...back, on: '2021-01-01' }])).toBe('0001');
  });

  it.each(['1231AA', '1241AA', '1243AA', '1244AA', '1394AA', '3625AA'])(
    'announced counts on its day: %s is Wijdemeren in 2026 and Hilversum in 2027',
    (postcode) => {
      expect(found(postcode, 1, eve)).toEqual(['1696', 'exact']);
      expect(found(postcode, 1, newYear)).toEqual(['0402', 'exact']);
    },
  );
  it('what was uncertain between two that merge becomes certain with the merger', () => {
    expect(found('1216AA', 1, eve)).toEqual(['0402', 'probable']);
    expect(found('1216AA', 1, newYear)).toEqual(['0402', 'exact']);
    expect(otherMunicipalities('1216AA', code('0402'), eve)).toEqual(['1696']);
    expect(otherMunicipalities('1216AA', code('0402'), newYear)).toEqual([]);
  });
  it('an exception moves along with its municipality', () => {
    const tables = readPostcodes({ ...SHIPPED, exceptions: `${SHIPPED.exceptions}1216ZZ,,,,GM1696,3\n` });
    const of = (on: IsoDate) => route('1216ZZ', 5, on, '', '', tables);
    expect(of(eve)).toMatchObject({ value: { municipality: '1696', certainty: 'exact' } });
    expect(of(newYear)).toMatchObject({ value: { municipality: '0402', certainty: 'exact' } });
  });
});

describe('[R-ROU-1] the municipality a partner names', () => {
  it.each([
    ['Haarlem', '0392'],
    ['gemeente HAARLEM', '0392'],
    ['Gem. Haarlem', '0392'],
    ['gem.Haarlem', '0392'],
    ['De gemeente Haarlem', '0392'],
    ['Haarlem (gemeente)', '0392'],
    ['Haarlem, gemeente', '0392'],
    ['Haarlem (NH)', '0392'],
    ['  Haarlem  ', '0392'],
    ['GM0392', '0392'],
    ['gm 392', '0392'],
    ['GM-0392', '0392'],
    ['0392', '0392'],
    ['392', '0392'],
    ["'s-Hertogenbosch", '0796'],
    ['’s-Hertogenbosch', '0796'],
    ['‘s Hertogenbosch', '0796'],
    ['`s-hertogenbosch', '0796'],
    ['s-Hertogenbosch', '0796'],
    ['Hertogenbosch', '0796'],
    ['Den Bosch', '0796'],
    ['DEN-BOSCH', '0796'],
    ["'s-Gravenhage", '0518'],
    ['’S-GRAVENHAGE', '0518'],
    ['Den Haag', '0518'],
    ['Gemeente Den Haag', '0518'],
    ['Sudwest-Fryslan', '1900'],
    ['Súdwest-Fryslân', '1900'],
    ['Su\u0301dwest-Frysla\u0302n', '1900'],
    ['SUDWEST FRYSLAN', '1900'],
    ['Zuidwest-Friesland', '1900'],
    ['Noardeast-Fryslân', '1970'],
    ['Noordoost Friesland', '1970'],
    ['Tytsjerksteradiel', '0737'],
    ['Tietjerksteradeel', '0737'],
    ['De Fryske Marren', '1940'],
    ['De Friese Meren', '1940'],
    ['Dantumadeel', '1891'],
    ['Ljouwert', '0080'],
    ['Harns', '0072'],
    ['Skylge', '0093'],
    ['Bergen (NH)', '0373'],
    ['Bergen (NH.)', '0373'],
    ['Bergen NH', '0373'],
    ['Bergen (N.H.)', '0373'],
    ['Bergen, Noord-Holland', '0373'],
    ['Bergen (L)', '0893'],
    ['Bergen (L.)', '0893'],
    ['BERGEN LIMBURG', '0893'],
    ['Beek', '0888'],
    ['Beek (L)', '0888'],
    ['Laren', '0417'],
    ['Laren NH', '0417'],
    ['Hengelo', '0164'],
    ['Hengelo (Ov)', '0164'],
    ['Hengelo O', '0164'],
    ['Rijswijk', '0603'],
    ['Rijswijk (ZH)', '0603'],
    ['Middelburg', '0687'],
    ['Stein', '0971'],
    ['Nijmegen (Gld)', '0268'],
    ['Groningen', '0014'],
    ['Utrecht', '0344'],
    ['St. Michielsgestel', '0845'],
    ['St Michielsgestel', '0845'],
    ['Sint Michielsgestel', '0845'],
    ['Sint-Michielsgestel', '0845'],
    ['Capelle a/d IJssel', '0502'],
    ['Capelle a.d. IJssel', '0502'],
    ['Capelle aan den IJssel', '0502'],
    ['Alphen a/d Rijn', '0484'],
    ['Kaag & Braassem', '1884'],
    ['Kaag en Braassem', '1884'],
    ['Edam/Volendam', '0385'],
    ['Gemert Bakel', '1652'],
    ['Nuenen', '0820'],
    ['Nuenen c.a.', '0820'],
    ['Nuenen, Gerwen en Nederwetten', '0820'],
    ['H.I. Ambacht', '0531'],
    ['\u0132sselstein', '0353'],
    ['Ijsselstein', '0353'],
    ['Weesp', '0363'],
    ['GM0457', '0363'],
    ['457', '0363'],
    ['Uden', '1991'],
    ['Brielle', '1992'],
    ['Mill en St. Hubert', '1982'],
    ['Bussum', '1942'],
    ['Spijkenisse', '1930'],
  ])('%s', (text, code) => expect(municipalityNamed(text, today)).toEqual([code]));

  it.each([
    ['Bergen', ['0373', '0893']],
    ['gem. Bergen', ['0373', '0893']],
    ['Haaren', ['0757', '0824', '0855', '0865']],
    ['Winsum', ['1966', '1969']],
    ['Nergens', []],
    ['Gemeente', []],
    ['Noord-Holland', []],
    ['', []],
    ['-', []],
  ])('%s can mean more than one, or none', (text, codes) => expect(municipalityNamed(text, today)).toEqual(codes));

  it('[R-ROU-2] an announced merger makes the old name mean the new municipality, from its day', () => {
    expect(municipalityNamed('Wijdemeren', IsoDate.parse('2026-12-31'))).toEqual(['1696']);
    expect(municipalityNamed('Wijdemeren', IsoDate.parse('2027-01-01'))).toEqual(['1696', '0402']);
    expect(municipalityNamed('Wijdemeren')).toEqual(['1696', '0402']);
  });

  it('knows every municipality by its names and code, and gives no province to a namesake', () => {
    const shared = ['Littenseradiel', 'Littenseradeel', 'Maasdonk', 'Winsum'];
    for (const { code, name, otherNames } of knownMunicipalities())
      for (const text of [name, ...otherNames, code, `GM${code}`])
        if (!shared.includes(text)) expect([text, ...municipalityNamed(text, today)]).toEqual([text, code]);
  });
});

describe('the shipped tables', () => {
  const { areas, poBoxes } = postcodeTables();
  const pc4s = new Set([...areas.keys()].filter((pc4) => areas[pc4] !== undefined));
  it('are whole', () => {
    expect(knownMunicipalities()).toHaveLength(342);
    expect(knownMunicipalities().map(({ name }) => name)).toContain('Nuenen, Gerwen en Nederwetten');
    expect(pc4s.size).toBeGreaterThan(4000);
    expect(poBoxes.size).toBe(622);
    expect(municipalityChanges()).toHaveLength(19);
    expect([...poBoxes].filter((pc4) => pc4s.has(pc4))).toEqual([]);
  });
  it('say who else there is where a postcode is not unique, and nothing of four digits nobody knows', () => {
    const rows = rowsOf(SHIPPED.postcodes);
    for (const [pc4, , unique] of rows)
      expect([pc4, areas[Number(pc4)]?.others.length === 0]).toEqual([pc4, unique === '1']);
    for (const [pc6 = ''] of rowsOf(SHIPPED.exceptions)) expect(areas[Number(pc6.slice(0, 4))]?.others).not.toEqual([]);
  });
  it('hold only municipalities there are, or that went into one', () => {
    const known = new Set<string>(knownMunicipalities().map(({ code }) => code));
    for (const area of areas) for (const code of area ? [area.code, ...area.others] : []) expect(known).toContain(code);
  });
  it('have reorganisations in the order of their days, in force or announced', () => {
    const days = municipalityChanges().map(({ on }) => on);
    expect(days).toEqual(days.toSorted());
    expect(municipalityChanges().filter(({ announced }) => announced)).toMatchObject([{ from: '1696', to: ['0402'] }]);
  });
});
