import type { ExecutingOrganisation, Municipality } from '#domain/agreement/configuration.ts';
import { mailOf } from '#domain/feedback/mail.ts';
import type { MailKind } from '#domain/feedback/mail-about.ts';
import { type Digest, digestOf, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { Instant } from '#domain/ids.ts';
import type { Clock, Mail, Mailer, MarkStore } from '#domain/ports.ts';
import { CRISIS_NEWS, MISSED_NEWS, NEWS, newsOf } from '#domain/ranking/news.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';

interface Ports {
  readonly marks: MarkStore;
  readonly mailer: Mailer;
  readonly clock: Clock;
}

/** Events of the last minutes wait for the next mail: a writer may still be busy storing one with an earlier moment. */
const MARGIN_MS = 5 * 60_000;

interface Reader {
  readonly to: string;
  readonly kind: MailKind;
}

/**
 * The municipality's own office, its executing organisation, and who watches over its terms (R-AGR-7); one mail when they
 * read the same mailbox.
 */
export const readersOf = (
  { contact, missedTerms }: Municipality,
  organisation: ExecutingOrganisation,
): readonly Reader[] =>
  (
    [
      { to: contact.email, kind: 'worklist-municipality' },
      { to: organisation.contact.email, kind: 'worklist-organisation' },
      ...(missedTerms ? [{ to: missedTerms.email, kind: 'missed-terms' } as const] : []),
    ] as const
  ).filter(({ to }, i, readers) => readers.findIndex((other) => other.to === to) === i);

/** What is ready to be said to one reader. */
export interface Ready {
  readonly municipality: Municipality;
  readonly mail: Mail;
  readonly hold: Digest['hold'];
  readonly mark: { readonly owner: string; readonly name: string; readonly value: string; readonly previous?: string };
}

/** What a reader must hear since the last mail that reached it; undefined when nothing, or in a crisis run no crisis. */
const readyFor = async (
  ports: Ports,
  municipality: Municipality,
  signals: readonly Signal[],
  { to, kind }: Reader,
  crisis: boolean,
): Promise<Ready | undefined> => {
  const owner = `municipality#${municipality.code}` as const;
  const now = ports.clock.now();
  const previous = await ports.marks.get(owner, kind);
  const mailbox = mailboxOf(await ports.marks.get(MAILBOXES, owner));
  const reader = { kind, to, today: amsterdamDate(now), ...(crisis && { atOnce: now }) };
  const { since, hold, sent } = digestOf(previous, mailbox, reader);
  const after = since === undefined ? undefined : Instant.parse(since);
  const until = Instant.parse(new Date(Date.parse(now) - MARGIN_MS).toISOString());
  const missed = kind === 'missed-terms';
  if (crisis && (missed || newsOf(signals, after, until, [CRISIS_NEWS]).length === 0)) return undefined;
  const counts = newsOf(signals, after, until, missed ? MISSED_NEWS : NEWS);
  if (counts.length === 0) return undefined;
  const { name, code } = municipality;
  const mail = mailOf({
    to,
    about: { owner, kind, since },
    ...(missed
      ? {
          subject: `Termijnen niet gehaald: ${name}`,
          intro: `In de gemeente ${name} zijn termijnen voor signalen niet gehaald.`,
        }
      : {
          subject: crisis ? `Crisissignaal: ${name}` : `Werklijst vroegsignalering bijgewerkt: ${name}`,
          intro: `Er is nieuws over de signalen in de gemeente ${name}.`,
        }),
    counts,
    place: `municipalities/${code}/worklists/`,
  });
  const mark = { owner, name: kind, value: sent(until), ...(previous !== undefined && { previous }) };
  return { municipality, mail, hold, mark };
};

/** What every reader of these municipalities must hear now. */
export const newsFor = async (
  ports: Ports,
  organisation: ExecutingOrganisation,
  municipalities: readonly Municipality[],
  signalsOf: (municipality: Municipality) => readonly Signal[],
  crisis: boolean,
): Promise<readonly Ready[]> => {
  const ready: Ready[] = [];
  for (const municipality of municipalities)
    for (const reader of readersOf(municipality, organisation)) {
      const found = await readyFor(ports, municipality, signalsOf(municipality), reader, crisis);
      if (found) ready.push(found);
    }
  return ready;
};

export type Sent = 'sent' | 'refused' | 'stopped' | 'held';

/** Mails what is ready. Marked after it was sent: a crash in between mails the same counts again rather than never. */
export const tell = async (
  { mailer, marks }: Pick<Ports, 'mailer' | 'marks'>,
  { mail, hold, mark }: Ready,
): Promise<Sent> => {
  if (hold !== undefined) return hold === 'STOPPED' ? 'stopped' : 'held';
  if ((await mailer.send(mail)) === 'refused') return 'refused';
  await marks.set(mark.owner, mark.name, mark.value, mark.previous);
  return 'sent';
};
