import { createHash, randomBytes } from 'node:crypto';
import { base32 } from '#domain/base32.ts';
import { versionIdOf } from '#domain/delivery/places.ts';
import type { Hash } from '#domain/delivery/reading.ts';
import { type DeliveryId, Instant, RunId } from '#domain/ids.ts';
import type { Clock, RunIds } from '#domain/ports.ts';

export const systemClock: Clock = {
  now: () => Instant.parse(new Date().toISOString()),
};

const digestOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();

export const objectIds = {
  deliveryId: (bucket: string, key: string, versionId: string): DeliveryId =>
    versionIdOf(digestOf, bucket, key, versionId),
};

export const runIds: RunIds = { runId: () => RunId.parse(base32(randomBytes(8), 10)) };

export const sha256 = (): Hash => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
};
