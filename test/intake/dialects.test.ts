import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cell, workbookOf } from '../support/workbook.ts';
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
  vervaldatum: fc.constantFrom('01-01-2026', '29-02-2024', '28-02-2026', '31-12-2025'),
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

/** A workbook as Excel, Java, .NET or Python write it. */
const workbook = fc.record({
  shared: fc.boolean(),
  prefix: fc.constantFrom(undefined, 'x'),
  streamed: fc.boolean(),
  stored: fc.boolean(),
  reversed: fc.boolean(),
  counts1904: fc.boolean(),
  /** Amounts, house numbers and dates as numbers under a format, instead of text. */
  typed: fc.boolean(),
  date: fc.constantFrom(14, 22, 'dd-mm-yyyy', '[$-413]d mmmm yyyy;@', 'mm/dd/yy'),
  money: fc.constantFrom(0, 4, '#,##0.00', '_-"€" * #,##0.00_-'),
  /** Blank rows above the header. */
  above: fc.nat(3),
});

const writeWorkbook = (rows: readonly Row[], how: typeof workbook extends fc.Arbitrary<infer D> ? D : never) => {
  const columns = Object.keys({ ...goodRow(), ...rows[0] });
  const day = (text: string): number => {
    const [dd, mm, year] = text.split('-').map(Number);
    return (Date.UTC(year ?? 0, (mm ?? 1) - 1, dd) - Date.UTC(1899, 11, 30)) / 86_400_000 - (how.counts1904 ? 1462 : 0);
  };
  const cellOf = (column: string, text: string): Cell => {
    if (text === '' || !how.typed) return text || undefined;
    if (column === 'vervaldatum' || column === 'geboortedatum') return { n: day(text), format: how.date };
    if (column === 'bedrag') return { n: text.replace('.', '').replace(',', '.'), format: how.money };
    return column === 'huisnummer' ? Number(text) : text;
  };
  const above = Array.from({ length: how.above }, () => []);
  return workbookOf(
    { rows: [...above, columns, ...rows.map((cells) => columns.map((column) => cellOf(column, cells[column] ?? '')))] },
    {
      shared: how.shared,
      counts1904: how.counts1904,
      ...(how.prefix === undefined ? {} : { prefix: how.prefix }),
      entries: (all) => {
        const written = all.map((entry) => ({ ...entry, streamed: how.streamed, stored: how.stored }));
        return how.reversed ? written.reverse() : written;
      },
    },
  );
};

/** Every row of the file is stored as it was meant. */
const expectBack = async (cells: readonly Row[], bytesOf: (rows: readonly Row[]) => Uint8Array, chunkBytes: number) => {
  const rows = cells.map((over, n) => goodRow({ ...over, referentie: `R-${n}` }));
  const pipeline = new Pipeline(chunkBytes);
  const receipt = await pipeline.deliver('elan-wonen', bytesOf(rows));
  expect(receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: rows.length, accepted: rows.length } });
  const stored = [...pipeline.signals()].sort((a, b) => (a.reference < b.reference ? -1 : 1));
  expect(
    stored.map(({ resident, address, amountCents, dueDate }) => ({
      achternaam: resident.surname,
      tussenvoegsel: resident.prefix ?? '',
      straat: address.street ?? '',
      bedrag: (amountCents / 100).toFixed(2).replace('.', ','),
      huisnummer: String(address.houseNumber),
      vervaldatum: dueDate.split('-').reverse().join('-'),
      geboortedatum: resident.dateOfBirth,
    })),
  ).toEqual(
    cells.map((given) => ({
      ...given,
      achternaam: spaced(given.achternaam),
      tussenvoegsel: spaced(given.tussenvoegsel),
      straat: spaced(given.straat),
      geboortedatum: '1981-03-14',
    })),
  );
};

