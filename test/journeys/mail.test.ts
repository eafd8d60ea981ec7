import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration } from '../support/configuration.ts';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

const BOUNCE = 'bounce@simulator.amazonses.com';
const COMPLAINT = 'complaint@simulator.amazonses.com';
const AWAY = 'ooto@simulator.amazonses.com';
const NEW = 'incasso-nieuw@elanwonen.example.nl';

/** The sample set with other addresses for offices, by id. */
const withAddresses = (emails: Readonly<Record<string, string>>) => {
  const moved = <T extends { readonly contact: { readonly email: string } }>(office: T, id: string): T =>
    emails[id] === undefined ? office : { ...office, contact: { ...office.contact, email: emails[id] } };
  return {
    ...configuration,
    partners: configuration.partners.map((each) => moved(each, `partner#${each.id}`)),
    deliveringParties: configuration.deliveringParties.map((each) => moved(each, `party#${each.id}`)),
    municipalities: configuration.municipalities.map((each) => moved(each, `municipality#${each.code}`)),
  };
};

/** To and count of each mail, oldest first, by its kind. */
const digests = async (meldpunt: Meldpunt, to: string, label = 'Nieuwe terugkoppelingen'): Promise<readonly number[]> =>
  (await meldpunt.mails())
    .filter((mail) => new RegExp(`^To: ${to.replaceAll('.', '\\.')}\r?$`, 'm').test(mail))
    .flatMap((mail) => {
      const count = new RegExp(`- ${label}: (\\d+)`).exec(mail)?.[1];
      return count === undefined ? [] : [Number(count)];
    });

