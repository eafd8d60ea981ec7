import { createHash } from 'node:crypto';
import type { DeliveringParty } from '#domain/agreement/configuration.ts';
import { type DeliveryColumn, deliveryContract } from '#domain/delivery/columns.ts';
import { decodeText, type Encoding, sniffer } from '#domain/delivery/decode.ts';
import type { Delivery, FileRejection, PartnerRows, RoutedRow, RowRejection } from '#domain/delivery/delivery.ts';
import { delimiterOf, type Header, headerOf } from '#domain/delivery/dialect.ts';
import { CSV, chunkKey, deliveryFileKey, NDJSON } from '#domain/delivery/places.ts';
import { rejectionHeader, rejectionRow } from '#domain/delivery/rejection.ts';
import { judgeRow, type RowContext } from '#domain/delivery/row.ts';
import { failure } from '#domain/failure.ts';
import type { DeliveryId, PartnerId } from '#domain/ids.ts';
import { canonicalJson } from '#domain/matching/keys.ts';
import type { ConfigurationStore, DeliveryStore, ObjectStore } from '#domain/ports.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { FileRefused, recordsOf } from './records.ts';

interface Ports {
  readonly deliveries: Pick<DeliveryStore, 'get' | 'save'>;
  readonly configuration: Pick<
    ConfigurationStore,
    'deliveringParty' | 'partner' | 'partners' | 'agreementsOf' | 'partnerTypeRules' | 'municipalities' | 'meldpunt'
  >;
  readonly objects: Pick<ObjectStore, 'read' | 'write'>;
  readonly landingBucket: string;
  readonly exchangeBucket: string;
}

/** What the workflow goes on with: no rows, no names. */
export interface Validation {
  readonly verdict: 'ROUTE' | 'REFUSED';
  readonly chunks: number;
}

export const CHUNK_ROWS = 250;
export const MAX_ROWS = 250_000;

type Validated = Extract<Delivery, { status: 'VALIDATED' }>;
type Findings = Omit<Validated, keyof Extract<Delivery, { status: 'RECEIVED' }> | 'sha256'>;

/**
 * First step of a delivery: reads the upload twice (hash and encoding; then rows), writes good rows to chunks and refused
 * rows to the sender's rejection file, and saves what was found. Judged by the day of receipt, so a replay finds the same.
 * Refused rows go to no other place than the sender's own folder (R-DEL-3). `maxRows` is the limit of one file.
 */
export const validateDelivery = async (
  ports: Ports,
  { deliveryId, maxRows = MAX_ROWS }: { readonly deliveryId: DeliveryId; readonly maxRows?: number },
): Promise<Validation> => {
  const delivery = await ports.deliveries.get(deliveryId);
  if (delivery === undefined) throw failure('DeliveryMissing');
  if (delivery.status !== 'RECEIVED') return answerOf(delivery);
  const found = await examine(ports, delivery, maxRows);
  if ((await ports.deliveries.save(found, ['RECEIVED'])) === 'written') return answerOf(found);
  const stored = await ports.deliveries.get(deliveryId);
  if (stored === undefined) throw failure('DeliveryMissing');
  return answerOf(stored);
};

const answerOf = (delivery: Delivery): Validation =>
  delivery.status === 'REFUSED'
    ? { verdict: 'REFUSED', chunks: 0 }
    : { verdict: 'ROUTE', chunks: delivery.status === 'VALIDATED' ? delivery.chunks : 0 };

const examine = async (
  ports: Ports,
  delivery: Extract<Delivery, { status: 'RECEIVED' }>,
  maxRows: number,
): Promise<Delivery> => {
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
  const first = await sniff(ports, delivery);
  if (!first.sniffed.ok) return refused(first.sniffed.error, first.sha256);
  const contract = deliveryContract(party.partners.length > 1);
  const delimiter = delimiterOf(first.sniffed.value.firstLine, contract.columns);
  if (!delimiter.ok) return refused(delimiter.error, first.sha256);
  const pass = new RowPass(ports, delivery, await contextOf(ports, delivery, party), delimiter.value, maxRows);
  try {
    return { ...source, status: 'VALIDATED', sha256: first.sha256, ...(await pass.run(first.sniffed.value.encoding)) };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return refused(error.rejection, first.sha256);
  }
};

