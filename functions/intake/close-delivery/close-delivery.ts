import type { Delivery, DeliveryCounts, FileRejectionCode, RowResult } from '#domain/delivery/delivery.ts';
import { CSV, deliveryFileKey, JSON_TYPE, resultKey } from '#domain/delivery/places.ts';
import {
  addsUp,
  deliveryMail,
  NO_ROWS,
  partnerReceiptOf,
  type Receipt,
  receiptOf,
  refusalOf,
} from '#domain/delivery/receipt.ts';
import { rejectionHeader, rejectionRow } from '#domain/delivery/rejection.ts';
import { failure } from '#domain/failure.ts';
import { complained, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import type { DeliveryId, Instant, PartnerId } from '#domain/ids.ts';
import type {
  CertificateChain,
  Clock,
  ConfigurationStore,
  DeliveryStore,
  Mailer,
  MarkStore,
  ObjectStore,
  Signer,
} from '#domain/ports.ts';
import { certify } from './certify.ts';
import { markDelivered } from './delivered.ts';

interface Ports {
  readonly deliveries: Pick<DeliveryStore, 'get' | 'save'>;
  readonly configuration: Pick<ConfigurationStore, 'deliveringParty' | 'meldpunt' | 'partner'>;
  readonly marks: MarkStore;
  readonly chain: CertificateChain;
  readonly signer: Signer;
  readonly objects: ObjectStore;
  readonly landingBucket: string;
  readonly exchangeBucket: string;
  readonly mailer: Mailer;
  readonly clock: Clock;
}

type Validated = Extract<Delivery, { status: 'VALIDATED' }>;
type Refused = Extract<Delivery, { status: 'REFUSED' }>;
type Quarantined = Extract<Delivery, { status: 'QUARANTINED' }>;

/** Ends up in the execution's history: numbers and a verdict. */
export type Closing = DeliveryCounts & {
  readonly verdict: Receipt['verdict'];
  /** Why the whole file was refused. */
  readonly reason?: FileRejectionCode;
  /** `refused`: the mail service will never send it; the files lie ready all the same. */
  readonly mail: 'sent' | 'refused' | 'none';
};

/**
 * Last step of a delivery: counts that add up, then the files of the sender (and of the partners it delivered for), the
 * record, the mail, and last the erasure of an upload that held a BSN or somebody who objected (R-DEL-3, R-DEL-6).
 * A replay writes the same files over and mails once; only a stop between sending and marking mails twice.
 * Throws `CountsDoNotAddUp` when a row is unaccounted for.
 */
export const closeDelivery = async (
  ports: Ports,
  { deliveryId }: { readonly deliveryId: DeliveryId },
): Promise<Closing> => {
  const delivery = await ports.deliveries.get(deliveryId);
  if (delivery === undefined || delivery.status === 'RECEIVED') throw failure('DeliveryMissing');
  const receipt = await receiptFor(ports, delivery);
  // Who is told that it is held may later be told that it was processed.
  const mark = delivery.status === 'QUARANTINED' ? `quarantine ${delivery.scan.at}` : 'mail';
  const mail = await mailOnce(ports, receipt, mark);
  if (delivery.status !== 'QUARANTINED' && delivery.mustErase)
    await ports.objects.erase(delivery.bucket, delivery.key, delivery.versionId);
  const { counts, verdict, file } = receipt;
  return { ...counts, verdict, ...(file ? { reason: file.code } : {}), mail };
};

const receiptFor = async (ports: Ports, delivery: Exclude<Delivery, { status: 'RECEIVED' }>): Promise<Receipt> => {
  switch (delivery.status) {
    case 'VALIDATED':
      return closeProcessed(ports, delivery);
    case 'REFUSED':
      return closeRefused(ports, delivery);
    case 'QUARANTINED':
      return tellQuarantine(ports, delivery);
    case 'CLOSED': {
      const stored = await textOf(ports, deliveryFileKey(delivery.party, delivery.deliveryId, 'receipt.json'));
      return JSON.parse(stored) as Receipt;
    }
  }
};

const textOf = async ({ objects, exchangeBucket }: Ports, key: string): Promise<string> => {
  const bytes = await objects.read(exchangeBucket, key);
  if (bytes === undefined) throw failure('ResultMissing');
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of bytes) text += decoder.decode(piece, { stream: true });
  return text;
};

const writeReceipt = (
  { objects, exchangeBucket }: Ports,
  owner: string,
  deliveryId: DeliveryId,
  receipt: object,
): Promise<void> =>
  objects.write(
    exchangeBucket,
    deliveryFileKey(owner, deliveryId, 'receipt.json'),
    `${JSON.stringify(receipt, undefined, 2)}\n`,
    JSON_TYPE,
  );

const closeRefused = async (ports: Ports, delivery: Refused): Promise<Receipt> => {
  const closedAt = delivery.closedAt ?? ports.clock.now();
  const receipt = refusalOf(delivery, delivery.sha256, delivery.rejection, closedAt);
  await writeReceipt(ports, delivery.party, delivery.deliveryId, receipt);
  if (delivery.closedAt === undefined) await ports.deliveries.save({ ...delivery, closedAt }, ['REFUSED']);
  return receipt;
};

/** Refused like any other file, but its record stays as it is: it may still go on (ADR 0018). */
const tellQuarantine = async (ports: Ports, delivery: Quarantined): Promise<Receipt> => {
  const receipt = refusalOf(delivery, undefined, { code: 'FILE_IN_QUARANTINE' }, delivery.scan.at);
  await writeReceipt(ports, delivery.party, delivery.deliveryId, receipt);
  return receipt;
};

