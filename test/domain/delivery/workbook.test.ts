import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DecimalSign } from '#domain/delivery/cell-format.ts';
import { FileRefused } from '#domain/delivery/file-refused.ts';
import type { CsvRecord } from '#domain/delivery/tokenize.ts';
import { recordsOfWorkbook, WORKBOOK_LIMITS, type WorkbookLimits } from '#domain/delivery/workbook.ts';
import { type Cell, relationsOf, type Sheet, type WorkbookOptions, workbookOf } from '../../support/workbook.ts';
import { type Entry, zipOf } from '../../support/zip.ts';

const opened =
  (bytes: Uint8Array, size = 997) =>
  async () =>
    (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })();

const read = async (
  bytes: Uint8Array,
  limits: Partial<WorkbookLimits> = {},
  size?: number,
  decimal?: DecimalSign,
): Promise<CsvRecord[]> => {
  const records: CsvRecord[] = [];
  for await (const batch of recordsOfWorkbook(opened(bytes, size), { ...WORKBOOK_LIMITS, ...limits }, decimal))
    records.push(...batch);
  return records;
};

/** The rejection, or the records when it was not refused. */
const refusal = async (bytes: Uint8Array, limits: Partial<WorkbookLimits> = {}): Promise<unknown> => {
  try {
    return await read(bytes, limits);
  } catch (error) {
    if (error instanceof FileRefused) return error.rejection;
    throw error;
  }
};

const cellsOf = async (sheet: Sheet | readonly Sheet[], how?: WorkbookOptions): Promise<(readonly string[])[]> =>
  (await read(workbookOf(sheet, how))).map(({ cells }) => cells);

/** What one cell comes out as, behind a header. */
const one = async (cell: Cell, how?: WorkbookOptions): Promise<string | undefined> =>
  (
    await cellsOf(
      {
        rows: [
          ['a', 'b'],
          ['x', cell],
        ],
      },
      how,
    )
  )[1]?.[1];

const ROWS = [
  ['naam', 'bedrag'],
  ['Jansen & Zn <BV>', '12'],
  ['Ömer Łukasz 😀', '7'],
];

