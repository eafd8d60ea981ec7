import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SignalPartner } from '#domain/agreement/configuration.ts';
import { concurrently } from '#domain/concurrently.ts';
import { untilSettled } from '#domain/failure.ts';
import type { Feedback } from '#domain/feedback/feedback.ts';
import {
  currentSuspensionsFile,
  feedbackFile,
  type PartnerFile,
  suspensionChangesFile,
} from '#domain/feedback/file.ts';
import { mailOf } from '#domain/feedback/mail.ts';
import { type Digest, digestOf, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { grouped } from '#domain/grouped.ts';
import { IsoDate, type MunicipalityCode, type PartnerId } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, FeedbackStore, Mailer, MarkStore, ObjectStore } from '#domain/ports.ts';
import { changesOn, RUNNING_DAYS_BACK, runningOn } from '#domain/suspension/running.ts';
import { addDays, amsterdamDate } from '#domain/term/calendar.ts';

interface Ports {
  readonly feedback: Pick<FeedbackStore, 'between'>;
  readonly configuration: Pick<ConfigurationStore, 'partners' | 'municipalities'>;
  readonly marks: MarkStore;
  readonly objects: Pick<ObjectStore, 'write'>;
  readonly exchangeBucket: string;
  readonly mailer: Mailer;
  readonly clock: Clock;
}

export interface PublishedFeedback {
  readonly partners: number;
  readonly files: number;
  readonly mails: number;
  /** Mails the service refuses for good: tried again the next time, the feedback lies ready all the same (R-FEE-6). */
  readonly mailsRefused: number;
  /** Partners whose mail waits, because all of it came back or they did not want it. */
  readonly mailsStopped: number;
}

/** Days that are looked at again; older ones while a partner was never mailed about them. */
const DAYS_BACK = 6;
/** Partners side by side. */
const LANES = 4;
const MAIL = 'feedback';
const FILES_MARK = 'files';

/** What a partner was mailed about last: up to the `count`-th feedback of that day. */
interface Mailed {
  readonly on: IsoDate;
  readonly count: number;
}

const mailedOf = (upTo: string | undefined): Mailed | undefined => {
  const [on, count] = upTo?.split(':') ?? [];
  return on === undefined ? undefined : { on: IsoDate.parse(on), count: Number(count) };
};

/** Fingerprints of what lies in a partner's place, by name. */
const Written = z.record(z.string(), z.string());

const fingerprint = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

type NameOf = (code: MunicipalityCode) => string;
type Days = ReadonlyMap<IsoDate, readonly Feedback[]>;

const CSV = 'text/csv; charset=utf-8';

/** Everything that has to lie in the partner's place; days of changes only where something changed, or is written already. */
const filesOf = (
  partner: PartnerId,
  days: Days,
  recent: readonly Feedback[],
  today: IsoDate,
  nameOf: NameOf,
  written: Readonly<Record<string, string>>,
): readonly PartnerFile[] => {
  const lately = Array.from({ length: DAYS_BACK + 1 }, (_, back) => addDays(today, back - DAYS_BACK));
  return [
    ...[...days].map(([day, items]) => feedbackFile(partner, day, items, nameOf)),
    ...lately.flatMap((day) => {
      const changes = changesOn(recent, day);
      const file = suspensionChangesFile(partner, day, changes, nameOf);
      return changes.length > 0 || written[file.name] !== undefined ? [file] : [];
    }),
    currentSuspensionsFile(partner, runningOn(recent, today), nameOf),
  ];
};

/**
 * Writes what differs from what lies there. Of two runs side by side one loses the mark: it reads again and writes again
 * what it wrote, for it may have laid older words over newer ones.
 */
const writeFiles = async (
  ports: Ports,
  partner: PartnerId,
  { from, today, nameOf }: { readonly from: IsoDate; readonly today: IsoDate; readonly nameOf: NameOf },
): Promise<{ readonly days: Days; readonly files: number }> => {
  const overlaid = new Set<string>();
  let files = 0;
  return untilSettled(async () => {
    const mark = await ports.marks.get(`partner#${partner}`, FILES_MARK);
    const before = mark === undefined ? {} : Written.parse(JSON.parse(mark));
    const [since = from] = [from, addDays(today, -DAYS_BACK - RUNNING_DAYS_BACK)].sort();
    const recent = await ports.feedback.between(partner, since, today);
    const days = grouped(
      recent.filter(({ date }) => from <= date),
      ({ date }) => date,
    );
    const wanted = filesOf(partner, days, recent, today, nameOf, before);
    const stale = wanted.filter(({ name, json }) => overlaid.has(name) || before[name] !== fingerprint(json));
    if (stale.length === 0) return { days, files };
    for (const { name, csv, json } of stale) {
      const key = `partners/${partner}/${name}`;
      if (csv !== undefined) await ports.objects.write(ports.exchangeBucket, `${key}.csv`, csv, CSV);
      await ports.objects.write(ports.exchangeBucket, `${key}.json`, json, 'application/json');
      files += csv === undefined ? 1 : 2;
      overlaid.add(name);
    }
    const after = Object.fromEntries(wanted.map(({ name, json }) => [name, fingerprint(json)]));
    const set = await ports.marks.set(`partner#${partner}`, FILES_MARK, JSON.stringify(after), mark);
    return set === 'written' ? { days, files } : undefined;
  });
};

