import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PersonModel } from '#domain/matching/model.ts';
import { meldpunt } from '#infra/cli/meldpunt.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meldpunt-linkage-'));
});
afterAll(() => rm(folder, { recursive: true }));

const HEADER = 'Nummer;Voornaam;Tussenvoegsel;Achternaam;Geboren;Postcode;Huisnr;Telefoon';
const ROWS = [
  'a1;Jan Peter;van den;Quispelaar;12-03-1984;2011 SN;12;0612345678',
  'a2;J.P.;;Quispelaar, v.d.;1984-03-12;2011SN;12;+31612345678',
  'a3;Maria;;Çelikbaş;05/11/1990;3011AB;7;',
  'a4;Maria;;Celikbas;19901105;3011AB;7;',
  'a5;Klaas;;Vreugdenhil;1966-01-23;1011AA;1;',
  'a6;Kees;;Vreugdenhil;1966-01-23;1011AA;1;',
  'a7;;;Vreugdenhil Bouw B.V.;;1011AA;1;',
];
const COLUMNS = {
  id: 'nummer',
  givenNames: ['Voornaam'],
  prefix: 'Tussenvoegsel',
  surname: 'ACHTERNAAM',
  dateOfBirth: 'Geboren',
  postcode: 'Postcode',
  housenumber: 'Huisnr',
  phone: 'Telefoon',
};

const put = async (name: string, content: string | Uint8Array): Promise<string> => {
  await writeFile(at(name), content);
  return at(name);
};
const pairs = async (name: string): Promise<readonly string[]> =>
  (await readFile(at(name), 'utf8'))
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',').slice(0, 2).join('='));

