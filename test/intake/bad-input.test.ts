import { describe, expect, it } from 'vitest';
import { configuration } from './configuration.ts';
import { csvOf, goodRow, Pipeline } from './pipeline.ts';

const BSN = '123456782';
const header = csvOf([]).trim();
const line = csvOf([goodRow()]).split('\r\n')[1] ?? '';
const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le');

describe('files that are refused as a whole, each with its own verdict', () => {
  const files: readonly (readonly [string, string | Uint8Array, Record<string, unknown>])[] = [
    ['an empty file', '', { code: 'FILE_EMPTY' }],
    ['blanks only', '\uFEFF \r\n\r\n', { code: 'FILE_EMPTY' }],
    ['the first bytes of a workbook', Buffer.from('504b030414000600', 'hex'), { code: 'WORKBOOK_UNREADABLE' }],
    ['a PDF', '%PDF-1.7 …', { code: 'FILE_NOT_TEXT' }],
    ['NUL bytes', `${header}\r\n${line.replace('Grote', 'Gro\u0000te')}`, { code: 'FILE_NOT_TEXT' }],
    ['UTF-16 without a BOM', utf16(`${header}\r\n${line}`), { code: 'FILE_UTF16' }],
    ['a web page', '<html><body>Inloggen</body></html>', { code: 'FILE_NOT_CSV' }],
    ['a letter', 'Geachte heer of mevrouw', { code: 'FILE_NOT_CSV' }],
    ['another delimiter', header.replaceAll(';', '|'), { code: 'DELIMITER_UNKNOWN' }],
    ['no header', line, { code: 'HEADER_MISSING' }],
    ['a doubled column', `${header};Postcode`, { code: 'HEADER_DOUBLED', column: 'postcode' }],
    [
      'a column we do not know',
      `referentie;Kanarie;${header.slice(11)}`,
      { code: 'HEADER_UNKNOWN_COLUMN', position: 2 },
    ],
    ['a missing column', header.replace('bedrag;', ''), { code: 'HEADER_INCOMPLETE', column: 'bedrag' }],
    ['no word on objections', header.replace(';bezwaar', ''), { code: 'HEADER_INCOMPLETE', column: 'bezwaar' }],
    ['columns of Object', `${header};__proto__`, { code: 'HEADER_UNKNOWN_COLUMN' }],
    ['a BSN column', `${header};BSN\r\n${line};${BSN}`, { code: 'BSN_COLUMN' }],
    ['a BSN column by its long name', `burger service-nummer;${header}`, { code: 'BSN_COLUMN' }],
    ['a quote never closed', `${header}\r\n${line}\r\n"HC-2;Open;\r\n${line}`, { code: 'QUOTE_NEVER_CLOSED', line: 3 }],
    [
      'a quote closed rows later',
      `${header}\r\n"HC-2;Open;\r\n${line}\r\n${line.replace('Grote', '"').replace('Haarlem', '"Haarlem"')}\r\n`,
      { code: 'QUOTE_NEVER_CLOSED', line: 2 },
    ],
    [
      'a quote never closed in a large file',
      `${header}\r\n"HC-2;Open;\r\n${`${line}\r\n`.repeat(5000)}`,
      { code: 'QUOTE_NEVER_CLOSED', line: 2 },
    ],
    [
      'a field of 1 MB',
      `${header}\r\n${line}\r\n${line.replace('Vreugdenhil', 'V'.repeat(1_048_576))}`,
      { code: 'FIELD_TOO_LARGE', line: 3 },
    ],
  ];

  it.each(files)('%s', async (_name, body, expected) => {
    const pipeline = new Pipeline(4096);
    const receipt = await pipeline.deliver('elan-wonen', body);
    expect(receipt).toMatchObject({ verdict: 'geweigerd', counts: { read: 0, accepted: 0 }, file: expected });
    expect(receipt.nextSteps.length).toBeGreaterThan(0);
    expect(pipeline.signals()).toEqual([]);
    expect(pipeline.file('elan-wonen', receipt.deliveryId, 'rejected.csv')).toBeUndefined();
    expect(pipeline.ports.mailer.sent).toHaveLength(1);
    const told = JSON.stringify([receipt, pipeline.ports.mailer.sent]);
    expect(told).not.toMatch(/Kanarie|Vreugdenhil|Geachte|lijst\.csv/);
  });

  it('a file-level fault after refused rows leaves no rejection file, only the receipt', async () => {
    const pipeline = new Pipeline();
    const body = `${csvOf([goodRow({ bedrag: 'veel' })])}"open`;
    const receipt = await pipeline.deliver('elan-wonen', body);
    expect(receipt).toMatchObject({ file: { code: 'QUOTE_NEVER_CLOSED', line: 3 } });
    expect(pipeline.ports.objects.keys('exchange')).toEqual(
      ['receipt.html', 'receipt.json'].map((name) => `partners/elan-wonen/deliveries/${receipt.deliveryId}/${name}`),
    );
  });

  it('more rows than allowed', async () => {
    const pipeline = new Pipeline();
    const rows = [1, 2, 3].map((n) => goodRow({ referentie: `HC-${n}` }));
    const id = await pipeline.put('elan-wonen', csvOf(rows));
    const allow = (maxRows: number) =>
      pipeline.ports.configuration.replace({ ...configuration, uploadLimits: { maxBytes: 10_000, maxRows } });
    await allow(2);
    expect(await pipeline.run(id)).toMatchObject({ verdict: 'geweigerd', reason: 'TOO_MANY_ROWS' });
    const exact = await pipeline.put('elan-wonen', csvOf(rows));
    await allow(3);
    expect(await pipeline.run(exact)).toMatchObject({ verdict: 'verwerkt', accepted: 3 });
  });

  it.each(['vreemde-partij', 'Geen Party!', 'é%+ '])('an unknown party: %s', async (folder) => {
    const pipeline = new Pipeline();
    const id = await pipeline.put(folder, csvOf([goodRow()]));
    expect(await pipeline.run(id)).toMatchObject({ verdict: 'geweigerd', reason: 'PARTY_UNKNOWN', mail: 'none' });
    expect(pipeline.ports.mailer.sent).toEqual([]);
    expect(await pipeline.ports.deliveries.get(id)).toMatchObject({ rejection: { code: 'PARTY_UNKNOWN' } });
  });

  it.each([';', '|'])(
    '[R-DEL-6] the bytes of a file with a BSN column are erased, delimited by %s',
    async (delimiter) => {
      const pipeline = new Pipeline();
      const body = `${header};bsn\r\n${line};${BSN}`.replaceAll(';', delimiter);
      expect(await pipeline.deliver('elan-wonen', body)).toMatchObject({ file: { code: 'BSN_COLUMN' } });
      expect(pipeline.ports.objects.keys('landing')).toEqual([]);
    },
  );
});

