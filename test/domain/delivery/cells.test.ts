import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskBsn, passesElevenProof } from '#domain/delivery/bsn.ts';
import { csvRow, plainCell, safeCell } from '#domain/delivery/csv.ts';
import { decodeText, sniffer } from '#domain/delivery/decode.ts';
import {
  cellText,
  parseAmount,
  parseDate,
  parseEmail,
  parseHouseNumber,
  parsePhone,
  parsePostcode,
  parseYesNo,
} from '#domain/delivery/values.ts';

const outcomeOf = <T, E>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E },
) => (result.ok ? result.value : result.error);

describe('cells', () => {
  it.each([
    ['31-12-2026', '2026-12-31'],
    ['1-4-2026', '2026-04-01'],
    ['2026-12-31', '2026-12-31'],
    ['20261231', '2026-12-31'],
    ['29-02-2024', '2024-02-29'],
    ['29-02-2026', 'INVALID'],
    ['31/12/2026', 'INVALID'],
    ['2026-4-1', 'INVALID'],
    ['12-31-2026', 'INVALID'],
    ['31-12-26', 'SHORT_YEAR'],
    ['01-02-03', 'SHORT_YEAR'],
    ['1/2/2026', 'TWO_WAYS'],
    ['2026-02-01 00:00:00', '2026-02-01'],
    ['01-02-2026 13:45', 'INVALID'],
    ['#N/B', 'EXCEL_ERROR'],
    ['00000000', 'INVALID'],
    ['01-01-1799', 'INVALID'],
    ['46023', 'INVALID'],
    ['', 'INVALID'],
  ])('date %s', (text, expected) => expect(outcomeOf(parseDate(text))).toBe(expected));

  it.each([
    ['1.234,56', 123_456],
    ['1234,56', 123_456],
    ['1234.56', 123_456],
    ['1234,5', 123_450],
    ['1234', 123_400],
    ['€ 1.234,56', 123_456],
    ['1.234.567,89', 123_456_789],
    ['1.234.567', 123_456_700],
    ['0,01', 1],
    ['1.234', 'AMBIGUOUS'],
    ['1,234', 'AMBIGUOUS'],
    ['1,2E+08', 'SCIENTIFIC'],
    ['0', 'NOT_POSITIVE'],
    ['-5,00', 'NOT_POSITIVE'],
    ['1,234.56', 'INVALID'],
    ['12.34,56', 'INVALID'],
    ['1234567890', 'INVALID'],
    ['12,345', 'AMBIGUOUS'],
    ['1234,567', 'DECIMALS'],
    ['veel', 'INVALID'],
    ['٣', 'INVALID'],
  ])('amount %s', (text, expected) => expect(outcomeOf(parseAmount(text))).toBe(expected));

  it('every amount comes back from each of the three spellings', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999_999 }), (cents) => {
        const [euros = '', rest = ''] = (cents / 100).toFixed(2).split('.');
        const grouped = euros.replace(/\B(?=(\d{3})+$)/g, '.');
        for (const text of [`${grouped},${rest}`, `${euros},${rest}`, `${euros}.${rest}`])
          expect(outcomeOf(parseAmount(text))).toBe(cents);
      }),
    ));

  it.each([
    [['12', '', ''], { houseNumber: 12 }],
    [['0012', '', ''], { houseNumber: 12 }],
    [['12-A', '', ''], { houseNumber: 12, houseLetter: 'A' }],
    [['12 a', '', ''], { houseNumber: 12, houseLetter: 'a' }],
    [['12A3', '', ''], { houseNumber: 12, houseLetter: 'A', addition: '3' }],
    [['3 hs', '', ''], { houseNumber: 3, addition: 'hs' }],
    [['12', 'A', '3'], { houseNumber: 12, houseLetter: 'A', addition: '3' }],
    [['12A', 'a', ''], { houseNumber: 12, houseLetter: 'a' }],
    [['12-2', '', ''], { houseNumber: 12, addition: '2' }],
    [['12 - 2', '', ''], { houseNumber: 12, addition: '2' }],
    [['12', '', 'bis'], { houseNumber: 12, addition: 'bis' }],
    [['12A', 'B', ''], 'INVALID'],
    [['0', '', ''], 'INVALID'],
    [['100000', '', ''], 'INVALID'],
    [['A12', '', ''], 'INVALID'],
    [['12', 'AB', ''], 'INVALID'],
    [['12', '', '=cmd|1'], 'INVALID'],
  ])('house number %j', ([number = '', letter = '', addition = ''], expected) =>
    expect(outcomeOf(parseHouseNumber(number, letter, addition))).toEqual(expected),
  );

  it.each([
    ['1234 AB', '1234AB'],
    ['1234ab', '1234AB'],
    ['NL-1234 AB', '1234AB'],
    ['0234 AB', 'INVALID'],
    ['1234', 'INVALID'],
    ['1234 A1', 'INVALID'],
  ])('postcode %s', (text, expected) => expect(outcomeOf(parsePostcode(text))).toBe(expected));

  it('yes and no, telephone and mail', () => {
    expect(['j', 'JA', 'n', 'Nee', 'x', ''].map((text) => outcomeOf(parseYesNo(text)))).toEqual([
      true,
      true,
      false,
      false,
      'INVALID',
      'INVALID',
    ]);
    expect(['06 12 34 56 78', '612345678', '+32 470 12 34 56', 'bel mij', '123'].map(parsePhone)).toEqual([
      '+31612345678',
      '+31612345678',
      '+32470123456',
      undefined,
      undefined,
    ]);
    expect([parseEmail('A@Example.NL'), parseEmail('a@'), parseEmail('geen')]).toEqual([
      'a@example.nl',
      undefined,
      undefined,
    ]);
  });

  it('a cell is what a person meant: Excel’s sign, blanks and line breaks gone, accents composed', () => {
    expect(cellText(" '0123 ")).toBe('0123');
    expect(cellText("'s-Hertogenbosch")).toBe("'s-Hertogenbosch");
    expect(cellText('Grote\r\n  straat\u00a01')).toBe('Grote straat 1');
    expect(cellText('Rene\u0301')).toBe('René');
  });
});