describe('a workbook as records', () => {
  it.each<[string, WorkbookOptions]>([
    ['texts in the cells', {}],
    ['shared texts', { shared: true }],
    ['names with a prefix', { shared: true, prefix: 'x' }],
    ['Zip64, as Java writes it', { big: true, entries: (all) => all.map((entry) => ({ ...entry, big: true })) }],
    ['sizes behind the data', { entries: (all) => all.map((entry) => ({ ...entry, streamed: true })) }],
    ['stored, not packed', { entries: (all) => all.map((entry) => ({ ...entry, stored: true })) }],
    ['parts in another order', { shared: true, entries: (all) => [...all].reverse() }],
    [
      'turned slashes and capitals',
      { entries: (all) => all.map((entry) => ({ ...entry, name: entry.name.replace('xl/work', 'XL\\Work') })) },
    ],
    [
      'a byte order mark, and UTF-16',
      {
        entries: (all) =>
          all.map((entry) => ({
            ...entry,
            data: entry.name.includes('sheet1')
              ? Buffer.from(`\uFEFF${entry.data}`, 'utf16le')
              : `\uFEFF${entry.data as string}`,
          })),
      },
    ],
  ])('%s', async (_name, how) => {
    for (const size of [1, 61, 1_000_000])
      expect(await read(workbookOf({ rows: ROWS }, how), {}, size)).toEqual([
        { line: 1, cells: ['naam', 'bedrag'] },
        { line: 2, cells: ['Jansen & Zn <BV>', '12'] },
        { line: 3, cells: ['Ömer Łukasz 😀', '7'] },
      ]);
  });

  it('rows know their number in Excel; blank ones are left out, gaps and ends filled up to the header', async () => {
    const data =
      '<row r="2"><c r="A2" t="str"><v>a</v></c><c r="B2" t="str"><v>b</v></c><c r="C2" t="str"><v>c</v></c><c r="E2" t="str"><v> </v></c></row>' +
      '<row r="4"><c r="B4"><v>1</v></c></row>' +
      '<row r="5"><c r="A5" s="0"/><c r="B5" t="inlineStr"><is><t>  </t></is></c></row>' +
      '<row><c><v>6</v></c><c><v>7</v></c></row>' +
      '<row r="9" hidden="1" spans="1:4"><c r="A9"><v>8</v></c><c r="D9"><v>9</v></c></row>';
    expect(await read(workbookOf({ data }))).toEqual([
      { line: 2, cells: ['a', 'b', 'c'] },
      { line: 4, cells: ['', '1', ''] },
      { line: 6, cells: ['6', '7', ''] },
      { line: 9, cells: ['8', '', '', '9'] },
    ]);
  });

  it('a sheet without anything gives nothing', async () => {
    expect(await read(workbookOf({ rows: [] }))).toEqual([]);
    expect(await read(workbookOf([{ rows: [] }, { rows: [[' ']] }]))).toEqual([]);
  });

  it('reads the one visible sheet that holds something; two are refused, hidden ones not read', async () => {
    const [empty, hidden] = [{ rows: [] }, { state: 'hidden', rows: [['geheim']] }] as const;
    expect(await cellsOf([empty, hidden, { rows: ROWS }])).toEqual(ROWS);
    expect(await cellsOf([{ ...hidden, state: 'veryHidden' }, { rows: ROWS }, empty])).toEqual(ROWS);
    expect(await cellsOf([hidden])).toEqual([]);
    expect(await refusal(workbookOf([{ rows: ROWS }, { rows: [[], [], ['Toelichting']] }]))).toEqual({
      code: 'WORKBOOK_SHEETS',
    });
  });

  it('comes in batches, whatever the file is cut in', async () => {
    const rows = Array.from({ length: 1_300 }, (_, n) => [`R-${n}`, n]);
    const bytes = workbookOf({ rows }, { shared: true });
    const sizes: number[] = [];
    const all: (readonly string[])[] = [];
    for await (const batch of recordsOfWorkbook(opened(bytes, 10_000))) {
      sizes.push(batch.length);
      all.push(...batch.map(({ cells }) => cells));
    }
    expect(sizes.length).toBeGreaterThan(1);
    expect(all).toEqual(rows.map((cells) => cells.map(String)));
  });

  it('more shared texts than fit on a page', async () => {
    const rows = Array.from({ length: 9_000 }, (_, n) => [`tekst ${n}${n % 1000 === 0 ? ' €' : ''}`]);
    expect(await cellsOf({ rows }, { shared: true })).toEqual(rows);
  });

  it('a fault of the source stays that fault', async () => {
    const bytes = workbookOf({ rows: ROWS });
    const failing = async () =>
      (async function* () {
        yield bytes.subarray(0, 100);
        throw Object.assign(new Error(), { name: 'TransientFailure' });
      })();
    const reading = async () => {
      for await (const _ of recordsOfWorkbook(failing));
    };
    await expect(reading()).rejects.toMatchObject({ name: 'TransientFailure' });
  });

  it('a workbook larger than what is held is read from its start again', async () => {
    const filler = { name: 'xl/media/groot.bin', data: Buffer.alloc(6_000_000, 7), stored: true };
    const entries = (all: Entry[]) => [...all, filler, { ...filler, name: 'xl/media/groter.bin' }];
    const bytes = workbookOf({ rows: ROWS }, { shared: true, entries });
    expect((await read(bytes, {}, 65_536)).map(({ cells }) => cells)).toEqual(ROWS);
  });
});