describe('rows that are refused one by one', () => {
  const rows: readonly (readonly [string, Record<string, string>, string, string])[] = [
    ['VALUE_MISSING', { achternaam: '' }, 'achternaam', 'niets ingevuld in de kolom achternaam'],
    ['VALUE_MISSING', { bezwaar: '' }, 'bezwaar', 'niets ingevuld in de kolom bezwaar'],
    ['VALUE_INVALID', { bezwaar: 'misschien' }, 'bezwaar', 'kennen'],
    ['VALUE_INVALID', { fase: 'ergens' }, 'fase', 'kennen'],
    ['VALUE_INVALID', { referentie: '1,2E+08' }, 'referentie', 'Excel'],
    ['VALUE_MISSING', { signaalsoort: 'eindelevering' }, 'datum_einde_levering', 'waarop de levering eindigt'],
    ['VALUE_MISSING', { actie: 'intrekken' }, 'reden', 'Vul betaald, fout of bezwaar in.'],
    ['DATE_INVALID', { vervaldatum: '31-02-2026' }, 'vervaldatum', 'datum'],
    ['DATE_IN_FUTURE', { vervaldatum: '02-04-2026' }, 'vervaldatum', 'na de dag'],
    ['DATE_IN_FUTURE', { datum_herinnering: '02-04-2026' }, 'datum_herinnering', 'na de dag'],
    ['AMOUNT_INVALID', { bedrag: '1.234' }, 'bedrag', 'twee manieren'],
    ['AMOUNT_INVALID', { bedrag: '0,00' }, 'bedrag', 'nul of minder'],
    ['AMOUNT_INVALID', { bedrag: '1,2E+3' }, 'bedrag', 'Excel'],
    ['POSTCODE_INVALID', { postcode: '2011' }, 'postcode', 'postcode'],
    ['HOUSE_NUMBER_INVALID', { huisnummer: '0' }, 'huisnummer', 'huisnummer'],
    ['HOUSE_NUMBER_INVALID', { huisnummer: '12A', huisletter: 'B' }, 'huisnummer', 'huisnummer'],
    ['PARTNER_NOT_YOURS', { partner: 'ymere' }, 'partner', 'niet aan'],
    ['PARTNER_UNKNOWN', { partner: 'niemand' }, 'partner', 'niet bekend'],
    ['FIELD_TOO_LONG', { referentie: 'R'.repeat(65) }, 'referentie', 'te lang'],
    ['CONTROL_CHARACTER', { straat: 'Grote\u0007straat' }, 'straat', 'onzichtbaar teken'],
    [
      'SOCIAL_COLLECTION_INCOMPLETE',
      { sociale_incasso: 'n', aangekondigd: 'n' },
      'datum_herinnering',
      'een schriftelijke herinnering sturen',
    ],
    ['TOO_EARLY', { vervaldatum: '03-03-2026' }, 'vervaldatum', 'niet lang genoeg'],
    ['POSTCODE_PO_BOX', { postcode: '1000 AA' }, 'postcode', 'postbus'],
    ['NO_AGREEMENT', { postcode: '9711 LM' }, '', 'geen overeenkomst'],
    ['WITHDRAWAL_UNKNOWN', { actie: 'intrekken', reden: 'betaald' }, 'referentie', 'niets gemeld'],
  ];

  it.each(rows)('%s %j', async (code, over, column, explanation) => {
    const pipeline = new Pipeline();
    const receipt = await pipeline.deliver('elan-wonen', [goodRow({ referentie: 'GOED' }), goodRow(over)]);
    expect(receipt.counts).toMatchObject({ read: 2, accepted: 1, refused: 1 });
    expect(receipt.refusals).toMatchObject([{ code, count: 1 }]);
    const [, refused = ''] = pipeline.file('elan-wonen', receipt.deliveryId, 'rejected.csv')?.split('\r\n') ?? [];
    expect(refused).toMatch(new RegExp(`^3;${code};${column};`));
    expect(refused).toContain(explanation);
  });

  it.each([
    ['pre-wonen', 'nog niet door beide kanten getekend'],
    ['ymere', 'ander meldpunt'],
    ['elan-wonen', 'nog niet ingegaan'],
  ])('[R-AGR-2] %s learns why no agreement counts', async (party, why) => {
    const pipeline = new Pipeline();
    const receipt = await pipeline.deliver(party, [goodRow({ postcode: '1012 AB' })]);
    expect(receipt.refusals).toMatchObject([{ code: 'NO_AGREEMENT', count: 1 }]);
    expect(pipeline.file(party, receipt.deliveryId, 'rejected.csv')).toContain(why);
  });

  it('[R-DEL-4] a partner type without a rule is refused, not guessed', async () => {
    const receipt = await new Pipeline().deliver('waterbedrijf', [goodRow()]);
    expect(receipt.refusals).toMatchObject([{ code: 'NO_RULE_FOR_TYPE', count: 1 }]);
  });

  it('what is accepted with a doubt is counted as a warning', async () => {
    const receipt = await new Pipeline().deliver('elan-wonen', [
      goodRow({ geboortedatum: '01-01-2015', telefoon: '12', email: 'geen', gemeente: 'Zandvoort' }),
    ]);
    expect(receipt.counts).toMatchObject({ accepted: 1 });
    expect(receipt.warnings.map(({ code }) => code)).toEqual([
      'BIRTH_DATE_UNUSUAL',
      'EMAIL_UNUSABLE',
      'MUNICIPALITY_DIFFERS',
      'PHONE_UNUSABLE',
    ]);
  });

  it('[R-DEL-1] a row too short or too long is refused with its line; its neighbours are taken', async () => {
    const pipeline = new Pipeline();
    const other = line.replace('HC-1', 'HC-3').replace(';12;', ';14;');
    const body = [header, line, 'HC-2;te kort', `${other};te veel`, other, `${other.replace('HC-3', 'HC-4')};;;`].join(
      '\n',
    );
    const receipt = await pipeline.deliver('elan-wonen', body);
    expect(receipt.counts).toMatchObject({ read: 5, accepted: 3, refused: 2 });
    const rejected = pipeline.file('elan-wonen', receipt.deliveryId, 'rejected.csv') ?? '';
    expect(rejected).toMatch(/^3;ROW_TOO_SHORT;/m);
    expect(rejected).toMatch(/^4;ROW_TOO_LONG;.*;te veel\r$/m);
  });

  it('[R-DEL-1] the header once more is a row to take out, in any spelling; its neighbours are taken', async () => {
    const pipeline = new Pipeline();
    const other = line.replace('HC-1', 'HC-3').replace(';12;', ';14;');
    const receipt = await pipeline.deliver('elan-wonen', [header, line, header.toUpperCase(), other].join('\n'));
    expect(receipt.counts).toMatchObject({ read: 3, accepted: 2, refused: 1 });
    expect(receipt.refusals).toMatchObject([{ code: 'ROW_IS_HEADER', count: 1 }]);
  });

  it('the mail of a refused file names the column, its place or the line', async () => {
    const mailOf = async (body: string): Promise<string> => {
      const pipeline = new Pipeline();
      await pipeline.deliver('elan-wonen', body);
      return pipeline.ports.mailer.sent[0]?.text ?? '';
    };
    expect(await mailOf(header.replace('bedrag;', ''))).toContain('Het gaat om de kolom bedrag.');
    expect(await mailOf(`referentie;Kanarie;${header.slice(11)}`)).toContain('Het gaat om kolom 2, van links geteld.');
    expect(await mailOf(`${header}\r\n"open`)).toContain('Het gaat om regel 2.');
  });

  it('[R-DEL-3] who objected is kept nowhere but in the sender’s own rejection file', async () => {
    const pipeline = new Pipeline();
    const rows = [goodRow(), goodRow({ referentie: 'HC-2', achternaam: 'Kanarie', bezwaar: 'ja' })];
    const receipt = await pipeline.deliver('elan-wonen', rows);
    expect(receipt.refusals).toMatchObject([{ code: 'RESIDENT_OBJECTED', count: 1 }]);
    const { objects, ...others } = pipeline.ports;
    const holders = [...objects.items].filter(([, versions]) =>
      versions.some(({ body }) => Buffer.from(body).includes('Kanarie')),
    );
    expect(holders.map(([name]) => name)).toEqual([
      `exchange/partners/elan-wonen/deliveries/${receipt.deliveryId}/rejected.csv`,
    ]);
    for (const port of [others.deliveries, others.signals, others.marks])
      expect(JSON.stringify([...port.items])).not.toContain('Kanarie');
    expect(JSON.stringify(others.mailer.sent)).not.toContain('Kanarie');
  });

  it.each([
    ['klantnummer', BSN],
    ['referentie', `K${BSN.slice(0, 3)}.${BSN.slice(3, 6)}.${BSN.slice(6)}`],
    ['achternaam', `Vreugdenhil ${BSN}`],
    ['achternaam', 'Vreugdenhil 11222335'],
    ['straat', 'Laan 1234 56 782'],
    ['toevoeging', BSN],
    ['huisnummer', BSN],
    ['bedrag', BSN],
    ['telefoon', BSN],
    ['email', `${BSN}@example.nl`],
  ])('[R-DEL-6] a BSN in %s: the row is refused and the number is nowhere', async (column, value) => {
    const pipeline = new Pipeline();
    const receipt = await pipeline.deliver('elan-wonen', [goodRow({ klantnummer: 'K-1', [column]: value })]);
    expect(receipt.refusals).toMatchObject([{ code: 'BSN_IN_FIELD', count: 1 }]);
    const digits = value.replace(/\D/g, '').slice(-8);
    const everything = [...pipeline.ports.objects.items.values()]
      .flat()
      .map(({ body }) => Buffer.from(body).toString());
    expect(everything.join('').replace(/[ .]/g, '')).not.toContain(digits);
    expect(everything.join('')).toContain('*********');
    expect(pipeline.ports.objects.keys('landing').filter((key) => !key.startsWith('work/'))).toEqual([]);
  });

  it.each(['0612345678', '06-12345678', '+31 612345678', '0031 612345678', '612345678', '023 5123456', '+31235123456'])(
    '[R-DEL-6] a telephone number is not taken for a BSN: %s',
    async (telefoon) => {
      const pipeline = new Pipeline();
      const receipt = await pipeline.deliver('elan-wonen', [goodRow({ telefoon })]);
      expect(receipt).toMatchObject({ counts: { accepted: 1 }, warnings: [] });
      expect(pipeline.signals()[0]?.resident.phone?.e164).toMatch(/^\+31\d{9}$/);
    },
  );
});
