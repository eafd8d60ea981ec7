import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { ClassicLevel } from 'classic-level';
import { openS3, type S3, type S3Event } from '../../../infra/local/s3/s3.ts';
import { type TestClock, testClock } from './clock.ts';

export type Place = {
  readonly endpoint: string;
  readonly client: S3Client;
  readonly clock: TestClock;
  /** Events taken so far. */
  readonly events: S3Event[];
  /** Set to a function that throws to have events refused. */
  onEvent: (event: S3Event) => Promise<void>;
  /** Closes everything and opens it again on the same directory. */
  reopen(): Promise<void>;
  /** Resolves when all events were handed over. */
  quiet(): Promise<void>;
  /** How many body files lie on disk. */
  files(): Promise<number>;
  close(): Promise<void>;
};

/** A local S3 behind a server of its own, with a versioned bucket `landing` (events) and a plain one `plain`. */
export async function openPlace(): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'meldpunt-s3-'));
  const clock = testClock();
  const events: S3Event[] = [];
  let s3: S3;
  let db: ClassicLevel;
  const server: Server = createServer((req, res) => void s3.handle(req, res));

  const open = async () => {
    db = new ClassicLevel(join(home, 'db'));
    await db.open();
    s3 = await openS3({ directory: join(home, 'objects'), db, clock, onEvent: (event) => place.onEvent(event) });
    await s3.createBucket({ name: 'landing', versioned: true, eventBridge: true });
    await s3.createBucket({ name: 'plain', versioned: false, eventBridge: false });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new S3Client({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });

  const place: Place = {
    endpoint,
    client,
    clock,
    events,
    onEvent: async (event) => void events.push(event),
    async reopen() {
      await s3.close();
      await db.close();
      await open();
    },
    async quiet() {
      const end = Date.now() + 5_000;
      while (clock.busy() > 0) {
        if (Date.now() > end) throw new Error('the clock is still held');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async files() {
      const all = await readdir(join(home, 'objects'), { recursive: true, withFileTypes: true }).catch(() => []);
      return all.filter((entry) => entry.isFile()).length;
    },
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await s3.close();
      await db.close();
      await rm(home, { recursive: true });
    },
  };
  await open();
  return place;
}
