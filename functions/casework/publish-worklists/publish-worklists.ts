import type { Reading } from '#domain/access.ts';
import { concurrently } from '#domain/concurrently.ts';
import { failure } from '#domain/failure.ts';
import { grouped } from '#domain/grouped.ts';
import type { IsoDate, MunicipalityCode, Period } from '#domain/ids.ts';
import type {
  AccessLog,
  Clock,
  ConfigurationStore,
  Mailer,
  MarkStore,
  MatchStore,
  ObjectStore,
  SignalStore,
} from '#domain/ports.ts';
import { startOfDay } from '#domain/term/calendar.ts';
import { readOrganisation } from './read-organisation.ts';
import { listSince } from './since.ts';
import { newsFor, type Sent, tell } from './tell-readers.ts';
import { type Wanted, type WrittenList, writeLists } from './write-lists.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'ofMunicipality'>;
  readonly matches: Pick<MatchStore, 'add' | 'ofMunicipality'>;
  readonly configuration: Pick<
    ConfigurationStore,
    'municipalities' | 'organisation' | 'governing' | 'partners' | 'rankings'
  >;
  readonly marks: MarkStore;
  readonly access: AccessLog;
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

const partnersOf = async ({ configuration }: Pick<Ports, 'configuration'>) => {
  const partners = new Map((await configuration.partners()).map((partner) => [partner.id, partner]));
  return partners.get.bind(partners);
};

/**
 * By schedule: writes the ranked worklists of every executing organisation (R-WOR-1) and mails who works with them what is
 * new, in counts; missed terms also to who watches over them (R-AGR-7). A crisis run looks for crisis signals that nobody
 * was told of yet (R-DEL-12), and writes and mails for these municipalities only.
 */
export const publishWorklists = async (
  ports: Ports,
  { crisis = false }: { readonly crisis?: boolean | undefined },
): Promise<PublishedWorklists> => {
  const municipalities = await ports.configuration.municipalities();
  const partnerOf = await partnersOf(ports);
  const organisations = grouped(municipalities, ({ organisation }) => organisation);
  // Two at a time: what two organisations hold is all that is in memory.
  const published = await concurrently(2, organisations, async ([id, served]) => {
    const held = await readOrganisation(ports, id, served);
    const signalsOf = ({ code }: { readonly code: MunicipalityCode }) => held.signals.get(code) ?? [];
    const ready = await newsFor(ports, held.organisation, served, signalsOf, crisis);
    const told = new Set(ready.map(({ municipality }) => municipality.code));
    const wanted: Wanted[] = [];
    for (const municipality of served)
      if (!crisis || told.has(municipality.code))
        wanted.push({ municipality, since: await listSince(ports, municipality, held.organisation, true) });
    if (wanted.length === 0) return { files: 0, sent: [] };
    // A mail must not come before the list it speaks of.
    const lists = await writeLists(ports, held, wanted, partnerOf);
    const sent: Sent[] = [];
    for (const each of ready) sent.push(await tell(ports, each));
    return { files: lists.flatMap(({ keys }) => keys).length, sent };
  });
  const sent = published.flatMap((each) => each.sent);
  return {
    files: published.reduce((sum, { files }) => sum + files, 0),
    mails: sent.filter((each) => each === 'sent').length,
    mailsRefused: sent.filter((each) => each === 'refused').length,
    mailsStopped: sent.filter((each) => each === 'stopped').length,
  };
};

export interface WrittenWorklists {
  readonly lists: readonly WrittenList[];
}

/** A list that somebody asks for, of one municipality; who and why are kept. */
export interface WorklistAsked extends Reading {
  readonly municipality: MunicipalityCode;
  /** Every month that has open cases when absent. */
  readonly period?: Period | undefined;
  /** What happened on this day or later is marked; as on the lists of today when absent. */
  readonly since?: IsoDate | undefined;
}

/**
 * On request, any day (R-WOR-1): writes the lists of one municipality as they are now, mails nobody, and answers where they
 * are and what is on them in counts. Asking for a list is a reading of personal data: it is recorded first, and without
 * the record there is no list (R-PRI-5). Throws `MunicipalityUnknown`.
 */
export const writeWorklist = async (
  ports: Ports,
  { municipality: code, period, since, ...reading }: WorklistAsked,
): Promise<WrittenWorklists> => {
  const municipalities = await ports.configuration.municipalities();
  const municipality = municipalities.find((each) => each.code === code);
  if (!municipality) throw failure('MunicipalityUnknown');
  const { by, purpose } = reading;
  const list = period ?? 'OPEN_MONTHS';
  await ports.access.record({ by, purpose, municipality: code, at: ports.clock.now(), list, ...(since && { since }) });
  const held = await readOrganisation(ports, municipality.organisation, municipalities);
  const from = since ? startOfDay(since) : await listSince(ports, municipality, held.organisation, false);
  const wanted = { municipality, period, ownSince: since, since: from };
  return { lists: await writeLists(ports, held, [wanted], await partnersOf(ports)) };
};