/** With counts and the place (R-FEE-5). Marked after it was sent: a crash in between mails again rather than never. */
const mail = async (
  ports: Ports,
  partner: SignalPartner,
  days: Days,
  mark: string | undefined,
  digest: Digest,
  today: IsoDate,
): Promise<'sent' | 'refused' | 'stopped' | 'nothing'> => {
  const mailed = mailedOf(digest.since);
  const total = [...days].reduce((sum, [day, { length }]) => (mailed && day < mailed.on ? sum : sum + length), 0);
  const fresh = total - (mailed?.count ?? 0);
  if (fresh <= 0 || digest.hold === 'TODAY' || digest.hold === 'PAUSE') return 'nothing';
  if (digest.hold === 'STOPPED') return 'stopped';
  const sent = await ports.mailer.send(
    mailOf({
      to: partner.contact.email,
      about: { owner: `partner#${partner.id}`, kind: MAIL, since: digest.since },
      subject: 'Er ligt nieuwe terugkoppeling voor u klaar',
      intro: 'Gemeenten hebben u iets teruggekoppeld over uw meldingen.',
      counts: [{ label: 'Nieuwe terugkoppelingen', count: fresh }],
      place: `partners/${partner.id}/feedback/`,
    }),
  );
  if (sent === 'refused') return 'refused';
  const upTo = `${today}:${days.get(today)?.length ?? 0}`;
  await ports.marks.set(`partner#${partner.id}`, MAIL, digest.sent(upTo), mark);
  return 'sent';
};

export interface Publishing {
  readonly mail: boolean;
  /** Only this partner; all of them when absent. */
  readonly partner?: PartnerId;
  /** Mails now, also when the digest of the day has gone; the digest does not count again what was told. */
  readonly immediate?: boolean;
}

/**
 * Lays the feedback of each partner in its own place, a file per day, beside its running suspensions (R-SUS-5) and what
 * changed in them; with `mail` says so by mail, one digest a day at most. What is there already is left alone, so it may
 * run any number of times a day.
 */
export const publishFeedback = async (
  ports: Ports,
  { mail: mails, partner: only, immediate = false }: Publishing,
): Promise<PublishedFeedback> => {
  const now = ports.clock.now();
  const today = amsterdamDate(now);
  const names = new Map((await ports.configuration.municipalities()).map(({ code, name }) => [code, name]));
  const nameOf: NameOf = (code) => names.get(code) ?? code;
  const partners = (await ports.configuration.partners()).filter(({ id }) => only === undefined || id === only);
  const published = await concurrently(LANES, partners, async (partner) => {
    const owner = `partner#${partner.id}`;
    const mark = await ports.marks.get(owner, MAIL);
    const mailbox = mailboxOf(await ports.marks.get(MAILBOXES, owner));
    const reader = { kind: MAIL, to: partner.contact.email, today, ...(immediate && { atOnce: now }) } as const;
    const digest = digestOf(mark, mailbox, reader);
    const lastWeek = addDays(today, -DAYS_BACK);
    const mailedOn = mailedOf(digest.since)?.on ?? IsoDate.parse('2000-01-01');
    const [from = lastWeek] = [mailedOn, lastWeek].sort();
    const { days, files } = await writeFiles(ports, partner.id, { from, today, nameOf });
    return { files, sent: mails ? await mail(ports, partner, days, mark, digest, today) : 'nothing' };
  });
  return {
    partners: partners.length,
    files: published.reduce((sum, { files }) => sum + files, 0),
    mails: published.filter(({ sent }) => sent === 'sent').length,
    mailsRefused: published.filter(({ sent }) => sent === 'refused').length,
    mailsStopped: published.filter(({ sent }) => sent === 'stopped').length,
  };
};
