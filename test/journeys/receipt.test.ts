import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configuration } from '../support/configuration.ts';
import { goodRow, Meldpunt, type Row } from '../support/meldpunt.ts';

const AGENCY = 'incasso';
const LANDLORDS = ['particulier', 'tweede', 'derde'] as const;
const landlord = configuration.partners.find(({ id }) => id === 'particulier');
const agreement = configuration.agreements.find(({ id }) => id === 'haarlem-elan-wonen');

/** What only one of them may ever read. */
const MARKS: Readonly<Record<(typeof LANDLORDS)[number] | 'nobody', RegExp>> = {
  particulier: /particulier|PEET-|Peeters/,
  tweede: /tweede|TERP-|Terpstra/,
  derde: /derde|DIJK-|Dijkema/,
  nobody: /XHOF-|Xhofleer|ymere/,
};

/** What a Dutch Excel makes of a cell when a file is opened and saved. */
const saved = (cell: string): string => {
  if (/^\d+$/.test(cell))
    return cell.length > 11 ? `${cell[0]},${cell.slice(1, 6)}E+${cell.length - 1}` : String(Number(cell));
  if (/^\d{1,2}-\d{1,2}-\d{4}$/.test(cell)) return cell.split('-').map(Number).join('-');
  return /^\d{1,2}-\d{1,2}$/.test(cell) ? `${cell.split('-')[0]}-jan` : cell;
};
const savedByExcel = (rows: readonly Row[]): string =>
  [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row).map(saved))]
    .map((cells) => cells.map((cell) => (/[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';'))
    .join('\r\n');

describe('a receipt, and what comes after it', () => {
  let meldpunt: Meldpunt;
  let house = 300;
  const row = (partner: string, referentie: string, over: Row = {}): Row => {
    house += 1;
    return goodRow({ partner, referentie, huisnummer: String(house), ...over });
  };
  const folder = (owner: string, id: string): string => `partners/${owner}/deliveries/${id}/`;
  const read = async (owner: string, id: string, name: string): Promise<string> =>
    (await meldpunt.read(`${folder(owner, id)}${name}`)) ?? '';
  const mailsTo = async (address: string) =>
    (await meldpunt.mails()).filter((mail) => new RegExp(`^To: .*${address}`, 'im').test(mail));

  beforeAll(async () => {
    const [first] = LANDLORDS;
    meldpunt = await Meldpunt.open('2026-04-01T09:00:00+02:00', {
      ...configuration,
      partners: [
        ...configuration.partners,
        ...LANDLORDS.slice(1).map((id) => ({
          ...landlord,
          id,
          contact: { ...landlord?.contact, email: `beheer@${id}.example.nl` },
        })),
      ],
      agreements: [
        ...configuration.agreements,
        ...LANDLORDS.map((partner) => ({ ...agreement, id: `haarlem-${partner}`, partner })),
      ],
      deliveringParties: configuration.deliveringParties.map((party) =>
        party.id === AGENCY ? { ...party, partners: LANDLORDS } : party,
      ),
    });
    expect(first).toBe('particulier');
  });
  afterAll(() => meldpunt?.close());

  it('[R-AGR-5][R-DEL-1] an agency delivers for three landlords: the agency has the whole, each landlord its own and no more', async () => {
    const receipt = await meldpunt.upload(AGENCY, [
      row('particulier', 'PEET-1', { achternaam: 'Peeters' }),
      row('particulier', 'PEET-2', { achternaam: 'Peeters', bedrag: '1.234' }),
      row('tweede', 'TERP-1', { achternaam: 'Terpstra', bezwaar: 'j' }),
      row('derde', 'DIJK-1', { achternaam: 'Dijkema' }),
      row('derde', 'DIJK-2', { achternaam: 'Dijkema', telefoon: '12' }),
      row('derde', 'DIJK-3', { achternaam: 'Dijkema', fase: 'te laat' }),
      row('', 'XHOF-1', { achternaam: 'Xhofleer' }),
      row('ymere', 'XHOF-2', { achternaam: 'Xhofleer' }),
    ]);
    const id = receipt.deliveryId;
    expect(receipt).toMatchObject({
      verdict: 'verwerkt',
      counts: { read: 8, accepted: 3, refused: 5, unchanged: 0, withdrawn: 0 },
      terms: { treatedAtLatest: '2026-04-29', redelivery: '2026-04-30' },
      warnings: [{ code: 'PHONE_UNUSABLE', count: 1, lines: [6] }],
    });
    expect(
      (receipt.refusals as { code: string; lines: number[]; remedy: string }[]).map(({ code, lines }) => [code, lines]),
    ).toEqual([
      ['AMOUNT_INVALID', [3]],
      ['PARTNER_NOT_YOURS', [9]],
      ['RESIDENT_OBJECTED', [4]],
      ['VALUE_INVALID', [7]],
      ['VALUE_MISSING', [8]],
    ]);
    const whole = await meldpunt.rows(`${folder(AGENCY, id)}rejected.csv`);
    expect(whole.map(({ referentie }) => referentie)).toEqual(['PEET-2', 'TERP-1', 'DIJK-3', 'XHOF-1', 'XHOF-2']);
    expect(whole.find(({ referentie }) => referentie === 'DIJK-3')?.oplossing).toBe(
      'Vul achterstand, incasso of deurwaarder in. Leeg mag ook: dan geldt achterstand.',
    );
    expect(await read(AGENCY, id, 'receipt.html')).toContain('3 regels zijn aangenomen, van de 8.');

    const expected = {
      particulier: [2, 1, ['PEET-2']],
      tweede: [1, 0, ['TERP-1']],
      derde: [3, 2, ['DIJK-3']],
    } as const;
    for (const partner of LANDLORDS) {
      const [given, accepted, refused] = expected[partner];
      const part = JSON.parse(await read(partner, id, 'receipt.json')) as { counts: object };
      expect(part).toMatchObject({ partner, counts: { read: given, accepted, refused: refused.length } });
      expect((await meldpunt.rows(`${folder(partner, id)}rejected.csv`)).map(({ referentie }) => referentie)).toEqual(
        refused,
      );
      const certificates = (await read(partner, id, 'certificates.ndjson')).split('\n').filter((line) => line !== '');
      expect(certificates).toHaveLength(accepted);
      const keys = await meldpunt.keys(`partners/${partner}/`);
      expect(keys.filter((key) => key.endsWith('.html'))).toContain(`${folder(partner, id)}receipt.html`);
      const mails = await mailsTo(partner === 'particulier' ? 'verhuurder.example.nl' : `${partner}.example.nl`);
      expect(mails).toHaveLength(1);
      const seen = [...(await Promise.all(keys.map((key) => meldpunt.read(key)))), ...mails].join('\n');
      for (const [other, marks] of Object.entries(MARKS)) if (other !== partner) expect(seen).not.toMatch(marks);
    }
  });

  it('[R-AGR-2][R-DEL-8] says with which municipality there is no agreement, and to the other landlords that they have no rows', async () => {
    const groningen = { postcode: '9711 LM', woonplaats: 'Groningen' };
    const receipt = await meldpunt.upload(AGENCY, [row('particulier', 'PEET-9', groningen)], 'groningen.csv');
    const id = receipt.deliveryId;
    const none = 'Er is geen overeenkomst met de gemeente Groningen.';
    expect(receipt).toMatchObject({
      counts: { read: 1, accepted: 0, refused: 1 },
      refusals: [{ code: 'NO_AGREEMENT', municipality: '0014', explanation: none }],
    });
    expect(receipt.terms).not.toHaveProperty('redelivery');
    const page = await read(AGENCY, id, 'receipt.html');
    expect(page).toContain('Geen enkele regel is aangenomen.');
    expect(page).toContain(none);
    for (const owner of [AGENCY, 'particulier'])
      expect((await meldpunt.rows(`${folder(owner, id)}rejected.csv`)).map(({ uitleg }) => uitleg)).toEqual([none]);
    for (const owner of ['tweede', 'derde']) {
      expect(JSON.parse(await read(owner, id, 'receipt.json'))).toMatchObject({ partner: owner, counts: { read: 0 } });
      expect(await read(owner, id, 'receipt.html')).toContain('In deze levering staan geen regels voor u.');
      expect(await read(owner, id, 'rejected.csv')).toBe('');
    }
  });

  it('[R-DEL-1][R-DEL-7] the refused rows, mended in Excel, come back as they are: taken once, the others not doubled', async () => {
    const names = { klantnummer: '00042', telefoon: '0612345678' };
    const first = await meldpunt.upload('elan-wonen', [
      row('', '0017', names),
      row('', '0018', { ...names, postcode: '2011' }),
      row('', '1234567890123', { ...names, huisnummer: '12-1', bedrag: 'veel' }),
    ]);
    expect(first).toMatchObject({ counts: { read: 3, accepted: 1, refused: 2 } });
    const refused = await meldpunt.rows(`${folder('elan-wonen', first.deliveryId)}rejected.csv`);
    expect(Object.keys(refused[0] ?? {}).slice(0, 5)).toEqual(['regel', 'code', 'kolom', 'uitleg', 'oplossing']);
    const mended = refused.map((each) => ({
      ...each,
      ...(each.code === 'POSTCODE_INVALID' ? { postcode: '2011 SN' } : { bedrag: '12,50' }),
    }));
    const second = await meldpunt.upload('elan-wonen', savedByExcel(mended), 'verbeterd.csv');
    expect(second).toMatchObject({ counts: { read: 2, accepted: 2, refused: 0, unchanged: 0 } });
    const signals = (await meldpunt.signals()).filter(({ partner }) => partner === 'elan-wonen');
    expect(signals.map(({ reference }) => reference).sort()).toEqual(['0017', '0018', '1234567890123']);
    const [mendedSignal] = await meldpunt.signals('1234567890123');
    expect(mendedSignal).toMatchObject({
      address: { houseNumber: 12, addition: '1' },
      resident: { customerNumber: '00042', phone: { e164: '+31612345678' } },
      dueDate: '2026-01-01',
    });
    const third = await meldpunt.upload('elan-wonen', savedByExcel(mended), 'nog een keer.csv');
    expect(third).toMatchObject({ counts: { read: 2, accepted: 0, unchanged: 2 } });
    expect((await meldpunt.signals()).filter(({ partner }) => partner === 'elan-wonen')).toHaveLength(3);
  });

  it('[R-DEL-1] a refused file has a page too, and says until when it counts', async () => {
    const receipt = await meldpunt.upload('ymere', 'referentie;achternaam\r\n1;Jansen\r\n', 'half.csv');
    expect(receipt).toMatchObject({ verdict: 'geweigerd', file: { code: 'HEADER_INCOMPLETE' } });
    const page = await read('ymere', receipt.deliveryId, 'receipt.html');
    expect(page).toContain('Bestand geweigerd');
    expect(page).toContain(
      'Het gaat om de kolommen postcode, huisnummer, bedrag, vervaldatum, bezwaar, datum_herinnering, datum_contactpoging, gewezen_op_schuldhulp en aangekondigd.',
    );
    expect(page).toContain('30 april 2026');
    expect(page).not.toMatch(/Jansen|half\.csv/);
  });
});
