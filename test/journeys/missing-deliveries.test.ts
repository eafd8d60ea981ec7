import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration as sample } from '../support/configuration.ts';
import { csvOf, goodRow, Meldpunt } from '../support/meldpunt.ts';

const AGENCY = 'incasso';
const header = csvOf([]);

/** Mails that remind of a month, by addressee; each with its moment on the clock of Amsterdam. */
const remindersOf = async (meldpunt: Meldpunt, month: string): Promise<Readonly<Record<string, readonly string[]>>> => {
  const found: Record<string, string[]> = {};
  for (const mail of await meldpunt.mails()) {
    if (!new RegExp(`^Subject: Nog geen bestand voor ${month}\r?$`, 'm').test(mail)) continue;
    const to = /^To: (\S+)\r?$/m.exec(mail)?.[1] ?? '';
    const at = new Date(/^Date: (.+?)\r?$/m.exec(mail)?.[1] ?? '');
    const local = at.toLocaleString('sv-SE', { timeZone: 'Europe/Amsterdam' }).slice(0, 16);
    found[to] = [...(found[to] ?? []), local];
  }
  return found;
};

describe('a month in which nobody delivers', () => {
  let meldpunt: Meldpunt;
  const mailOf = (id: string): string => sample.partners.find((each) => each.id === id)?.contact.email ?? '';
  const agency = sample.deliveringParties.find(({ id }) => id === AGENCY)?.contact.email ?? '';

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-02-02T09:00:00+01:00');
  });
  afterAll(() => meldpunt?.close());

  it('[R-DEL-8] February, winter time: who delivered hears nothing, a header alone is a delivery, the others are mailed at nine', async () => {
    expect(
      await meldpunt.upload('elan-wonen', [
        goodRow({
          referentie: 'M-1',
          vervaldatum: '01-12-2025',
          datum_herinnering: '10-12-2025',
          datum_contactpoging: '20-12-2025',
        }),
      ]),
    ).toMatchObject({ counts: { accepted: 1 } });
    expect(await meldpunt.upload('pre-wonen', header)).toMatchObject({ verdict: 'verwerkt', counts: { read: 0 } });
    // Refused as a whole, or only tried: no delivery.
    expect(await meldpunt.upload('ymere', 'iets;anders\r\n1;2\r\n')).toMatchObject({ verdict: 'geweigerd' });
    await meldpunt.put('LandingBucket', 'check/ymere/proef.csv', header);
    await meldpunt.advanceTo('2026-02-25T08:59:00+01:00');
    await meldpunt.settle();
    expect(await remindersOf(meldpunt, 'februari 2026')).toEqual({});
    await meldpunt.advanceTo('2026-02-25T09:05:00+01:00');
    await meldpunt.settle();
    const told = await remindersOf(meldpunt, 'februari 2026');
    expect(told).toMatchObject({ [mailOf('ymere')]: ['2026-02-25 09:00'] });
    expect(told).not.toHaveProperty([mailOf('elan-wonen')]);
    expect(told).not.toHaveProperty([mailOf('pre-wonen')]);
    expect(JSON.stringify(Object.values(told))).not.toMatch(/2026-02-(?!25)/);
  });

  it('[R-DEL-8] asked again the same month it answers who, and mails nobody twice', async () => {
    const before = await remindersOf(meldpunt, 'februari 2026');
    const answer = await meldpunt.invoke('RemindPartnersFunction', {});
    expect(answer).toMatchObject({ silent: expect.arrayContaining(['ymere']), mails: 0 });
    expect((answer as { silent: string[] }).silent).not.toContain('pre-wonen');
    await meldpunt.advanceTo('2026-02-28T12:00:00+01:00');
    expect(await remindersOf(meldpunt, 'februari 2026')).toEqual(before);
  });

  it('[R-DEL-8][R-AGR-5] March to April, summer time: nine o’clock again; what came in February counts no more; an agency hears it once', async () => {
    await meldpunt.advanceTo('2026-04-25T08:59:00+02:00');
    await meldpunt.settle();
    expect(await remindersOf(meldpunt, 'april 2026')).toEqual({});
    await meldpunt.advanceTo('2026-04-25T09:05:00+02:00');
    await meldpunt.settle();
    const told = await remindersOf(meldpunt, 'april 2026');
    for (const to of ['elan-wonen', 'pre-wonen', 'ymere'].map(mailOf)) expect(told[to]).toEqual(['2026-04-25 09:00']);
    expect(told[agency]).toEqual(['2026-04-25 09:00']);
    expect(Object.keys(await remindersOf(meldpunt, 'maart 2026'))).toContain(mailOf('elan-wonen'));
    const mails = (await meldpunt.mails()).filter((mail) => mail.includes('Nog geen bestand'));
    for (const mail of mails) expect(mail).not.toMatch(/M-1|Vreugdenhil|2011/);
  });

  it('[R-DEL-8][R-FEE-6] one that bounces is heard, and is not sent again before the next month', async () => {
    const bounce = 'bounce@simulator.amazonses.com';
    const configuration = {
      ...sample,
      partners: sample.partners.map((each) =>
        each.id === 'ymere' ? { ...each, contact: { ...each.contact, email: bounce } } : each,
      ),
    };
    await meldpunt.invoke('LoadConfigurationFunction', { configuration });
    await meldpunt.advanceTo('2026-05-25T09:05:00+02:00');
    await meldpunt.settle();
    expect(await meldpunt.invoke('RemindPartnersFunction', {})).toMatchObject({ mails: 0 });
    expect(await remindersOf(meldpunt, 'mei 2026')).toMatchObject({ [bounce]: ['2026-05-25 09:00'] });
    const [mark] = (await meldpunt.items()).filter(({ pk, sk }) => pk === 'MARK#mailboxes' && sk === 'partner#ymere');
    expect(JSON.parse(String(mark?.value))).toMatchObject({ problems: [{ what: 'BOUNCE', kind: 'reminder' }] });
  });
});
