import type { DeliveringParty } from '#domain/agreement/configuration.ts';
import { concurrently } from '#domain/concurrently.ts';
import { deliveryContext } from '#domain/delivery/context.ts';
import type { DeliverySource, Findings, RowRejectionCode, WarningCode } from '#domain/delivery/delivery.ts';
import { CHECKS_KEPT, checkFileKey, checkFolder, HTML, JSON_TYPE } from '#domain/delivery/places.ts';
import { examine, type FileLayout, type Hash, type JudgedRow, type RowSink } from '#domain/delivery/reading.ts';
import { checkReceiptOf, type Processed, type Receipt } from '#domain/delivery/receipt.ts';
import { checkMail } from '#domain/delivery/receipt-mail.ts';
import { receiptPage } from '#domain/delivery/receipt-page.ts';
import { RejectionFile } from '#domain/delivery/rejection-file.ts';
import { isNews, mayBeRead, type Scan } from '#domain/delivery/scan.ts';
import { Gathered } from '#domain/delivery/tally.ts';
import { failure, untilSettled } from '#domain/failure.ts';
import { complained, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { DeliveringPartyId, type DeliveryId, Instant, UNKNOWN_PARTY } from '#domain/ids.ts';
import type {
  Clock,
  ConfigurationStore,
  KeyedHash,
  Mailer,
  MarkStore,
  ObjectIds,
  ObjectStore,
  SignalStore,
} from '#domain/ports.ts';
import { addDays, amsterdamDate, startOfDay } from '#domain/term/calendar.ts';
import { wholeText } from '#domain/whole-text.ts';
import { type Foreseen, foresee } from './foresee.ts';

interface Ports {
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
  readonly signals: Pick<SignalStore, 'arrear' | 'get'>;
  readonly hash: KeyedHash;
  readonly sha256: () => Hash;
  readonly objects: ObjectStore;
  readonly exchangeBucket: string;
  readonly marks: MarkStore;
  readonly mailer: Mailer;
  readonly ids: ObjectIds;
  readonly clock: Clock;
}

/** An object version under `check/`, with the verdict of the scan where uploads are scanned. */
export interface CheckUpload {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly scan?: Scan;
  /** When it was dropped, where S3 tells of it: ISO 8601. */
  readonly eventTime?: string;
}

/** Counts for log and metrics. */
export interface Checked {
  /** `ignored`: a folder made by hand. `gone`: this upload was answered before. */
  readonly outcome: 'checked' | 'refused' | 'quarantined' | 'ignored' | 'gone';
  readonly read: number;
  readonly refused: number;
  readonly mail: 'sent' | 'refused' | 'none';
}

const NOTHING = { read: 0, refused: 0, mail: 'none' } as const;

/**
 * Dry run (R-DEL-11): an upload `check/<party>/<file>` gets the verdict that its delivery would get, row by row and against
 * what is stored, in `checks/<party>/<id>/`. No record, no signal, no certificate is written and the upload is erased, so
 * that nothing of it is kept but the answer. First the answer, then the erasure, then the mail: one that fails keeps no
 * data, and is sent when the event comes again. May run any number of times: once the upload is gone, all was done but
 * perhaps that mail. Two runs at once may both mail (ADR 0006).
 */
export const checkDelivery = async (ports: Ports, upload: CheckUpload): Promise<Checked> => {
  const { bucket, key, versionId, scan, eventTime } = upload;
  if (!key.startsWith('check/')) return { outcome: 'gone', ...NOTHING };
  const deliveryId = ports.ids.deliveryId(bucket, key, versionId);
  const named = DeliveringPartyId.safeParse(/^check\/([^/]*)\//.exec(key)?.[1]);
  const party = named.success ? await ports.configuration.deliveringParty(named.data) : undefined;
  const gone = async (): Promise<Checked> => ({
    outcome: 'gone',
    ...NOTHING,
    mail: await mailOwed(ports, party, deliveryId),
  });
  const found = await ports.objects.stat(bucket, key, versionId);
  if (found === undefined) return gone();
  const { sizeBytes, storedAt } = found;
  if (key.endsWith('/') && sizeBytes === 0) return { outcome: 'ignored', ...NOTHING };
  const source: DeliverySource = {
    deliveryId,
    party: party?.id ?? UNKNOWN_PARTY,
    bucket,
    key,
    versionId,
    sizeBytes,
    receivedAt: eventTime === undefined ? storedAt : Instant.parse(new Date(eventTime).toISOString()),
  };
  const answered = await answer(ports, source, party, scan).catch((error: unknown) => {
    // Somebody else was through meanwhile: what that one wrote stays.
    if ((error as Error).name === 'UploadMissing') return undefined;
    throw error;
  });
  if (answered === undefined) return gone();
  await ports.objects.erase(bucket, key, versionId);
  const { receipt, isSafe } = answered;
  const mail = await mailOnce(ports, party, receipt);
  const { read, refused } = receipt.counts;
  const outcome = receipt.verdict === 'geweigerd' ? 'refused' : 'checked';
  return { outcome: isSafe ? outcome : 'quarantined', read, refused, mail };
};

/** Marks of a dry run: which verdict of the scan is being answered, and what became of the mail. */
const ownerOf = (deliveryId: DeliveryId): string => `check-${deliveryId}`;
const VERDICT = 'verdict';
const MAIL = 'mail';
/** They go some days after the answer: nothing of a dry run stays. */
const endOf = (at: Instant): Instant => startOfDay(addDays(amsterdamDate(at), CHECKS_KEPT + 3));

/** A verdict of the scan, where there is one, and when we first heard it. */
interface Verdict {
  readonly scan?: Scan;
  readonly at: Instant;
}

/** Answers the mark of the verdict that counts: the latest anybody came with, in whatever order they come. */
const latest = ({ marks, clock }: Ports, deliveryId: DeliveryId, scan: Scan | undefined): Promise<string> =>
  untilSettled(async () => {
    const owner = ownerOf(deliveryId);
    const before = await marks.get(owner, VERDICT);
    if (before !== undefined && (scan === undefined || !isNews(scan, (JSON.parse(before) as Verdict).scan)))
      return before;
    const verdict: Verdict = { ...(scan && { scan }), at: clock.now() };
    const mark = JSON.stringify(verdict);
    return (await marks.set(owner, VERDICT, mark, before, endOf(verdict.at))) === 'written' ? mark : undefined;
  });

/** Answers as the latest verdict says, also when that came while this was under way. */
const answer = (ports: Ports, source: DeliverySource, party: DeliveringParty | undefined, scan: Scan | undefined) =>
  untilSettled(async () => {
    const mark = await latest(ports, source.deliveryId, scan);
    const verdict = JSON.parse(mark) as Verdict;
    const isSafe = mayBeRead(verdict.scan);
    const receipt = isSafe
      ? await check(ports, source, party, verdict.at)
      : refusal(source, 'FILE_IN_QUARANTINE', verdict.at);
    // What an earlier verdict let through does not stay beside a refusal.
    if (receipt.verdict === 'geweigerd')
      await ports.objects.eraseFolder(ports.exchangeBucket, checkFolder(source.party, source.deliveryId));
    await write(ports, receipt);
    return (await ports.marks.get(ownerOf(source.deliveryId), VERDICT)) === mark ? { receipt, isSafe } : undefined;
  });

const refusal = (source: DeliverySource, code: 'FILE_IN_QUARANTINE' | 'PARTY_UNKNOWN', at: Instant): Receipt =>
  checkReceiptOf(source, { verdict: 'REFUSED', rejection: { code } }, at);

const check = async (
  ports: Ports,
  source: DeliverySource,
  party: DeliveringParty | undefined,
  at: Instant,
): Promise<Receipt> => {
  if (party === undefined) return refusal(source, 'PARTY_UNKNOWN', at);
  const context = await deliveryContext(ports.configuration, party, source.receivedAt);
  const key = checkFileKey(source.party, source.deliveryId, 'rejected.csv');
  const rejected = new RejectionFile(ports.objects, ports.exchangeBucket, key, party.mapping);
  const rows = new Rows(ports, source, rejected);
  const file = { sizeBytes: source.sizeBytes, bytes: () => bytesOf(ports, source) };
  const examined = await examine(file, context, ports.sha256, rows)
    .then(async (done) => {
      await stillThere(ports, source);
      return done;
    })
    .catch(async (error: unknown) => {
      await rejected.stop();
      throw error;
    });
  if (examined.verdict === 'REFUSED') await rejected.stop();
  else await rejected.close();
  const foreseen = examined.verdict === 'READ' ? rows.processed(examined.findings) : undefined;
  return checkReceiptOf(source, examined, at, party.mapping, foreseen);
};

/** Reading takes minutes: who was answered meanwhile is not answered again. */
const stillThere = async ({ objects }: Ports, { bucket, key, versionId }: DeliverySource): Promise<void> => {
  if ((await objects.stat(bucket, key, versionId)) === undefined) throw failure('UploadMissing');
};

const bytesOf = async ({ objects }: Ports, { bucket, key, versionId }: DeliverySource) => {
  const bytes = await objects.read(bucket, key, versionId);
  if (bytes === undefined) throw failure('UploadMissing');
  return bytes;
};

/** Rows looked up at once. They are read only: nothing is narrower than the table. */
const CONCURRENCY = 32;
/** Rows held for that: the reading waits meanwhile, so memory does not grow with the file. */
const HELD = 1_000;

/** Foresees every good row and writes what would be refused, now or by what is stored, in the order of the file. */
class Rows implements RowSink {
  private readonly ports: Ports;
  private readonly source: DeliverySource;
  private readonly rejected: RejectionFile;
  private readonly counts: Record<Foreseen, number> = {
    accepted: 0,
    corrected: 0,
    unchanged: 0,
    withdrawn: 0,
    WITHDRAWAL_UNKNOWN: 0,
    SIGNAL_WITHDRAWN: 0,
  };
  private readonly late = new Gathered<RowRejectionCode>();
  /** Of rows that were in order, and refused after all. */
  private readonly overtaken: { readonly code: WarningCode; readonly line: number }[] = [];

  constructor(ports: Ports, source: DeliverySource, rejected: RejectionFile) {
    this.ports = ports;
    this.source = source;
    this.rejected = rejected;
  }

  begin(layout: FileLayout): void {
    this.rejected.open(layout);
  }

  async rows(batch: readonly JudgedRow[]): Promise<void> {
    const now = this.ports.clock.now();
    for (let from = 0; from < batch.length; from += HELD) {
      const held = batch.slice(from, from + HELD);
      const foreseen = await concurrently(CONCURRENCY, held, async (judged) => {
        if (judged.verdict !== 'good') return undefined;
        const { row, line, original } = judged;
        return foresee(this.ports, { ...row, line, original }, this.source, now);
      });
      for (const [place, judged] of held.entries()) await this.take(judged, foreseen[place]);
    }
  }

  /** What the file comes to: the reading's findings, and what only the table could tell. */
  processed({ whole }: Findings): Processed {
    const { accepted, corrected, unchanged, withdrawn, WITHDRAWAL_UNKNOWN, SIGNAL_WITHDRAWN } = this.counts;
    const warnings = new Gathered(whole.warnings);
    for (const { code, line } of this.overtaken) warnings.take({ code }, line);
    return {
      counts: {
        read: whole.read,
        accepted: accepted + corrected,
        corrected,
        refused: whole.refused + WITHDRAWAL_UNKNOWN + SIGNAL_WITHDRAWN,
        unchanged: whole.duplicates + unchanged,
        withdrawn,
      },
      refusals: [...whole.refusals, ...this.late.findings],
      warnings: warnings.findings,
    };
  }

  private async take(judged: JudgedRow, foreseen: Foreseen | undefined): Promise<void> {
    if (judged.verdict === 'refused') await this.rejected.add(judged.rejection);
    if (judged.verdict !== 'good' || foreseen === undefined) return;
    this.counts[foreseen] += 1;
    if (foreseen !== 'WITHDRAWAL_UNKNOWN' && foreseen !== 'SIGNAL_WITHDRAWN') return;
    const { line, original, row } = judged;
    const problem = { code: foreseen, column: 'referentie' } as const;
    this.late.add(problem, line);
    if (row.action === 'melden') this.overtaken.push(...row.warnings.map((code) => ({ code, line })));
    await this.rejected.add({ line, ...problem, original });
  }
}

const write = async ({ objects, exchangeBucket }: Ports, receipt: Receipt): Promise<void> => {
  const keyOf = (file: 'receipt.json' | 'receipt.html') => checkFileKey(receipt.party, receipt.deliveryId, file);
  await objects.write(exchangeBucket, keyOf('receipt.html'), receiptPage(receipt), HTML);
  await objects.write(exchangeBucket, keyOf('receipt.json'), `${JSON.stringify(receipt, null, 2)}\n`, JSON_TYPE);
};

/** One mail with counts to the party; none to one we do not know, or that marked our mail as unwanted. */
const mailOnce = async (
  { marks, mailer, clock }: Ports,
  party: DeliveringParty | undefined,
  receipt: Receipt,
): Promise<Checked['mail']> => {
  if (party === undefined) return 'none';
  const owner = ownerOf(receipt.deliveryId);
  const before = await marks.get(owner, MAIL);
  if (before !== undefined) return before.startsWith('refused') ? 'refused' : 'sent';
  if (complained(mailboxOf(await marks.get(MAILBOXES, `party#${party.id}`)), party.contact.email)) return 'none';
  const outcome = await mailer.send(checkMail(party.contact.email, receipt));
  const now = clock.now();
  await marks.set(owner, MAIL, `${outcome} ${now}`, undefined, endOf(now));
  return outcome;
};

/** The mail of an answer that was given, when it was not sent then. */
const mailOwed = async (
  ports: Ports,
  party: DeliveringParty | undefined,
  deliveryId: DeliveryId,
): Promise<Checked['mail']> => {
  if (party === undefined || (await ports.marks.get(ownerOf(deliveryId), MAIL)) !== undefined) return 'none';
  const receipt = await ports.objects.read(ports.exchangeBucket, checkFileKey(party.id, deliveryId, 'receipt.json'));
  return receipt === undefined ? 'none' : mailOnce(ports, party, JSON.parse(await wholeText(receipt)) as Receipt);
};
