import type { ExecutingOrganisation, Municipality } from '#domain/agreement/configuration.ts';
import { digestOf, MAILBOXES, mailboxOf } from '#domain/feedback/mailbox.ts';
import { Instant, type IsoDate } from '#domain/ids.ts';
import type { Clock, MarkStore } from '#domain/ports.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { readersOf } from './tell-readers.ts';

interface Ports {
  readonly marks: MarkStore;
  readonly clock: Clock;
}

const NAME = 'worklist-since';
/** `2026-04-02 2026-04-01T05:55:00.000Z`: a day, and since when its lists mark what happened; without it there was none before. */
const kept = (mark: string | undefined, today: IsoDate): { readonly since: Instant | undefined } | undefined => {
  const [day, since] = (mark ?? '').split(' ');
  return day === today ? { since: since === undefined ? undefined : Instant.parse(since) } : undefined;
};

/** Up to when the municipality, or who works for it, was told last; a mail that came back told nothing. */
const lastTold = async (
  { marks, clock }: Ports,
  municipality: Municipality,
  organisation: ExecutingOrganisation,
): Promise<Instant | undefined> => {
  const owner = `municipality#${municipality.code}` as const;
  const today = amsterdamDate(clock.now());
  const mailbox = mailboxOf(await marks.get(MAILBOXES, owner));
  const told: string[] = [];
  for (const { to, kind } of readersOf(municipality, organisation)) {
    if (kind === 'missed-terms') continue;
    const { since } = digestOf(await marks.get(owner, kind), mailbox, { kind, to, today });
    if (since !== undefined) told.push(since);
  }
  const last = told.sort().at(-1);
  return last === undefined ? undefined : Instant.parse(last);
};

/**
 * Since when a list of today marks what happened: the last list before today that was mailed about. All lists of a day say
 * the same, also those made again or for a crisis, so that what was new in the morning still is at noon. `keep`: before
 * mails of today move on what was told last.
 */
export const listSince = async (
  ports: Ports,
  municipality: Municipality,
  organisation: ExecutingOrganisation,
  keep: boolean,
): Promise<Instant | undefined> => {
  const owner = `municipality#${municipality.code}`;
  const today = amsterdamDate(ports.clock.now());
  const mark = await ports.marks.get(owner, NAME);
  const known = kept(mark, today);
  if (known) return known.since;
  const since = await lastTold(ports, municipality, organisation);
  if (!keep) return since;
  const value = since === undefined ? today : `${today} ${since}`;
  if ((await ports.marks.set(owner, NAME, value, mark)) === 'written') return since;
  // Another run of today kept it first.
  const first = kept(await ports.marks.get(owner, NAME), today);
  return first ? first.since : since;
};