describe('any table of valid rows in any dialect', () => {
  const table = fc.array(row, { minLength: 1, maxLength: 6 });
  const chunks = fc.integer({ min: 1, max: 50 });

  it('comes back identical', () =>
    fc.assert(
      fc.asyncProperty(table, dialect, chunks, (cells, how, chunkBytes) =>
        expectBack(cells, (rows) => write(rows, how), chunkBytes),
      ),
      { numRuns: 80 },
    ));

  it('comes back identical from a workbook', () =>
    fc.assert(
      fc.asyncProperty(table, workbook, chunks, (cells, how, chunkBytes) =>
        expectBack(cells, (rows) => writeWorkbook(rows, how), chunkBytes),
      ),
      { numRuns: 80 },
    ));
});

describe('whatever a file holds', () => {
  const rows = Array.from({ length: 6 }, (_, n) => goodRow({ referentie: `R-${n}`, huisnummer: String(10 + n) }));
  const columns = Object.keys(goodRow());
  const lines = [columns, ...rows.map((cells) => columns.map((column) => cells[column] ?? ''))].map((cells) =>
    cells.join(';'),
  );
  const text = Buffer.from(`${lines.join('\r\n')}\r\n`);
  const wide = Buffer.from(utf16(text.toString()));
  const xlsx = Buffer.from(
    workbookOf({ rows: [columns, ...rows.map((cells) => columns.map((column) => cells[column]))] }, { shared: true }),
  );

  /** The delivery closes, its counts add up, and what it says it took is what is stored. */
  const deliver = async (body: Uint8Array) => {
    const pipeline = new Pipeline();
    const receipt = await pipeline.deliver('elan-wonen', body);
    const { read, accepted, refused, unchanged, withdrawn } = receipt.counts;
    expect(read).toBe(accepted + refused + unchanged + withdrawn);
    expect(pipeline.signals()).toHaveLength(accepted);
    expect(receipt.verdict).toBe(receipt.file === undefined ? 'verwerkt' : 'geweigerd');
    return { receipt, references: pipeline.signals().map(({ reference }) => reference) };
  };

  const mangled = (from: Buffer) =>
    fc
      .array(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          removed: fc.constantFrom(0, 0, 1, 2, 40, 100_000),
          put: fc.oneof(
            fc.uint8Array({ maxLength: 4 }),
            fc.constantFrom(...['"', ';', '\r', '\n', '\0', '<', 'PK'].map((sign) => Buffer.from(sign))),
          ),
        }),
        { minLength: 1, maxLength: 3 },
      )
      .map((changes) =>
        changes.reduce((bytes, { at, removed, put }) => {
          const place = Math.floor(at * bytes.length);
          return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + removed)]);
        }, from),
      );

  it('no bytes crash it, none lets the counts differ', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(mangled(text), mangled(wide), mangled(xlsx), fc.uint8Array({ maxLength: 300 })),
        async (body) => {
          await deliver(body);
        },
      ),
      { numRuns: 300 },
    ));

  it('a workbook of which any byte was changed is refused, or gives the same rows', () =>
    fc.assert(
      fc.asyncProperty(mangled(xlsx), async (body) => {
        const { receipt, references } = await deliver(body);
        if (receipt.file !== undefined) return;
        expect(references.sort()).toEqual(rows.map(({ referentie }) => referentie));
      }),
      { numRuns: 200 },
    ));

  it('what stands in one row is never lost with another: all others are taken, or the file is refused', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(rows.length - 1), { minLength: 1, maxLength: 2 }),
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.string({
              unit: fc.constantFrom('"', ';', '\r', '\n', ',', "'", ' ', 'é', '\t', '\u001a'),
              maxLength: 5,
            }),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        async (touched, marks) => {
          const body = lines.map((line, n) =>
            touched.includes(n - 1)
              ? marks.reduce((all, [at, mark]) => {
                  const place = Math.floor(at * all.length);
                  return all.slice(0, place) + mark + all.slice(place);
                }, line)
              : line,
          );
          const { receipt, references } = await deliver(Buffer.from(`${body.join('\r\n')}\r\n`));
          if (receipt.file !== undefined) return;
          const others = rows.flatMap(({ referentie = '' }, n) => (touched.includes(n) ? [] : [referentie]));
          expect(references).toEqual(expect.arrayContaining(others));
          // A touched row is a row still, or more than one.
          expect(receipt.counts.read).toBeGreaterThanOrEqual(rows.length);
        },
      ),
      { numRuns: 300 },
    ));
});