describe('npm run linkage', () => {
  it('[R-MAT-3] finds one person in two spellings, and writes no more than the numbers of the rows', async () => {
    const input = await put('a.csv', [HEADER, ...ROWS].join('\n'));
    const columns = await put('columns.json', JSON.stringify(COLUMNS));
    const said = await meldpunt(['linkage', '--input', input, '--columns', columns, '--output', at('pairs.csv')]);
    expect(said).toMatchObject({ code: 0 });
    expect(said.out).toContain('2 paren');
    expect(said.out).not.toContain('Klopt de indeling?');
    const written = await readFile(at('pairs.csv'), 'utf8');
    expect(written.split('\r\n')[0]).toBe(
      'id_a,id_b,score,probability,decision,surname,givenNames,dateOfBirth,phone,email,address,model',
    );
    expect(await pairs('pairs.csv')).toEqual(['a1=a2', 'a3=a4']);
    expect(written).toContain(',SAME,EXACT,INITIALS,EXACT,EXACT,MISSING,EXACT,persoon ');
    expect(`${written}${said.out}`).not.toMatch(/quispelaar|celikbas|1984|2011/i);
  });
  it('[R-MAT-3] one file against another, in another encoding and with another delimiter', async () => {
    const input = await put('left.csv', [HEADER, ...ROWS.slice(0, 3)].join('\n'));
    const tabs = ['Nummer', 'Voornaam', 'Tussenvoegsel', 'Achternaam', 'Geboren', 'Postcode', 'Huisnr', 'Telefoon'];
    const right = [tabs, ['b1', 'Jan', '', 'van den Quispeläar', '12-03-1984', '2011SN', '12', '0612345678']];
    const other = await put('right.csv', Buffer.from(right.map((row) => row.join('\t')).join('\r\n'), 'latin1'));
    const columns = await put('columns.json', JSON.stringify(COLUMNS));
    const order = ['linkage', '--input', input, '--with', other, '--columns', columns, '--output', at('both.csv')];
    expect((await meldpunt([...order, '--json'])).code).toBe(0);
    expect(await pairs('both.csv')).toEqual(['a1=b1', 'a2=b1']);
    expect((await meldpunt([...order, '--threshold', '0.9999999999'])).code).toBe(0);
    expect(await pairs('both.csv')).toEqual([]);
    await meldpunt([...order, '--threshold', '0.9999999999', '--possible']);
    expect(await pairs('both.csv')).toEqual(['a1=b1', 'a2=b1']);
  });
  it('weights are written, and used again as they are', async () => {
    const input = await put('a.csv', [HEADER, ...ROWS].join('\n'));
    const columns = await put('columns.json', JSON.stringify(COLUMNS));
    const order = ['linkage', '--input', input, '--columns', columns, '--output', at('pairs.csv')];
    await meldpunt([...order, '--estimated', at('model.json')]);
    const model = PersonModel.parse(JSON.parse(await readFile(at('model.json'), 'utf8')));
    await writeFile(at('strict.json'), JSON.stringify({ ...model, thresholds: { ...model.thresholds, same: 99 } }));
    await meldpunt([...order, '--model', at('strict.json')]);
    expect(await pairs('pairs.csv')).toEqual([]);
  });
  it('year, month and day in columns of their own; without id the row counts', async () => {
    const rows = [
      'naam,j,m,d,vn',
      'Quispelaar,1984,3,12,Sandra',
      'Quispelaar,1984,03,12,Sandra',
      'Visser,1950,1,2,Jan',
    ];
    const input = await put('parts.csv', rows.join('\n'));
    const dateOfBirth = { year: 'j', month: 'm', day: 'd' };
    const columns = await put('parts.json', JSON.stringify({ surname: 'naam', givenNames: 'vn', dateOfBirth }));
    await meldpunt(['linkage', '--input', input, '--columns', columns, '--output', at('parts.out'), '--possible']);
    expect(await pairs('parts.out')).toEqual(['1=2']);
  });
  it.each([
    ['in other words', { rec_id: 'nr', first_name: 'fn', last_name: 'ln', dob: 'geb', suburb: 'plaats' }],
    ['the other way round', { nr: 'id', fn: 'given_name', ln: 'surname', geb: 'date of birth', plaats: 'city' }],
  ])('takes a mapping %s', async (_, mapping) => {
    const rows = [
      'nr,fn,ln,geb,plaats',
      'p,Sandra,Quispelaar,1984-03-12,Soest',
      'q,Sandra,Quispelaer,1984-03-12,Soest',
    ];
    const input = await put('words.csv', rows.join('\n'));
    const columns = await put('words.json', JSON.stringify(mapping));
    const said = await meldpunt([
      'linkage',
      '--input',
      input,
      '--columns',
      columns,
      '--output',
      at('w.csv'),
      '--possible',
    ]);
    expect(said.code).toBe(0);
    expect(await pairs('w.csv')).toEqual(['p=q']);
  });
  it.each([
    [{ ...COLUMNS, iban: 'x' }, 2, /Het veld "iban" ken ik niet. Kies uit: id, givenNames, prefix, surname/],
    [{ id: 'Nummer' }, 2, /geen surname/],
    [{ surname: 'Achternaam', lastname: 'Naam' }, 2, /noemt surname twee keer/],
    [{ surname: 7 }, 2, /Bij surname hoort de naam van een kolom/],
    [{ surname: 'Naam' }, 1, /ontbreekt de kolom "Naam"/],
  ])('says in Dutch what is wrong with %j', async (mapping, code, text) => {
    const input = await put('a.csv', [HEADER, ...ROWS].join('\n'));
    const columns = await put('wrong.json', JSON.stringify(mapping));
    const said = await meldpunt(['linkage', '--input', input, '--columns', columns, '--output', at('none.csv')]);
    expect(said.code).toBe(code);
    expect(said.error).toMatch(text);
  });
  it('tells how much of each column it could read, and doubts a mapping of which it cannot', async () => {
    const rows = [
      'nr,naam,geb,tel,leeg',
      'p,Quispelaar,12-03-12,Soest,',
      'q,Bos,1984-03-12,Baarn,',
      'r,Vos,onbekend,0612345678,',
    ];
    const input = await put('doubt.csv', rows.join('\n'));
    const mapping = { id: 'nr', surname: 'naam', dateOfBirth: 'geb', phone: 'tel', email: 'leeg', city: 'tel' };
    const columns = await put('doubt.json', JSON.stringify(mapping));
    const order = ['linkage', '--input', input, '--columns', columns, '--output', at('doubt.out')];
    const { out } = await meldpunt(order);
    expect(out).toContain(
      '  veld              gevuld  te lezen\n  surname                3         3\n  dateOfBirth            3         1\n',
    );
    expect(out).toContain(
      'van de 3 gevulde cellen voor dateOfBirth zijn er 1 te lezen. Klopt de indeling? Een datum schrijft u als',
    );
    expect(out).toContain('van de 3 gevulde cellen voor phone zijn er 1 te lezen.');
    expect(out).toContain('de kolom voor email is overal leeg.');
    expect(out).not.toMatch(/voor (?:city|surname)/);
    expect(out).toContain('0 paren');
    const told = JSON.parse((await meldpunt([...order, '--json'])).out ?? '{}');
    expect(told.read[0]).toEqual({
      file: input,
      fields: [
        { field: 'surname', filled: 3, read: 3 },
        { field: 'dateOfBirth', filled: 3, read: 1 },
        { field: 'city', filled: 3, read: 2 },
        { field: 'phone', filled: 3, read: 1 },
        { field: 'email', filled: 0, read: 0 },
      ],
    });
    expect(told.warnings).toHaveLength(3);
  });
  it('says in Dutch that it cannot write there', async () => {
    const input = await put('a.csv', [HEADER, ...ROWS.slice(0, 2)].join('\n'));
    const columns = await put('columns.json', JSON.stringify(COLUMNS));
    const said = await meldpunt(['linkage', '--input', input, '--columns', columns, '--output', at('geen/map.csv')]);
    expect(said).toMatchObject({ code: 2, error: expect.stringMatching(/Ik kan .*map.csv niet schrijven/) });
  });
  it('writes over nothing it reads', async () => {
    const columns = await put('columns.json', JSON.stringify(COLUMNS));
    const said = await meldpunt(['linkage', '--input', at('a.csv'), '--columns', columns, '--output', at('a.csv')]);
    expect(said).toMatchObject({ code: 2, error: expect.stringContaining('Geef elk bestand een eigen naam') });
  });
});