describe('a cell as text', () => {
  const formatted = (n: number | string, format: string | number): Cell => ({ n, format });

  it.each<[string, Cell, string]>([
    ['a whole number', 1234, '1234'],
    ['a number with noise', formatted('1234.5600000000001', 0), '1234.56'],
    ['a sum with noise', formatted('0.30000000000000004', 0), '0.3'],
    ['negative', -12.5, '-12.5'],
    ['nine digits', 123456789, '123456789'],
    ['fifteen digits', formatted('123456789012345', 0), '123456789012345'],
    ['fifteen digits in powers', formatted('1.23456789012345E14', 0), '123456789012345'],
    ['more digits than Excel holds', formatted('1.23456789012346E17', 0), '1.23456789012346E+17'],
    ['more digits, written out', formatted('123456789012345678', 0), '1.23456789012346E+17'],
    ['a small number in powers', formatted('1.5E-3', 0), '0.0015'],
    ['three decimals get a fourth', formatted('12.345', 0), '12.3450'],
    ['a tiny number', formatted('0.0000001', 0), '0.0000001'],
    ['money shows its number', formatted('1234.5', '_-"€" * #,##0.00_-;-"€" * #,##0.00_-'), '1234.5'],
    ['money by the locale', formatted('1234', '[$€-413] #,##0'), '1234'],
    ['thousands', formatted('1234', '#,##0'), '1234'],
    ['a percentage', formatted('0.5', '0%'), '0.5'],
    ['no number at all', formatted('NaN', 0), 'NaN'],
    ['a whole number as Java writes it', formatted('12.0', 0), '12'],
    ['a reference as Java writes it', formatted('100045.0', 0), '100045'],
    ['a date without signs as Java writes it', formatted('20260901.0', 0), '20260901'],
    ['a telephone number as Java writes it', formatted('6.12345678E8', 0), '612345678'],
    ['a whole number in powers', formatted('1.20E1', 0), '12'],
    ['more noughts than one', formatted('12.000', 0), '12'],
    ['a decimal before a nought', formatted('12.50', 0), '12.5'],
    ['a nought', formatted('0.0', 0), '0'],
    ['less than nothing at all', formatted('-0.0', 0), '0'],
    ['larger than any number', formatted('1E400', 0), '1E400'],
    ['a format longer than Excel takes', formatted('42', '0'.repeat(256)), '42'],
    ['a format just short enough', formatted('42', `${'0'.repeat(3)}"${'-'.repeat(250)}"`), `042${'-'.repeat(250)}`],
    ['a format that never closes its bracket', formatted('42', '['.repeat(255)), '42'],
    ['a format that never closes its quote', formatted('42', '0"d'), '42'],
  ])('%s', async (_name, cell, text) => expect(await one(cell)).toBe(text));

  it.each<[number | string, string | number, string]>([
    [46027, 14, '2026-01-05'],
    ['46027.0', 14, '2026-01-05'],
    [46027, 22, '2026-01-05'],
    [46027, 'dd\\-mm\\-yyyy', '2026-01-05'],
    [46027, 'dd/mm/yyyy;@', '2026-01-05'],
    [46027, '[$-413]d mmmm yyyy;@', '2026-01-05'],
    [46027, '[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy', '2026-01-05'],
    [46027, 'd-m-jjjj', '2026-01-05'],
    [46027, 'yyyy-mm-dd hh:mm:ss', '2026-01-05'],
    ['46027.5', 'yyyy-mm-dd hh:mm:ss', '2026-01-05 12:00:00'],
    ['46027.573611111111', 'dd-mm-yyyy', '2026-01-05 13:46:00'],
    ['46026.9999999999', 14, '2026-01-05'],
    ['0.5', 20, '12:00:00'],
    ['1.5', '[h]:mm', '1.5'],
    [16, 16, '16-jan'],
    [46027, 16, '5-jan'],
    [46082, 'd-mmm', '1-mrt'],
    [46027, 17, 'jan-26'],
    [46027, 'mmm-yy', 'jan-26'],
    [1, 14, '1900-01-01'],
    [59, 14, '1900-02-28'],
    [60, 14, '1900-02-29'],
    [61, 14, '1900-03-01'],
    [0, 14, '1900-01-00'],
    [2958465, 14, '9999-12-31'],
    [2958466, 14, '2958466'],
    [-1, 14, '-1'],
    [46027, 'General', '46027'],
    [46027, 'Standaard', '46027'],
    [46027, '#,##0.00 "dagen per maand"', '46027'],
    [46027, '[Red]0.00', '46027'],
  ])('a date: %s under %s is %s', async (n, format, text) => expect(await one({ n, format })).toBe(text));

  it.each<[Cell, string]>([
    [1234.56, '1234,56'],
    [-0.5, '-0,5'],
    [{ n: '1234.5600000000001', format: '#,##0.00' }, '1234,56'],
    [12.345, '12,3450'],
    [1234, '1234'],
    [{ n: '1234.0', format: 0 }, '1234'],
    [{ n: 12.5, format: '00000' }, '12,5'],
    [{ n: 42, format: '00000' }, '00042'],
    [{ n: 46027, format: 14 }, '2026-01-05'],
    [{ n: 2958466.5, format: 14 }, '2958466,5'],
    ['1234.56', '1234.56'],
    [(name) => `<c r="${name}" t="str"><f>A1</f><v>1.5</v></c>`, '1.5'],
  ])('a number gets the sign asked for, a text keeps its own: %j is %s', async (cell, text) => {
    const records = await read(
      workbookOf({
        rows: [
          ['a', 'b'],
          ['x', cell],
        ],
      }),
      {},
      undefined,
      ',',
    );
    expect(records[1]?.cells[1]).toBe(text);
  });

  it('counts from 1904 where the workbook says so', async () => {
    expect(await one({ n: 44565, format: 14 }, { counts1904: true })).toBe('2026-01-05');
    expect(await one({ n: 0, format: 14 }, { counts1904: true })).toBe('1904-01-01');
  });

  it.each<[number | string, string, string]>([
    [612345678, '0000000000', '0612345678'],
    [42, '00000', '00042'],
    [42, '"HV-"00000', 'HV-00042'],
    [42, '\\H\\V0', 'HV42'],
    [1234, '0000" AB"', '1234 AB'],
    [612345678, '00\\-00000000', '06-12345678'],
    [612345678, '[$-413]00-00 00 00 00', '06-12 34 56 78'],
    [123456, '000', '123456'],
    [42, '0', '42'],
    [12.5, '00000', '12.5'],
    ['42.0', '00000', '00042'],
    ['612345678.0', '0000000000', '0612345678'],
    ['4.2E1', '"HV-"00000', 'HV-00042'],
    ['0.0', '00000', '0'],
  ])('zeros in front: %s under %s is %s', async (n, format, text) => expect(await one({ n, format })).toBe(text));

  it.each<[string, string, string]>([
    ['true', '<c r="B2" t="b"><v>1</v></c>', 'ja'],
    ['false', '<c r="B2" t="b"><v>0</v></c>', 'nee'],
    ['an error', '<c r="B2" t="e"><v>#N/A</v></c>', '#N/A'],
    ['a formula by what it gave', '<c r="B2"><f>1+1</f><v>2</v></c>', '2'],
    ['a formula that gave text', '<c r="B2" t="str"><f>A1</f><v>tekst</v></c>', 'tekst'],
    ['a formula that gave nothing', '<c r="B2" t="str"><f>A1</f><v></v></c>', ''],
    ['a formula nobody worked out', '<c r="B2"><f>1+1</f><v></v></c>', '#N/A'],
    ['a date of its own type', '<c r="B2" t="d"><v>2026-01-05T00:00:00.000</v></c>', '2026-01-05'],
    [
      'rich text',
      '<c r="B2" t="inlineStr"><is><r><rPr><b/></rPr><t>Van </t></r><r><t>Dijk</t></r></is></c>',
      'Van Dijk',
    ],
    [
      'how a text sounds is left out',
      '<c r="B2" t="inlineStr"><is><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh></is></c>',
      '課',
    ],
    ['escapes', '<c r="B2" t="inlineStr"><is><t>a_x000D_b_x005F_x000D_</t></is></c>', 'a\rb_x000D_'],
    ['CDATA', '<c r="B2" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>', 'a<b'],
    ['entities', '<c r="B2" t="inlineStr"><is><t>&lt;&amp;&#233;</t></is></c>', '<&é'],
    ['a style that is not there', '<c r="B2" s="99"><v>5</v></c>', '5'],
    ['an empty cell', '<c r="B2" s="0"/>', ''],
  ])('%s', async (_name, xml, text) => expect((await one(() => xml)) ?? '').toBe(text));

  it('shared texts: rich runs joined, how they sound left out', async () => {
    const texts =
      '<sst xmlns="x"><si><t>a</t></si><si><r><t>Van </t></r><r><t xml:space="preserve">Dijk </t></r><rPh><t>x</t></rPh></si><si/></sst>';
    const data =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>';
    expect(await cellsOf({ data }, { texts })).toEqual([['a', 'Van Dijk ']]);
  });
});

