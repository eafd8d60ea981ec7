import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { openS3 } from '../../../infra/local/s3/s3.ts';
import { testClock } from './clock.ts';

// The child of the kill test: the first process refuses every event, so that all of them are still due in the second.
const home = process.argv[2] ?? '';
const db = new ClassicLevel(join(home, 'db'));
await db.open();
const first = (await db.get('been here')) === undefined;
await db.put('been here', 'yes');
const s3 = await openS3({
  directory: join(home, 'objects'),
  db,
  clock: testClock(),
  onEvent: async (event) => {
    if (first) return new Promise(() => undefined);
    process.send?.({ event: event.detail.object.key });
  },
});
await s3.createBucket({ name: 'landing', versioned: true, eventBridge: true });
const server = createServer((req, res) => void s3.handle(req, res));
server.listen(0, '127.0.0.1', () =>
  process.send?.({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
