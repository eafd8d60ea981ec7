import type { ExecutingOrganisation, Municipality, SignalPartner } from '#domain/agreement/configuration.ts';
import type { Governing } from '#domain/agreement/governing.ts';
import { concurrently } from '#domain/concurrently.ts';
import { failure } from '#domain/failure.ts';
import { mailOf } from '#domain/feedback/mail.ts';
import type { MailKind } from '#domain/feedback/mail-about.ts';
import { type Digest, digestOf, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { grouped } from '#domain/grouped.ts';
import { Instant, type MunicipalityCode, type PartnerId, type Period } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, Mail, Mailer, MarkStore, ObjectStore, SignalStore } from '#domain/ports.ts';
import { CRISIS_NEWS, MISSED_NEWS, NEWS, newsOf } from '#domain/ranking/news.ts';
import { isOpen, worklistOf } from '#domain/ranking/worklist.ts';
import { worklistFile } from '#domain/ranking/worklist-file.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { addDays, amsterdamDate, periodOf, startOfDay } from '#domain/term/calendar.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'ofMunicipality'>;
  readonly configuration: Pick<ConfigurationStore, 'municipalities' | 'organisation' | 'governing' | 'partners'>;
  readonly marks: MarkStore;
  readonly objects: Pick<ObjectStore, 'write'>;
  readonly exchangeBucket: string;
  readonly mailer: Mailer;
  readonly clock: Clock;
}

export interface PublishedWorklists {
  readonly files: number;
  readonly mails: number;
  readonly mailsRefused: number;
  /** Readers whose mail waits, because all of it came back or they did not want it (R-FEE-6). */
  readonly mailsStopped: number;
}

/** A finished month is written again while something happened in it during these days, so that its last file is right. */
const QUIET_DAYS = 7;
/** Events of the last minutes wait for the next mail: a writer may still be busy storing one with an earlier moment. */
const MARGIN_MS = 5 * 60_000;

/** The months that need a file: this one, and earlier ones with open cases or late news. */
const monthsOf = (signals: readonly Signal[], now: Instant): readonly Period[] => {
  const recent = startOfDay(addDays(amsterdamDate(now), -QUIET_DAYS));
  const lively = signals.filter((signal) => isOpen(signal) || (signal.history.at(-1)?.at ?? '') >= recent);
  return [...new Set([periodOf(now), ...lively.map(({ period }) => period)])].sort();
};

/** The rules for each signal, with ranking and threshold as they are today. Asked once for all that came alike. */
const rulesOf = async (ports: Ports, signals: readonly Signal[]): Promise<(signal: Signal) => Governing> => {
  const today = amsterdamDate(ports.clock.now());
  const alike = ({ policy, agreement, municipality, receivedAt }: Signal): string =>
    [policy, agreement, municipality, amsterdamDate(receivedAt)].join(' ');
  const known = new Map<string, Governing>();
  for (const signal of signals) {
    const key = alike(signal);
    if (known.has(key)) continue;
    const rules = await ports.configuration.governing(signal, today);
    if (!rules) throw failure('PolicyMissing');
    known.set(key, rules);
  }
  return (signal) => {
    const found = known.get(alike(signal));
    if (!found) throw failure('PolicyMissing');
    return found;
  };
};

type Held = ReadonlyMap<MunicipalityCode, readonly Signal[]>;

/** Files of the municipalities in `wanted`, each with its own cases only, ranked among all cases of the organisation. */
const writeFiles = async (
  ports: Ports,
  organisation: ExecutingOrganisation,
  held: Held,
  wanted: readonly MunicipalityCode[],
  partnerOf: (id: PartnerId) => SignalPartner | undefined,
): Promise<number> => {
  const all = [...held.values()].flat();
  const policyOf = await rulesOf(ports, all);
  const now = ports.clock.now();
  const wantedMonths = new Map(wanted.map((code) => [code, new Set(monthsOf(held.get(code) ?? [], now))]));
  let files = 0;
  for (const month of monthsOf(all, now)) {
    const ofMonth = all.filter(({ period }) => period === month);
    const cases = worklistOf(ofMonth, all, policyOf, amsterdamDate(now));
    for (const code of wanted) {
      if (!wantedMonths.get(code)?.has(month)) continue;
      const own = cases.filter(({ signals }) => signals[0]?.municipality === code);
      const key = `municipalities/${code}/worklists/${month}.csv`;
      const text = worklistFile(own, policyOf, { organisation: organisation.name, partnerOf });
      await ports.objects.write(ports.exchangeBucket, key, text, 'text/csv; charset=utf-8');
      files += 1;
    }
  }
  return files;
};

