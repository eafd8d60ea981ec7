import { createHash, hash } from 'node:crypto';
import { versionIdOf } from '#domain/delivery/places.ts';
import type { Hashes } from '#domain/delivery/reading.ts';
import { type DeliveryId, Instant } from '#domain/ids.ts';
import type { Clock } from '#domain/ports.ts';

export const systemClock: Clock = {
  now: () => Instant.parse(new Date().toISOString()),
};

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest();

export const objectIds = {
  deliveryId: (bucket: string, key: string, versionId: string): DeliveryId =>
    versionIdOf(sha256, bucket, key, versionId),
};

export const hashes: Hashes = {
  sha256: () => {
    const made = createHash('sha256');
    return { update: (bytes) => void made.update(bytes), hex: () => made.digest('hex') };
  },
  fingerprint: (text) => hash('sha256', text),
};
