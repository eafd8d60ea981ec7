import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { recordsOfWorkbook } from '#domain/delivery/workbook.ts';
import { Instant, IsoDate } from '#domain/ids.ts';
import { type Cell, type Properties, type Sheet, sheetNames, workbookParts } from '#domain/spreadsheet.ts';
import { openWorkbook, zipped } from '#test/support/spreadsheet.ts';

const workbookFile = (sheets: readonly Sheet[], properties: Properties): Uint8Array =>
  zipped(workbookParts(sheets, properties));
const about = { title: 'Lijst van 1 & 2', author: 'Meldpunt', at: Instant.parse('2026-04-01T06:00:00.000Z') };
const day = (text: string) => ({ day: IsoDate.parse(text) });
const written = (...rows: readonly (readonly Cell[])[]): Uint8Array =>
  workbookFile([{ name: 'Blad', widths: [10, 10, 10], rows }], about);
const cell = (given: Cell) =>
  openWorkbook(written([given]))
    .sheet('Blad')
    .cells.get('A1');
const table = (over: Partial<Sheet> = {}): Sheet => ({
  name: 'Te doen',
  widths: [6, 20, 30],
  rows: [
    [{ text: 'Titel', look: 'title' }],
    [
      { text: 'rang', look: 'header' },
      { text: 'naam', look: 'header' },
      { text: 'uitleg', look: 'header' },
    ],
    [{ number: 1 }, { text: 'P. Jansen' }, { text: 'x' }],
  ],
  table: { header: 2, count: 1, frozenColumns: 2, printed: 2 },
  ...over,
});