describe('[R-DEL-6] BSN', () => {
  it('the 11-proof', () => {
    expect(['123456782', '111222333', '123456789', '000000000', '12345678'].map(passesElevenProof)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
  it('every number that passes is masked wherever it stands, and no other nine digits are', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), fc.constantFrom('', ' ', 'x', '-', ';'), (n, edge) => {
        const digits = String(n).padStart(9, '0');
        const cell = `a${edge}${digits}${edge}b`;
        expect(maskBsn(cell)).toBe(passesElevenProof(digits) ? `a${edge}*********${edge}b` : cell);
      }),
      { numRuns: 2000 },
    ));
  it('longer numbers and dates are left alone', () => {
    for (const cell of ['1234567820', '2026-04-01', '20260401', 'NL91ABNA0417164300', '123.45.6782'])
      expect(maskBsn(cell)).toBe(cell);
  });
});

describe('files we write', () => {
  it.each([' =1+1', '\u00a0=1+1', '\u3000=1', '\ufeff=1', '\u200b+1', '\u000b@x', '＝1', '\t1'])(
    'a formula behind what nobody sees is made safe, and read back: %j',
    (cell) => {
      expect(safeCell(cell)).toBe(`'${cell}`);
      expect(plainCell(`'${cell}`)).toBe(cell);
    },
  );

  it('no cell is a formula for a spreadsheet, and every cell comes back', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string(), fc.constantFrom('=1+1', '+31', '-5', '@x', '\t=1', '"', 'a;b', 'a\r\nb', ' x ')),
          {
            minLength: 1,
          },
        ),
        fc.constantFrom(';', ',', '\t'),
        (cells, delimiter) => {
          const text = csvRow(cells, delimiter);
          const [read = []] = parse(text, { delimiter, relax_column_count: true }) as string[][];
          for (const cell of read) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
          expect(read.map((cell, i) => (cell === cells[i] ? cell : cell.slice(1)))).toEqual(cells);
          expect(read.map(plainCell)).toEqual(cells.map((cell) => plainCell(safeCell(cell))));
        },
      ),
    ));
  it('what was made safe is read back as it was', () =>
    fc.assert(
      fc.property(fc.constantFrom('=', '+', '-', '@', '\t'), fc.string(), (sign, rest) => {
        expect(plainCell(safeCell(sign + rest))).toBe(sign + rest);
        expect(safeCell(safeCell(sign + rest))).toBe(safeCell(sign + rest));
      }),
    ));
});

describe('bytes to text', () => {
  const sniff = (bytes: Uint8Array, size: number) => {
    const watch = sniffer();
    for (let at = 0; at < bytes.length; at += size) watch.push(bytes.subarray(at, at + size));
    return watch.finish();
  };
  async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const decoded = async (bytes: Uint8Array, size: number) => {
    const found = sniff(bytes, size);
    if (!found.ok) return found.error.code;
    if (found.value.format === 'zip') return 'zip';
    let text = '';
    for await (const piece of decodeText(pieces(bytes, size), found.value.encoding)) text += piece;
    return text;
  };

  it('any UTF-8 text comes back, with or without BOM, cut anywhere', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        async (raw, withBom, size) => {
          const text = `é${raw.replaceAll('\u0000', '').replaceAll('\uFEFF', '')}`;
          const bytes = new TextEncoder().encode(withBom ? `\uFEFF${text}` : text);
          expect(await decoded(bytes, size)).toBe(text);
        },
      ),
    ));

  it('all 255 bytes of Windows-1252 come out right, cut anywhere', async () => {
    const bytes = Uint8Array.from({ length: 255 }, (_, i) => i + 1);
    const text = await decoded(bytes, 7);
    expect(text).toHaveLength(255);
    expect([text[0x80 - 1], text[0x9f - 1], text[0xe9 - 1], text[0x92 - 1]]).toEqual(['€', 'Ÿ', 'é', '’']);
  });

  it('the first line is found whatever ends it', () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(sniff(Buffer.from(`\uFEFFa;b${end}c`), 3)).toMatchObject({ value: { firstLine: 'a;b' } });
  });
});
