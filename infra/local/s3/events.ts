import { createHash } from 'node:crypto';
import { ACCOUNT, type LocalClock, REGION } from '../contract.ts';
import type { S3Request } from './request.ts';
import { at, type Change, type ObjectVersion, type Store } from './store.ts';

/** An event as S3 sends it to EventBridge's default bus. Keys are not url-encoded there. */
export type S3Event = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Object Created' | 'Object Deleted';
  readonly source: 'aws.s3';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly [string];
  readonly detail: {
    readonly version: '0';
    readonly bucket: { readonly name: string };
    readonly object: {
      readonly key: string;
      readonly size?: number;
      readonly etag?: string;
      readonly 'version-id'?: string;
      readonly sequencer: string;
    };
    readonly 'request-id': string;
    readonly requester: string;
    readonly 'source-ip-address': string;
    readonly reason: string;
    readonly 'deletion-type'?: 'Permanently Deleted' | 'Delete Marker Created';
  };
};

export type Happening = {
  readonly kind: 'Object Created' | 'Object Deleted';
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload' | 'DeleteObject';
  readonly deletion?: 'Permanently Deleted' | 'Delete Marker Created';
};

/** Puts the event into the same change as what it tells of. Its id follows from that change, so that a repeat has the same one. */
export function recordEvent(
  change: Change,
  clock: LocalClock,
  request: S3Request,
  bucket: string,
  version: ObjectVersion,
  happening: Happening,
): void {
  const sequence = change.next();
  const event: S3Event = {
    version: '0',
    id: uuidOf(`${bucket} ${sequence} ${request.id}`),
    'detail-type': happening.kind,
    source: 'aws.s3',
    account: ACCOUNT,
    time: `${clock.iso().slice(0, 19)}Z`,
    region: REGION,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key: version.key,
        ...(happening.kind === 'Object Created' && !version.deleteMarker ? { size: version.size } : {}),
        ...(version.deleteMarker ? {} : { etag: version.etag }),
        ...(version.versionId === 'null' ? {} : { 'version-id': version.versionId }),
        sequencer: sequence.toString(16).toUpperCase().padStart(16, '0'),
      },
      'request-id': request.id,
      requester: ACCOUNT,
      'source-ip-address': request.http.socket.remoteAddress ?? '127.0.0.1',
      reason: happening.reason,
      ...(happening.deletion === undefined ? {} : { 'deletion-type': happening.deletion }),
    },
  };
  change.put(at.event(sequence), event);
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const TOGETHER = 16;
const RETRY_MS = 1_000;

export type EventPump = { wake(): void; close(): Promise<void> };

/**
 * Hands pending events to `onEvent`, at least once each, and forgets one only after it was taken. What is refused is tried again
 * every second of real time. A jumping clock stands still while there is something to hand over.
 */
export function openEventPump(store: Store, clock: LocalClock, onEvent: (event: S3Event) => Promise<void>): EventPump {
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  async function drain(): Promise<void> {
    let from = at.events;
    let refused = false;
    while (!closed) {
      const iterator = store.iterate<S3Event>({ gte: from, lt: at.event(Number.MAX_SAFE_INTEGER) });
      const entries = await iterator.nextv(TOGETHER).finally(() => iterator.close());
      const last = entries.at(-1);
      if (last === undefined) break;
      const taken = await Promise.all(entries.map(([key, event]) => hand(key, event)));
      if (taken.includes(false)) refused = true;
      from = `${last[0]}\0`;
    }
    if (refused && !closed) retry = setTimeout(wake, RETRY_MS);
    retry?.unref();
  }

  async function hand(key: string, event: S3Event): Promise<boolean> {
    try {
      await onEvent(event);
      await store.change(async (change) => change.del(key));
      return true;
    } catch (error) {
      // The message may hold anything; the event's id is enough to find it.
      console.error(
        `s3: event ${event.id} was not taken (${error instanceof Error ? error.name : 'error'}); it is sent again`,
      );
      return false;
    }
  }

  function wake(): void {
    if (closed) return;
    clearTimeout(retry);
    if (running !== undefined) {
      again = true;
      return;
    }
    again = false;
    const done = clock.begin();
    running = drain().finally(() => {
      running = undefined;
      done();
      if (again) wake();
    });
    running.catch((error: unknown) => console.error('s3: events wait for the next change', error));
  }

  return {
    wake,
    async close() {
      closed = true;
      clearTimeout(retry);
      await running;
    },
  };
}
