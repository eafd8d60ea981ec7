import { z } from 'zod';
import type { SignalPartner } from '#domain/agreement/configuration.ts';
import { concurrently } from '#domain/concurrently.ts';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { feedbackFile } from '#domain/feedback/file.ts';
import { mailOf } from '#domain/feedback/mail.ts';
import { type Digest, digestOf, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { grouped } from '#domain/grouped.ts';
import { IsoDate, type MunicipalityCode } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, FeedbackStore, Mailer, MarkStore, ObjectStore } from '#domain/ports.ts';
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
const FILES_MARK = 'feedback-files';

/** What a partner was mailed about last: up to the `count`-th feedback of that day. */
interface Mailed {
  readonly on: IsoDate;
  readonly count: number;
}

const mailedOf = (upTo: string | undefined): Mailed | undefined => {
  const [on, count] = upTo?.split(':') ?? [];
  return on === undefined ? undefined : { on: IsoDate.parse(on), count: Number(count) };
};

const FileCounts = z.record(IsoDate, z.number().int());

/** Writes the days whose feedback grew since they were written; feedback is only ever added. One mark holds all days. */
const writeFiles = async (
  ports: Ports,
  { id }: SignalPartner,
  days: ReadonlyMap<IsoDate, readonly Feedback[]>,
  municipalityName: (code: MunicipalityCode) => string,
): Promise<number> => {
  if (days.size === 0) return 0;
  const mark = await ports.marks.get(`partner#${id}`, FILES_MARK);
  const before = mark === undefined ? {} : FileCounts.parse(JSON.parse(mark));
  const grown = [...days].filter(([day, items]) => before[day] !== items.length);
  for (const [day, items] of grown) {
    const key = `partners/${id}/feedback/${day}.csv`;
    // With BOM, so that Excel shows accents.
    const text = `\uFEFF${feedbackFile(items, municipalityName)}`;
    await ports.objects.write(ports.exchangeBucket, key, text, 'text/csv; charset=utf-8');
  }
  const after = Object.fromEntries([...days].map(([day, { length }]) => [day, length]));
  if (grown.length > 0) await ports.marks.set(`partner#${id}`, FILES_MARK, JSON.stringify(after), mark);
  return grown.length;
};

/** One mail a day at most, with counts and the place (R-FEE-5). Marked after it was sent: a crash in between mails again rather than never. */
const mail = async (
  ports: Ports,
  partner: SignalPartner,
  days: ReadonlyMap<IsoDate, readonly Feedback[]>,
  mark: string | undefined,
  digest: Digest,
  today: IsoDate,
): Promise<'sent' | 'refused' | 'stopped' | 'nothing'> => {
  const mailed = mailedOf(digest.since);
  const total = [...days].reduce((sum, [day, { length }]) => (mailed && day < mailed.on ? sum : sum + length), 0);
  const fresh = total - (mailed?.count ?? 0);
  if (fresh <= 0 || digest.hold === 'TODAY') return 'nothing';
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

/**
 * Lays the feedback of each partner in its own place, a file per day, and with `mail` says so by mail. What is there
 * already is left alone, so it may run any number of times a day.
 */
export const publishFeedback = async (ports: Ports, input: { readonly mail: boolean }): Promise<PublishedFeedback> => {
  const today = amsterdamDate(ports.clock.now());
  const names = new Map((await ports.configuration.municipalities()).map(({ code, name }) => [code, name]));
  const partners = await ports.configuration.partners();
  const published = await concurrently(LANES, partners, async (partner) => {
    const owner = `partner#${partner.id}`;
    const mark = await ports.marks.get(owner, MAIL);
    const mailbox = mailboxOf(await ports.marks.get(MAILBOXES, owner));
    const digest = digestOf(mark, mailbox, { kind: MAIL, to: partner.contact.email, today });
    const lastWeek = addDays(today, -DAYS_BACK);
    const mailedOn = mailedOf(digest.since)?.on ?? IsoDate.parse('2000-01-01');
    const [from = lastWeek] = [mailedOn, lastWeek].sort();
    const days = grouped(await ports.feedback.between(partner.id, from, today), ({ date }) => date);
    const files = await writeFiles(ports, partner, days, (code) => names.get(code) ?? code);
    return { files, sent: input.mail ? await mail(ports, partner, days, mark, digest, today) : 'nothing' };
  });
  return {
    partners: partners.length,
    files: published.reduce((sum, { files }) => sum + files, 0),
    mails: published.filter(({ sent }) => sent === 'sent').length,
    mailsRefused: published.filter(({ sent }) => sent === 'refused').length,
    mailsStopped: published.filter(({ sent }) => sent === 'stopped').length,
  };
};
