import { z } from 'zod';
import { Instant, IsoDate } from '../ids.ts';
import { MailKind } from './mail-about.ts';

/** A mail that did not arrive (bounced, rejected) or was not welcome (complaint). */
const Problem = z.object({
  /** 1, 2, … per owner, in the order in which we heard of them. */
  number: z.number().int(),
  what: z.enum(['BOUNCE', 'REJECT', 'COMPLAINT']),
  /** The mail service's own words for it, e.g. `Permanent/General`. */
  detail: z.string(),
  kind: MailKind,
  since: z.string().optional(),
  messageId: z.string(),
  /** The office's address at that moment. */
  to: z.string(),
  sentAt: Instant,
  recordedAt: Instant,
});
export type Problem = z.infer<typeof Problem>;

const Mailbox = z.object({
  problems: z.array(Problem),
  /** Up to this number problems no longer keep mail back: somebody looked at them. */
  released: z.number().int(),
});
/** What came back from one owner. Only ever added to, the oldest fall off. */
export type Mailbox = z.infer<typeof Mailbox>;

/** Owner of the marks that hold the mailboxes, one per owner: all of them lie in one place. */
export const MAILBOXES = 'mailboxes';
/** Problems kept of each kind of mail: more than it takes to stop. */
const KEPT = 20;
/** A mail at once, then none but the digest for a quarter of an hour: a file of outcomes is one piece of news, not hundreds. */
const PAUSE = 15 * 60_000;
/** Tries in a row to an address from which every mail comes back. */
export const MAX_TRIES = 5;

export const mailboxOf = (mark: string | undefined): Mailbox =>
  mark === undefined ? { problems: [], released: 0 } : Mailbox.parse(JSON.parse(mark));

const lastNumber = ({ problems }: Mailbox): number => problems.at(-1)?.number ?? 0;

/** The mailbox with one problem more; undefined when it is known, for the mail service may tell it twice. */
export const withProblem = (mailbox: Mailbox, problem: Omit<Problem, 'number'>): Mailbox | undefined => {
  const { problems, released } = mailbox;
  if (problems.some(({ messageId, what }) => messageId === problem.messageId && what === problem.what))
    return undefined;
  const old = problems.filter(({ kind }) => kind === problem.kind).slice(0, 1 - KEPT);
  return {
    problems: [...problems.filter((each) => !old.includes(each)), { ...problem, number: lastNumber(mailbox) + 1 }],
    released,
  };
};

/** The mailbox after somebody found that the address works, or may be mailed again. */
export const withRelease = (mailbox: Mailbox): Mailbox => ({ ...mailbox, released: lastNumber(mailbox) });

/** Whoever marked a mail as unwanted is not mailed at that address any more: not by digest, not otherwise. */
export const complained = ({ problems, released }: Mailbox, to: string): boolean =>
  problems.some(({ what, number, to: from }) => what === 'COMPLAINT' && number > released && from === to);

/** What is kept of a digest that was sent. */
const Told = z.object({
  upTo: z.string(),
  /** The day of the last digest; absent when there were only mails that did not wait for it. */
  on: IsoDate.optional(),
  /** The last mail that did not wait for the digest. */
  at: Instant.optional(),
  /** The last problem known when it was sent. */
  seen: z.number().int(),
  tries: z.number().int(),
});

export interface Digest {
  /** Where it begins: after what the reader was told, or before what came back. undefined = the beginning. */
  readonly since: string | undefined;
  /**
   * Why none may be sent now: at most one digest a day; a pause after a mail that did not wait for it, until the digest
   * when that came back; and none to a mailbox that returns or refuses everything.
   */
  readonly hold: 'TODAY' | 'PAUSE' | 'STOPPED' | undefined;
  /** The mark of the digest once it is sent, telling all before `upTo`. */
  readonly sent: (upTo: string) => string;
}

const heldBack = (
  told: z.infer<typeof Told> | undefined,
  { today, atOnce }: { readonly today: IsoDate; readonly atOnce?: Instant },
  again: boolean,
): Digest['hold'] => {
  if (!atOnce) return told?.on === today ? 'TODAY' : undefined;
  // What came back within hours came back for good: five tries are five days.
  if (again) return 'PAUSE';
  return told?.at && Date.parse(atOnce) < Date.parse(told.at) + PAUSE ? 'PAUSE' : undefined;
};

/**
 * The next digest to a reader. One that came back is told again with the next, together with what is new; after five
 * in a row from one address, or a complaint from it, it waits for another address or a release. Nothing is forgotten
 * meanwhile.
 */
export const digestOf = (
  mark: string | undefined,
  mailbox: Mailbox,
  reader: {
    readonly kind: MailKind;
    readonly to: string;
    readonly today: IsoDate;
    /** The moment of a mail that does not wait for the digest of the day, and does not take its place. */
    readonly atOnce?: Instant;
  },
): Digest => {
  const told = mark === undefined ? undefined : Told.parse(JSON.parse(mark));
  const returned = mailbox.problems
    .filter(({ kind, what, number }) => kind === reader.kind && what !== 'COMPLAINT' && number > (told?.seen ?? 0))
    .sort((a, b) => (a.sentAt < b.sentAt ? -1 : 1));
  const [first] = returned;
  const again = returned.some(({ number, to }) => number > mailbox.released && to === reader.to);
  const tries = again ? (told?.tries ?? 0) + 1 : 1;
  const stopped = tries > MAX_TRIES || complained(mailbox, reader.to);
  const mailed = reader.atOnce ? { on: told?.on, at: reader.atOnce } : { on: reader.today, at: told?.at };
  return {
    since: first === undefined ? told?.upTo : first.since,
    hold: stopped ? 'STOPPED' : heldBack(told, reader, again),
    sent: (upTo) => JSON.stringify({ ...mailed, upTo, seen: lastNumber(mailbox), tries }),
  };
};
