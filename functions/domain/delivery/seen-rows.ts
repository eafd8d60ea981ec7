/**
 * Which references a file has held, and with what content (R-DEL-7): 16 bytes a row, so that a file of any size that the
 * limits allow stays small. Both are given as hashes in hex; 64 bits of each are kept, by which two different ones meet
 * once in a hundred million files of 250,000 rows.
 */
export class SeenRows {
  private size = 0;
  private slots: Uint32Array = new Uint32Array(4 * 1024);

  /** Remembers a reference that is new; tells whether one that is not came with the same content. */
  see(reference: string, content: string): 'new' | 'same' | 'other' {
    if (this.size * 8 > this.slots.length) this.grow();
    const [r0, r1] = halves(reference);
    const [c0, c1] = halves(content);
    const at = place(this.slots, r0, r1);
    if (this.slots[at] === r0 && this.slots[at + 1] === r1)
      return this.slots[at + 2] === c0 && this.slots[at + 3] === c1 ? 'same' : 'other';
    this.slots.set([r0, r1, c0, c1], at);
    this.size += 1;
    return 'new';
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 4) {
      const [r0 = 0, r1 = 0] = [old[at], old[at + 1]];
      if (r0 !== 0) this.slots.set(old.subarray(at, at + 4), place(this.slots, r0, r1));
    }
  }
}

/** An empty slot begins with 0, so no hash may. */
const halves = (hex: string): readonly [number, number] => [
  Number.parseInt(hex.slice(0, 8), 16) || 1,
  Number.parseInt(hex.slice(8, 16), 16),
];

/** Where a reference stands, or the free slot where it belongs. */
const place = (slots: Uint32Array, r0: number, r1: number): number => {
  let at = ((r0 ^ r1) >>> 0) % (slots.length / 4);
  while (slots[at * 4] !== 0 && !(slots[at * 4] === r0 && slots[at * 4 + 1] === r1)) at = (at + 1) % (slots.length / 4);
  return at * 4;
};