describe('what is no sound workbook is refused', () => {
  const sound = workbookOf({ rows: ROWS }, { shared: true });
  const sheet = (data: string): Uint8Array => workbookOf({ data });
  const changed = (part: string, change: Partial<Entry>): Uint8Array =>
    workbookOf({ rows: ROWS }, { entries: (all) => all.map((e) => (e.name.endsWith(part) ? { ...e, ...change } : e)) });
  const bomb = Buffer.alloc(50_000_000, '<row/>');
  const UNREADABLE = { code: 'WORKBOOK_UNREADABLE' };
  const TOO_LARGE = { code: 'WORKBOOK_TOO_LARGE' };

  it.each<[string, () => Uint8Array, object, Partial<WorkbookLimits>?]>([
    [
      'two hundred and fifty-six sheets',
      () => workbookOf(Array.from({ length: 256 }, () => ({ rows: [] }))),
      TOO_LARGE,
    ],
    [
      'a part that is two sheets',
      () =>
        workbookOf([{ rows: ROWS }, { part: 'worksheets/sheet1.xml', xml: '<w/>' }], {
          entries: (all) => all.filter(({ data }) => data !== '<w/>'),
        }),
      UNREADABLE,
    ],
    [
      'a part that is shown and hidden',
      () =>
        workbookOf([{ rows: ROWS }, { part: 'worksheets/sheet1.xml', state: 'hidden', xml: '<w/>' }], {
          entries: (all) => all.filter(({ data }) => data !== '<w/>'),
        }),
      UNREADABLE,
    ],
    [
      'two relations of one name',
      () =>
        changed('workbook.xml.rels', {
          data: relationsOf([
            ['s0', 'worksheet', 'worksheets/sheet1.xml'],
            ['s0', 'worksheet', 'worksheets/sheet2.xml'],
          ]),
        }),
      UNREADABLE,
    ],
    [
      'more relations than there can be parts',
      () =>
        changed('workbook.xml.rels', {
          data: relationsOf(Array.from({ length: 2_001 }, (_, n) => [`r${n}`, 'image', `${n}.png`] as const)),
        }),
      TOO_LARGE,
    ],
    [
      'more styles than Excel opens',
      () =>
        changed('styles.xml', {
          data: `<styleSheet><cellXfs>${'<xf/>'.repeat(65_491)}</cellXfs></styleSheet>`,
        }),
      TOO_LARGE,
    ],
    [
      'more formats than Excel opens',
      () =>
        changed('styles.xml', {
          data: `<styleSheet>${Array.from({ length: 2_001 }, (_, n) => `<numFmt numFmtId="${n}" formatCode="0"/>`).join('')}</styleSheet>`,
        }),
      TOO_LARGE,
    ],
    [
      'a shared text longer than Excel makes them',
      () => workbookOf({ rows: ROWS }, { texts: `<sst><si><t>${'a'.repeat(32_768)}</t></si></sst>` }),
      { code: 'FIELD_TOO_LARGE' },
    ],
    [
      'one shared text in a thousand cells',
      () =>
        workbookOf(
          { data: '<row><c t="s"><v>0</v></c></row>'.repeat(1_000) },
          { texts: `<sst><si><t>${'a'.repeat(1_001)}</t></si></sst>` },
        ),
      TOO_LARGE,
      { characters: 1_000_000 },
    ],
    [
      'junk behind packed data',
      () =>
        changed('sheet1.xml', {
          data: '<w/>',
          packed: Buffer.concat([deflateRawSync('<w/>'), Buffer.alloc(200_000, 7)]),
        }),
      UNREADABLE,
    ],
    [
      'packed data that become nothing',
      () =>
        changed('sheet1.xml', {
          data: '<w/>',
          packed: Buffer.concat([Buffer.alloc(200_000, Buffer.from('000000ffff', 'hex')), deflateRawSync('<w/>')]),
        }),
      UNREADABLE,
    ],
    ['no zip', () => Buffer.from('PK\u0003\u0004 niets'), UNREADABLE],
    ['nothing', () => new Uint8Array(0), UNREADABLE],
    ['the second half missing', () => sound.subarray(0, sound.length / 2), UNREADABLE],
    ['its last byte missing', () => sound.subarray(0, -1), UNREADABLE],
    ['something in front', () => Buffer.concat([Buffer.from('x'), sound]), UNREADABLE],
    ['another kind of zip', () => zipOf([{ name: 'foto.jpg', data: 'x' }]), { code: 'FILE_NOT_TEXT' }],
    [
      'an OpenDocument sheet',
      () => zipOf([{ name: 'mimetype', data: 'application/vnd.oasis', stored: true }]),
      { code: 'FILE_NOT_TEXT' },
    ],
    [
      'a Word document',
      () =>
        zipOf([
          { name: '_rels/.rels', data: relationsOf([['r', 'officeDocument', 'word/document.xml']]) },
          { name: 'word/document.xml', data: '<document/>' },
        ]),
      { code: 'FILE_NOT_TEXT' },
    ],
    [
      'a binary workbook',
      () =>
        zipOf([
          { name: '_rels/.rels', data: relationsOf([['r', 'officeDocument', 'xl/workbook.bin']]) },
          { name: 'xl/workbook.bin', data: '\u0000' },
        ]),
      UNREADABLE,
    ],
    ['a password on an entry', () => changed('sheet1.xml', { flags: 1 }), { code: 'WORKBOOK_PROTECTED' }],
    ['another way of packing', () => changed('sheet1.xml', { method: 12 }), UNREADABLE],
    ['a checksum that lies', () => changed('sheet1.xml', { crc: 1 }), UNREADABLE],
    ['a size that lies low', () => changed('sheet1.xml', { size: 10 }), UNREADABLE],
    ['a size that lies high', () => changed('sheet1.xml', { size: 100_000 }), UNREADABLE],
    ['another name inside', () => changed('sheet1.xml', { localName: 'xl/worksheets/sheet2.xml' }), UNREADABLE],
    ['packed data that are none', () => changed('sheet1.xml', { packed: Buffer.alloc(50, 255) }), UNREADABLE],
    ['packed data cut off', () => changed('sheet1.xml', { packed: Buffer.from('4bcc', 'hex') }), UNREADABLE],
    [
      'an entry twice',
      () =>
        workbookOf({ rows: ROWS }, { entries: (all) => [...all, { name: 'XL/workbook.xml', data: '<workbook/>' }] }),
      UNREADABLE,
    ],
    [
      'entries over each other',
      () => workbookOf({ rows: ROWS }, { entries: (all) => [...all, { name: 'kopie.xml', data: '<a/>', offset: 0 }] }),
      UNREADABLE,
    ],
    ['a sheet that is not there', () => changed('sheet1.xml', { name: 'xl/elders.xml' }), UNREADABLE],
    ['XML that is not well-formed', () => sheet('<row r="1"><c></row>'), UNREADABLE],
    [
      'bytes that are no UTF-8',
      () => changed('sheet1.xml', { data: Buffer.from('<worksheet>\xff', 'latin1') }),
      UNREADABLE,
    ],
    [
      'a billion laughs',
      () =>
        changed('sheet1.xml', {
          data: '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>',
        }),
      UNREADABLE,
    ],
    ['an entity of its own', () => sheet('<row><c t="str"><v>&xxe;</v></c></row>'), UNREADABLE],
    [
      'a text that is not there',
      () => sheet('<row r="1"><c r="A1" t="s"><v>5</v></c></row>'),
      { ...UNREADABLE, line: 1 },
    ],
    ['rows out of order', () => sheet('<row r="2"/><row r="1"/>'), { ...UNREADABLE, line: 2 }],
    ['a row twice', () => sheet('<row r="2"/><row r="2"/>'), { ...UNREADABLE, line: 2 }],
    ['a row beyond the last', () => sheet('<row r="1048577"/>'), UNREADABLE],
    ['cells out of order', () => sheet('<row r="1"><c r="B1"/><c r="A1"/></row>'), { ...UNREADABLE, line: 1 }],
    ['a cell of another row', () => sheet('<row r="1"><c r="B2"/></row>'), { ...UNREADABLE, line: 1 }],
    ['more cells than a row has', () => sheet(`<row r="1">${'<c/>'.repeat(16_385)}</row>`), { ...UNREADABLE, line: 1 }],
    ['a row in a row', () => sheet('<row r="1"><row r="2"/></row>'), { ...UNREADABLE, line: 1 }],
    ['two values in a cell', () => sheet('<row r="1"><c><v>1</v><v>2</v></c></row>'), { ...UNREADABLE, line: 1 }],
    ['elements without end', () => sheet('<a>'.repeat(100_000)), UNREADABLE],
    [
      'a header without end',
      () => sheet(`<row>${'<c t="str"><v>a</v></c>'.repeat(300)}</row>`),
      { code: 'HEADER_TOO_WIDE' },
    ],
    [
      'a row without end',
      () => sheet(`<row><c><v>1</v></c></row><row>${'<c t="str"><v>a</v></c>'.repeat(300)}</row>`),
      { code: 'FIELD_TOO_LARGE', line: 2 },
    ],
    [
      'a cell of a megabyte',
      () => sheet(`<row r="7"><c t="str"><v>${'a'.repeat(1_000_000)}</v></c></row>`),
      { code: 'FIELD_TOO_LARGE', line: 7 },
    ],
    [
      'a cell longer than Excel makes them',
      () => sheet(`<row r="7"><c t="str"><v>${'a'.repeat(32_768)}</v></c></row>`),
      { code: 'FIELD_TOO_LARGE', line: 7 },
    ],
    [
      'a comment without end',
      () => sheet(`<row r="7"/><!--${'a'.repeat(400_000)}-->`),
      { code: 'FIELD_TOO_LARGE', line: 7 },
    ],
    [
      'a shared text of a megabyte',
      () => workbookOf({ rows: ROWS }, { texts: `<sst><si><t>${'a'.repeat(1_000_000)}</t></si></sst>` }),
      { code: 'FIELD_TOO_LARGE' },
    ],
    [
      'more shared text than allowed',
      () => workbookOf({ rows: Array.from({ length: 5000 }, (_, n) => [`€ ${n}`]) }, { shared: true }),
      TOO_LARGE,
      { textBytes: 30_000 },
    ],
    [
      'more shared texts than allowed',
      () => workbookOf({ rows: [] }, { texts: `<sst>${'<si/>'.repeat(20_000)}</sst>` }),
      TOO_LARGE,
      { texts: 10_000 },
    ],
    [
      'a bomb that says its size',
      () => changed('sheet1.xml', { data: bomb }),
      TOO_LARGE,
      { unpackedBytes: 10_000_000 },
    ],
    ['a bomb that lies', () => changed('sheet1.xml', { data: bomb, size: 1000 }), UNREADABLE],
    [
      'formats without end',
      () => changed('styles.xml', { data: `<styleSheet>${' '.repeat(17_000_000)}</styleSheet>` }),
      TOO_LARGE,
    ],
    [
      'two thousand entries',
      () =>
        workbookOf(
          { rows: ROWS },
          { entries: (all) => [...all, ...Array.from({ length: 2_000 }, (_, n) => ({ name: `${n}`, data: '' }))] },
        ),
      TOO_LARGE,
    ],
  ])('%s', async (_name, bytes, rejection, limits) => expect(await refusal(bytes(), limits)).toEqual(rejection));

  it('a path that leads outside stays inside', async () => {
    const bytes = workbookOf(
      { rows: ROWS, part: '../../../../xl/worksheets/sheet1.xml' },
      { entries: (all) => all.map((e) => (e.name.includes('..') ? { ...e, name: 'xl/worksheets/sheet1.xml' } : e)) },
    );
    expect((await read(bytes)).length).toBe(3);
    expect(
      await refusal(
        workbookOf({ rows: ROWS }, { entries: (all) => [...all, { name: '../../etc/passwd', data: 'x' }] }),
      ),
    ).toHaveLength(3);
  });

  it('sixty-five thousand styles and two hundred and fifty-five sheets are read', async () => {
    const styles = `<styleSheet><cellXfs>${'<xf/>'.repeat(65_490)}</cellXfs></styleSheet>`;
    const sheets = [{ rows: ROWS }, ...Array.from({ length: 254 }, () => ({ rows: [] }))];
    const bytes = workbookOf(sheets, {
      entries: (all) => all.map((entry) => (entry.name.endsWith('styles.xml') ? { ...entry, data: styles } : entry)),
    });
    expect((await read(bytes, {}, 65_536)).map(({ cells }) => cells)).toEqual(ROWS);
  });

  it('stops looking at the second sheet that holds something', async () => {
    const broken = { xml: '<worksheet><sheetData><row>' };
    expect(await refusal(workbookOf([{ rows: ROWS }, { rows: ROWS }, broken]))).toEqual({ code: 'WORKBOOK_SHEETS' });
  });

  it('of a workbook larger than what is held, sheets in front of the rest are not looked for without end', async () => {
    const filler = { name: 'xl/media/groot.bin', data: Buffer.alloc(9_000_000, 7), stored: true };
    const sheets = Array.from({ length: 33 }, () => ({ rows: [] }));
    const bytes = workbookOf(sheets, { entries: (all) => [...all, filler] });
    expect(await refusal(bytes)).toEqual(TOO_LARGE);
  });

  it('a number of thirty thousand digits is looked at once', async () => {
    const data = `<row r="1"><c><v>${'1'.repeat(32_000)}x</v></c></row>`;
    const before = performance.now();
    expect((await read(workbookOf({ data })))[0]?.cells[0]).toHaveLength(32_001);
    expect(performance.now() - before).toBeLessThan(250);
  });

  it('a bomb is stopped before it is unpacked', async () => {
    const before = process.memoryUsage().rss;
    await refusal(changed('sheet1.xml', { data: bomb, size: 1000 }));
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });
});
