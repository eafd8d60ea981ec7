import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meldpunt as command } from '#infra/cli/meldpunt.ts';
import { configuration } from '../support/configuration.ts';
import { Meldpunt } from '../support/meldpunt.ts';

const HEADER =
  'Contractnr|Debiteurnr|Huurder|Voorl.|Tussenv.|Geb.dat.|Straat|Hnr|Toev.|Pc|Plaats|Tel.nr|Openstaand|Oudste post|Fase|Herinnering 1|Huisbezoek|Hulp aangeboden|Aankondiging gemeente|Bezwaar AVG|Opm.';
const ROWS = [
  'C100001|D5001|Jansen|P.||12/05/1979|Grote Houtstraat|412||2011 SN|Haarlem|0612345678|1234.56|15/01/2026|Deurw.|20/01/2026|01/02/2026|x|x|nee|belt niet',
  'C100002|D5002|Vries|A.|de|03/11/1990|Zijlweg|445|B|2013 DC|Haarlem|0235555555|1,812.00|02/01/2026|minnelijk|10/01/2026|20/01/2026|x|x|nee|',
  'C100003|D5003|Bakker|S.|van der|25/02/1960|Haltestraat|407||2042 LK|Zandvoort||450.10|01/12/2025||10/12/2025|20/12/2025|x|x|nee|',
  'C100004|D5004|Visser|T.||30/02/1961|Haltestraat|408||2042 LK|Zandvoort||99.95|01/12/2025||10/12/2025|20/12/2025|x|x|nee|',
];
const csv = (...rows: readonly string[]): string =>
  `${[HEADER, ...rows].map((line) => line.replaceAll('|', ';')).join('\r\n')}\r\n`;

describe('a partner that delivers in its own layout', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meldpunt-own-layout-'));
  let meldpunt: Meldpunt;
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await meldpunt?.close();
  });
  let mapping: unknown;

  beforeAll(async () => {
    const file = join(folder, 'export.csv');
    writeFileSync(file, csv(...ROWS));
    // What the helper proposes is what goes into the configuration.
    const { out = '' } = await command(['mapping', file, '--json']);
    mapping = JSON.parse(out);
    meldpunt = await Meldpunt.open('2026-04-01T09:00:00+02:00', {
      ...configuration,
      deliveringParties: configuration.deliveringParties.map((party) =>
        party.id === 'elan-wonen' ? { ...party, mapping } : party,
      ),
    });
  });

  it('[R-DEL-1] is read by the proposed mapping, gets its rejections in that layout, and mends only those', async () => {
    expect(mapping).toMatchObject({ dates: 'dd-mm-jjjj', amounts: 'punt' });
    const receipt = await meldpunt.upload('elan-wonen', csv(...ROWS));
    expect(receipt).toMatchObject({ verdict: 'verwerkt', counts: { read: 4, accepted: 3, refused: 1 } });
    const [jansen] = await meldpunt.signals('C100001');
    expect(jansen).toMatchObject({
      amountCents: 123_456,
      dueDate: '2026-01-15',
      collectionPhase: 'deurwaarder',
      resident: { surname: 'Jansen', dateOfBirth: '1979-05-12', customerNumber: 'D5001' },
      address: { postcode: '2011SN', houseNumber: 412 },
      socialCollection: { reminder: '2026-01-20', pointedAtDebtHelp: 'attested' },
    });
    expect(await meldpunt.signals('C100002')).toMatchObject([{ amountCents: 181_200, collectionPhase: 'achterstand' }]);

    const key = `partners/elan-wonen/deliveries/${receipt.deliveryId}/rejected.csv`;
    const rejected = (await meldpunt.read(key)) ?? '';
    expect(rejected.split('\r\n')[0]).toBe(`\uFEFFregel;code;kolom;uitleg;oplossing;${HEADER.replaceAll('|', ';')}`);
    const [refused, ...others] = await meldpunt.rows(key);
    expect(others).toEqual([]);
    expect(refused).toMatchObject({ regel: '5', code: 'DATE_INVALID', kolom: 'Geb.dat.', Contractnr: 'C100004' });
    expect(refused?.oplossing).toContain('dd-mm-jjjj');

    const mended = await meldpunt.upload('elan-wonen', rejected.replace('30/02/1961', '28/02/1961'), 'verbeterd.csv');
    expect(mended).toMatchObject({ verdict: 'verwerkt', counts: { read: 1, accepted: 1, corrected: 0, refused: 0 } });
    expect(await meldpunt.signals()).toHaveLength(4);
  });
});
