import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IsoDate } from '#domain/ids.ts';
import { type PostcodeTables, readPostcodes, rowsOf, SHIPPED } from '#domain/reference/reference.ts';
import { route } from '#domain/routing/route.ts';
import { meldpunt } from '#infra/cli/meldpunt.ts';

const DATA = 'functions/domain/reference/data';
const HEADER = 'PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025';
const on = IsoDate.parse('2026-11-22');

type Address = readonly [postcode: string, houseNumber: number, municipality: string];

/** Two addresses in every PC4 as it is now; `over` says otherwise of some. */
const made = (over: Readonly<Record<string, readonly Address[]>> = {}): readonly Address[] => [
  ...rowsOf(SHIPPED.postcodes).flatMap(([pc4 = '', gm = '']): readonly Address[] => {
    const code = String(Number(gm.slice(2)));
    return (
      over[pc4] ?? [
        [`${pc4}AA`, 1, code],
        [`${pc4}AB`, 2, code],
      ]
    );
  }),
  ...(over.new ?? []),
];
const csvOf = (rows: readonly Address[]): string =>
  [HEADER, ...rows.map(([pc6, number, code]) => `${pc6};${number};${code}0101;${code}01;${code}`), ''].join('\n');

/** What CBS might tell next year. */
const NEXT = made({
  // A whole postcode in Zandvoort, the rest of 2011 in Haarlem.
  2011: [...([1, 3, 5] as const).map((n) => ['2011SN', n, '392'] as const), ['2011AB', 1, '392'], ['2011ZZ', 8, '473']],
  // One house of a street in Haarlem.
  2042: [
    ['2042AA', 1, '473'],
    ['2042AA', 3, '473'],
    ['2042AA', 5, '392'],
  ],
  // Doors of one number on both sides of the border.
  2041: [
    ['2041AA', 1, '473'],
    ['2041AA', 7, '473'],
    ['2041AA', 7, '392'],
  ],
  // Uncertain until now.
  6574: [
    ['6574AA', 1, '1945'],
    ['6574AB', 1, '1945'],
    ['6574ZZ', 1, '268'],
  ],
  // Moved as a whole.
  2012: [
    ['2012AA', 1, '473'],
    ['2012AB', 2, '473'],
  ],
  // No longer there, or not yet.
  1011: [],
  new: [['2099ZZ', 4, '392']],
  // By letter a house is elsewhere: the file cannot know.
  9354: [
    ['9354TA', 1, '1969'],
    ['9354TB', 4, '1969'],
  ],
});

