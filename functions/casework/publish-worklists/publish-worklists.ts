import { concurrently } from '#domain/concurrently.ts';
import { failure } from '#domain/failure.ts';
import { grouped } from '#domain/grouped.ts';
import type { MunicipalityCode } from '#domain/ids.ts';
import type { Clock, ConfigurationStore, Mailer, MarkStore, ObjectStore, SignalStore } from '#domain/ports.ts';
import { readOrganisation } from './read-organisation.ts';
import { newsFor, type Sent, tell } from './tell-readers.ts';
import { writeLists } from './write-lists.ts';

interface Ports {
  readonly signals: Pick<SignalStore, 'ofMunicipality'>;
  readonly configuration: Pick<
    ConfigurationStore,
    'municipalities' | 'organisation' | 'governing' | 'partners' | 'rankings'
  >;
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
    const held = await readOrganisation(ports, id, municipalities);
    const signalsOf = ({ code }: { readonly code: MunicipalityCode }) => held.signals.get(code) ?? [];
    const ready = only === undefined ? await newsFor(ports, held.organisation, wanted, signalsOf, crisis) : [];
    const told = crisis ? ready.map(({ municipality }) => municipality) : wanted;
    const codes = [...new Set(told.map(({ code }) => code))];
    if (codes.length === 0) return { files: 0, sent: [] };
    // A mail must not come before the list it speaks of.
    const files = await writeLists(ports, held, codes, (partner) => partners.get(partner));
    const sent: Sent[] = [];
    for (const each of ready) sent.push(await tell(ports, each));
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
