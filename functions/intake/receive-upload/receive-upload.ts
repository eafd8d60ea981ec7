import type { DeliverySource } from '#domain/delivery/delivery.ts';
import { DeliveringPartyId, type DeliveryId, Instant } from '#domain/ids.ts';
import type { DeliveryStore, ObjectIds, WorkflowStarter } from '#domain/ports.ts';

interface Ports {
  readonly deliveries: Pick<DeliveryStore, 'create'>;
  readonly workflows: Pick<WorkflowStarter, 'startDelivery'>;
  readonly ids: ObjectIds;
}

export interface Upload {
  readonly bucket: string;
  /** As the sender chose it. */
  readonly key: string;
  readonly versionId: string;
  readonly sizeBytes: number;
  /** ISO 8601; S3 gives seconds. */
  readonly eventTime: string;
}

export type UploadReceived =
  | { readonly outcome: 'started'; readonly deliveryId: DeliveryId }
  /** Nothing was delivered: a folder made by hand, or an object outside `inbox/`. */
  | { readonly outcome: 'ignored' };

/**
 * Registers an upload `inbox/<party>/<file>` and starts its workflow; both may happen twice and then change nothing.
 * A first folder that cannot be a party, or none at all, goes on as `onbekend`, so that operations see it refused.
 */
export const receiveUpload = async (
  { deliveries, workflows, ids }: Ports,
  { bucket, key, versionId, sizeBytes, eventTime }: Upload,
): Promise<UploadReceived> => {
  const isFolder = key.endsWith('/') && sizeBytes === 0;
  if (!key.startsWith('inbox/') || isFolder) return { outcome: 'ignored' };
  const party = DeliveringPartyId.safeParse(/^inbox\/([^/]*)\//.exec(key)?.[1]);
  const source: DeliverySource = {
    deliveryId: ids.deliveryId(bucket, key, versionId),
    party: party.success ? party.data : DeliveringPartyId.parse('onbekend'),
    bucket,
    key,
    versionId,
    sizeBytes,
    receivedAt: Instant.parse(new Date(eventTime).toISOString()),
  };
  await deliveries.create(source);
  await workflows.startDelivery(source.deliveryId);
  return { outcome: 'started', deliveryId: source.deliveryId };
};
