import { activeAgreement } from '#domain/agreement/active.ts';
import type { DeliveringParty } from '#domain/agreement/configuration.ts';
import type { Governing } from '#domain/agreement/governing.ts';
import { concurrently } from '#domain/concurrently.ts';
import type { Delivery, DeliveryCounts, FileRejectionCode } from '#domain/delivery/delivery.ts';
import { deliveryFileKey, HTML, JSON_TYPE, workFolder } from '#domain/delivery/places.ts';
import { addsUp, partReceiptOf, promisedBy, type Receipt, receiptOf, refusalOf } from '#domain/delivery/receipt.ts';
import { deliveredForMail, deliveryMail } from '#domain/delivery/receipt-mail.ts';
import { receiptPage } from '#domain/delivery/receipt-page.ts';
import { failure, untilSettled } from '#domain/failure.ts';
import type { MailOwner } from '#domain/feedback/mail-about.ts';
import { complained, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { type DeliveryId, Instant, type PartnerId } from '#domain/ids.ts';
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
import { isFirstOfMonth, markDelivered } from './delivered.ts';
import { writeRejected } from './rejected-files.ts';
import { NO_SUMS, resultsOf, type Sums, sumUp, textOf } from './results.ts';

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
type Closed = Extract<Delivery, { status: 'CLOSED' }>;

type Mailed = 'sent' | 'refused' | 'none';

/** Ends up in the execution's history: numbers and a verdict. */
export type Closing = DeliveryCounts & {
  readonly verdict: Receipt['verdict'];
  /** Why the whole file was refused. */
  readonly reason?: FileRejectionCode;
  /** To the party. `refused`: the mail service will not send it; the files lie ready all the same. */
  readonly mail: Mailed;
  /** Those to partners counted too. */
  readonly mailsRefused: number;
};

/** Partners at work at once: an agency may deliver for hundreds. */
const LANES = 8;

/**
 * Last step of a delivery: counts that add up, the files of the sender and of the partners it delivered for, and the record.
 * Then all that it needed goes, and an upload that was refused as a whole or held a BSN or somebody who objected (R-DEL-3,
 * R-DEL-6). Last the mails: one that fails keeps nothing else back, and a replay sends what was not marked. A replay writes
 * the same files over; only a stop between sending and marking, or two closings at once, mail twice (ADR 0006). Throws
 * `CountsDoNotAddUp` when a row is unaccounted for, `RejectionsDiffer` when it is not clear whose a refused row is.
 */
export const closeDelivery = async (
  ports: Ports,
  { deliveryId }: { readonly deliveryId: DeliveryId },
): Promise<Closing> => {
  const delivery = await ports.deliveries.get(deliveryId);
  if (delivery === undefined || delivery.status === 'RECEIVED') throw failure('DeliveryMissing');
  const { receipt, told } = await answered(ports, delivery);
  // Held is not over: it may be read yet.
  if (delivery.status !== 'QUARANTINED') {
    await ports.objects.eraseFolder(ports.landingBucket, workFolder(deliveryId));
    if (delivery.mustErase) await ports.objects.erase(delivery.bucket, delivery.key, delivery.versionId);
  }
  // Who is told that it is held may later be told that it was processed.
  const mark = delivery.status === 'QUARANTINED' ? `quarantine ${delivery.scan.at}` : 'mail';
  const mails = await tell(ports, receipt, mark, told);
  const { counts, verdict, file } = receipt;
  return { ...counts, verdict, ...(file ? { reason: file.code } : {}), ...mails };
};

/** What lies ready. */
interface Answered {
  /** Of the party. */
  readonly receipt: Receipt;
  /** Partners that have a receipt of their own. */
  readonly told: readonly PartnerId[];
}

const answered = async (ports: Ports, delivery: Exclude<Delivery, { status: 'RECEIVED' }>): Promise<Answered> => {
  switch (delivery.status) {
    case 'VALIDATED':
      return closeProcessed(ports, delivery).catch(async (error: unknown) => {
        // Another closing may have been through, and erased what this one reads.
        const stored = await ports.deliveries.get(delivery.deliveryId);
        if (stored?.status === 'CLOSED' && (error as Error).name === 'ResultMissing')
          return closedBefore(ports, stored);
        throw error;
      });
    case 'REFUSED':
      return { receipt: await closeRefused(ports, delivery), told: [] };
    case 'QUARANTINED':
      return { receipt: await tellQuarantine(ports, delivery), told: [] };
    case 'CLOSED':
      return closedBefore(ports, delivery);
  }
};

const closedBefore = async (ports: Ports, { party, deliveryId, told }: Closed): Promise<Answered> => ({
  receipt: await receiptIn(ports, party, deliveryId),
  told,
});

const receiptIn = async ({ objects, exchangeBucket }: Ports, owner: string, id: DeliveryId): Promise<Receipt> =>
  JSON.parse(await textOf(objects, exchangeBucket, deliveryFileKey(owner, id, 'receipt.json'))) as Receipt;

const CLOSED_AT = 'closed';

/** When it was first closed: a replay, or another closing beside this one, says the same. */
const closedAtOf = ({ marks, clock }: Ports, deliveryId: DeliveryId): Promise<Instant> => {
  const owner = `delivery-${deliveryId}`;
  return untilSettled(async () => {
    const before = await marks.get(owner, CLOSED_AT);
    if (before !== undefined) return Instant.parse(before);
    const now = clock.now();
    return (await marks.set(owner, CLOSED_AT, now, undefined)) === 'written' ? now : undefined;
  });
};

/** The receipt for machines and the same as a page. */
const writeReceipt = async ({ objects, exchangeBucket }: Ports, owner: string, receipt: Receipt): Promise<void> => {
  const { deliveryId } = receipt;
  const json = `${JSON.stringify(receipt, undefined, 2)}\n`;
  await objects.write(exchangeBucket, deliveryFileKey(owner, deliveryId, 'receipt.html'), receiptPage(receipt), HTML);
  await objects.write(exchangeBucket, deliveryFileKey(owner, deliveryId, 'receipt.json'), json, JSON_TYPE);
};

const closeRefused = async (ports: Ports, delivery: Refused): Promise<Receipt> => {
  const closedAt = delivery.closedAt ?? (await closedAtOf(ports, delivery.deliveryId));
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

const closeProcessed = async (ports: Ports, delivery: Validated): Promise<Answered> => {
  const { deliveryId, party: owner, header } = delivery;
  const { whole, partners, lateRefusals } = await sumUp(ports, delivery);
  if (!addsUp(whole.counts)) throw failure('CountsDoNotAddUp');
  const closedAt = await closedAtOf(ports, deliveryId);
  const party = await ports.configuration.deliveringParty(owner);
  const words = party?.mapping ?? {};
  await writeRejected(ports, delivery, lateRefusals, words);
  if (whole.counts.accepted > 0) await certify(ports, delivery, resultsOf(ports, delivery));
  const rules = await rulesOf(ports, delivery, partners);
  const promised = (of: readonly PartnerId[]) =>
    promisedBy(
      delivery.receivedAt,
      of.flatMap((partner) => rules.get(partner) ?? []),
    );
  // Without rows too: the file then says that there are no arrears (R-DEL-8).
  const all = new Map<PartnerId, Sums>([...(party?.partners ?? []).map((id) => [id, NO_SUMS] as const), ...partners]);
  const parts = [...all].filter(([partner]) => String(partner) !== String(owner));
  await concurrently(LANES, parts, async ([partner, sums]) => {
    const outlook = { terms: promised([partner]), words, header, deliveredBy: party?.name ?? owner };
    const receipt = partReceiptOf(delivery, partner, sums, outlook, closedAt);
    await writeReceipt(ports, partner, receipt);
  });
  const outlook = { terms: promised([...partners.keys()]), words, header };
  const receipt = receiptOf(delivery, delivery.sha256, whole, outlook, closedAt);
  await writeReceipt(ports, owner, receipt);
  const { bucket, key, versionId, sizeBytes, receivedAt, scan, sha256, mustErase } = delivery;
  const source = { deliveryId, party: owner, bucket, key, versionId, sizeBytes, receivedAt, ...(scan && { scan }) };
  const told = parts.map(([partner]) => partner);
  const closed: Delivery = { ...source, status: 'CLOSED', sha256, counts: whole.counts, mustErase, closedAt, told };
  await markDelivered(ports, delivery);
  await ports.deliveries.save(closed, ['VALIDATED']);
  return { receipt, told };
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

/** Everybody is tried, whoever could not be mailed; then the first failure counts. */
const tell = async (
  ports: Ports,
  receipt: Receipt,
  mark: string,
  told: readonly PartnerId[],
): Promise<Pick<Closing, 'mail' | 'mailsRefused'>> => {
  const party = await ports.configuration.deliveringParty(receipt.party);
  const letters = [
    () => tellParty(ports, party, receipt, mark),
    ...told.map((partner) => () => tellPartner(ports, partner, receipt, party)),
  ];
  const outcomes = await concurrently(LANES, letters, (letter) => letter().catch((error: unknown) => ({ error })));
  const mails = outcomes.map((outcome) => {
    if (typeof outcome !== 'string') throw outcome.error;
    return outcome;
  });
  return { mail: mails[0] ?? 'none', mailsRefused: mails.filter((mail) => mail === 'refused').length };
};

/** Not to a party we do not know. */
const tellParty = async (
  ports: Ports,
  party: DeliveringParty | undefined,
  receipt: Receipt,
  mark: string,
): Promise<Mailed> =>
  party === undefined
    ? 'none'
    : mailOnce(ports, receipt.deliveryId, mark, `party#${party.id}`, deliveryMail(party.contact.email, receipt));

/**
 * R-AGR-2: the partner learns what became of its rows, and why some were refused. That there are none is mailed with the
 * first file of the month only: an agency that mends a row would write to all its landlords again.
 */
const tellPartner = async (
  ports: Ports,
  id: PartnerId,
  { deliveryId, party: owner }: Receipt,
  party: DeliveringParty | undefined,
): Promise<Mailed> => {
  const partner = await ports.configuration.partner(id);
  if (partner === undefined) return 'none';
  const receipt = await receiptIn(ports, id, deliveryId);
  if (receipt.counts.read === 0 && !(await isFirstOfMonth(ports, receipt))) return 'none';
  const mail = deliveredForMail(partner.contact.email, id, party?.name ?? owner, receipt);
  return mailOnce(ports, deliveryId, `mail-${id}`, `partner#${id}`, mail);
};
