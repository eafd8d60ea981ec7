import { concurrently } from '#domain/concurrently.ts';
import { deliveredIn, REMINDER_DAY, type Reminder, remindersFor, silentPartners } from '#domain/delivery/silence.ts';
import { complained, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import type { DeliveringPartyId, PartnerId, Period } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, Mailer, MarkStore } from '#domain/ports.ts';
import { amsterdamDate, periodOf } from '#domain/term/calendar.ts';

interface Ports {
  readonly configuration: Pick<ConfigurationStore, 'stored'>;
  readonly marks: MarkStore;
  readonly mailer: Mailer;
  readonly clock: Clock;
}

export interface Reminded {
  /** Partners for which nothing came this month, until now. */
  readonly silent: readonly PartnerId[];
  readonly mails: number;
  /** The mail service will never send them: tried again at the next invocation. */
  readonly mailsRefused: number;
  /** To an office that does not want our mail. */
  readonly mailsStopped: number;
}

const MARK = 'reminder';
const LANES = 4;

/**
 * Reminds partners for which nobody delivered this month (R-DEL-8), and the parties that deliver for them: once a month,
 * from the 25th on. On an earlier day, or asked again, it only answers for whom nothing came.
 */
export const remindPartners = async (ports: Ports, _input: Readonly<Record<string, never>>): Promise<Reminded> => {
  const now = ports.clock.now();
  const today = amsterdamDate(now);
  const period = periodOf(now);
  const configuration = await ports.configuration.stored();
  if (configuration === undefined) return { silent: [], mails: 0, mailsRefused: 0, mailsStopped: 0 };
  const parties = await concurrently(LANES, configuration.deliveringParties, async ({ id }) =>
    (await ports.marks.get(deliveredIn(period), id)) === undefined ? [] : [id],
  );
  const silent = silentPartners(configuration, today, new Set<DeliveringPartyId>(parties.flat()));
  // Handed over late, an event of last month must not remind on the third of this one.
  const due = Number(today.slice(8)) >= REMINDER_DAY ? remindersFor(silent, today) : [];
  const sent = await concurrently(LANES, due, (reminder) => mailOnce(ports, reminder, period));
  const count = (outcome: (typeof sent)[number]): number => sent.filter((each) => each === outcome).length;
  return {
    silent: silent.map(({ partner }) => partner.id),
    mails: count('sent'),
    mailsRefused: count('refused'),
    mailsStopped: count('stopped'),
  };
};

/** Marked after it was sent: a crash in between mails twice rather than never (ADR 0006). */
const mailOnce = async (
  { marks, mailer }: Ports,
  { owner, mail }: Reminder,
  period: Period,
): Promise<'sent' | 'refused' | 'stopped' | 'before'> => {
  const last = await marks.get(owner, MARK);
  if (last === period) return 'before';
  if (complained(mailboxOf(await marks.get(MAILBOXES, owner)), mail.to)) return 'stopped';
  const outcome = await mailer.send(mail);
  if (outcome === 'sent') await marks.set(owner, MARK, period, last);
  return outcome;
};
