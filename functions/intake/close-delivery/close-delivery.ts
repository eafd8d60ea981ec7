import { activeAgreement } from '#domain/agreement/active.ts';
import type { DeliveringParty } from '#domain/agreement/configuration.ts';
import type { Governing } from '#domain/agreement/governing.ts';
import { concurrently } from '#domain/concurrently.ts';
import type { Delivery, DeliveryCounts, FileRejectionCode } from '#domain/delivery/delivery.ts';
import { deliveryFileKey, HTML, JSON_TYPE } from '#domain/delivery/places.ts';
import { addsUp, partReceiptOf, promisedBy, type Receipt, receiptOf, refusalOf } from '#domain/delivery/receipt.ts';
import { deliveredForMail, deliveryMail } from '#domain/delivery/receipt-mail.ts';
import { receiptPage } from '#domain/delivery/receipt-page.ts';
import { failure } from '#domain/failure.ts';
import type { MailOwner } from '#domain/feedback/mail-about.ts';
import { complained, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import type { DeliveryId, PartnerId } from '#domain/ids.ts';
import type {
  CertificateChain,
  Clock,
  ConfigurationStore,
  DeliveryStore,
  Mail,
  Mailer,
  MarkStore,
  ObjectStore,
  Signer,
} from '#domain/ports.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { certify } from './certify.ts';
import { markDelivered } from './delivered.ts';
import { completeRejected, writeRejectedParts } from './rejected-files.ts';
import { resultsOf, type Sums, sumUp, textOf } from './results.ts';

interface Ports {
  readonly deliveries: Pick<DeliveryStore, 'get' | 'save'>;
  readonly configuration: Pick<
    ConfigurationStore,
    'deliveringParty' | 'meldpunt' | 'partner' | 'agreementsOf' | 'governing'
  >;
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

type Mailed = 'sent' | 'refused' | 'none';

/** Ends up in the execution's history: numbers and a verdict. */
export type Closing = DeliveryCounts & {
  readonly verdict: Receipt['verdict'];
  /** Why the whole file was refused. */
  readonly reason?: FileRejectionCode;
  /** `refused`: the mail service will never send it; the files lie ready all the same. */
  readonly mail: Mailed;
};

/** Partners at work at once: an agency may deliver for hundreds. */
const LANES = 8;

/**
 * Last step of a delivery: counts that add up, then the files of the sender and of the partners it delivered for, their
 * mails, the record, the sender's mail, and last the erasure of an upload that held a BSN or somebody who objected
 * (R-DEL-3, R-DEL-6). A replay writes the same files over and mails once; only a stop between sending and marking mails
 * twice. Throws `CountsDoNotAddUp` when a row is unaccounted for.
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
  const mail = await tellParty(ports, receipt, mark);
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
      const key = deliveryFileKey(delivery.party, delivery.deliveryId, 'receipt.json');
      return JSON.parse(await textOf(ports.objects, ports.exchangeBucket, key)) as Receipt;
    }
  }
};

/** The receipt for machines and the same as a page. */
const writeReceipt = async ({ objects, exchangeBucket }: Ports, owner: string, receipt: Receipt): Promise<void> => {
  const { deliveryId } = receipt;
  const json = `${JSON.stringify(receipt, undefined, 2)}\n`;
  await objects.write(exchangeBucket, deliveryFileKey(owner, deliveryId, 'receipt.html'), receiptPage(receipt), HTML);
  await objects.write(exchangeBucket, deliveryFileKey(owner, deliveryId, 'receipt.json'), json, JSON_TYPE);
};

const closeRefused = async (ports: Ports, delivery: Refused): Promise<Receipt> => {
  const closedAt = delivery.closedAt ?? ports.clock.now();
  const receipt = refusalOf(delivery, delivery.sha256, delivery.rejection, closedAt);
  await writeReceipt(ports, delivery.party, receipt);
  if (delivery.closedAt === undefined) await ports.deliveries.save({ ...delivery, closedAt }, ['REFUSED']);
  return receipt;
};

/** Refused like any other file, but its record stays as it is: it may still go on (ADR 0018). */
const tellQuarantine = async (ports: Ports, delivery: Quarantined): Promise<Receipt> => {
  const receipt = refusalOf(delivery, undefined, { code: 'FILE_IN_QUARANTINE' }, delivery.scan.at);
  await writeReceipt(ports, delivery.party, receipt);
  return receipt;
};

const closeProcessed = async (ports: Ports, delivery: Validated): Promise<Receipt> => {
  const { deliveryId, party: owner, header } = delivery;
  const closedAt = ports.clock.now();
  const { whole, partners, lateRefusals } = await sumUp(ports, delivery);
  if (!addsUp(whole.counts)) throw failure('CountsDoNotAddUp');
  const party = await ports.configuration.deliveringParty(owner);
  const words = party?.mapping ?? {};
  const runs = await completeRejected(ports, delivery, lateRefusals, words);
  await writeRejectedParts(ports, delivery, runs);
  if (whole.counts.accepted > 0) await certify(ports, delivery, resultsOf(ports, delivery));
  const rules = await rulesOf(ports, delivery, partners);
  const promised = (of: readonly PartnerId[]) =>
    promisedBy(
      delivery.receivedAt,
      of.flatMap((partner) => rules.get(partner) ?? []),
    );
  const parts = [...partners].filter(([partner]) => String(partner) !== String(owner));
  await concurrently(LANES, parts, async ([partner, sums]) => {
    const outlook = { terms: promised([partner]), words, header, deliveredBy: party?.name ?? owner };
    const receipt = partReceiptOf(delivery, partner, sums, outlook, closedAt);
    await writeReceipt(ports, partner, receipt);
    await tellPartner(ports, partner, receipt, party);
  });
  const outlook = { terms: promised([...partners.keys()]), words, header };
  const receipt = receiptOf(delivery, delivery.sha256, whole, outlook, closedAt);
  await writeReceipt(ports, owner, receipt);
  const { bucket, key, versionId, sizeBytes, receivedAt, scan, sha256, mustErase } = delivery;
  const source = { deliveryId, party: owner, bucket, key, versionId, sizeBytes, receivedAt, ...(scan && { scan }) };
  const closed: Delivery = { ...source, status: 'CLOSED', sha256, counts: whole.counts, mustErase, closedAt };
  await markDelivered(ports, delivery);
  await ports.deliveries.save(closed, ['VALIDATED']);
  return receipt;
};

/** The rules that govern the accepted signals, per partner: of each municipality they went to. */
const rulesOf = async (
  { configuration }: Ports,
  { receivedAt }: Validated,
  partners: ReadonlyMap<PartnerId, Sums>,
): Promise<ReadonlyMap<PartnerId, readonly Governing[]>> => {
  const meldpunt = await configuration.meldpunt();
  const on = amsterdamDate(receivedAt);
  const found = await concurrently(LANES, partners, async ([partner, { municipalities }]) => {
    const agreements = municipalities.size === 0 ? [] : await configuration.agreementsOf(partner);
    const governing: Governing[] = [];
    for (const municipality of municipalities) {
      const agreement = activeAgreement(agreements, municipality, on, meldpunt);
      if (!agreement.ok) continue;
      const { id, policy } = agreement.value;
      const rules = await configuration.governing({ policy, agreement: id, municipality, receivedAt });
      if (rules) governing.push(rules);
    }
    return [partner, governing] as const;
  });
  return new Map(found);
};

/**
 * One mail per delivery and reader; none to an office that does not want it. It is not sent again when it bounces: the
 * receipt lies in the reader's own place.
 */
const mailOnce = async (
  { marks, mailer, clock }: Ports,
  deliveryId: DeliveryId,
  mark: string,
  owner: MailOwner,
  mail: Mail,
): Promise<Mailed> => {
  const name = `delivery-${deliveryId}`;
  const before = await marks.get(name, mark);
  if (before !== undefined) return before.startsWith('refused') ? 'refused' : 'sent';
  if (complained(mailboxOf(await marks.get(MAILBOXES, owner)), mail.to)) return 'none';
  const outcome = await mailer.send(mail);
  await marks.set(name, mark, `${outcome} ${clock.now()}`, undefined);
  return outcome;
};

/** Not to a party we do not know. */
const tellParty = async (ports: Ports, receipt: Receipt, mark: string): Promise<Mailed> => {
  const party = await ports.configuration.deliveringParty(receipt.party);
  if (party === undefined) return 'none';
  const mail = deliveryMail(party.contact.email, receipt);
  return mailOnce(ports, receipt.deliveryId, mark, `party#${party.id}`, mail);
};

/** R-AGR-2: the partner learns what became of its rows, and why some were refused. */
const tellPartner = async (
  ports: Ports,
  id: PartnerId,
  receipt: Receipt,
  party: DeliveringParty | undefined,
): Promise<void> => {
  const partner = await ports.configuration.partner(id);
  if (partner === undefined) return;
  const mail = deliveredForMail(partner.contact.email, id, party?.name ?? receipt.party, receipt);
  await mailOnce(ports, receipt.deliveryId, `mail-${id}`, `partner#${id}`, mail);
};
