import type { ExecutingOrganisation, Municipality, Policy } from '#domain/agreement/configuration.ts';
import { concurrently } from '#domain/concurrently.ts';
import { failure } from '#domain/failure.ts';
import { mailOf } from '#domain/feedback/mail.ts';
import type { MailKind } from '#domain/feedback/mail-about.ts';
import { digestOf, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { grouped } from '#domain/grouped.ts';
import { Instant, type MunicipalityCode, type PartnerId, type Period, type PolicyId } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, Mailer, MarkStore, ObjectStore, SignalStore } from '#domain/ports.ts';
import { newsOf } from '#domain/ranking/news.ts';
import { isOpen, worklistFile, worklistOf } from '#domain/ranking/worklist.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { addDays, amsterdamDate, periodOf, startOfDay } from '#domain/term/calendar.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'ofMunicipality'>;
  readonly configuration: Pick<ConfigurationStore, 'municipalities' | 'organisation' | 'policy' | 'partners'>;
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

const policiesOf = async (ports: Ports, signals: readonly Signal[]): Promise<(signal: Signal) => Policy> => {
  const policies = new Map<PolicyId, Policy>();
  for (const id of new Set(signals.map(({ policy }) => policy))) {
    const policy = await ports.configuration.policy(id);
    if (!policy) throw failure('PolicyMissing');
    policies.set(id, policy);
  }
  return ({ policy }) => {
    const found = policies.get(policy);
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
  partnerName: (id: PartnerId) => string,
): Promise<number> => {
  const all = [...held.values()].flat();
  const policyOf = await policiesOf(ports, all);
  const now = ports.clock.now();
  const wantedMonths = new Map(wanted.map((code) => [code, new Set(monthsOf(held.get(code) ?? [], now))]));
  let files = 0;
  for (const month of monthsOf(all, now)) {
    const ofMonth = all.filter(({ period }) => period === month);
    const cases = worklistOf(ofMonth, all, policyOf);
    for (const code of wanted) {
      if (!wantedMonths.get(code)?.has(month)) continue;
      const own = cases.filter(({ signals }) => signals[0]?.municipality === code);
      const key = `municipalities/${code}/worklists/${month}.csv`;
      const text = worklistFile(own, organisation.name, partnerName);
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

/** The municipality's own office and its executing organisation; one mail when they read the same mailbox. */
const readersOf = (municipality: Municipality, organisation: ExecutingOrganisation): readonly Reader[] =>
  (
    [
      { to: municipality.contact.email, kind: 'worklist-municipality' },
      { to: organisation.contact.email, kind: 'worklist-organisation' },
    ] as const
  ).filter(({ to }, i, readers) => readers.findIndex((other) => other.to === to) === i);

type Sent = 'sent' | 'refused' | 'stopped' | 'nothing';

/**
 * Mails what is new since the last mail that reached this reader; nothing when nothing is. Marked after it was sent: a
 * crash in between mails the same counts again rather than never.
 */
const digest = async (
  ports: Ports,
  municipality: Municipality,
  signals: readonly Signal[],
  { to, kind }: Reader,
): Promise<Sent> => {
  const owner = `municipality#${municipality.code}` as const;
  const now = ports.clock.now();
  const mark = await ports.marks.get(owner, kind);
  const mailbox = mailboxOf(await ports.marks.get(MAILBOXES, owner));
  const { since, hold, sent: marked } = digestOf(mark, mailbox, { kind, to, today: amsterdamDate(now) });
  const until = Instant.parse(new Date(Date.parse(now) - MARGIN_MS).toISOString());
  const counts = newsOf(signals, since === undefined ? undefined : Instant.parse(since), until);
  if (counts.length === 0 || hold === 'TODAY') return 'nothing';
  if (hold === 'STOPPED') return 'stopped';
  const sent = await ports.mailer.send(
    mailOf({
      to,
      about: { owner, kind, since },
      subject: `Werklijst vroegsignalering bijgewerkt: ${municipality.name}`,
      intro: `Er is nieuws over de signalen in de gemeente ${municipality.name}.`,
      counts,
      place: `municipalities/${municipality.code}/worklists/`,
    }),
  );
  if (sent === 'refused') return 'refused';
  await ports.marks.set(owner, kind, marked(until), mark);
  return 'sent';
};

/**
 * Writes the ranked worklists of every executing organisation (R-WOR-1) and mails who works with them what is new, in
 * counts. With `municipality` only that one's files, at once and without mail.
 */
export const publishWorklists = async (
  ports: Ports,
  input: { readonly municipality?: MunicipalityCode | undefined },
): Promise<PublishedWorklists> => {
  const municipalities = await ports.configuration.municipalities();
  const asked = municipalities.filter(({ code }) => input.municipality === undefined || code === input.municipality);
  if (asked.length === 0 && input.municipality !== undefined) throw failure('MunicipalityUnknown');
  const names = new Map((await ports.configuration.partners()).map(({ id, name }) => [id, name]));
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
    const codes = wanted.map(({ code }) => code);
    const files = await writeFiles(ports, organisation, held, codes, (partner) => names.get(partner) ?? partner);
    const sent: Sent[] = [];
    if (input.municipality === undefined)
      for (const municipality of wanted)
        for (const reader of readersOf(municipality, organisation))
          sent.push(await digest(ports, municipality, held.get(municipality.code) ?? [], reader));
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
