import { concurrently } from '#domain/concurrently.ts';
import type { Delivery } from '#domain/delivery/delivery.ts';
import { CSV, deliveryFileKey, rejectedRunsKey } from '#domain/delivery/places.ts';
import { rejectionHeader, rejectionRow, type SenderWords } from '#domain/delivery/rejection.ts';
import {
  bytesPerOwner,
  inGroups,
  type RejectedRuns,
  RunsOfOwners,
  stretches,
} from '#domain/delivery/rejection-runs.ts';
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

const fileOf = async ({ objects, exchangeBucket }: Ports, { party, deliveryId }: Validated) => {
  const bytes = await objects.read(exchangeBucket, deliveryFileKey(party, deliveryId, 'rejected.csv'));
  if (bytes === undefined) throw failure('ResultMissing');
  return bytes;
};

/** Whose the refused rows are that validation wrote. */
const knownRuns = async ({ objects, landingBucket }: Ports, { deliveryId, rejectedBytes }: Validated) =>
  rejectedBytes === 0
    ? undefined
    : (JSON.parse(await textOf(objects, landingBucket, rejectedRunsKey(deliveryId))) as RejectedRuns);

/**
 * The party's rejection file as it must be: what routing refused stands behind what validation refused. Only the first
 * `rejectedBytes` are kept of what is there, so a replay adds nothing twice. Answers whose its rows are.
 */
export const completeRejected = async (
  ports: Ports,
  delivery: Validated,
  lateRefusals: number,
  words: SenderWords,
): Promise<RejectedRuns> => {
  const { party, deliveryId, header, rejectedBytes } = delivery;
  const runs = new RunsOfOwners(await knownRuns(ports, delivery));
  if (lateRefusals === 0) return runs.runs;
  const before = rejectedBytes > 0 ? await fileOf(ports, delivery) : undefined;
  const body = async function* (): AsyncGenerator<Uint8Array> {
    if (before) yield* firstBytes(before, rejectedBytes);
    else {
      const bytes = encoder.encode(rejectionHeader(header));
      runs.add(bytes.length, undefined);
      yield bytes;
    }
    for await (const row of resultsOf(ports, delivery)) {
      if (row.result !== 'refused') continue;
      const bytes = encoder.encode(rejectionRow(row.rejection, words, header));
      runs.add(bytes.length, row.partner);
      yield bytes;
    }
  };
  const key = deliveryFileKey(party, deliveryId, 'rejected.csv');
  await ports.objects.write(ports.exchangeBucket, key, body(), CSV);
  return runs.runs;
};

async function* firstBytes(bytes: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const piece of bytes) {
    yield piece.subarray(0, left);
    left -= Math.min(left, piece.length);
    if (left === 0) return;
  }
}

/**
 * Each partner its own refused rows (R-AGR-5), cut from the party's file by the bytes: no row is read again, and no pass
 * is made per partner. Several partners are gathered in one pass, as many as fit in memory; a larger one is streamed.
 */
export const writeRejectedParts = async (ports: Ports, delivery: Validated, runs: RejectedRuns): Promise<void> => {
  const { party, deliveryId, header } = delivery;
  const sizes = new Map(
    [...bytesPerOwner(runs)].filter(([owner, size]) => size > 0 && String(owner) !== String(party)),
  );
  const head = encoder.encode(rejectionHeader(header));
  const write = (owner: PartnerId, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> =>
    ports.objects.write(ports.exchangeBucket, deliveryFileKey(owner, deliveryId, 'rejected.csv'), body, CSV);
  for (const group of inGroups(sizes, AT_ONCE)) {
    const all = stretches(await fileOf(ports, delivery), runs);
    const [first] = group;
    if (first !== undefined && (sizes.get(first) ?? 0) > AT_ONCE) {
      await write(first, ofOwner(all, first, head));
      continue;
    }
    const parts = new Map(group.map((owner) => [owner, [head]]));
    // Copied: a piece of the file would stay in memory whole for one row of it.
    for await (const { owner, bytes } of all) if (owner !== undefined) parts.get(owner)?.push(bytes.slice());
    await concurrently(WRITES, parts, ([owner, pieces]) => write(owner, Buffer.concat(pieces)));
  }
};

async function* ofOwner(
  all: ReturnType<typeof stretches>,
  mine: PartnerId,
  head: Uint8Array,
): AsyncGenerator<Uint8Array> {
  yield head;
  for await (const { owner, bytes } of all) if (owner === mine) yield bytes;
}