const bytesOf = async (
  { objects }: Ports,
  { bucket, key, versionId }: Delivery,
): Promise<AsyncIterable<Uint8Array>> => {
  const bytes = await objects.read(bucket, key, versionId);
  if (bytes === undefined) throw failure('UploadMissing');
  return bytes;
};

const sniff = async (ports: Ports, delivery: Delivery) => {
  const hash = createHash('sha256');
  const watch = sniffer();
  for await (const piece of await bytesOf(ports, delivery)) {
    hash.update(piece);
    watch.push(piece);
  }
  return { sha256: hash.digest('hex'), sniffed: watch.finish() };
};

const contextOf = async (
  { configuration }: Ports,
  { receivedAt }: Delivery,
  party: DeliveringParty,
): Promise<RowContext> => {
  const own = await Promise.all(
    party.partners.map(async (id) => {
      const [partner, agreements] = await Promise.all([configuration.partner(id), configuration.agreementsOf(id)]);
      return partner ? ([[id, { partner, agreements }]] as const) : [];
    }),
  );
  const [partners, rules, municipalities, meldpunt] = await Promise.all([
    configuration.partners(),
    configuration.partnerTypeRules(),
    configuration.municipalities(),
    configuration.meldpunt(),
  ]);
  return {
    on: amsterdamDate(receivedAt),
    meldpunt,
    own: new Map(own.flat()),
    others: new Set(partners.map(({ id }) => id)),
    rules,
    municipalities: new Map(municipalities.map((municipality) => [municipality.code, municipality])),
  };
};

const increase = <K extends string>(counts: Map<K, number>, key: K): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** The second reading: one pass over the records with what is counted on the way. */
class RowPass {
  mustErase = false;
  private readonly ports: Ports;
  private readonly delivery: Delivery;
  private readonly context: RowContext;
  private readonly delimiter: string;
  private readonly maxRows: number;
  private header: Header<DeliveryColumn> | undefined;
  private headerCells: readonly string[] = [];
  private chunk: string[] = [];
  private chunks = 0;
  private read = 0;
  private refused = 0;
  private duplicates = 0;
  private rejectedBytes = 0;
  private readonly warnings = new Map<string, number>();
  private readonly rejections = new Map<string, number>();
  private readonly partners = new Map<PartnerId, PartnerRows>();
  /** Content of every good row by partner and reference, hashed, so that 250,000 rows stay small. */
  private readonly contents = new Map<string, string>();

  constructor(ports: Ports, delivery: Delivery, context: RowContext, delimiter: string, maxRows: number) {
    this.ports = ports;
    this.delivery = delivery;
    this.context = context;
    this.delimiter = delimiter;
    this.maxRows = maxRows;
  }

  /** Reading is driven by the writing of the rejection file; without a refused row there is no such file. */
  async run(encoding: Encoding): Promise<Findings> {
    const lines = this.rejectedLines(encoding);
    const first = await lines.next();
    if (!first.done) {
      const { party, deliveryId } = this.delivery;
      const key = deliveryFileKey(party, deliveryId, 'rejected.csv');
      await this.ports.objects.write(this.ports.exchangeBucket, key, this.bytes(first.value, lines), CSV);
    }
    if (this.chunk.length > 0) await this.flush();
    return {
      chunks: this.chunks,
      read: this.read,
      refused: this.refused,
      duplicates: this.duplicates,
      header: this.headerCells,
      delimiter: this.delimiter,
      mustErase: this.mustErase,
      rejectedBytes: this.rejectedBytes,
      partners: Object.fromEntries(this.partners),
      warnings: Object.fromEntries(this.warnings),
      rejections: Object.fromEntries(this.rejections),
    };
  }

