import { concurrently } from '#domain/concurrently.ts';
import type { Delivery } from '#domain/delivery/delivery.ts';
import { CSV, deliveryFileKey, rejectedKey, rejectedRunsKey } from '#domain/delivery/places.ts';
import { rejectionHeader, rejectionRows, type SenderWords } from '#domain/delivery/rejection.ts';
import { inGroups, type RejectedRuns, stretches } from '#domain/delivery/rejection-runs.ts';
import { failure } from '#domain/failure.ts';
import type { PartnerId } from '#domain/ids.ts';
import type { ObjectStore } from '#domain/ports.ts';
import { resultsOf, textOf } from './results.ts';

interface Ports {
  readonly objects: Pick<ObjectStore, 'read' | 'write'>;
  readonly landingBucket: string;
  readonly exchangeBucket: string;
}
type Validated = Extract<Delivery, { status: 'VALIDATED' }>;

/** Partners' parts held in memory at once, in bytes. */
const AT_ONCE = 16 * 1024 * 1024;
const WRITES = 4;

const encoder = new TextEncoder();

/** A row, or several of one owner behind each other; the header is of nobody. */
interface Stretch {
  readonly owner: PartnerId | undefined;
  readonly bytes: Uint8Array;
}

/** Whose the rows are that validation refused. They must tell of every byte: else rows would go to somebody else. */
const knownRuns = async ({ objects, landingBucket }: Ports, delivery: Validated): Promise<RejectedRuns> => {
  const runs = JSON.parse(await textOf(objects, landingBucket, rejectedRunsKey(delivery))) as RejectedRuns;
  const told = runs.lengths.reduce((sum, length) => sum + length, 0);
  if (told !== delivery.rejectedBytes) throw failure('RejectionsDiffer');
  return runs;
};

/** The rows that validation refused, as long as they must be. */
async function* knownFile({ objects, landingBucket }: Ports, delivery: Validated): AsyncGenerator<Uint8Array> {
  const file = await objects.read(landingBucket, rejectedKey(delivery));
  if (file === undefined) throw failure('ResultMissing');
  let length = 0;
  for await (const piece of file) {
    length += piece.length;
    yield piece;
  }
  if (length !== delivery.rejectedBytes) throw failure('RejectionsDiffer');
}

/** The party's rejection file: what routing refused stands behind what validation refused. */
async function* refusedRows(
  ports: Ports,
  delivery: Validated,
  lateRefusals: number,
  words: SenderWords,
): AsyncGenerator<Stretch> {
  const { header, rejectedBytes } = delivery;
  if (rejectedBytes > 0) yield* stretches(knownFile(ports, delivery), await knownRuns(ports, delivery));
  else yield { owner: undefined, bytes: encoder.encode(rejectionHeader(header)) };
  if (lateRefusals === 0) return;
  const rowOf = rejectionRows(words, header);
  for await (const row of resultsOf(ports, delivery))
    if (row.result === 'refused') yield { owner: row.partner, bytes: encoder.encode(rowOf(row.rejection)) };
}

/**
 * Writes the party's rejection file, and for each partner a part with its own refused rows (R-AGR-5): cut by the bytes, so
 * that no row is read again, and no pass is made per partner. Several partners are gathered in one pass, as many as fit in
 * memory; a larger one is streamed. All come from what validation and routing left in `work/`, and none from a file that
 * another closing may be writing.
 */
export const writeRejected = async (
  ports: Ports,
  delivery: Validated,
  lateRefusals: number,
  words: SenderWords,
): Promise<void> => {
  const { party, deliveryId, header, rejectedBytes } = delivery;
  if (rejectedBytes === 0 && lateRefusals === 0) return;
  const rows = () => refusedRows(ports, delivery, lateRefusals, words);
  const write = (owner: string, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> =>
    ports.objects.write(ports.exchangeBucket, deliveryFileKey(owner, deliveryId, 'rejected.csv'), body, CSV);
  const sizes = new Map<PartnerId, number>();
  await write(party, summed(rows(), sizes));
  const head = encoder.encode(rejectionHeader(header));
  const others = new Map([...sizes].filter(([owner]) => String(owner) !== String(party)));
  for (const group of inGroups(others, AT_ONCE)) {
    const [first] = group;
    if (first !== undefined && (others.get(first) ?? 0) > AT_ONCE) {
      await write(first, ofOwner(rows(), first, head));
      continue;
    }
    const parts = new Map(group.map((owner) => [owner, [head]]));
    // Copied: a piece of the file would stay in memory whole for one row of it.
    for await (const { owner, bytes } of rows()) if (owner !== undefined) parts.get(owner)?.push(bytes.slice());
    await concurrently(WRITES, parts, ([owner, pieces]) => write(owner, Buffer.concat(pieces)));
  }
};

/** All bytes, counted per owner. */
async function* summed(all: AsyncIterable<Stretch>, sizes: Map<PartnerId, number>): AsyncGenerator<Uint8Array> {
  for await (const { owner, bytes } of all) {
    if (owner !== undefined) sizes.set(owner, (sizes.get(owner) ?? 0) + bytes.length);
    yield bytes;
  }
}

async function* ofOwner(all: AsyncIterable<Stretch>, mine: PartnerId, head: Uint8Array): AsyncGenerator<Uint8Array> {
  yield head;
  for await (const { owner, bytes } of all) if (owner === mine) yield bytes;
}
