import type { PartnerId } from '../ids.ts';

/**
 * Of whom each stretch of a rejection file is, in bytes and in order: `lengths[i]` bytes are of `owners[of[i]]`, or of
 * nobody but the party when `of[i]` is -1 (the header; rows that name no partner). No data of a row.
 */
export interface RejectedRuns {
  readonly owners: readonly PartnerId[];
  readonly of: readonly number[];
  readonly lengths: readonly number[];
}

/** Takes rows in the order of the file; rows of one owner behind each other are one stretch. */
export class RunsOfOwners {
  private readonly ordinals = new Map<PartnerId, number>();
  private readonly of: number[] = [];
  private readonly lengths: number[] = [];

  add(bytes: number, owner: PartnerId | undefined): void {
    if (bytes === 0) return;
    const ordinal = owner === undefined ? -1 : (this.ordinals.get(owner) ?? this.ordinals.size);
    if (owner !== undefined) this.ordinals.set(owner, ordinal);
    const last = this.of.length - 1;
    if (this.of[last] === ordinal) this.lengths[last] = (this.lengths[last] ?? 0) + bytes;
    else {
      this.of.push(ordinal);
      this.lengths.push(bytes);
    }
  }

  get runs(): RejectedRuns {
    return { owners: [...this.ordinals.keys()], of: this.of, lengths: this.lengths };
  }
}

/**
 * Owners in groups that fit in memory together, most bytes first, so that few passes over the file do. An owner with more
 * than `limit` is a group of its own.
 */
export const inGroups = (bytes: ReadonlyMap<PartnerId, number>, limit: number): readonly (readonly PartnerId[])[] => {
  const groups: { bytes: number; readonly owners: PartnerId[] }[] = [];
  for (const [owner, size] of [...bytes].sort(([, a], [, b]) => b - a)) {
    const fitting = groups.find((group) => group.bytes + size <= limit);
    if (fitting === undefined) groups.push({ bytes: size, owners: [owner] });
    else {
      fitting.bytes += size;
      fitting.owners.push(owner);
    }
  }
  return groups.map(({ owners }) => owners);
};

/** The file in stretches, each with its owner; a stretch may come in several pieces. */
export async function* stretches(
  file: AsyncIterable<Uint8Array>,
  { owners, of, lengths }: RejectedRuns,
): AsyncGenerator<{ readonly owner: PartnerId | undefined; readonly bytes: Uint8Array }> {
  let run = 0;
  let left = lengths[0] ?? 0;
  for await (const piece of file) {
    for (let at = 0; at < piece.length && run < of.length; ) {
      const bytes = piece.subarray(at, at + left);
      yield { owner: owners[of[run] ?? -1], bytes };
      at += bytes.length;
      left -= bytes.length;
      if (left === 0) {
        run += 1;
        left = lengths[run] ?? 0;
      }
    }
  }
}
