import { createHash } from 'node:crypto';
import { DeliveryId, Instant } from '#domain/ids.ts';
import type { Clock } from '#domain/ports.ts';
import { base32 } from './base32.ts';

export const systemClock: Clock = {
  now: () => Instant.parse(new Date().toISOString()),
};

/** One id per object version: the same event gives the same id, and the id says nothing of the sender's file name. */
export const objectIds = {
  deliveryId: (bucket: string, key: string, versionId: string): DeliveryId =>
    DeliveryId.parse(
      base32(
        createHash('sha256')
          .update(JSON.stringify([bucket, key, versionId]))
          .digest(),
        26,
      ),
    ),
};