interface Reader {
  readonly to: string;
  readonly kind: MailKind;
}

/**
 * The municipality's own office, its executing organisation, and who watches over its terms (R-AGR-7); one mail when they
 * read the same mailbox.
 */
const readersOf = ({ contact, missedTerms }: Municipality, organisation: ExecutingOrganisation): readonly Reader[] =>
  (
    [
      { to: contact.email, kind: 'worklist-municipality' },
      { to: organisation.contact.email, kind: 'worklist-organisation' },
      ...(missedTerms ? [{ to: missedTerms.email, kind: 'missed-terms' } as const] : []),
    ] as const
  ).filter(({ to }, i, readers) => readers.findIndex((other) => other.to === to) === i);

/** What is ready to be said to one reader. */
interface Ready {
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

type Sent = 'sent' | 'refused' | 'stopped' | 'held';

/** Mails what is ready. Marked after it was sent: a crash in between mails the same counts again rather than never. */
const send = async ({ mailer, marks }: Ports, { mail, hold, mark }: Ready): Promise<Sent> => {
  if (hold !== undefined) return hold === 'STOPPED' ? 'stopped' : 'held';
  if ((await mailer.send(mail)) === 'refused') return 'refused';
  await marks.set(mark.owner, mark.name, mark.value, mark.previous);
  return 'sent';
};

/** `municipality`: only that one's files, at once and without mail. `crisis`: only where a crisis came in since. */
export interface WorklistsAsked {
  readonly municipality?: MunicipalityCode | undefined;
  readonly crisis?: boolean | undefined;
}

/**
 * Writes the ranked worklists of every executing organisation (R-WOR-1) and mails who works with them what is new, in
 * counts; missed terms also to who watches over them (R-AGR-7). A crisis run looks for crisis signals that nobody was told
 * of yet (R-DEL-12), and writes and mails for these municipalities only.
 */
export const publishWorklists = async (
  ports: Ports,
  { municipality: only, crisis = false }: WorklistsAsked,
): Promise<PublishedWorklists> => {
  const municipalities = await ports.configuration.municipalities();
  const asked = municipalities.filter(({ code }) => only === undefined || code === only);
  if (asked.length === 0 && only !== undefined) throw failure('MunicipalityUnknown');
  const partners = new Map((await ports.configuration.partners()).map((partner) => [partner.id, partner]));
  const organisations = grouped(asked, ({ organisation }) => organisation);
  // Two at a time: what two organisations hold is all that is in memory.
  const published = await concurrently(2, organisations, async ([id, wanted]) => {
    const organisation = await ports.configuration.organisation(id);
    if (!organisation) throw failure('OrganisationMissing');
    const held = new Map<MunicipalityCode, Signal[]>();
    for (const { code } of municipalities.filter((each) => each.organisation === id)) {
      const signals: Signal[] = [];
      for await (const signal of ports.signals.ofMunicipality(code)) signals.push(signal);
      held.set(code, signals);
    }
    const ready: Ready[] = [];
    if (only === undefined)
      for (const municipality of wanted)
        for (const reader of readersOf(municipality, organisation)) {
          const found = await readyFor(ports, municipality, held.get(municipality.code) ?? [], reader, crisis);
          if (found) ready.push(found);
        }
    const told = crisis ? ready.map(({ municipality }) => municipality) : wanted;
    const codes = [...new Set(told.map(({ code }) => code))];
    if (codes.length === 0) return { files: 0, sent: [] };
    // A mail must not come before the list it speaks of.
    const files = await writeFiles(ports, organisation, held, codes, (partner) => partners.get(partner));
    const sent: Sent[] = [];
    for (const each of ready) sent.push(await send(ports, each));
    return { files, sent };
  });
  const sent = published.flatMap((each) => each.sent);
  return {
    files: published.reduce((sum, { files }) => sum + files, 0),
    mails: sent.filter((each) => each === 'sent').length,
    mailsRefused: sent.filter((each) => each === 'refused').length,
    mailsStopped: sent.filter((each) => each === 'stopped').length,
  };
};