describe('a workbook', () => {
  it.each(['=1+1', '+31612345678', '-5', '@SUM(A1)', '0612345678', '12E3', '1-2', 'WAAR', '#N/A', ' =1', '2011AB'])(
    'keeps %j text: a string under the format of text, no formula',
    (text) => {
      expect(cell({ text })).toEqual({ value: text, format: '@', bold: false });
      expect(openWorkbook(written([{ text }])).sheet('Blad').xml).not.toMatch(/<f[ >]/);
    },
  );

  it('writes days as days, amounts as euros and numbers as numbers', () => {
    expect(cell(day('2026-04-01'))).toMatchObject({ value: 46_113, format: 'dd\\-mm\\-yyyy' });
    expect(cell(day('1900-03-01'))).toMatchObject({ value: 61 });
    expect(cell({ cents: 123_456 })).toMatchObject({ value: 1234.56, format: '"€"\\ #,##0.00' });
    expect(cell({ number: 7 })).toMatchObject({ value: 7, format: '0' });
    expect(cell({ decimal: 23.4 })).toMatchObject({ value: 23.4, format: '0.0' });
  });

  it('is read back by our own reader, to the letter', async () => {
    const texts = ['naam', 'Łukasz "de" <Büyük> & zn.', 'twee\nregels', ' blank ', '_x0041_', "'s-Gravenhage"];
    const bytes = written(...texts.map((text) => [{ text }, day('2026-12-31'), { cents: 950 }]));
    const open = async () =>
      (async function* () {
        yield bytes;
      })();
    const rows: (readonly string[])[] = [];
    for await (const batch of recordsOfWorkbook(open)) rows.push(...batch.map(({ cells }) => cells));
    expect(rows).toEqual(texts.map((text) => [text, '2026-12-31', '9.5']));
  });

  it('leaves out what XML cannot hold, and cuts what no cell can hold', () => {
    expect(cell({ text: 'a\u0000b\u0007c\uD800d\uFFFEe😀' })?.value).toBe('abcde😀');
    const long = String(cell({ text: 'x'.repeat(40_000) })?.value);
    expect([long.length, long.slice(-29)]).toEqual([32_767, 'xxxx … (te lang voor één cel)']);
  });

  it('leaves out of title, author and names of sheets what XML cannot hold', () => {
    const { sheets, workbookXml, coreXml } = openWorkbook(
      workbookFile([table({ name: 'a\u0001b\uD800' })], {
        ...about,
        title: 'Haar\u0001lem & <o>\uFFFE',
        author: 'a\uDC00',
      }),
    );
    for (const xml of [workbookXml, coreXml, sheets[0]?.xml ?? '']) expect(XMLValidator.validate(xml)).toBe(true);
    expect(workbookXml).toContain('<sheet name="ab" ');
    expect(workbookXml).toContain("'ab'!$A$2");
    expect(coreXml).toContain('<dc:title>Haarlem &amp; &lt;o&gt;</dc:title><dc:creator>a</dc:creator>');
    expect(sheets[0]?.xml).toContain('&amp;LHaarlem &amp;amp;');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
    expect([workbookXml, coreXml, sheets[0]?.xml].join('')).not.toMatch(/[\u0000-\u0008\uFFFE]|\p{Cs}/u);
  });

  it.each([
    [{ number: Number.NaN }, 'NaN'],
    [{ decimal: Number.POSITIVE_INFINITY }, 'Infinity'],
    [day('1900-02-28'), '1900-02-28'],
    [day('1899-12-31'), '1899-12-31'],
  ] as const)('writes %j as text: no cell holds it as a number', (given, value) => {
    expect(cell(given)).toEqual({ value, format: '@', bold: false });
  });

  it('freezes header and first columns, filters, and prints the header on every page', () => {
    const { sheets, workbookXml, coreXml } = openWorkbook(workbookFile([table(), table({ name: "Ruud's" })], about));
    const xml = sheets[0]?.xml ?? '';
    expect(xml).toContain('<pane xSplit="2" ySplit="2" topLeftCell="C3" activePane="bottomRight" state="frozen"/>');
    expect(xml).toContain('<autoFilter ref="A2:C3"/>');
    expect(xml).toMatch(/<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"\/>/);
    expect(xml).toContain('<pageSetUpPr fitToPage="1"/>');
    expect(xml).toContain('<col min="3" max="3" width="30" customWidth="1"/>');
    expect(workbookXml).toContain(
      '<definedName name="_xlnm.Print_Titles" localSheetId="0">\'Te doen\'!$2:$2</definedName>',
    );
    expect(workbookXml).toContain(
      '<definedName name="_xlnm.Print_Area" localSheetId="0">\'Te doen\'!$A$2:$B$3</definedName>',
    );
    expect(workbookXml).toContain("'Ruud''s'!$A$2:$C$3");
    expect(coreXml).toContain('<dc:title>Lijst van 1 &amp; 2</dc:title>');
    expect(coreXml).toContain('<dc:language>nl-NL</dc:language>');
    expect(sheets.map((sheet) => /tabSelected="1"/.test(sheet.xml))).toEqual([true, false]);
  });

  it('makes rows as high as what is printed of them, words kept whole', () => {
    const height = (text: string, printed: number) =>
      / ht="(\d+)"/.exec(
        openWorkbook(
          workbookFile(
            [
              table({
                rows: [[{ text: 'k' }], [{ text: 'a' }, { text }]],
                table: { header: 1, count: 1, frozenColumns: 0, printed },
              }),
            ],
            about,
          ),
        ).sheets[0]?.xml.split('<row r="2"')[1] ?? '',
      )?.[1];
    expect(height('kort', 2)).toBe('15');
    expect(height('een\ntwee', 2)).toBe('30');
    expect(height('veertien tekens, en nu nog twaalf', 2)).toBe('30');
    expect(height('veertien tekens, en nu nog twaalf', 1)).toBe('15');
  });

  it('header text on its fill is at least 4.5 : 1 to the eye (AA)', () => {
    const luminance = (hex: string): number => {
      const [r = 0, g = 0, b = 0] = (hex.match(/../g) ?? [])
        .map((part) => Number.parseInt(part, 16) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a: string, b: string): number => {
      const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
      return (light + 0.05) / (dark + 0.05);
    };
    expect(contrast('FFFFFF', '154273')).toBeGreaterThan(4.5);
    for (const fill of ['D6E9C6', 'FFE699', 'D9D9D9']) expect(contrast('000000', fill)).toBeGreaterThan(4.5);
    expect(contrast('9B1C1C', 'FFFFFF')).toBeGreaterThan(4.5);
  });

  it('a row that comes on two sheets is made once, and stands on either in its place', () => {
    let made = 0;
    const of = {};
    const shared = {
      of,
      cells: () => {
        made += 1;
        return [{ text: 'P. Jansen' }, { number: 7 }];
      },
    };
    const { sheets, sheet } = openWorkbook(
      workbookFile(
        [
          { name: 'Een', widths: [10, 10], rows: [shared] },
          { name: 'Twee', widths: [10, 10], rows: [[{ text: 'kop' }], shared, [{ text: 'P. Jansen' }]] },
        ],
        about,
      ),
    );
    expect(made).toBe(1);
    expect(sheets.map(({ rows }) => rows)).toEqual([
      [['P. Jansen', '7']],
      [['kop'], ['P. Jansen', '7'], ['P. Jansen']],
    ]);
    expect([...sheet('Een').cells.keys()]).toEqual(['A1', 'B1']);
    expect([...sheet('Twee').cells.keys()]).toEqual(['A1', 'A2', 'B2', 'A3']);
    expect(sheet('Twee').xml).toMatch(/<row r="2" ht="15"/);
  });

  it('counts each use of a text, and holds it once', () => {
    const row = { of: {}, cells: () => [{ text: 'a' }, { text: 'b' }] };
    const sheet = (name: string): Sheet => ({ name, widths: [9, 9], rows: [row, [{ text: 'a' }]] });
    const texts = workbookParts([sheet('Een'), sheet('Twee')], about).map(({ name, xml }) => [name, [...xml].join('')]);
    expect(Object.fromEntries(texts)['xl/sharedStrings.xml']).toContain('count="6" uniqueCount="2"');
  });
});

describe('names of sheets', () => {
  it('cut short they end in no apostrophe and no half character, and stay different', () => {
    const long = `Doorgezet: ${'a'.repeat(18)}'s-team`;
    expect(sheetNames([long, long, `${'a'.repeat(30)}😀`, `${'a'.repeat(30)}😀`, `${'b'.repeat(28)} '`])).toEqual([
      `Doorgezet - ${'a'.repeat(18)}`,
      `Doorgezet - ${'a'.repeat(17)} 2`,
      'a'.repeat(30),
      `${'a'.repeat(29)} 2`,
      'b'.repeat(28),
    ]);
    expect(sheetNames(['History', '\uD800', "' x '"])).toEqual(['History 2', 'Blad', 'x']);
    const anything = fc.array(
      fc.string({ unit: fc.constantFrom("'", ' ', '😀', '\uD83D', 'a', 'É', ':', '\u0001'), maxLength: 40 }),
    );
    fc.assert(
      fc.property(anything, (wanted) => {
        const names = sheetNames(wanted);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(wanted.length);
        for (const name of names) expect(name).toMatch(/^(?!')[^\p{Cs}\p{Cc}:]{1,31}(?<!')$/u);
        for (const name of names) expect(name.length).toBeLessThanOrEqual(31);
      }),
    );
  });

  it('are what Excel takes: 31 characters, no forbidden signs, none twice whatever the case', () => {
    expect(
      sheetNames([
        'Nieuw',
        'Doorgezet: Sociaal wijkteam',
        'a/b\\c?d*e[f]',
        'nieuw',
        "'",
        'Doorgezet: Sociaal wijkteam Noord-Oost',
        'Doorgezet: Sociaal wijkteam Noord-West',
      ]),
    ).toEqual([
      'Nieuw',
      'Doorgezet - Sociaal wijkteam',
      'a b c d e f',
      'nieuw 2',
      'Blad',
      'Doorgezet - Sociaal wijkteam No',
      'Doorgezet - Sociaal wijkteam 2',
    ]);
  });
});
