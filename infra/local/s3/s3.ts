import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError, type LocalClock, REGION } from '../contract.ts';
import { openEventPump, type S3Event } from './events.ts';
import { errorXml } from './objects.ts';
import { pickOperation } from './operations.ts';
import { notImplemented, readRequest, refuseUnknown, type S3Answer, type S3Request } from './request.ts';
import { at, type Bucket, type Database, openStore } from './store.ts';

export type { S3Event } from './events.ts';

export type S3Options = {
  /** Where object bodies lie. Nobody else writes there. */
  readonly directory: string;
  readonly db: Database;
  readonly clock: LocalClock;
  /** Called at least once per event of a bucket with `eventBridge`; resolves when the event is safe elsewhere. */
  readonly onEvent: (event: S3Event) => Promise<void>;
};

export type S3 = {
  /** Answers one path-style request (/bucket/key). Never rejects: a fault is an S3 error document. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Creates the bucket or changes its settings; objects stay. Versioning switched off again is Suspended, as on AWS. */
  createBucket(bucket: { name: string; versioned: boolean; eventBridge: boolean }): Promise<void>;
  /** Waits for changes and events under way. Close the HTTP server before and the database after. */
  close(): Promise<void>;
};

/**
 * S3 on one machine, streaming: bodies are files, metadata and pending events are in the database. What was answered survives a
 * kill; a power cut may take the last moments, since nothing is forced to the platter.
 */
export async function openS3({ directory, db, clock, onEvent }: S3Options): Promise<S3> {
  const store = await openStore(db, directory);
  const events = openEventPump(store, clock, onEvent);
  events.wake();

  async function answer(request: S3Request): Promise<S3Answer> {
    const picked = pickOperation(request);
    if (picked === undefined) {
      const parameters = [...request.query.keys()].join(', ');
      throw notImplemented(
        `${request.method} of ${request.key === undefined ? 'a bucket' : 'an object'}${parameters && ` with ${parameters}`}`,
      );
    }
    const { operation, known } = picked;
    refuseUnknown(request, known);
    const context = { store, clock };
    if (operation.on === 'service') return operation.run(context, request);
    const bucket = await store.get<Bucket>(at.bucket(request.bucket ?? ''));
    if (bucket === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    // A jumping clock must not move between the change and its event.
    const done = request.method === 'GET' || request.method === 'HEAD' ? undefined : clock.begin();
    try {
      if (operation.on === 'bucket') return await operation.run(context, { request, bucket });
      return await operation.run(context, { request, bucket, key: request.key ?? '' });
    } finally {
      if (done !== undefined) events.wake();
      done?.();
    }
  }

  return {
    async handle(req, res) {
      const id = randomBytes(8).toString('hex').toUpperCase();
      try {
        await send(await answer(readRequest(req, id)), id, clock, req, res);
      } catch (error) {
        if (res.headersSent || res.destroyed) {
          res.destroy();
          return;
        }
        const known =
          error instanceof AwsError
            ? error
            : new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500);
        if (known.status === 500) console.error(`s3: request ${id} failed`, error);
        await send({ status: known.status, body: errorXml(known, { id }) }, id, clock, req, res).catch(() =>
          res.destroy(),
        );
      } finally {
        // What the client still sends is read and dropped, so that it gets to the answer.
        if (!req.complete) req.resume();
      }
    },

    createBucket: ({ name, versioned, eventBridge }) =>
      store.change(async (change) => {
        if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
          throw new AwsError('InvalidBucketName', `The specified bucket is not valid: ${name}`);
        const old = await store.get<Bucket>(at.bucket(name));
        const off = old === undefined || old.versioning === 'Off' ? 'Off' : 'Suspended';
        const bucket: Bucket = {
          name,
          versioning: versioned ? 'Enabled' : off,
          eventBridge,
          created: old?.created ?? clock.now(),
        };
        change.put(at.bucket(name), bucket);
      }),

    async close() {
      await events.close();
      await store.settle();
    },
  };
}

async function send(
  answer: S3Answer,
  id: string,
  clock: LocalClock,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  res.statusCode = answer.status;
  res.setHeader('x-amz-request-id', id);
  res.setHeader('x-amz-bucket-region', REGION);
  if (!res.hasHeader('date')) res.setHeader('date', new Date(clock.now()).toUTCString());
  const { body } = answer;
  if (typeof body === 'string') {
    res.setHeader('content-type', 'application/xml');
    res.setHeader('content-length', Buffer.byteLength(body));
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    if (value !== undefined) res.setHeader(name, value);
  }
  if (body === undefined || req.method === 'HEAD') res.end();
  else if (typeof body === 'string') res.end(body);
  else await pipeline(body, res);
}
