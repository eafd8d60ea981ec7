import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meldpunt as command } from '#infra/cli/meldpunt.ts';
import { withOutputs } from '../infra/cli/run.ts';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';
import { listRows, openWorkbook } from '../support/spreadsheet.ts';
import { workbookOf } from '../support/workbook.ts';

const PURPOSE = 'huisbezoeken van vandaag';

describe('a list on request', () => {
  let meldpunt: Meldpunt;
  let folder: string;

  const ask = (...options: readonly string[]) =>
    withOutputs({ ...meldpunt.cloud.outputs, endpoint: meldpunt.cloud.endpoint }, (path) =>
      command(['worklist', ...options, '--outputs', path, '--uit', folder]),
    );
  const haarlem = (...options: readonly string[]) => ask('Haarlem', '--door', 'w17', '--doel', PURPOSE, ...options);
  const book = async (name: string) => openWorkbook(await readFile(join(folder, name)));
  const numberOf = async (reference: string) => String((await meldpunt.signals(reference))[0]?.caseId);
  /** Mark and what happened by case, from the first sheet and that of what was withdrawn. */
  const news = async (name: string): Promise<Readonly<Record<string, readonly unknown[]>>> =>
    Object.fromEntries(
      (await book(name)).sheets
        .filter((sheet) => sheet.name !== 'Uitleg' && sheet.name !== 'Koppelingen')
        .flatMap((sheet) => listRows(sheet))
        .map((row) => [row.Zaak, [row.Nieuws, row.Gebeurd]]),
    );
  const readings = async (): Promise<readonly Record<string, unknown>[]> =>
    (await meldpunt.items()).filter(({ pk }) => String(pk).startsWith('ACCESS#'));
  const row = (referentie: string, huisnummer: string, over: Row = {}) => goodRow({ referentie, huisnummer, ...over });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meldpunt-lists-'));
    meldpunt = await Meldpunt.open('2026-04-01T09:00:00+02:00');
    await meldpunt.upload('elan-wonen', [
      row('BLIJFT', '100'),
      row('WEG', '101'),
      row('MEER', '102', { bedrag: '100,00' }),
      row('STRAND', '10', {
        postcode: '2042 LK',
        woonplaats: 'Zandvoort',
        achternaam: 'Duinzicht',
        bedrag: '9.999,00',
      }),
    ]);
    await meldpunt.upload('energie', [
      row('CRISIS', '103', { signaalsoort: 'eindelevering', datum_einde_levering: '15-05-2026' }),
    ]);
  });
  afterAll(async () => {
    await meldpunt?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('[R-WOR-1][R-WOR-3] comes in both forms, a sheet for each tray, with the ranking explained; nobody is mailed', async () => {
    const { code, out, error } = await haarlem();
    expect([code, error]).toEqual([0, undefined]);
    expect(await readdir(folder)).toEqual(['werklijst-0392-2026-04.csv', 'werklijst-0392-2026-04.xlsx']);
    expect((await stat(join(folder, 'werklijst-0392-2026-04.csv'))).mode & 0o077).toBe(0);
    expect(out).toContain('april 2026: 4 zaken');
    expect(out).toMatch(/crisis +1\n/);
    expect(out).toMatch(/nieuw +3\n/);
    expect(out).toContain('4 nieuw, 0 gewijzigd, 0 ingetrokken');
    expect(out).toContain('dit is de eerste lijst');
    expect(out).not.toMatch(/Vreugdenhil|Houtstraat/);
    const opened = await book('werklijst-0392-2026-04.xlsx');
    expect(opened.sheets.map(({ name }) => name)).toEqual(['Te doen', 'Crisis', 'Nieuw', 'Koppelingen', 'Uitleg']);
    // Ranked among all of the organisation: the 2nd is in Zandvoort.
    const list = listRows(opened.sheet('Te doen'));
    expect(list.map(({ Rang }) => Rang)).toEqual([1, 3, 4, 5]);
    expect(list[0]).toMatchObject({ Zaak: await numberOf('CRISIS'), Werkbakje: 'crisis' });
    expect(String(list[0]?.['Reden rangorde'])).toMatch(/^prioriteit I: ontruiming of einde levering; /);
    const explained = opened.sheet('Uitleg').rows.flat().join('\n');
    expect(explained).toContain('HAARLEM, versie 1');
    expect(explained).toContain('1. prioriteit I: bij de deurwaarder (fase deurwaarder)');
    expect((await meldpunt.mails()).filter((mail) => /Werklijst|Crisissignaal/.test(mail))).toEqual([]);
  });

  it('[R-PRI-5] who asked, when, for which list and why is kept; without them there is no list', async () => {
    expect(await readings()).toEqual([
      expect.objectContaining({
        pk: 'ACCESS#0392',
        municipality: '0392',
        by: 'w17',
        purpose: PURPOSE,
        at: '2026-04-01T07:00:00.000Z',
        list: 'OPEN_MONTHS',
      }),
    ]);
    expect((await ask('0392')).code).toBe(2);
    expect((await ask('0392', '--door', 'w17')).code).toBe(2);
    await expect(meldpunt.invoke('PublishWorklistsFunction', { municipality: '0392' })).rejects.toThrow('InvalidInput');
    expect(await ask('0999', '--door', 'w17', '--doel', PURPOSE)).toMatchObject({
      code: 1,
      error: expect.stringContaining('werkt niet met dit meldpunt'),
    });
    expect(await readings()).toHaveLength(1);
  });

  it('[R-PRI-1] only that municipality’s own signals are on it', async () => {
    expect(await meldpunt.keys('municipalities/0473/worklists/')).toEqual([]);
    const csv = await readFile(join(folder, 'werklijst-0392-2026-04.csv'), 'utf8');
    const opened = await book('werklijst-0392-2026-04.xlsx');
    for (const text of [csv, JSON.stringify(opened.sheets)]) {
      expect(text).toContain('Vreugdenhil');
      expect(text).not.toMatch(/Duinzicht|2042LK|0473-/);
    }
  });

  it('[R-WOR-1] after another delivery and a withdrawal it marks what is new, changed and withdrawn, as the morning’s does', async () => {
    // Mailed about at noon of the 1st, because of the crisis: from then on it counts.
    await meldpunt.advanceTo('2026-04-02T09:00:00+02:00');
    await meldpunt.upload('ymere', [row('ERBIJ', '102', { bedrag: '50,00' }), row('VERS', '104')]);
    await meldpunt.upload('elan-wonen', [{ referentie: 'WEG', actie: 'intrekken', reden: 'betaald' }]);
    const expected = {
      [await numberOf('CRISIS')]: ['', ''],
      [await numberOf('BLIJFT')]: ['', ''],
      [await numberOf('MEER')]: ['gewijzigd', 'gemeld'],
      [await numberOf('VERS')]: ['nieuw', 'gemeld'],
      [await numberOf('WEG')]: ['ingetrokken', 'ingetrokken door de partner'],
    };
    await meldpunt.advanceTo('2026-04-03T09:00:00+02:00');
    const { out } = await haarlem('--maand', '2026-04');
    expect(out).toContain('1 nieuw, 1 gewijzigd, 1 ingetrokken');
    expect(out).toMatch(/sinds +1 april 2026 om 11:55:00 uur/);
    expect(await news('werklijst-0392-2026-04.xlsx')).toEqual(expected);
    const kept = await meldpunt.rows('municipalities/0392/worklists/2026-04.csv');
    expect(Object.fromEntries(kept.map(({ zaak, nieuws, gebeurd }) => [zaak, [nieuws, gebeurd]]))).toEqual(expected);
  });

  it('[R-WOR-1] since a day of one’s own choice, beside the list of all', async () => {
    const { out } = await haarlem('--maand', '2026-04', '--sinds', '2026-04-01');
    expect(out).toContain('4 nieuw, 0 gewijzigd, 1 ingetrokken');
    expect(await readdir(folder)).toContain('werklijst-0392-2026-04-sinds-2026-04-01.xlsx');
    expect(await meldpunt.keys('municipalities/0392/worklists/')).toContain(
      'municipalities/0392/worklists/2026-04-sinds-2026-04-01.csv',
    );
    expect((await readings()).map(({ list, since }) => [list, since]).at(-1)).toEqual(['2026-04', '2026-04-01']);
    const kept = await meldpunt.rows('municipalities/0392/worklists/2026-04.csv');
    expect(kept.filter(({ nieuws }) => nieuws === 'nieuw')).toHaveLength(1);
  });

  it('[R-WOR-1] the number of a case copied into a workbook of outcomes comes back as an answer', async () => {
    const { cells } = (await book('werklijst-0392-2026-04.xlsx')).sheet('Te doen');
    const [heading, copied] = ['D2', 'D3'].map((name) => String(cells.get(name)?.value));
    const outcomes = workbookOf({
      rows: [
        [heading, 'contact_soort', 'contact_bereikt', 'contact_datum'],
        [copied, 'Telefoon', 'n', '02-04-2026'],
      ],
    });
    await meldpunt.put('ExchangeBucket', 'municipalities/0392/outcomes/antwoord.xlsx', outcomes);
    await meldpunt.settle();
    const [receipt = ''] = (await meldpunt.keys('municipalities/0392/outcome-receipts/')).filter((key) =>
      key.endsWith('receipt.json'),
    );
    expect(JSON.parse((await meldpunt.read(receipt)) ?? '')).toMatchObject({ counts: { read: 1, taken: 1 } });
    await haarlem('--maand', '2026-04');
    const row = listRows((await book('werklijst-0392-2026-04.xlsx')).sheet('Te doen')).find(
      ({ Zaak }) => Zaak === copied,
    );
    expect(row?.Contactpogingen).toBe('1, laatst 02-04-2026 Telefoon (niet bereikt)');
    // Their own line is no news to them.
    expect(row?.Nieuws).toBe('');
  });
});
