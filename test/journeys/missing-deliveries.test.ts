import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration as sample } from '../support/configuration.ts';
import { csvOf, goodRow, Meldpunt } from '../support/meldpunt.ts';

const HEADER = csvOf([]);

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

const mailOf = (id: string): string => sample.partners.find((each) => each.id === id)?.contact.email ?? '';
const AGENCY = sample.deliveringParties.find(({ id }) => id === 'incasso')?.contact.email ?? '';
const BOUNCE = 'bounce@simulator.amazonses.com';

describe('a month, in winter', () => {
  let meldpunt: Meldpunt;
  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-02-24T09:00:00+01:00');
  });
  afterAll(() => meldpunt?.close());

  it('[R-DEL-8] who delivered hears nothing, also with a header alone; the others are mailed on the 25th at nine', async () => {
    const row = { vervaldatum: '01-12-2025', datum_herinnering: '10-12-2025', datum_contactpoging: '20-12-2025' };
    expect(await meldpunt.upload('elan-wonen', [goodRow(row)])).toMatchObject({ counts: { accepted: 1 } });
    expect(await meldpunt.upload('pre-wonen', HEADER)).toMatchObject({ verdict: 'verwerkt', counts: { read: 0 } });
    // Refused as a whole, or only tried: no delivery.
    expect(await meldpunt.upload('ymere', 'iets;anders\r\n1;2\r\n')).toMatchObject({ verdict: 'geweigerd' });
    await meldpunt.put('LandingBucket', 'check/ymere/proef.csv', HEADER);
    await meldpunt.advanceTo('2026-02-25T08:59:00+01:00');
    expect(await remindersOf(meldpunt, 'februari 2026')).toEqual({});
    await meldpunt.advanceTo('2026-02-25T09:05:00+01:00');
    await meldpunt.settle();
    expect(await remindersOf(meldpunt, 'februari 2026')).toEqual(
      Object.fromEntries(
        [mailOf('ymere'), mailOf('energie'), mailOf('particulier'), AGENCY].map((to) => [to, ['2026-02-25 09:00']]),
      ),
    );
  });

  it('[R-DEL-8] asked again that month it answers who, and mails nobody twice', async () => {
    const before = await remindersOf(meldpunt, 'februari 2026');
    const silent = { silent: ['energie', 'particulier', 'ymere'], mails: 0, mailsRefused: 0, mailsStopped: 0 };
    expect(await meldpunt.invoke('RemindPartnersFunction', {})).toEqual(silent);
    expect(await meldpunt.upload('ymere', HEADER, 'toch.csv')).toMatchObject({ verdict: 'verwerkt' });
    expect(await meldpunt.invoke('RemindPartnersFunction', {})).toEqual({
      ...silent,
      silent: ['energie', 'particulier'],
    });
    expect(await remindersOf(meldpunt, 'februari 2026')).toEqual(before);
    for (const mail of (await meldpunt.mails()).filter((each) => each.includes('Nog geen bestand')))
      expect(mail).not.toMatch(/HC-1|Vreugdenhil|2011|lijst\.csv/);
  });
});

describe('a month, in summer', () => {
  let meldpunt: Meldpunt;
  beforeAll(async () => {
    const partners = sample.partners.map((each) =>
      each.id === 'ymere' ? { ...each, contact: { ...each.contact, email: BOUNCE } } : each,
    );
    meldpunt = await Meldpunt.open('2026-04-24T09:00:00+02:00', { ...sample, partners });
  });
  afterAll(() => meldpunt?.close());

  it('[R-DEL-8][R-AGR-5] nobody delivered: at nine by the clock of that day, each partner and each agency once', async () => {
    expect(await meldpunt.invoke('RemindPartnersFunction', {})).toMatchObject({ mails: 0 });
    await meldpunt.advanceTo('2026-04-25T08:59:00+02:00');
    expect(await remindersOf(meldpunt, 'april 2026')).toEqual({});
    await meldpunt.advanceTo('2026-04-25T09:05:00+02:00');
    await meldpunt.settle();
    const told = [...['elan-wonen', 'pre-wonen', 'particulier', 'energie'].map(mailOf), AGENCY, BOUNCE];
    expect(await remindersOf(meldpunt, 'april 2026')).toEqual(
      Object.fromEntries(told.map((to) => [to, ['2026-04-25 09:00']])),
    );
  });

  it('[R-DEL-8][R-FEE-6] one that bounces is heard, and is not sent again that month', async () => {
    expect(await meldpunt.invoke('RemindPartnersFunction', {})).toMatchObject({ mails: 0 });
    const [mark] = (await meldpunt.items()).filter(({ pk, sk }) => pk === 'MARK#mailboxes' && sk === 'partner#ymere');
    expect(JSON.parse(String(mark?.value))).toMatchObject({ problems: [{ what: 'BOUNCE', kind: 'reminder' }] });
  });
});
