import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { DELIVERY_COLUMNS } from '#domain/delivery/columns.ts';
import { meldpunt } from '#infra/cli/meldpunt.ts';
import { type Progress, progressOn } from '#infra/cli/own-file.ts';
import { sampleFile } from '../../support/configuration.ts';
import { csvOf, goodRow, type Row } from '../../support/meldpunt.ts';
import { workbookOf } from '../../support/workbook.ts';
import { run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'meldpunt-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SAMPLE = 'infra/config/sample-delivery.csv';
const ON = ['--op', '2026-04-01'];
let written = 0;
const fileOf = (body: string | Uint8Array | readonly Row[]): string => {
  const path = join(folder, `lijst-${++written}.csv`);
  writeFileSync(path, Array.isArray(body) ? csvOf(body as readonly Row[]) : (body as string | Uint8Array));
  return path;
};
// A terminal with colours would put them between the words.
const plain = (text = ''): string => stripVTControlCharacters(text);
const check = async (...args: readonly string[]) => {
  const { code, out, error } = await meldpunt(['check', ...args]);
  return { code, out: plain(out), error };
};

describe('npx meldpunt check', () => {
  it('[R-DEL-11] says what is wrong once, where and what to do, most first, and ends with 1', async () => {
    const file = fileOf([
      goodRow({ referentie: 'A' }),
      goodRow({ referentie: 'B', postcode: 'geen' }),
      goodRow({ referentie: 'C', bedrag: '1.234' }),
      goodRow({ referentie: 'D', postcode: 'ook geen' }),
      goodRow({ referentie: 'E', telefoon: '12' }),
    ]);
    const { code, out } = await check(file, ...ON);
    expect(code).toBe(1);
    expect(out).toBe(
      [
        `${file.split('/').at(-1)}: CSV met puntkomma’s, Huur, LCV 2022, aangeleverd op 1 april 2026`,
        '',
        '✗ 3 regels afgekeurd, 2 goed.',
        '  5 gelezen = 2 goed + 3 afgekeurd',
        '',
        'Afgekeurd',
        '  ✗ In de kolom postcode staat geen Nederlandse postcode.',
        '    2 regels. Regel 3 en 5.',
        '    Schrijf de postcode als vier cijfers en twee letters, bijvoorbeeld 1234 AB.',
        '',
        '  ✗ Het bedrag in de kolom bedrag is op twee manieren te lezen: als duizenden, of met drie cijfers',
        '    achter de komma.',
        '    1 regel. Regel 4.',
        '    Schrijf twee cijfers achter de komma, bijvoorbeeld 1234,00.',
        '',
        'Wordt aangenomen, maar kijk dit na',
        '  ! Het telefoonnummer bestaat zo niet. De gemeente kan de inwoner daarmee niet bellen.',
        '    1 regel. Regel 6.',
        '    Controleer het nummer.',
        '',
        'Niet nagekeken: of u een overeenkomst heeft met elke gemeente, en wat u al eerder heeft gemeld.',
        'Daarvoor zet u het bestand in de map check/ bij het meldpunt, of geeft u hier --instellingen.',
      ].join('\n'),
    );
  });

  it('ends with 0 when every row would be taken', async () => {
    const row = goodRow();
    const { code, out } = await check(fileOf([row, row, goodRow({ referentie: 'B' })]), ...ON);
    expect(code).toBe(0);
    expect(out).toContain('✓ In orde: 2 regels goed, 1 dubbel, niets afgekeurd.');
    expect(out).toContain('3 gelezen = 2 goed + 0 afgekeurd + 1 dubbel');
  });

  it('[R-DEL-8] a header alone is a month without arrears', async () => {
    const { code, out } = await check(fileOf(csvOf([], Object.keys(goodRow()))), ...ON);
    expect([code, out.split('\n')[2]]).toEqual([
      0,
      '✓ In orde: geen regels. Dat betekent: deze maand geen achterstanden.',
    ]);
  });

  it.each([
    ['a picture', '\u0089PNG\r\n', 'Dit bestand wordt geweigerd'],
    ['a column we do not know', 'referentie;kleur\nA;rood\n', 'kolom 2'],
    ['a column that lacks', 'referentie;achternaam\nA;Jansen\n', 'kolommen postcode, huisnummer, bedrag'],
    ['a BSN', 'referentie;BSN\nA;123456782\n', 'burgerservicenummer'],
  ])('[R-DEL-1] refuses %s as a whole', async (_, body, says) => {
    const { code, out } = await check(fileOf(body), ...ON);
    expect([code, out.includes(says)]).toEqual([1, true]);
    expect(out).not.toMatch(/kleur|rood|Jansen|123456782/);
  });

  it('[R-PRI-3] shows no value of the file, not on the screen and not as JSON', async () => {
    const file = fileOf([
      goodRow({ referentie: 'GEHEIM-1', achternaam: 'Verzwegen', bedrag: '4711.4711', telefoon: '99999999' }),
      goodRow({ referentie: 'GEHEIM-2', klantnummer: '123456782' }),
      goodRow({ referentie: 'GEHEIM-3', fase: 'geheimzinnig' }),
    ]);
    for (const json of [[], ['--json']]) {
      const { out } = await check(file, ...ON, ...json);
      expect(out).not.toMatch(/GEHEIM|Verzwegen|4711|99999999|123456782|geheimzinnig|2011/);
    }
  });

  it('writes the refused rows and the report where it is asked to, and nothing when there is none', async () => {
    const file = fileOf([goodRow({ referentie: 'A' }), goodRow({ referentie: 'B', bedrag: 'x' })]);
    const [rejected, receipt] = [join(folder, 'afkeur.csv'), join(folder, 'verslag.html')];
    const { out } = await check(file, ...ON, '--afkeur', rejected, '--ontvangst', receipt);
    expect(out).toContain(rejected);
    const [header = '', ...lines] = readFileSync(rejected, 'utf8').split('\r\n');
    expect(header).toMatch(/^\uFEFFregel;code;kolom;uitleg;oplossing;referentie;/);
    expect(lines.map((line) => line.split(';').slice(0, 3))).toEqual([['3', 'AMOUNT_INVALID', 'bedrag'], ['']]);
    expect(readFileSync(receipt, 'utf8')).toMatch(/^<!DOCTYPE html>/i);
    // Mended, the file is taken as it is.
    writeFileSync(rejected, readFileSync(rejected, 'utf8').replace(';x;', ';10,00;'));
    expect(await check(rejected, ...ON)).toMatchObject({ code: 0 });

    const none = join(folder, 'niets.csv');
    await check(fileOf([goodRow()]), ...ON, '--afkeur', none);
    await check(fileOf('\u0089PNG\r\n'), ...ON, '--afkeur', none);
    await check(fileOf(`${csvOf([goodRow({ bedrag: 'x' })])}\n"A;x`), ...ON, '--afkeur', none);
    expect(readdirSync(folder).filter((name) => /niets|half/.test(name))).toEqual([]);
  });

  it('[R-AGR-2] looks at agreements when it is given a configuration', async () => {
    const groningen = fileOf([goodRow({ postcode: '9711 LM', woonplaats: 'Groningen' })]);
    expect(await check(groningen, ...ON)).toMatchObject({ code: 0 });
    const settings = ['--instellingen', sampleFile, '--partij', 'elan-wonen'];
    const { code, out } = await check(groningen, ...ON, ...settings);
    expect([code, out.includes('Er is geen overeenkomst met de gemeente Groningen.')]).toEqual([1, true]);
    expect(out).not.toContain('Niet nagekeken');
    const { out: json } = await check(
      groningen,
      ...ON,
      '--configuration',
      sampleFile,
      '--partner',
      'elan-wonen',
      '--json',
    );
    expect(JSON.parse(json)).toMatchObject({
      agreementsKnown: true,
      counts: { read: 1, refused: 1 },
      refusals: [{ code: 'NO_AGREEMENT', reason: 'AGREEMENT_NONE', count: 1, lines: [2] }],
    });
  });

  it('[R-DEL-4] holds the row against the kind of partner, the version and the day that are said', async () => {
    const file = fileOf([
      goodRow({ vervaldatum: '20-02-2026', datum_herinnering: '21-02-2026', datum_contactpoging: '22-02-2026' }),
    ]);
    expect(await check(file, '--op', '2026-03-23')).toMatchObject({ code: 0 });
    expect(await check(file, '--op', '2026-03-21')).toMatchObject({ code: 1 });
    expect(await check(file, ...ON, '--soort', 'energie', '--lcv', '2020')).toMatchObject({ code: 1 });
    expect(await check(file, ...ON, '--soort', 'energie', '--lcv', '2022')).toMatchObject({ code: 0 });
  });

  it('[R-AGR-5] takes any partner a row names as one of the party', async () => {
    const row = (partner: string) => ({ ...goodRow({ referentie: partner }), partner });
    expect(await check(fileOf([row('jansen'), row('de-vries')]), ...ON)).toMatchObject({ code: 0 });
    expect(await check(fileOf([row('Geen Partner')]), ...ON)).toMatchObject({ code: 1 });
  });

  it('says nothing on the way where nobody looks, and starts from any folder', async () => {
    const { code, out, error } = await run(['check', join(process.cwd(), SAMPLE), ...ON], { FORCE_COLOR: '0' });
    expect([code, error]).toEqual([1, '']);
    expect(out).not.toContain('\u001B');
    const coloured = await run(['check', join(process.cwd(), SAMPLE), ...ON], { FORCE_COLOR: '1' });
    expect(coloured.out).toContain('\u001B[31m✗');
    expect(plain(coloured.out)).toBe(out);
  });

  it('tells on a terminal how far it is, once it takes long, and cleans up after itself', () => {
    const told: string[] = [];
    let now = 0;
    const terminal = { isTTY: true, write: (text: string) => told.push(text) } as unknown as NodeJS.WriteStream;
    const progress: Progress = progressOn(terminal, () => now);
    progress.at(0.1);
    now = 800;
    progress.at(0.256);
    progress.at(0.3);
    progress.end();
    expect(told).toEqual(['\rBezig met lezen:  25 %', '\r\u001B[K']);
  });

  it.each([
    [[], 'Noem één bestand.'],
    [[SAMPLE, SAMPLE], 'Noem één bestand.'],
    [['/nowhere.csv'], 'Ik kan /nowhere.csv niet lezen.'],
    [['infra'], 'Ik kan infra niet lezen.'],
    [[SAMPLE, '--op', 'morgen'], '--op is een dag'],
    [[SAMPLE, '--soort', 'Kaas'], '--soort is een van: Huur, Energie, Water, Zorg.'],
    [[SAMPLE, '--lcv', '1999'], '--lcv is een van: 2020, 2022.'],
    [[SAMPLE, '--partij', 'Elan Wonen'], 'een korte naam van kleine letters'],
    [[SAMPLE, '--partij', 'a', '--partner', 'b'], 'Kies één van --partij en --partner.'],
    [[SAMPLE, '--instellingen', sampleFile], 'Zeg met --partij wie aanlevert.'],
    [[SAMPLE, '--instellingen', sampleFile, '--partij', 'niemand'], 'staat niet in de instellingen'],
    [[SAMPLE, '--instellingen', SAMPLE, '--partij', 'x'], 'niet lezen als JSON'],
    [[SAMPLE, '--instellingen', 'package.json', '--partij', 'x'], 'geen instellingen die wij kennen'],
    [[SAMPLE, '--instellingen', sampleFile, '--partij', 'x', '--soort', 'Huur'], 'staan al in de instellingen'],
    [[SAMPLE, '--indeling', 'package.json'], 'is geen indeling'],
    [[SAMPLE, '--afkeur', SAMPLE], 'Geef elk bestand een eigen naam.'],
    [[SAMPLE, '--regels', '3'], 'De optie --regels ken ik niet.'],
  ])('%j is used wrongly: 2', async (args, problem) => {
    const { code, error = '' } = await check(...args);
    expect([code, error.includes(problem)], error).toEqual([2, true]);
  });
});

describe('npx meldpunt schema', () => {
  it('prints JSON Schema, the same with --json', async () => {
    const { code, out = '' } = await meldpunt(['schema']);
    expect(code).toBe(0);
    expect(Object.keys((JSON.parse(out) as { properties: object }).properties)).toEqual([...DELIVERY_COLUMNS]);
    expect((await meldpunt(['schema', '--json'])).out).toBe(out);
  });

  it('prints a file to start from, of which the example is taken today', async () => {
    const { out: empty = '' } = await meldpunt(['schema', '--csv']);
    expect(empty).toMatch(/^\uFEFFreferentie;[a-z_;]+;reden$/);
    const { out = '' } = await meldpunt(['schema', '--csv', '--voorbeeld']);
    expect(out.split('\r\n')).toHaveLength(3);
    expect(await check(fileOf(out))).toMatchObject({ code: 0 });
  });

  it.each([
    [['x.csv'], 'geen bestand'],
    [['--csv', '--json'], 'Kies'],
    [['--voorbeeld'], '--csv'],
  ])('%j is used wrongly', async (args, problem) => {
    const { code, error } = await meldpunt(['schema', ...args]);
    expect([code, error?.includes(problem)]).toEqual([2, true]);
  });
});

describe('npx meldpunt mapping', () => {
  const OWN = [
    'Contractnr;Huurder;Hnr;Pc;Saldo;Vervaldag;Opm.',
    'C1;Jansen;12;2011 SN;812;15/01/2026;belt niet',
    'C2;Vries;45;2013 DC;99;02/01/2026;',
  ].join('\n');
  const ANSWERS = ['--vast', 'bezwaar=n,sociale_incasso=j', '--bedragen', 'komma'];

  it('shows what it understood, what lacks and what it has to know', async () => {
    const { code, out } = await meldpunt(['mapping', fileOf(OWN)]);
    const text = plain(out);
    expect(code).toBe(1);
    expect(text).toMatch(/^ {3}1 {2}Contractnr +referentie +waarschijnlijk/m);
    expect(text).toMatch(/^ {3}4 {2}Pc +postcode +zeker +de naam: 9999 aa$/m);
    expect(text).toMatch(/^ {3}7 {2}Opm\. +niet gelezen/m);
    expect(text).toContain('✗ bezwaar: ');
    expect(text).toContain('? Alle 2 bedragen zijn hele getallen. Zijn het euro’s of centen?');
    expect(text).not.toMatch(/Jansen|2011|belt|812/);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('with the answers it is complete: --json is the mapping that check then reads the file with', async () => {
    const file = fileOf(OWN);
    const { code, out = '' } = await meldpunt(['mapping', file, ...ANSWERS]);
    expect(code).toBe(0);
    expect(plain(out)).toContain('Met deze indeling: 2 van de 2 regels goed, 0 afgekeurd.');
    const { out: json = '' } = await meldpunt(['mapping', file, ...ANSWERS, '--json']);
    expect(JSON.parse(json)).toEqual({
      columns: [
        { header: 'Contractnr', column: 'referentie' },
        { header: 'Huurder', column: 'achternaam' },
        { header: 'Hnr', column: 'huisnummer' },
        { header: 'Pc', column: 'postcode' },
        { header: 'Saldo', column: 'bedrag' },
        { header: 'Vervaldag', column: 'vervaldatum' },
        { header: 'Opm.', column: null },
      ],
      dates: 'dd-mm-jjjj',
      amounts: 'komma',
      fixed: [
        { column: 'bezwaar', value: 'n' },
        { column: 'sociale_incasso', value: 'j' },
      ],
    });
    expect(plain(out)).toContain('"dates": "dd-mm-jjjj"');
    const mapping = join(folder, 'indeling.json');
    writeFileSync(mapping, json);
    expect(await check(file, ...ON, '--indeling', mapping)).toMatchObject({ code: 0 });
    expect(await check(file, ...ON)).toMatchObject({ code: 1 });
  });

  it('[R-DEL-3] an objection in the file is not said away, neither by the helper nor by a layout of one’s own', async () => {
    const file = fileOf(
      [
        'Contractnr;Huurder;Hnr;Pc;Saldo;Vervaldag;Bezwaar',
        'C1;Jansen;12;2011 SN;812,00;15/01/2026;Ja',
        'C2;Vries;45;2013 DC;99,00;02/01/2026;nee',
      ].join('\n'),
    );
    const said = ['--vast', 'bezwaar=n,sociale_incasso=j'];
    for (const more of [[], ['--kolom', 'Bezwaar=']]) {
      const { code, out } = await meldpunt(['mapping', file, ...said, ...more]);
      expect([code, plain(out).replace(/\s+/g, ' ')]).toEqual([
        1,
        expect.stringContaining('? U gaf zelf een waarde voor bezwaar, maar kolom ‘Bezwaar’ zegt het per regel.'),
      ]);
      const { code: again, out: json } = await meldpunt(['mapping', file, ...said, ...more, '--json']);
      expect([again, json]).toEqual([1, expect.not.stringContaining('Bezwaar')]);
    }
    const { code, out: json = '{}' } = await meldpunt(['mapping', file, '--vast', 'sociale_incasso=j', '--json']);
    expect([code, JSON.parse(json).columns.at(-1)]).toEqual([0, { header: 'Vervaldag', column: 'vervaldatum' }]);
    const layout = join(folder, 'bezwaar.json');
    writeFileSync(layout, json);
    expect(JSON.parse((await check(file, ...ON, '--indeling', layout, '--json')).out)).toMatchObject({
      counts: { accepted: 1, refused: 1 },
      refusals: [{ code: 'RESIDENT_OBJECTED', lines: [2] }],
    });
    // By hand, against the rules alone and against a configuration.
    const { columns, ...rest } = JSON.parse(json);
    const fixed = [...rest.fixed, { column: 'bezwaar', value: 'n' }];
    writeFileSync(
      layout,
      JSON.stringify({ ...rest, columns: [...columns, { header: 'Bezwaar', column: null }], fixed }),
    );
    for (const against of [[], ['--instellingen', sampleFile, '--partij', 'elan-wonen']]) {
      const { code: refused, error = '' } = await check(file, ...ON, '--indeling', layout, ...against);
      expect([refused, error]).toEqual([2, expect.stringContaining('deze kolom gaat over bezwaar')]);
    }
  });

  it('reads a workbook as it reads a CSV, and check does the same', async () => {
    const day = (n: number) => ({ n, format: 14 });
    const file = fileOf(
      workbookOf({
        rows: [
          ['Dossiernr', 'Huurder', 'Hnr', 'Pc', 'Openstaand', 'Vervaldag', 'Stappen gezet', 'Bezwaar', 'Opm.'],
          ['D1', 'Jansen', 12, '2011 SN', 812.5, day(46037), true, 'nee', 'belt niet'],
          ['D2', 'Vries', 45, '2013 DC', 1234, day(46054), true, 'nee', undefined],
        ],
      }),
    );
    const { code, out = '' } = await meldpunt(['mapping', file, '--bedragen', 'komma', '--json']);
    expect(code).toBe(0);
    const mapping = join(folder, 'werkboek.json');
    writeFileSync(mapping, out);
    expect(await check(file, ...ON, '--indeling', mapping)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Excel, Huur'),
    });
  });

  it('a file without a header is refused, and not repeated', async () => {
    const { code, error = '' } = await meldpunt(['mapping', fileOf('C1;Jansen;12;2011 SN;8,12;15/01/2026\n')]);
    expect([code, error.includes('kolomnamen')]).toEqual([1, true]);
    expect(error).not.toMatch(/Jansen|2011/);
  });

  it.each([
    [[], 'Noem één bestand.'],
    [['--kolom', 'Contractnr'], 'Schrijf naam=waarde'],
    [['--kolom', 'Contractnr=nummer'], '--kolom: onze kolommen zijn partner, referentie'],
    [['--datums', 'jjmmdd'], '--datums is een van: dd-mm-jjjj'],
    [['--vast', 'kleur=rood'], '--vast: onze kolommen'],
    [['--vast', 'referentie=1,bezwaar=n,sociale_incasso=j'], 'referentie moet in elke regel staan'],
    [['--vast', 'vervaldatum=01-01-2026'], 'vervaldatum moet in elke regel staan'],
    [['--vast', 'datum_herinnering=01-02-2026'], 'datum_herinnering kan alleen j of n zijn'],
    [['--leeg', 'fase=later'], 'fase kan alleen zijn: achterstand, incasso, deurwaarder'],
  ])('%j is used wrongly', async (args, problem) => {
    const file = args.length === 0 ? [] : [fileOf(OWN)];
    const { code, error = '' } = await meldpunt(['mapping', ...file, ...args]);
    expect([code, error.includes(problem)], error).toEqual([2, true]);
  });
});
