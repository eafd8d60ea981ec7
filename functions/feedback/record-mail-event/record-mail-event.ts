import { untilSettled } from '#domain/failure.ts';
import type { MailAbout, MailOwner } from '#domain/feedback/mail-about.ts';
import {
  MAILBOXES,
  type Mailbox,
  mailboxOf,
  type Problem,
  withProblem,
  withRelease,
} from '#domain/feedback/mailbox.ts';
import type { Clock, MarkStore } from '#domain/ports.ts';

interface Ports {
  readonly marks: MarkStore;
  readonly clock: Clock;
}

/** What the mail service tells of one mail. An automatic answer is none of ours: that mail arrived. */
export interface MailEvent extends Pick<Problem, 'detail' | 'messageId' | 'to' | 'sentAt'> {
  readonly what: Problem['what'] | 'AUTOMATIC_ANSWER';
  readonly about: MailAbout;
}

/** An operator says that the owner may be mailed again. */
export interface Release {
  readonly release: MailOwner;
}

export interface RecordedMailEvent {
  readonly bounced: number;
  readonly complaints: number;
}

/**
 * Keeps what came back of a mail with its owner, once per mail, in whatever order it is told (R-FEE-6). The digests read
 * it; feedback files are not touched. An event told again is counted again: an alarm more does no harm, one fewer would.
 */
export const recordMailEvent = async (ports: Ports, event: MailEvent | Release): Promise<RecordedMailEvent> => {
  if ('release' in event) {
    await change(ports, event.release, withRelease);
    return { bounced: 0, complaints: 0 };
  }
  const { what, about, ...facts } = event;
  if (what === 'AUTOMATIC_ANSWER') return { bounced: 0, complaints: 0 };
  const { owner, kind, since } = about;
  const recordedAt = ports.clock.now();
  await change(ports, owner, (mailbox) => withProblem(mailbox, { what, kind, since, ...facts, recordedAt }));
  return what === 'COMPLAINT' ? { bounced: 0, complaints: 1 } : { bounced: 1, complaints: 0 };
};

/** Reads, changes and writes one owner's mailbox until no other event came between; `undefined` changes nothing. */
const change = ({ marks }: Ports, owner: MailOwner, make: (mailbox: Mailbox) => Mailbox | undefined): Promise<true> =>
  untilSettled(async () => {
    const mark = await marks.get(MAILBOXES, owner);
    const changed = make(mailboxOf(mark));
    if (changed === undefined) return true;
    const written = await marks.set(MAILBOXES, owner, JSON.stringify(changed), mark);
    return written === 'written' ? true : undefined;
  });
