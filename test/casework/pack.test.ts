import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Part } from '#domain/spreadsheet.ts';
import { encoded, packed } from '#functions/casework/publish-worklists/pack.ts';

const collected = async (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
};
/** More than is packed at a time, and not the same again and again. */
const long = Array.from({ length: 40_000 }, (_, i) => `<c r="A${i}">Ĳsbrand € ${i * 7919}</c>`);

describe('a zip that is packed bit by bit', () => {
  const parts = (): readonly Part[] => [
    { name: 'klein.xml', xml: ['één', ' twee'] },
    { name: 'map/groot.xml', xml: long },
    { name: 'leeg.xml', xml: [] },
  ];

  it('holds every part to the letter, as another library reads it', async () => {
    const files = unzipSync(await collected(packed(parts())));
    expect(Object.keys(files)).toEqual(['klein.xml', 'map/groot.xml', 'leeg.xml']);
    expect(strFromU8(files['klein.xml'] ?? new Uint8Array())).toBe('één twee');
    expect(strFromU8(files['map/groot.xml'] ?? new Uint8Array())).toBe(long.join(''));
    expect(files['leeg.xml']).toHaveLength(0);
  });

  it('says of each part its checksum and its size, for who verifies them', async () => {
    const bytes = await collected(packed([{ name: 'a', xml: ['123456789'] }]));
    const descriptor = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x07, 0x08]));
    // CRC-32 of "123456789" is the check value of the algorithm.
    expect(bytes.readUInt32LE(descriptor + 4)).toBe(0xcb_f4_39_26);
    expect(bytes.readUInt32LE(descriptor + 12)).toBe(9);
  });

  it('the same parts give the same bytes', async () => {
    expect(await collected(packed(parts()))).toEqual(await collected(packed(parts())));
  });

  it('a part that cannot be made fails the whole: half a file is never told to be one', async () => {
    const broken = function* (): Generator<string> {
      yield* long;
      throw new Error('the row cannot be made');
    };
    await expect(collected(packed([...parts(), { name: 'x', xml: broken() }]))).rejects.toThrow('cannot be made');
  });

  it('text without a zip is UTF-8, in whatever pieces it came', async () => {
    expect((await collected(encoded(long))).toString('utf8')).toBe(long.join(''));
  });
});
