import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileRefused } from '#domain/delivery/file-refused.ts';
import { type CsvRecord, MAX_RECORD, recordsOf } from '#domain/delivery/tokenize.ts';

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

/** The records, or what the file was refused with. */
const read = async (text: string, size = 1000, skipLines = 0): Promise<readonly CsvRecord[] | object> => {
  const found: CsvRecord[] = [];
  try {
    for await (const batch of recordsOf(pieces(text, size), ';', skipLines)) found.push(...batch);
  } catch (error) {
    if (error instanceof FileRefused) return error.rejection;
    throw error;
  }
  return found;
};

const plain = (records: readonly CsvRecord[] | object) =>
  (records as readonly CsvRecord[]).map(({ line, cells }) => [line, cells]);

/** Letters that matter to a tokenizer, and some that do not. */
const text = fc.string({ unit: fc.constantFrom('a', 'é', ';', '"', '\n', '\r', ' ', '1'), maxLength: 40 });

describe('records of a CSV text', () => {
  it('know the line they start on: blank lines, line breaks in cells and mixed endings counted', async () => {
    const file = 'a;b\r\n1;"x\r\ny\nz"\n\n;\r\n2;"q ""r"""\r3;5" buis\r\n';
    for (const size of [1, 3, 1000])
      expect(plain(await read(file, size))).toEqual([
        [1, ['a', 'b']],
        [2, ['1', 'x\r\ny\nz']],
        [7, ['2', 'q "r"']],
        [8, ['3', '5" buis']],
      ]);
  });

  it.each([
    ['a quote within a cell is text', '1;5" buis;x', ['1', '5" buis', 'x']],
    ['text behind a closing quote: the cell is taken as it stands', '1;"Jan" Piet;x', ['1', '"Jan" Piet', 'x']],
    ['a doubled quote', '1;"a ""b"" c";""', ['1', 'a "b" c', '']],
    ['a delimiter in quotes', '1;"a;b";x', ['1', 'a;b', 'x']],
    ['blanks before a quote', '1; "a";x', ['1', ' "a"', 'x']],
    ['an empty last cell', '1;;', ['1', '', '']],
    ['only quotes', '"""";"";x', ['"', '', 'x']],
  ])('%s', async (_, line, cells) => {
    for (const size of [1, 2, 100]) expect(plain(await read(line, size))).toEqual([[1, cells]]);
  });

  it('lines before the header are passed over and counted', async () => {
    expect(plain(await read('sep=;\r\na;b\r\n1;2', 3, 1))).toEqual([
      [2, ['a', 'b']],
      [3, ['1', '2']],
    ]);
  });

  it.each([
    ['a quote never closed', 'a;b\n1;"2\n3;4\n', { code: 'QUOTE_NEVER_CLOSED', line: 2 }],
    ['a quote closed rows later', 'a;b\n1;"2\n3;4\n5;6" x\n', { code: 'QUOTE_NEVER_CLOSED', line: 2 }],
    ['a line without end', `a;b\n1;${'x'.repeat(MAX_RECORD)}\n`, { code: 'FIELD_TOO_LARGE', line: 2 }],
    ['a quoted cell without end', `a;b\n1;"${'x\n'.repeat(MAX_RECORD)}`, { code: 'QUOTE_NEVER_CLOSED', line: 2 }],
    ['a quoted megabyte', `a;b\n1;"${'x'.repeat(1_000_000)}"\n`, { code: 'FIELD_TOO_LARGE', line: 2 }],
  ])('%s refuses the file', async (_, file, rejection) => {
    for (const size of [997, 65_536, 2_000_000]) expect(await read(file, size)).toEqual(rejection);
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

  it('are the same wherever the pieces are cut', () =>
    fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (file, size) => {
        expect(await read(file, size)).toEqual(await read(file, 1000));
      }),
      { numRuns: 1000 },
    ));

  it('of well-formed CSV are what csv-parse reads', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ';', '"', '\n', '\r', ' ', "'"), maxLength: 6 });
    const table = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('\r\n', '\n', '\r'), fc.boolean())
      .chain(([width, end, all]) =>
        fc
          .array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 })
          .map((rows) => ({ rows, end, all })),
      );
    await fc.assert(
      fc.asyncProperty(table, async ({ rows, end, all }) => {
        const quoted = (value: string): string =>
          all || /[";\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
        const file = rows.map((cells) => cells.map(quoted).join(';')).join(end);
        const expected = (
          parse(file, {
            delimiter: ';',
            record_delimiter: ['\r\n', '\n', '\r'],
            relax_column_count: true,
          }) as string[][]
        ).filter((cells) => cells.some((value) => value.trim() !== ''));
        const found = await read(file);
        if (!Array.isArray(found)) {
          // A cell that looks like rows a quote swallowed is refused on purpose.
          expect(found).toMatchObject({ code: 'QUOTE_NEVER_CLOSED' });
          expect(rows.flat().some((value) => /[\r\n]/.test(value))).toBe(true);
          return;
        }
        expect(found.map(({ cells }: CsvRecord) => cells)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('hold every character of the file but delimiters, line breaks and quotes', () =>
    fc.assert(
      fc.asyncProperty(text, async (file) => {
        const found = await read(file);
        if (!Array.isArray(found)) return;
        const bare = (value: string): string => value.replace(/[;"\s]/g, '');
        expect(found.map(({ cells }: CsvRecord) => bare(cells.join(''))).join('')).toBe(bare(file));
      }),
      { numRuns: 1000 },
    ));
});