describe('npx meldpunt postcodes', () => {
  let folder: string;
  let data: string;
  const put = async (text: string | Uint8Array, name = 'pc6hnr20250801_gwb.csv'): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const json = async (...args: readonly string[]) => JSON.parse((await meldpunt([...args, '--json'])).out ?? '{}');
  const written = async (): Promise<string> => {
    const texts = await Promise.all((await readdir(data)).sort().map((name) => readFile(join(data, name), 'utf8')));
    return texts.join('\n');
  };
  const tables = async (): Promise<PostcodeTables> => {
    const table = async (name: string, constant: string): Promise<string> =>
      (await import(`${pathToFileURL(join(data, name)).href}?${Math.random()}`))[constant];
    return readPostcodes({
      postcodes: await table('postcode-municipality.ts', 'postcodeMunicipality'),
      ambiguous: await table('pc4-ambiguous.ts', 'pc4Ambiguous'),
      exceptions: await table('postcode-exceptions.ts', 'postcodeExceptions'),
      poBoxes: await table('pc4-postbus-2014.ts', 'pc4Postbus'),
    });
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meldpunt-cbs-'));
    data = join(folder, 'data');
    await cp(DATA, data, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('says what would change, and writes nothing', async () => {
    const before = await written();
    const file = await put(csvOf(NEXT));
    expect(await json('postcodes', file, '--map', data)).toEqual({
      file: 'pc6hnr20250801_gwb.csv',
      on: '2025-08-01',
      rows: NEXT.length,
      written: false,
      pc4s: 4076,
      added: ['2099'],
      absent: ['1011'],
      moved: [{ pc4: '2012', from: 'GM0392', to: 'GM0473' }],
      ambiguous: { before: 26, after: 6 },
      exceptions: { before: 38, after: 7 },
      undecided: 1,
    });
    const { code, out = '' } = await meldpunt(['postcodes', file, '--map', data]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}peildatum +1 augustus 2025$/m);
    expect(out).toMatch(/^ {2}naar een andere gemeente +1: 2012 Haarlem → Zandvoort$/m);
    expect(out).toContain('Er is niets geschreven.');
    expect(await written()).toBe(before);
  });

  it('[R-ROU-1] writes tables with which every address is exact, and only what cannot be told apart is not', async () => {
    const file = await put(csvOf(NEXT));
    expect(await json('postcodes', file, '--schrijf', '--map', data)).toMatchObject({ written: true });
    const next = await tables();
    const found = (postcode: string, number: number, letter = '') => {
      const routed = route(postcode, number, on, letter, '', next);
      return routed.ok ? [routed.value.municipality, routed.value.certainty] : routed.error;
    };
    const undecided = ['2041AA', 7];
    for (const [postcode, number, code] of NEXT)
      if (postcode !== undecided[0] || number !== undecided[1])
        expect([postcode, number, ...found(postcode, number)]).toEqual([
          postcode,
          number,
          code.padStart(4, '0'),
          'exact',
        ]);
    expect(found('2041AA', 7)).toEqual(['0473', 'probable']);
    expect(found('2041AA', 9)).toEqual(['0473', 'exact']);
    // Not in the file: as most of its PC4, as it was, or as a letter told before.
    expect(found('6574XX', 1)).toEqual(['1945', 'exact']);
    expect(found('1011AB', 1)).toEqual(['0363', 'exact']);
    expect(found('9354TB', 4, 'A')).toEqual(['1699', 'exact']);
    expect(found('9354TB', 4, 'B')).toEqual(['1969', 'exact']);
    expect(found('1000AA', 1)).toBe('POSTCODE_PO_BOX');
    expect(found('2098AA', 1)).toBe('POSTCODE_UNKNOWN');
  });

  it('notes in the README which file it was, and keeps the lines on sources', async () => {
    const readme = await readFile(join(data, 'README.md'), 'utf8');
    expect(readme).toMatch(/^- Read in last: CBS `pc6hnr20250801_gwb\.csv` of 2025-08-01; 1 PC4s it lacks /m);
    expect(readme).toContain('| postcode-municipality | 4,076 |');
    expect(readme).toContain('| postcode-exceptions | 7 |');
    for (const name of ['postcode-municipality', 'pc4-ambiguous', 'postcode-exceptions'])
      expect(await readFile(join(data, `${name}.ts`), 'utf8')).toMatch(
        /^\/\/ Bron: BAG\/PDOK \(Kadaster\), CBS \(CC BY 4\.0\)/,
      );
    expect(await readFile(join(data, 'pc4-postbus-2014.ts'), 'utf8')).toBe(
      await readFile(join(DATA, 'pc4-postbus-2014.ts'), 'utf8'),
    );
    expect((await readdir(data)).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('reads the same again to the same tables', async () => {
    const before = await written();
    const file = await put(csvOf(NEXT.toReversed()));
    expect(await json('postcodes', file, '--schrijf', '--map', data)).toMatchObject({ written: true });
    expect(await written()).toBe(before);
  });

  it('[R-ROU-2] a file from after a merger need not have what has gone, and may have what comes', async () => {
    const merged = made().map(([pc6, number, code]) => [pc6, number, code === '1696' ? '402' : code] as const);
    const later = csvOf(merged).replace(HEADER, HEADER.replaceAll('2025', '2027'));
    expect(await json('postcodes', await put(later, 'pc6hnr20270801_gwb.csv'))).toMatchObject({
      on: '2027-08-01',
      ambiguous: { after: 2 },
      moved: ['1231', '1241', '1243', '1244', '1394', '3625'].map((pc4) => ({ pc4, from: 'GM1696', to: 'GM0402' })),
    });
    const tooEarly = await meldpunt(['postcodes', await put(csvOf(merged))]);
    expect(tooEarly).toMatchObject({ code: 1, error: expect.stringMatching(/ontbreekt Wijdemeren\./) });
  });

  const lines = (text: string): readonly string[] => text.split('\n');
  const whole = csvOf(made());
  it.each([
    ['another header', whole.replace('PC6', 'Postcode'), /kopregel/],
    ['two delimiters', whole.replace('2011AA;1;', '2011AA,1,'), /^Regel \d+ heeft niet de kolommen van de kopregel/],
    ['half a row at its end', whole.slice(0, -9), /^Regel 8151 heeft niet de kolommen/],
    [
      'half the rows',
      lines(whole).slice(0, 4000).join('\n'),
      /ontbreekt .* en \d+ andere gemeenten\. Is het bestand heel/,
    ],
    [
      'a hundred PC4s too few',
      lines(whole)
        .filter((line) => !/^10\d\d/.test(line))
        .join('\n'),
      /ontbreken \d+ postcodegebieden die er nu wel zijn/,
    ],
    ['a code nobody knows', `${whole}9999ZZ;1;0;0;9998\n`, /^Gemeente 9998 op regel 8152 ken ik niet/],
    ['an older year', `${whole}9999ZZ;1;0;0;457\n`, /^Gemeente 0457 op regel 8152 ken ik niet.*te oud/],
    [
      'borders everywhere',
      csvOf([...made(), ...made().map(([pc6]) => [pc6, 3, '14'] as const)]),
      /postcodegebieden in meer dan één gemeente\. Dat kan niet kloppen/,
    ],
    ['nothing', '', /kopregel/],
  ])('refuses a file with %s, and leaves the tables alone', async (_, text, error) => {
    const before = await written();
    const said = await meldpunt(['postcodes', await put(text), '--schrijf', '--map', data]);
    expect(said).toMatchObject({ code: 1, error: expect.stringMatching(error) });
    expect(said.error).toContain('Er is niets geschreven.');
    expect(await written()).toBe(before);
  });

  it.each([
    [['postcodes'], 'Noem één bestand.'],
    [['postcodes', 'a.csv', 'b.csv'], 'Noem één bestand.'],
    [['postcodes', '/nowhere/x.csv'], 'Ik kan /nowhere/x.csv niet lezen.'],
  ])('%j is used wrongly', async (args, error) => {
    expect(await meldpunt(args)).toMatchObject({ code: 2, error: expect.stringContaining(error) });
  });
});
