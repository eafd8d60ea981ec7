import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goodRow, Pipeline, type Row } from './pipeline.ts';

const encode1252 = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le');

/** A file in one of the ways housing systems write it. */
const dialect = fc.record({
  delimiter: fc.constantFrom(';', ',', '\t'),
  end: fc.constantFrom('\r\n', '\n', '\r'),
  quoteAll: fc.boolean(),
  last: fc.boolean(),
  encoding: fc.constantFrom('utf-8', 'utf-8 with BOM', 'windows-1252', 'utf-16le', 'utf-16be'),
  upper: fc.boolean(),
  tail: fc.constantFrom(0, 1, 3),
  shuffle: fc.boolean(),
  /** Excel's own first line. */
  declares: fc.boolean(),
});

/** Letters both encodings have, signs that need quotes, and line breaks inside a cell. */
const word = fc.string({
  unit: fc.constantFrom('a', 'B', 'é', 'ï', 'ß', 'ø', ' ', '-', "'", '"', ';', ',', '.'),
  minLength: 1,
  maxLength: 12,
});
const name = word.map((text) => `V${text}x`);
const row = fc.record({
  achternaam: name,
  tussenvoegsel: fc.constantFrom('', 'van der', 'ten\r\nHoef', "in 't"),
  straat: name,
  bedrag: fc.integer({ min: 1, max: 900_000 }).map((cents) => (cents / 100).toFixed(2).replace('.', ',')),
  huisnummer: fc.integer({ min: 1, max: 99_999 }).map(String),
});

const write = (rows: readonly Row[], how: typeof dialect extends fc.Arbitrary<infer D> ? D : never): Uint8Array => {
  const columns = Object.keys({ ...goodRow(), ...rows[0] });
  if (how.shuffle) columns.reverse();
  const header = columns.map((column) => (how.upper ? ` ${column.toUpperCase().replaceAll('_', ' ')} ` : column));
  const quoted = (cell: string): string =>
    how.quoteAll || /["\r\n]/.test(cell) || cell.includes(how.delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = [header, ...rows.map((cells) => columns.map((column) => cells[column] ?? ''))].map(
    (cells) => cells.map(quoted).join(how.delimiter) + how.delimiter.repeat(how.tail),
  );
  const declared = how.declares ? `sep=${how.delimiter}${how.end}` : '';
  const text = declared + lines.join(how.end) + (how.last ? how.end : '');
  if (how.encoding === 'utf-16le') return utf16(text);
  if (how.encoding === 'utf-16be') return Buffer.from(utf16(text)).swap16();
  if (how.encoding === 'windows-1252') return encode1252(text);
  return new TextEncoder().encode(how.encoding === 'utf-8' ? text : `\uFEFF${text}`);
};

const spaced = (text = ''): string => text.replace(/\s+/g, ' ').trim();

describe('any table of valid rows in any dialect', () => {
  it('comes back identical', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 6 }),
        dialect,
        fc.integer({ min: 1, max: 50 }),
        async (cells, how, chunkBytes) => {
          const rows = cells.map((over, n) => goodRow({ ...over, referentie: `R-${n}` }));
          const pipeline = new Pipeline(chunkBytes);
          const receipt = await pipeline.deliver('elan-wonen', write(rows, how));
          expect(receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: rows.length, accepted: rows.length } });
          const stored = [...pipeline.signals()].sort((a, b) => (a.reference < b.reference ? -1 : 1));
          expect(
            stored.map(({ resident, address, amountCents }) => ({
              achternaam: resident.surname,
              tussenvoegsel: resident.prefix ?? '',
              straat: address.street ?? '',
              bedrag: (amountCents / 100).toFixed(2).replace('.', ','),
              huisnummer: String(address.houseNumber),
            })),
          ).toEqual(
            cells.map((given) => ({
              ...given,
              achternaam: spaced(given.achternaam),
              tussenvoegsel: spaced(given.tussenvoegsel),
              straat: spaced(given.straat),
            })),
          );
        },
      ),
      { numRuns: 80 },
    ));
});
