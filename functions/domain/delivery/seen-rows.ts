/**
 * 64 bits over texts, in two halves. No secret and no proof: it tells rows of one file apart. The `seed` comes of the file
 * itself, so that nobody can make rows beforehand that meet.
 */
export class Fingerprint {
  private a: number;
  private b: number;

  constructor(seed = 0) {
    this.a = 0xdeadbeef ^ seed;
    this.b = Math.imul(0x41c6ce57 ^ seed, 2_654_435_761);
  }

  /** Where one text ends and the next begins counts too. */
  add(text: string): this {
    let { a, b } = this;
    for (let i = 0; i < text.length; i += 1) {
      const sign = text.charCodeAt(i);
      a = Math.imul(a ^ sign, 2_654_435_761);
      a ^= a >>> 15;
      b = Math.imul(b ^ sign, 1_597_334_677);
      b ^= b >>> 13;
    }
    this.a = Math.imul(a ^ text.length, 2_246_822_507);
    this.b = Math.imul(b ^ text.length, 3_266_489_909);
    return this;
  }

  get halves(): readonly [number, number] {
    const { a, b } = this;
    const first = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
    const second = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(first ^ (first >>> 13), 3_266_489_909);
    return [first >>> 0, second >>> 0];
  }
}

/**
 * Which references a file has held, and with what content (R-DEL-7): 16 bytes a row, so that a file of any size that the
 * limits allow stays small. Two different references meet once in a hundred million files of 250,000 rows, and the second
 * is then refused; that two contents under one reference meet is rarer still.
 */
export class SeenRows {
  private size = 0;
  private slots = new Uint32Array(4 * 1024);

  /** Remembers a reference that is new; tells whether one that is not came with the same content. */
  see(reference: Fingerprint, content: Fingerprint): 'new' | 'same' | 'other' {
    if (this.size * 8 > this.slots.length) this.grow();
    const { slots } = this;
    const [half, k1] = reference.halves;
    // An empty slot begins with 0, so no key may.
    const k0 = half || 1;
    const [c0, c1] = content.halves;
    const at = placeOf(slots, k0, k1);
    if (slots[at] !== 0) return slots[at + 2] === c0 && slots[at + 3] === c1 ? 'same' : 'other';
    slots[at] = k0;
    slots[at + 1] = k1;
    slots[at + 2] = c0;
    slots[at + 3] = c1;
    this.size += 1;
    return 'new';
  }

  private grow(): void {
    const old = this.slots;
    const wider = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 4) {
      const [k0 = 0, k1 = 0] = [old[at], old[at + 1]];
      if (k0 !== 0) wider.set(old.subarray(at, at + 4), placeOf(wider, k0, k1));
    }
    this.slots = wider;
  }
}

/** Where a key stands, or the free slot where it belongs. There is always one. */
const placeOf = (slots: Uint32Array, k0: number, k1: number): number => {
  const last = slots.length - 1;
  let at = (Math.imul(k0 ^ k1, 4) >>> 0) & last;
  while (slots[at] !== 0 && !(slots[at] === k0 && slots[at + 1] === k1)) at = (at + 4) & last;
  return at;
};
