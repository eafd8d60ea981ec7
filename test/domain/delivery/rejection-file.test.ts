import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowRejection } from '#domain/delivery/delivery.ts';
import { RejectionFile } from '#domain/delivery/rejection-file.ts';
import { inGroups, RunsOfOwners, stretches } from '#domain/delivery/rejection-runs.ts';
import { PartnerId } from '#domain/ids.ts';
import { MemoryObjects } from '../../support/memory/ports.ts';

const rejection = (line: number, cell: string): RowRejection => ({
  line,
  code: 'AMOUNT_INVALID',
  column: 'bedrag',
  original: [cell],
});
const fileOf = (objects: Pick<MemoryObjects, 'write'>) => {
  const file = new RejectionFile(objects, 'exchange', 'rejected.csv');
  file.open({ header: ['bedrag'] });
  return file;
};

describe('a rejection file that is written while rows come', () => {
  it('[R-DEL-1] opens in Excel: BOM, our five columns in front, semicolons, CRLF', async () => {
    const objects = new MemoryObjects();
    const file = fileOf(objects);
    await file.add(rejection(2, '=veel'));
    const bytes = await file.close();
    const text = objects.text('exchange', 'rejected.csv') ?? '';
    expect(text).toMatch(/^\uFEFFregel;code;kolom;uitleg;oplossing;bedrag\r\n2;AMOUNT_INVALID;bedrag;.*;'=veel\r\n$/);
    expect(Buffer.byteLength(text)).toBe(bytes);
  });

  it('writes rows of any size in order, and knows their length in bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 60_000, size: 'max' }), { maxLength: 6 }),
        async (cells) => {
          const objects = new MemoryObjects();
          const file = fileOf(objects);
          const lengths: number[] = [];
          for (const [i, cell] of cells.entries()) lengths.push(await file.add(rejection(i + 2, cell)));
          const bytes = await file.close();
          const body = objects.items.get('exchange/rejected.csv')?.at(-1)?.body ?? new Uint8Array();
          expect(body.length).toBe(bytes);
          const header = bytes === 0 ? 0 : Buffer.byteLength('\uFEFFregel;code;kolom;uitleg;oplossing;bedrag\r\n');
          expect(lengths.reduce((sum, each) => sum + each, header)).toBe(bytes);
          let at = header;
          for (const [i, length] of lengths.entries()) {
            expect(new TextDecoder().decode(body.subarray(at, at + length))).toMatch(new RegExp(`^${i + 2};AMOUNT_`));
            at += length;
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is not there without a row, and not after it was stopped', async () => {
    const objects = new MemoryObjects();
    expect(await fileOf(objects).close()).toBe(0);
    const stopped = fileOf(objects);
    await stopped.add(rejection(2, 'x'));
    await stopped.stop();
    expect(objects.keys('exchange')).toEqual([]);
  });

  it('waits for a slow store, and tells when the store fails', async () => {
    let taken = 0;
    const slow = fileOf({
      write: async (_bucket, _key, body) => {
        for await (const piece of body as AsyncIterable<Uint8Array>) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          taken += piece.length;
        }
      },
    });
    for (let line = 2; line < 300; line++) {
      await slow.add(rejection(line, 'x'.repeat(5_000)));
      expect(slow.bytes - taken).toBeLessThan(4 * 64 * 1024);
    }
    expect(await slow.close()).toBe(taken);
    const failing = fileOf({ write: () => Promise.reject(new Error('throttled')) });
    const all = async () => {
      for (let line = 2; line < 300; line++) await failing.add(rejection(line, 'x'.repeat(5_000)));
      await failing.close();
    };
    await expect(all()).rejects.toThrow('throttled');
  });
});

describe('whose the rows of a rejection file are', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => PartnerId.parse(`partner-${id}`)) as [PartnerId, PartnerId, PartnerId];

  it('[R-AGR-5] any file is cut into the rows of each owner and of nobody, however its bytes arrive', async () => {
    const row = fc.record({
      owner: fc.constantFrom(a, b, c, undefined),
      text: fc.string({ minLength: 1, maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row), fc.integer({ min: 1, max: 20 }), async (all, pieceBytes) => {
        const runs = new RunsOfOwners();
        for (const { owner, text } of all) runs.add(Buffer.byteLength(text), owner);
        const bytes = Buffer.from(all.map(({ text }) => text).join(''));
        const pieces = async function* () {
          for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
        };
        const cut = new Map<PartnerId | undefined, Buffer>();
        for await (const { owner, bytes: part } of stretches(pieces(), runs.runs))
          cut.set(owner, Buffer.concat([cut.get(owner) ?? Buffer.alloc(0), part]));
        for (const owner of [a, b, c, undefined]) {
          const own = all.filter((each) => each.owner === owner).map(({ text }) => text);
          expect(cut.get(owner)?.toString() ?? '').toBe(own.join(''));
        }
      }),
    );
  });

  it('rows of one owner behind each other are one stretch', () => {
    const runs = new RunsOfOwners();
    runs.add(10, undefined);
    runs.add(5, a);
    runs.add(6, a);
    runs.add(1, a);
    runs.add(2, b);
    expect(runs.runs).toEqual({ owners: [a, b], of: [-1, 0, 1], lengths: [10, 12, 2] });
  });

  it('[R-AGR-5] owners are gathered in groups that fit, the larger alone', () => {
    const sizes = new Map([
      [a, 4],
      [b, 11],
      [c, 6],
    ]);
    expect(inGroups(sizes, 10)).toEqual([[b], [c, a]]);
  });
});
