import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration } from '../support/configuration.ts';
import { csvOf, goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

/** Passes the 11-proof: the number everybody tests with. */
const BSN = '123456782';

const landlord = configuration.partners.find(({ id }) => id === 'particulier');
const agreement = configuration.agreements.find(({ id }) => id === 'haarlem-elan-wonen');

const own = (place: string) => ({ id: `${place}-tweede`, partner: 'tweede' });

describe('from upload to receipt', () => {
  let meldpunt: Meldpunt;
  let house = 100;
  /** A good row for a household of its own. */
  const row = (referentie: string, over: Row = {}): Row => {
    house += 1;
    return goodRow({ referentie, huisnummer: String(house), ...over });
  };
  const refusedRows = (receipt: { readonly deliveryId: string }, party = 'elan-wonen') =>
    meldpunt.rows(`partners/${party}/deliveries/${receipt.deliveryId}/rejected.csv`);

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-04-01T09:00:00+02:00', {
      ...configuration,
      // The agency of the sample delivers for a second landlord.
      partners: [...configuration.partners, { ...landlord, id: 'tweede' }],
      agreements: [
        ...configuration.agreements,
        { ...agreement, ...own('haarlem') },
        { ...agreement, ...own('nijmegen'), municipality: '0268', validFrom: '2026-09-01' },
        { ...agreement, ...own('amsterdam'), municipality: '0363', meldpunt: 'ander meldpunt' },
        { ...agreement, ...own('zandvoort'), municipality: '0473', validTo: '2026-03-31' },
      ],
      deliveringParties: configuration.deliveringParties.map((party) =>
        party.id === 'incasso' ? { ...party, partners: [...party.partners, 'tweede'] } : party,
      ),
    });
  });
  afterAll(() => meldpunt?.close());

  it('[R-DEL-1] takes the good rows and refuses the bad ones with code, column, explanation and remedy', async () => {
    const receipt = await meldpunt.upload('elan-wonen', [
      row('GOED-1'),
      row('FOUT-1', { postcode: 'geen' }),
      row('GOED-2'),
      row('FOUT-2', { bedrag: 'veel' }),
    ]);
    expect(receipt).toMatchObject({ counts: { read: 4, accepted: 2, refused: 2, unchanged: 0, withdrawn: 0 } });
    const refused = await refusedRows(receipt);
    expect(refused.map(({ referentie, regel, code, kolom }) => ({ referentie, regel, code, kolom }))).toEqual([
      { referentie: 'FOUT-1', regel: '3', code: 'POSTCODE_INVALID', kolom: 'postcode' },
      { referentie: 'FOUT-2', regel: '5', code: 'AMOUNT_INVALID', kolom: 'bedrag' },
    ]);
    for (const { uitleg, oplossing } of refused)
      expect([uitleg, oplossing]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
    const mails = await meldpunt.mails();
    expect(mails.some((mail) => /^To: .*elan/im.test(mail))).toBe(true);
    expect(await meldpunt.executions('SignalStateMachine')).toHaveLength(2);
  });

  it('[R-DEL-2][R-DEL-3][R-DEL-4][R-DEL-6][R-ROU-1] refuses what may not be reported, each with its own code', async () => {
    const faults: readonly (readonly [string, Row])[] = [
      ['SOCIAL_COLLECTION_INCOMPLETE', { datum_herinnering: '' }],
      ['RESIDENT_OBJECTED', { bezwaar: 'j' }],
      ['TOO_EARLY', { vervaldatum: '20-03-2026' }],
      ['BSN_IN_FIELD', { klantnummer: BSN }],
      ['POSTCODE_UNKNOWN', { postcode: '0999 AA' }],
      ['POSTCODE_PO_BOX', { postcode: '1000 AA' }],
      ['NO_AGREEMENT', { postcode: '9711 LM', woonplaats: 'Groningen' }],
    ];
    const receipt = await meldpunt.upload(
      'elan-wonen',
      faults.map(([code, over]) => row(code, over)),
    );
    expect(receipt).toMatchObject({ counts: { read: faults.length, accepted: 0, refused: faults.length } });
    const refused = await refusedRows(receipt);
    expect(refused.map(({ referentie, code }) => [referentie, code])).toEqual(
      faults.map(([code]) => [code, code === 'POSTCODE_UNKNOWN' ? expect.stringMatching(/^POSTCODE_/) : code]),
    );
    expect(JSON.stringify(refused)).not.toContain(BSN);
    expect((await meldpunt.items()).filter((item) => JSON.stringify(item).includes(BSN))).toEqual([]);
  });

  it('[R-DEL-7] the same file and the same row change nothing; a corrected row replaces the old with history', async () => {
    const first = row('HERHAALD');
    await meldpunt.upload('elan-wonen', [first]);
    const [before] = await meldpunt.signals('HERHAALD');
    expect(await meldpunt.upload('elan-wonen', [first])).toMatchObject({
      counts: { read: 1, accepted: 0, unchanged: 1 },
    });
    expect((await meldpunt.signals('HERHAALD'))[0]).toEqual(before);
    const corrected = await meldpunt.upload('elan-wonen', [{ ...first, bedrag: '999,00' }]);
    expect(corrected).toMatchObject({ counts: { read: 1, accepted: 1, corrected: 1 } });
    const after = await meldpunt.signals('HERHAALD');
    expect(after).toHaveLength(1);
    expect(after[0]).toMatchObject({ amountCents: 99_900, receivedAt: before?.receivedAt });
    expect(((after[0]?.history ?? []) as { kind: string }[]).map(({ kind }) => kind)).toContain('CORRECTED');
  });

  it('[R-DEL-7] the same event twice starts one delivery', async () => {
    const count = (await meldpunt.executions('DeliveryStateMachine')).length;
    await meldpunt.upload('elan-wonen', [row('EENMAAL')], 'dubbel +%é gebeurtenis.csv');
    await meldpunt.repeatUploadEvent('inbox/elan-wonen/dubbel +%é gebeurtenis.csv');
    await meldpunt.settle();
    expect(await meldpunt.executions('DeliveryStateMachine')).toHaveLength(count + 1);
    expect(await meldpunt.signals('EENMAAL')).toHaveLength(1);
  });

  it('[R-DEL-7] a corrected address moves the signal to the right municipality, once', async () => {
    const first = row('VERHUISD');
    await meldpunt.upload('elan-wonen', [first]);
    const moved = { ...first, postcode: '2042 AA', woonplaats: 'Zandvoort' };
    await meldpunt.upload('elan-wonen', [moved]);
    const signals = await meldpunt.signals('VERHUISD');
    expect(signals.filter(({ status }) => status !== 'WITHDRAWN')).toMatchObject([{ municipality: '0473' }]);
    expect(signals.filter(({ status }) => status === 'WITHDRAWN')).toMatchObject([
      { municipality: '0392', reason: 'verplaatst' },
    ]);
  });

  it('the example of the README: three rows taken, three refused', async () => {
    const receipt = await meldpunt.upload('elan-wonen', readFileSync('infra/config/sample-delivery.csv'));
    expect(receipt).toMatchObject({ counts: { read: 6, accepted: 3, refused: 3 } });
    expect((await refusedRows(receipt)).map(({ referentie, code }) => [referentie, code])).toEqual([
      ['VB-1004', 'SOCIAL_COLLECTION_INCOMPLETE'],
      ['VB-1005', 'AMOUNT_INVALID'],
      ['VB-1006', 'POSTCODE_PO_BOX'],
    ]);
  });

  it('[R-DEL-8] a header without rows is valid', async () => {
    expect(await meldpunt.upload('ymere', csvOf([], Object.keys(goodRow())))).toMatchObject({
      counts: { read: 0, accepted: 0, refused: 0 },
    });
  });

  it('[R-DEL-5][R-MAT-2] a repeat next month is linked to the earlier one and marked opeenvolgend', async () => {
    const arrear = row('TERUG');
    await meldpunt.upload('elan-wonen', [arrear]);
    await meldpunt.advanceTo('2026-05-04T09:00:00+02:00');
    await meldpunt.upload('elan-wonen', [{ ...arrear, bedrag: '2.000,00' }]);
    const may = (await meldpunt.signals('TERUG')).find(({ period }) => period === '2026-05');
    expect(may).toMatchObject({ earlierPeriods: ['2026-04'] });
    const list = await meldpunt.worklist('0392', '2026-05');
    const line = list.find((entry) => entry.zaak === may?.caseId);
    expect(Object.values(line ?? {}).join(' ')).toMatch(/opeenvolgend/);
  });

  it('[R-ROU-3][R-WOR-2] one organisation serves two municipalities; the sender does not move the rank', async () => {
    const day = { vervaldatum: '01-02-2026', bedrag: '500,00' };
    await meldpunt.upload('ymere', [row('Y-1', { ...day, postcode: '2042 AA', woonplaats: 'Zandvoort' })]);
    await meldpunt.upload('elan-wonen', [row('E-1', day)]);
    const [zandvoort] = await meldpunt.signals('Y-1');
    const [haarlem] = await meldpunt.signals('E-1');
    expect(zandvoort).toMatchObject({ municipality: '0473' });
    expect(zandvoort?.organisation).toBe(haarlem?.organisation);
    const ranks = new Map(
      [...(await meldpunt.worklist('0392', '2026-05')), ...(await meldpunt.worklist('0473', '2026-05'))].map((line) => [
        line.zaak,
        Number(line.rang),
      ]),
    );
    expect(Math.abs((ranks.get(String(zandvoort?.caseId)) ?? 0) - (ranks.get(String(haarlem?.caseId)) ?? 9))).toBe(1);
    expect(new Set(ranks.values()).size).toBe(ranks.size);
  });

  it('[R-AGR-5] an agency delivers for several landlords; the signal stays the landlord’s', async () => {
    const receipt = await meldpunt.upload('incasso', [
      row('P-1', { partner: 'particulier', postcode: '6511 AA', woonplaats: 'Nijmegen' }),
      row('P-2', { partner: 'tweede' }),
      row('P-3', { partner: 'onbekend' }),
      row('P-4', { partner: 'ymere' }),
    ]);
    expect(receipt).toMatchObject({ counts: { read: 4, accepted: 2, refused: 2 } });
    expect((await refusedRows(receipt, 'incasso')).map(({ code }) => code)).toEqual([
      'PARTNER_UNKNOWN',
      'PARTNER_NOT_YOURS',
    ]);
    expect(await meldpunt.signals('P-1')).toMatchObject([{ partner: 'particulier', municipality: '0268' }]);
    expect(await meldpunt.signals('P-2')).toMatchObject([{ partner: 'tweede', municipality: '0392' }]);
    const folder = `partners/particulier/deliveries/${receipt.deliveryId}`;
    expect((await meldpunt.read(`${folder}/certificates.ndjson`))?.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse((await meldpunt.read(`${folder}/receipt.json`)) ?? '')).toMatchObject({
      counts: { read: 1, accepted: 1 },
    });
  });

  it('[R-AGR-1][R-AGR-2] an agreement counts when both signed, between its days, for this meldpunt; else the partner hears why', async () => {
    const at = { '0268': '6511 AA', '0363': '1012 AB', '0473': '2042 AA', '0392': '2011 SN' };
    const partner = 'tweede';
    const receipt = await meldpunt.upload('incasso', [
      row('NIET-BEGONNEN', { partner, postcode: at['0268'] }),
      row('ANDER-MELDPUNT', { partner, postcode: at['0363'] }),
      row('AFGELOPEN', { partner, postcode: at['0473'] }),
      row('GELDIG', { partner, postcode: at['0392'] }),
    ]);
    expect(receipt).toMatchObject({ counts: { read: 4, accepted: 1, refused: 3 } });
    const unsigned = await meldpunt.upload('elan-wonen', [row('NIET-GETEKEND', { postcode: at['0268'] })]);
    const none = await meldpunt.upload('pre-wonen', [row('GEEN', { postcode: at['0363'] })]);
    const refused = [
      ...(await refusedRows(receipt, 'incasso')),
      ...(await refusedRows(unsigned)),
      ...(await refusedRows(none, 'pre-wonen')),
    ];
    expect(refused.map(({ code }) => code)).toEqual(Array(5).fill('NO_AGREEMENT'));
    expect(new Set(refused.map(({ uitleg }) => uitleg)).size).toBe(5);
    expect(await meldpunt.signals('GELDIG')).toMatchObject([{ agreement: 'haarlem-tweede' }]);
  });

  it('[R-ROU-2] the date decides which municipality an address belongs to', async () => {
    expect((await meldpunt.signals('GOED-1'))[0]).toMatchObject({ municipality: '0392', certainty: 'exact' });
    // Weesp joined Amsterdam on 24 March 2022: its old code leads nowhere any more.
    const receipt = await meldpunt.upload('ymere', [row('WEESP', { postcode: '1382 AA', woonplaats: 'Weesp' })]);
    expect(receipt).toMatchObject({ counts: { accepted: 1 } });
    expect(await meldpunt.signals('WEESP')).toMatchObject([{ municipality: '0363' }]);
  });

  it('[R-MAT-5] no key, id or execution shows an address or a reference', async () => {
    const ids = (await meldpunt.items()).flatMap((item) => [item.pk, item.sk, item.signalId, item.caseId]).join(' ');
    expect(ids).not.toMatch(/2011 ?SN|GOED-1|TERUG|Vreugdenhil/);
  });
});
