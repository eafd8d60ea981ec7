import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordsOf } from '#functions/intake/validate-delivery/records.ts';
import { goodRow, Pipeline, type Row } from './pipeline.ts';

const encode1252 = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

/** A file in one of the ways housing systems write it. */
const dialect = fc.record({
  delimiter: fc.constantFrom(';', ',', '\t'),
  end: fc.constantFrom('\r\n', '\n'),
  quoteAll: fc.boolean(),
  last: fc.boolean(),
  encoding: fc.constantFrom('utf-8', 'utf-8 with BOM', 'windows-1252'),
  upper: fc.boolean(),
  tail: fc.constantFrom(0, 1, 3),
  shuffle: fc.boolean(),
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
  const text = lines.join(how.end) + (how.last ? how.end : '');
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

describe('records', () => {
  const read = async (text: string, size: number) => {
    async function* pieces(): AsyncGenerator<string> {
      for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
    }
    const found: [number, readonly string[]][] = [];
    for await (const { line, cells } of recordsOf(pieces(), ';')) found.push([line, cells]);
    return found;
  };

  it('know the line they start on: blank lines, line breaks in cells and mixed endings counted', async () => {
    const text = 'a;b\r\n1;"x\r\ny\nz"\n\n;\r\n2;"q ""r"""\r3;5" buis\r\n';
    for (const size of [1, 3, 1000])
      expect(await read(text, size)).toEqual([
        [1, ['a', 'b']],
        [2, ['1', 'x\r\ny\nz']],
        [7, ['2', 'q "r"']],
        [8, ['3', '5" buis']],
      ]);
  });

  it('a fault of the source stays that fault', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'a;b\n';
      throw Object.assign(new Error(), { name: 'TransientFailure' });
    }
    const reading = async () => {
      for await (const _ of recordsOf(broken(), ';'));
    };
    await expect(reading()).rejects.toMatchObject({ name: 'TransientFailure' });
  });
});
