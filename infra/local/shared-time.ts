/**
 * The clock's moving parts in memory that Lambda workers share: now = base + (real now − real base) × speed.
 * A sequence number, odd while the three numbers are being written, keeps a reader from mixing old and new.
 * Layout: Int32 sequence, 4 bytes unused, Float64 base, Float64 real base, Float64 speed (0 = time stands still).
 */
const BYTES = 8 + 3 * Float64Array.BYTES_PER_ELEMENT;

// Taken before a worker replaces `Date` by one that reads this clock.
const realNow = Date.now;

export type SharedTime = { readonly now: () => number; readonly set: (at: number, speed: number) => void };

export const newSharedTime = (): SharedArrayBuffer => new SharedArrayBuffer(BYTES);

/** Reader and writer over the shared memory; only the host writes. */
export const sharedTime = (buffer: SharedArrayBuffer): SharedTime => {
  const sequence = new Int32Array(buffer, 0, 1);
  const numbers = new Float64Array(buffer, 8, 3);
  return {
    now() {
      for (;;) {
        const before = Atomics.load(sequence, 0);
        const [base = 0, realBase = 0, speed = 0] = numbers;
        if (before % 2 === 0 && Atomics.load(sequence, 0) === before) {
          return Math.floor(base + (realNow() - realBase) * speed);
        }
      }
    },
    set(at, speed) {
      Atomics.add(sequence, 0, 1);
      numbers.set([at, realNow(), speed]);
      Atomics.add(sequence, 0, 1);
    },
  };
};