describe('mail that does not arrive', () => {
  let meldpunt: Meldpunt;
  let addresses: Readonly<Record<string, string>> = {
    'partner#elan-wonen': BOUNCE,
    'party#incasso': COMPLAINT,
    'municipality#0268': AWAY,
  };
  const ids: Record<string, string> = {};

  /** All that came back, as an operator reads it (runbook, Mail bounces). */
  const mailboxes = async () =>
    Object.fromEntries(
      (await meldpunt.items())
        .filter(({ pk }) => pk === 'MARK#mailboxes')
        .map(({ sk, value }) => [sk, (JSON.parse(String(value)) as { problems: Record<string, unknown>[] }).problems]),
    );
  const log = async (): Promise<string> => {
    const folder = meldpunt.cloud.logDirectory;
    const files = (await readdir(folder)).filter((name) => name.includes('record-mail-event'));
    return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
  };
  const counted = async (metric: string): Promise<number> => (await log()).split(`"${metric}":1`).length - 1;
  const outcomes = async (date: string, ...references: string[]) => {
    const answer = await meldpunt.outcomes(
      '0392',
      references.map(
        (reference): Row => ({
          signaal: ids[reference] ?? '',
          resultaat: 'Definitief geen contact kunnen krijgen',
          resultaat_datum: date,
        }),
      ),
      `uitkomsten-${date}.csv`,
    );
    expect(answer).toMatchObject({ counts: { taken: references.length, refused: 0 } });
  };

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-03-02T09:00:00+01:00', withAddresses(addresses));
    const references = ['POST-1', 'POST-2', 'POST-3'];
    await meldpunt.upload(
      'elan-wonen',
      references.map((referentie, i) => goodRow({ referentie, huisnummer: String(100 + i) })),
    );
    for (const reference of references) ids[reference] = String((await meldpunt.signals(reference))[0]?.signalId);
    await meldpunt.advanceTo('2026-03-10T10:00:00+01:00');
    await outcomes('10-03-2026', 'POST-1', 'POST-2');
  });
  afterAll(() => meldpunt?.close());

  it('[R-FEE-6] a bounced mail is visible, and the feedback lies ready all the same', async () => {
    await meldpunt.advanceTo('2026-03-10T18:00:00+01:00');
    await meldpunt.settle();
    expect(await digests(meldpunt, BOUNCE)).toEqual([2]);
    expect((await mailboxes())['partner#elan-wonen']).toEqual([
      {
        number: 1,
        what: 'BOUNCE',
        detail: 'Permanent/General',
        kind: 'feedback',
        messageId: expect.stringMatching(/^0102/),
        to: BOUNCE,
        sentAt: expect.stringMatching(/^2026-03-10T16:0/),
        recordedAt: expect.stringMatching(/^2026-03-10T16:0/),
      },
    ]);
    expect(await counted('MailsBounced')).toBe(1);
    expect(await meldpunt.rows('partners/elan-wonen/feedback/2026-03-10.csv')).toHaveLength(2);
  });

  it('[R-FEE-6] the next day it is mailed again, once, with the same count', async () => {
    await meldpunt.invoke('PublishFeedbackFunction', { mail: true });
    expect(await digests(meldpunt, BOUNCE)).toEqual([2]);
    await meldpunt.advanceTo('2026-03-11T18:00:00+01:00');
    await meldpunt.settle();
    await meldpunt.invoke('PublishFeedbackFunction', { mail: true });
    expect(await digests(meldpunt, BOUNCE)).toEqual([2, 2]);
    expect((await mailboxes())['partner#elan-wonen']).toHaveLength(2);
    expect(await counted('MailsBounced')).toBe(2);
  });

  it('[R-FEE-6] after the address is corrected it arrives, with all that was missed; after that nothing comes twice', async () => {
    addresses = { ...addresses, 'partner#elan-wonen': NEW };
    await meldpunt.invoke('LoadConfigurationFunction', { configuration: withAddresses(addresses) });
    await meldpunt.advanceTo('2026-03-12T10:00:00+01:00');
    await outcomes('12-03-2026', 'POST-3');
    await meldpunt.advanceTo('2026-03-12T18:00:00+01:00');
    expect(await digests(meldpunt, NEW)).toEqual([3]);
    await meldpunt.advanceTo('2026-03-16T18:00:00+01:00');
    expect(await digests(meldpunt, NEW)).toEqual([3]);
    expect(await digests(meldpunt, BOUNCE)).toEqual([2, 2]);
    const fedBack = await meldpunt.feedback('elan-wonen');
    expect(fedBack.map(({ referentie }) => referentie).sort()).toEqual(['POST-1', 'POST-2', 'POST-3']);
  });

  it('[R-FEE-6] who complains is not mailed again until released; its receipts lie ready', async () => {
    const deliver = (n: number) =>
      meldpunt.upload(
        'incasso',
        [goodRow({ referentie: `KLACHT-${n}`, postcode: '6511 AA', woonplaats: 'Nijmegen', huisnummer: String(n) })],
        `lijst-${n}.csv`,
      );
    const mailed = async () => (await digests(meldpunt, COMPLAINT, 'Gelezen regels')).length;
    for (const n of [1, 2]) expect(await deliver(n)).toMatchObject({ counts: { read: 1, accepted: 1 } });
    expect(await mailed()).toBe(1);
    expect((await mailboxes())['party#incasso']).toMatchObject([
      { what: 'COMPLAINT', detail: 'abuse', kind: 'delivery' },
    ]);
    expect(await counted('MailComplaints')).toBe(1);
    const name = meldpunt.cloud.plan.functions.find((each) => each.name.endsWith('record-mail-event'))?.name;
    await meldpunt.cloud.invoke(name ?? '', { release: 'party#incasso' });
    await deliver(3);
    expect(await mailed()).toBe(2);
  });

  it('[R-FEE-6] an answer of somebody out of office is no bounce', async () => {
    await meldpunt.advanceTo('2026-03-18T08:00:00+01:00');
    expect(await digests(meldpunt, AWAY, 'Nieuwe signalen')).toEqual([3]);
    expect(await mailboxes()).not.toHaveProperty('municipality#0268');
  });

  it('[R-PRI-3][R-FEE-6] tags, records and logs name offices, no residents', async () => {
    const tags = (await meldpunt.mails()).map(
      (mail) => /^X-SES-MESSAGE-TAGS: ([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/im.exec(mail)?.[1],
    );
    for (const tag of tags)
      expect(tag?.replace(/\r?\n[ \t]+/g, ' ')).toMatch(
        /^owner=(partner|party|municipality)_23[a-z0-9-]+, kind=[a-z-]+(, since=20\d\d-[\w-]+)?$/,
      );
    const kept = JSON.stringify([tags, await mailboxes(), await log()]);
    for (const word of [
      'POST-',
      'KLACHT',
      'Vreugdenhil',
      '2011SN',
      '2011 SN',
      '6511',
      'Houtstraat',
      ...Object.values(ids),
    ])
      expect(kept).not.toContain(word);
    expect(await log()).not.toContain('@');
  });
});
