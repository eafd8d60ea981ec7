import type { Delivery, DeliverySource } from '#domain/delivery/delivery.ts';
import { judged, mayBeRead, type Scan } from '#domain/delivery/scan.ts';
import { failure, untilSettled } from '#domain/failure.ts';
import { DeliveringPartyId, type DeliveryId, Instant, UNKNOWN_PARTY } from '#domain/ids.ts';
import type { Clock, DeliveryStore, ObjectIds, ObjectStore, WorkflowStarter } from '#domain/ports.ts';

interface Ports {
  readonly deliveries: Pick<DeliveryStore, 'create' | 'get' | 'judge'>;
  readonly objects: Pick<ObjectStore, 'stat' | 'erase'>;
  readonly workflows: Pick<WorkflowStarter, 'startDelivery'>;
  readonly ids: ObjectIds;
  readonly clock: Clock;
}

/** An object version under `inbox/`; the key is as the sender chose it. */
interface Version {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
}

/** Where nothing is scanned S3 tells of an upload: ISO 8601, in seconds. */
export interface Created extends Version {
  readonly sizeBytes: number;
  readonly eventTime: string;
}

/** Where uploads are scanned the scan does. */
export interface Scanned extends Version {
  readonly scan: Scan;
}

/** What an operator says of an upload that is held. */
export type Order = { readonly release: DeliveryId } | { readonly erase: DeliveryId };

export type UploadReceived =
  | { readonly outcome: 'started' | 'quarantined'; readonly deliveryId: DeliveryId }
  /** Not clean, but opened before that was known: all that can be done is to look (runbook). */
  | { readonly outcome: 'too late'; readonly deliveryId: DeliveryId }
  /** Nothing was delivered: a folder made by hand, or an object outside `inbox/`. */
  | { readonly outcome: 'ignored' }
  /** Answers to an operator: the bytes are gone now; or there is nothing held under that id, or nothing left of it. */
  | { readonly outcome: 'erased' | 'not held' | 'gone' };

/**
 * Registers an upload `inbox/<party>/<file>` and starts its workflow; both may happen twice and then change nothing.
 * A first folder that cannot be a party, or none at all, goes on as `onbekend`, so that operations see it refused. What the
 * scan does not find clean is held (ADR 0018): its workflow reads nothing and tells the sender. An operator lets it go on,
 * or takes its bytes away.
 */
export const receiveUpload = (ports: Ports, input: Created | Scanned | Order): Promise<UploadReceived> => {
  if ('release' in input) return release(ports, input.release);
  if ('erase' in input) return erase(ports, input.erase);
  return receive(ports, input);
};

const receive = async (ports: Ports, upload: Created | Scanned): Promise<UploadReceived> => {
  const { bucket, key, versionId } = upload;
  if (!key.startsWith('inbox/')) return { outcome: 'ignored' };
  const deliveryId = ports.ids.deliveryId(bucket, key, versionId);
  return untilSettled(async () => {
    const known = await ports.deliveries.get(deliveryId);
    if (known === undefined) return register(ports, deliveryId, upload);
    const after = 'scan' in upload ? judged(known, upload.scan) : undefined;
    if (after === 'TOO_LATE') return { outcome: 'too late', deliveryId };
    if (after !== undefined && (await ports.deliveries.judge(after, known)) === 'conflict') return undefined;
    return start(ports, after ?? known);
  });
};

/** `undefined` when the same upload was registered meanwhile. */
const register = async (
  ports: Ports,
  deliveryId: DeliveryId,
  upload: Created | Scanned,
): Promise<UploadReceived | undefined> => {
  const { bucket, key, versionId } = upload;
  const isScanned = 'scan' in upload;
  const found = isScanned
    ? await ports.objects.stat(bucket, key, versionId)
    : { sizeBytes: upload.sizeBytes, storedAt: Instant.parse(new Date(upload.eventTime).toISOString()) };
  if (found === undefined) throw failure('UploadMissing');
  const isFolder = key.endsWith('/') && found.sizeBytes === 0;
  if (isFolder) return { outcome: 'ignored' };
  const party = DeliveringPartyId.safeParse(/^inbox\/([^/]*)\//.exec(key)?.[1]);
  const source: DeliverySource = {
    deliveryId,
    party: party.success ? party.data : UNKNOWN_PARTY,
    bucket,
    key,
    versionId,
    sizeBytes: found.sizeBytes,
    receivedAt: found.storedAt,
    ...(isScanned ? { scan: upload.scan } : {}),
  };
  const status = mayBeRead(source.scan) ? 'RECEIVED' : 'QUARANTINED';
  if ((await ports.deliveries.create(source, status)) === 'exists') return undefined;
  return start(ports, { ...source, status } as Delivery);
};

/** Starts the execution of its round, which may be there; one that is further has had its execution. */
const start = async ({ workflows }: Ports, { deliveryId, status, round = 1 }: Delivery): Promise<UploadReceived> => {
  if (status === 'RECEIVED' || status === 'QUARANTINED') await workflows.startDelivery(deliveryId, round);
  return { outcome: status === 'QUARANTINED' ? 'quarantined' : 'started', deliveryId };
};

/** Asked twice, or broken off half-way, it starts once. */
const release = (ports: Ports, deliveryId: DeliveryId): Promise<UploadReceived> =>
  untilSettled(async () => {
    const held = await ports.deliveries.get(deliveryId);
    if (held?.status === 'RECEIVED' && held.scan?.verdict === 'RELEASED') return start(ports, held);
    if (held?.status !== 'QUARANTINED') return { outcome: 'not held' };
    const there = held.erased ? undefined : await ports.objects.stat(held.bucket, held.key, held.versionId);
    if (there === undefined) return { outcome: 'gone' };
    const after = judged(held, { verdict: 'RELEASED', at: ports.clock.now() });
    // Only when the scan's clock runs ahead of ours: a moment later it will do.
    if (after === undefined || after === 'TOO_LATE') throw failure('TransientFailure');
    return (await ports.deliveries.judge(after, held)) === 'conflict' ? undefined : start(ports, after);
  });

/** Said first, done then: what is going to be erased can no longer be let go. */
const erase = (ports: Ports, deliveryId: DeliveryId): Promise<UploadReceived> =>
  untilSettled(async () => {
    const held = await ports.deliveries.get(deliveryId);
    if (held?.status !== 'QUARANTINED') return { outcome: 'not held' };
    if (!held.erased && (await ports.deliveries.judge({ ...held, erased: true }, held)) === 'conflict')
      return undefined;
    await ports.objects.erase(held.bucket, held.key, held.versionId);
    return { outcome: 'erased' };
  });