const closeProcessed = async (ports: Ports, delivery: Validated): Promise<Receipt> => {
  const { deliveryId, party } = delivery;
  const closedAt = ports.clock.now();
  const sums = await sumUp(ports, delivery);
  if (!addsUp(sums.counts)) throw failure('CountsDoNotAddUp');
  if (sums.lateRefusals > 0) await appendRefusals(ports, delivery);
  if (sums.counts.accepted > 0) await certify(ports, delivery, resultsOf(ports, delivery));
  for (const [partner, counts] of sums.partners) {
    if (String(partner) === String(party)) continue;
    await writeReceipt(ports, partner, deliveryId, partnerReceiptOf(delivery, partner, counts, closedAt));
  }
  const receipt = receiptOf(delivery, delivery.sha256, { ...sums, warnings: delivery.warnings }, closedAt);
  await writeReceipt(ports, party, deliveryId, receipt);
  const { bucket, key, versionId, sizeBytes, receivedAt, sha256, mustErase } = delivery;
  const source = { deliveryId, party, bucket, key, versionId, sizeBytes, receivedAt };
  const closed: Delivery = { ...source, status: 'CLOSED', sha256, counts: sums.counts, mustErase, closedAt };
  await markDelivered(ports, delivery);
  await ports.deliveries.save(closed, ['VALIDATED']);
  return receipt;
};

async function* resultsOf({ objects, landingBucket }: Ports, { deliveryId, chunks }: Validated) {
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const bytes = await objects.read(landingBucket, resultKey(deliveryId, chunk));
    if (bytes === undefined) throw failure('ResultMissing');
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of bytes) text += decoder.decode(piece, { stream: true });
    for (const line of text.split('\n')) if (line !== '') yield JSON.parse(line) as RowResult;
  }
}

interface Sums {
  readonly counts: DeliveryCounts;
  readonly rejections: Readonly<Record<string, number>>;
  /** Rows refused after validation. */
  readonly lateRefusals: number;
  readonly partners: ReadonlyMap<PartnerId, DeliveryCounts>;
}

const plus = (counts: DeliveryCounts, result: RowResult['result']): DeliveryCounts => ({
  ...counts,
  ...(result === 'corrected' ? { accepted: counts.accepted + 1 } : {}),
  [result]: counts[result] + 1,
});

/** Everything that became of the rows. `read` is what validation counted, so that a lost result shows. */
const sumUp = async (ports: Ports, delivery: Validated): Promise<Sums> => {
  const { read, refused, duplicates } = delivery;
  let counts: DeliveryCounts = { ...NO_ROWS, read, refused, unchanged: duplicates };
  const rejections: Record<string, number> = { ...delivery.rejections };
  const partners = new Map<PartnerId, DeliveryCounts>();
  for (const [partner, rows] of Object.entries(delivery.partners) as [
    PartnerId,
    (typeof delivery.partners)[PartnerId],
  ][])
    partners.set(partner, { ...NO_ROWS, read: rows.read, refused: rows.refused, unchanged: rows.duplicates });
  let lateRefusals = 0;
  for await (const row of resultsOf(ports, delivery)) {
    counts = plus(counts, row.result);
    partners.set(row.partner, plus(partners.get(row.partner) ?? NO_ROWS, row.result));
    if (row.result !== 'refused') continue;
    lateRefusals += 1;
    rejections[row.rejection.code] = (rejections[row.rejection.code] ?? 0) + 1;
  }
  return { counts, rejections, lateRefusals, partners };
};

const encoder = new TextEncoder();

/**
 * Adds what routing refused behind what validation refused. Only the first `rejectedBytes` are kept of what is there, so
 * a replay adds nothing twice.
 */
const appendRefusals = async (ports: Ports, delivery: Validated): Promise<void> => {
  const { party, deliveryId, header, delimiter, rejectedBytes } = delivery;
  const key = deliveryFileKey(party, deliveryId, 'rejected.csv');
  const before = rejectedBytes > 0 ? await ports.objects.read(ports.exchangeBucket, key) : undefined;
  if (rejectedBytes > 0 && before === undefined) throw failure('ResultMissing');
  const body = async function* (): AsyncGenerator<Uint8Array> {
    if (before) yield* firstBytes(before, rejectedBytes);
    else yield encoder.encode(rejectionHeader(header, delimiter));
    for await (const row of resultsOf(ports, delivery))
      if (row.result === 'refused') yield encoder.encode(rejectionRow(row.rejection, delimiter));
  };
  await ports.objects.write(ports.exchangeBucket, key, body(), CSV);
};

async function* firstBytes(bytes: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const piece of bytes) {
    yield piece.subarray(0, left);
    left -= Math.min(left, piece.length);
    if (left === 0) return;
  }
}

/**
 * One mail with counts to the party; none to a party we do not know, or that does not want it. It is not sent again when
 * it bounces: the receipt lies where the party uploads.
 */
const mailOnce = async (
  { configuration, marks, mailer, clock }: Ports,
  receipt: Receipt,
  mark: string,
): Promise<'sent' | 'refused' | 'none'> => {
  const party = await configuration.deliveringParty(receipt.party);
  if (party === undefined) return 'none';
  const owner = `delivery-${receipt.deliveryId}`;
  const before = await marks.get(owner, mark);
  if (before !== undefined) return before.startsWith('refused') ? 'refused' : 'sent';
  const mailbox = mailboxOf(await marks.get(MAILBOXES, `party#${receipt.party}`));
  if (complained(mailbox, party.contact.email)) return 'none';
  const outcome = await mailer.send(deliveryMail(party.contact.email, receipt));
  const now: Instant = clock.now();
  await marks.set(owner, mark, `${outcome} ${now}`, undefined);
  return outcome;
};