  private async *bytes(first: string, rest: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder();
    const encoded = (text: string): Uint8Array => {
      const bytes = encoder.encode(text);
      this.rejectedBytes += bytes.length;
      return bytes;
    };
    yield encoded(rejectionHeader(this.headerCells, this.delimiter));
    yield encoded(first);
    for await (const text of rest) yield encoded(text);
  }

  private async *rejectedLines(encoding: Encoding): AsyncGenerator<string> {
    const text = decodeText(await bytesOf(this.ports, this.delivery), encoding);
    for await (const { line, cells } of recordsOf(text, this.delimiter)) {
      if (this.header === undefined) this.takeHeader(cells);
      else {
        if (this.read === this.maxRows) throw new FileRefused({ code: 'TOO_MANY_ROWS' });
        const rejection = await this.takeRow(this.header, line, cells);
        if (rejection) yield rejectionRow(rejection, this.delimiter);
      }
    }
  }

  private takeHeader(cells: readonly string[]): void {
    const header = headerOf(cells, deliveryContract(this.context.own.size > 1));
    if (!header.ok) throw new FileRefused(header.error);
    this.header = header.value;
    this.headerCells = header.value.own.map((place) => cells[place]?.replace(/^\uFEFF/, '') ?? '');
  }

  /** Counts a row and puts it where it belongs; answers its rejection when it is refused. */
  private async takeRow(
    header: Header<DeliveryColumn>,
    line: number,
    cells: readonly string[],
  ): Promise<RowRejection | undefined> {
    const { outcome, partner, original, mustErase } = judgeRow(cells, header, this.context);
    this.read += 1;
    this.mustErase ||= mustErase;
    const same = outcome.ok ? this.seenBefore(outcome.value) : 'no';
    const rejection: RowRejection | undefined = !outcome.ok
      ? { line, ...outcome.error, original }
      : same === 'other'
        ? { line, code: 'REFERENCE_TWICE', column: 'referentie', original }
        : undefined;
    if (partner !== undefined) this.countFor(partner, rejection !== undefined, same === 'same');
    if (rejection) {
      this.refused += 1;
      increase(this.rejections, rejection.code);
      return rejection;
    }
    if (same === 'same') this.duplicates += 1;
    else if (outcome.ok) await this.accept({ ...outcome.value, line, original });
    return undefined;
  }

  private countFor(partner: PartnerId, isRefused: boolean, isDuplicate: boolean): void {
    const before = this.partners.get(partner) ?? { read: 0, refused: 0, duplicates: 0 };
    this.partners.set(partner, {
      read: before.read + 1,
      refused: before.refused + (isRefused ? 1 : 0),
      duplicates: before.duplicates + (isDuplicate ? 1 : 0),
    });
  }

  /** R-DEL-7: the same row again changes nothing; the same reference with other content is refused. */
  private seenBefore(row: { readonly partner: PartnerId; readonly reference: string }): 'no' | 'same' | 'other' {
    const key = `${row.partner} ${row.reference}`;
    const content = createHash('sha256').update(canonicalJson(row)).digest('base64').slice(0, 22);
    const known = this.contents.get(key);
    if (known !== undefined) return known === content ? 'same' : 'other';
    this.contents.set(key, content);
    return 'no';
  }

  private async accept(row: RoutedRow): Promise<void> {
    if (row.action === 'melden') for (const code of row.warnings) increase(this.warnings, code);
    this.chunk.push(JSON.stringify(row));
    if (this.chunk.length === CHUNK_ROWS) await this.flush();
  }

  private async flush(): Promise<void> {
    const { landingBucket, objects } = this.ports;
    const body = `${this.chunk.join('\n')}\n`;
    await objects.write(landingBucket, chunkKey(this.delivery.deliveryId, this.chunks), body, NDJSON);
    this.chunk = [];
    this.chunks += 1;
  }
}
