import { chunkLine } from '#domain/delivery/chunk.ts';
import { deliveryContext } from '#domain/delivery/context.ts';
import type { Delivery, FileRejection } from '#domain/delivery/delivery.ts';
import type { ColumnMapping } from '#domain/delivery/mapping.ts';
import { chunkKey, findingsKey, JSON_TYPE, NDJSON, type Run, runFolder } from '#domain/delivery/places.ts';
import { examine, type FileLayout, type Hash, type JudgedRow, type RowSink } from '#domain/delivery/reading.ts';
import { failure } from '#domain/failure.ts';
import type { DeliveryId } from '#domain/ids.ts';
import type { ConfigurationStore, DeliveryStore, ObjectStore, RunIds } from '#domain/ports.ts';
import { Rejections } from './rejections.ts';

interface Ports {
  readonly deliveries: Pick<DeliveryStore, 'get' | 'save'>;
  readonly configuration: Pick<
    ConfigurationStore,
    | 'deliveringParty'
    | 'partner'
    | 'partners'
    | 'agreementsOf'
    | 'partnerTypeRules'
    | 'municipalities'
    | 'meldpunt'
    | 'uploadLimits'
  >;
  readonly objects: Pick<ObjectStore, 'read' | 'write' | 'eraseFolder'>;
  readonly ids: RunIds;
  readonly sha256: () => Hash;
  readonly landingBucket: string;
}

/** What the workflow goes on with: no rows, no names. */
export interface Validation {
  readonly verdict: 'ROUTE' | 'REFUSED';
  readonly chunks: number;
}

export const CHUNK_ROWS = 250;
/** Or sooner, when the party keeps long texts in columns of its own: a chunk is held in memory. */
const CHUNK_LENGTH = 1_000_000;

/**
 * First step of a delivery: reads the upload, writes good rows to chunks and refused rows apart, and saves what was found.
 * Judged by the day of receipt, so a replay finds the same, as long as the configuration is. Every run writes in a folder
 * of its own, and the first one that is through counts: a slow one that was given up overwrites nothing, and erases what
 * it wrote. So does one that refuses the file: what is not taken is not kept (R-DEL-3, R-DEL-6).
 */
export const validateDelivery = async (
  ports: Ports,
  { deliveryId }: { readonly deliveryId: DeliveryId },
): Promise<Validation> => {
  const delivery = await ports.deliveries.get(deliveryId);
  if (delivery === undefined) throw failure('DeliveryMissing');
  if (delivery.status !== 'RECEIVED') return answerOf(delivery);
  const run: Run = { deliveryId, run: ports.ids.runId() };
  const forget = () => ports.objects.eraseFolder(ports.landingBucket, runFolder(run));
  const found = await examined(ports, delivery, run).catch(async (error: unknown) => {
    await forget();
    throw error;
  });
  if (found.status === 'REFUSED') await forget();
  if ((await ports.deliveries.save(found, ['RECEIVED'])) === 'written') return answerOf(found);
  const stored = await ports.deliveries.get(deliveryId);
  if (stored === undefined) throw failure('DeliveryMissing');
  // A write whose answer got lost is tried again by the SDK and meets itself: then what is stored is this very run.
  const isThisRun = stored.status === 'VALIDATED' && stored.run === run.run;
  if (!isThisRun) await forget();
  return answerOf(stored);
};

const answerOf = (delivery: Delivery): Validation =>
  delivery.status === 'REFUSED' || delivery.status === 'QUARANTINED'
    ? { verdict: 'REFUSED', chunks: 0 }
    : { verdict: 'ROUTE', chunks: delivery.status === 'VALIDATED' ? delivery.chunks : 0 };

type Received = Extract<Delivery, { status: 'RECEIVED' }>;

const examined = async (ports: Ports, delivery: Received, run: Run): Promise<Delivery> => {
  const { status: _, ...source } = delivery;
  // Rows that were never read may hold a BSN or an objection: what is not taken is not kept (R-DEL-3, R-DEL-6).
  const refused = (rejection: FileRejection, sha256?: string): Delivery => ({
    ...source,
    status: 'REFUSED',
    ...(sha256 === undefined ? {} : { sha256 }),
    rejection,
    mustErase: true,
  });
  const party = await ports.configuration.deliveringParty(delivery.party);
  if (party === undefined) return refused({ code: 'PARTY_UNKNOWN' });
  const context = await deliveryContext(ports.configuration, party, delivery.receivedAt);
  const rows = new Rows(ports, run, party.mapping);
  const file = { sizeBytes: delivery.sizeBytes, bytes: () => bytesOf(ports, delivery) };
  const reading = await examine(file, context, ports.sha256, rows).catch(async (error: unknown) => {
    await rows.stop();
    throw error;
  });
  if (reading.verdict === 'REFUSED') {
    await rows.stop();
    return refused(reading.rejection, reading.sha256);
  }
  const rejectedBytes = await rows.end();
  const { sha256, layout, mustErase, findings } = reading;
  const { header } = layout;
  const { read, refused: refusals, duplicates } = findings.whole;
  await ports.objects.write(ports.landingBucket, findingsKey(run), JSON.stringify(findings), JSON_TYPE);
  return {
    ...source,
    status: 'VALIDATED',
    run: run.run,
    sha256,
    chunks: rows.chunks,
    read,
    refused: refusals,
    duplicates,
    header,
    mustErase,
    rejectedBytes,
  };
};

const bytesOf = async (
  { objects }: Ports,
  { bucket, key, versionId }: Delivery,
): Promise<AsyncIterable<Uint8Array>> => {
  const bytes = await objects.read(bucket, key, versionId);
  if (bytes === undefined) throw failure('UploadMissing');
  return bytes;
};

/** Puts good rows into chunks and refused ones into a file of their own. */
class Rows implements RowSink {
  chunks = 0;
  private chunk: string[] = [];
  private chunkLength = 0;
  private readonly rejections: Rejections;
  private readonly ports: Ports;
  private readonly run: Run;

  constructor(ports: Ports, run: Run, words: ColumnMapping | undefined) {
    this.ports = ports;
    this.run = run;
    this.rejections = new Rejections(ports, run, words);
  }

  begin(layout: FileLayout): void {
    this.rejections.open(layout);
  }

  async rows(batch: readonly JudgedRow[]): Promise<void> {
    for (const judged of batch) {
      if (judged.verdict === 'refused') await this.rejections.add(judged.rejection, judged.partner);
      if (judged.verdict !== 'good') continue;
      const line = chunkLine(judged.row, judged.line, judged.original);
      this.chunk.push(line);
      this.chunkLength += line.length;
      if (this.chunk.length === CHUNK_ROWS || this.chunkLength > CHUNK_LENGTH) await this.flush();
    }
  }

  /** After the last row; answers the length of the rejection file, 0 when there is none. */
  async end(): Promise<number> {
    if (this.chunk.length > 0) await this.flush();
    return this.rejections.close();
  }

  /** The file cannot be read on, or something failed: what was begun is not written. */
  async stop(): Promise<void> {
    await this.rejections.stop();
  }

  private async flush(): Promise<void> {
    const { landingBucket, objects } = this.ports;
    await objects.write(landingBucket, chunkKey(this.run, this.chunks), this.chunk.join(''), NDJSON);
    this.chunk = [];
    this.chunkLength = 0;
    this.chunks += 1;
  }
}
