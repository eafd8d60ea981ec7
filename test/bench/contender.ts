import { createReadStream, statSync } from 'node:fs';
import { parse } from 'csv-parse';
import Papa from 'papaparse';
import { runIds, sha256 } from '#adapters/system/system.ts';
import { deliveryContext } from '#domain/delivery/context.ts';
import type { Delivery } from '#domain/delivery/delivery.ts';
import { examine } from '#domain/delivery/reading.ts';
import { DeliveringPartyId, DeliveryId, Instant } from '#domain/ids.ts';
import { validateDelivery } from '#functions/intake/validate-delivery/validate-delivery.ts';
import { configuration } from '../support/configuration.ts';
import { MemoryConfiguration } from '../support/memory/ports.ts';

/**
 * One reader of one file in a process of its own, so that its memory is its own:
 * `contender.ts reading|first-step|objects|arrays|papaparse FILE`. Prints what it read and took as JSON.
 */
const [name = '', file = ''] = process.argv.slice(2);

const counted = (columns: boolean): Promise<number> =>
  new Promise((done, failed) => {
    let rows = 0;
    const parser = createReadStream(file).pipe(parse({ columns, delimiter: ';', bom: true }));
    parser.on('readable', () => {
      while (parser.read() !== null) rows += 1;
    });
    parser.once('error', failed).once('end', () => done(columns ? rows : rows - 1));
  });

const papaparse = (): Promise<number> =>
  new Promise((done, failed) => {
    let rows = 0;
    Papa.parse(createReadStream(file, 'utf8'), {
      header: true,
      delimiter: ';',
      chunk: ({ data }) => {
        rows += data.length;
      },
      complete: () => done(rows),
      error: failed,
    });
  });

const uploadLimits = { maxBytes: 10_000_000_000, maxRows: 100_000_000 };
const store = new MemoryConfiguration({ ...configuration, uploadLimits });
const party = DeliveringPartyId.parse('elan-wonen');
const receivedAt = Instant.parse('2026-04-01T08:00:00.000Z');
const sizeBytes = statSync(file).size;

/** Every row read and judged, as `meldpunt check` does it. */
const reading = async (): Promise<number> => {
  const known = await store.deliveringParty(party);
  if (known === undefined) throw new Error('no such party');
  const context = await deliveryContext(store, known, receivedAt);
  const found = await examine({ bytes: async () => createReadStream(file), sizeBytes }, context, sha256, {
    begin: () => undefined,
    rows: () => undefined,
  });
  if (found.verdict === 'REFUSED') throw new Error(`the file was refused: ${found.rejection.code}`);
  return found.findings.whole.read;
};

/** The first step of a delivery as the Lambda takes it: good rows to chunks as well; what it writes is let go. */
const firstStep = async (): Promise<number> => {
  const deliveryId = DeliveryId.parse('0'.repeat(26));
  const source = { deliveryId, party, bucket: 'landing', key: 'inbox/elan-wonen/lijst.csv', versionId: 'v1' };
  let delivery: Delivery = { ...source, sizeBytes, receivedAt, status: 'RECEIVED' };
  await validateDelivery(
    {
      deliveries: {
        get: async () => delivery,
        save: async (next) => {
          delivery = next;
          return 'written';
        },
      },
      configuration: store,
      objects: {
        read: async () => createReadStream(file),
        write: async (_bucket, _key, body) => {
          if (typeof body !== 'string' && !(body instanceof Uint8Array)) for await (const _ of body);
        },
        eraseFolder: async () => undefined,
      },
      ids: runIds,
      sha256,
      landingBucket: 'landing',
    },
    { deliveryId },
  );
  const found = delivery as Delivery;
  if (found.status !== 'VALIDATED') throw new Error(`the file ended as ${found.status}`);
  return found.read;
};

const contenders: Readonly<Record<string, () => Promise<number>>> = {
  reading,
  'first-step': firstStep,
  objects: () => counted(true),
  arrays: () => counted(false),
  papaparse,
};
const contender = contenders[name];
if (contender === undefined) throw new Error(`no contender ${name}`);
const started = performance.now();
const rows = await contender();
const seconds = (performance.now() - started) / 1000;

console.log(JSON.stringify({ rows, seconds, peakRssMb: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6) }));
