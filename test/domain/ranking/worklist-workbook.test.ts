import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import {
  ArrearId,
  Cents,
  caseIdOf,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  type PartnerId,
  Period,
  signalIdOf,
  TeamId,
} from '#domain/ids.ts';
import { matched } from '#domain/ranking/matched.ts';
import { worklistOf } from '#domain/ranking/worklist.ts';
import { linesOf, WORKLIST_COLUMNS } from '#domain/ranking/worklist-columns.ts';
import { worklistFile } from '#domain/ranking/worklist-file.ts';
import { worklistWorkbook } from '#domain/ranking/worklist-workbook.ts';
import type { Signal, SignalFacts } from '#domain/signal/signal.ts';
import { configuration } from '#test/support/configuration.ts';
import { governingOf } from '#test/support/governing.ts';
import { signal } from '#test/support/signal.ts';
import { listRows, openWorkbook, zipped } from '#test/support/spreadsheet.ts';

const april = Period.parse('2026-04');
const haarlem = MunicipalityCode.parse('0392');
const at = Instant.parse('2026-05-04T04:00:00.000Z');
const closedAt = Instant.parse('2026-04-09T08:00:00.000Z');
const householdKey = (n: number) => HouseholdKey.parse(String(n).padStart(12, '0'));
let serial = 0;
const inHouse = (n: number, facts: Partial<SignalFacts> = {}): Signal => {
  serial += 1;
  const arrearId = ArrearId.parse(String(serial).padStart(16, '0'));
  return signal({
    arrearId,
    signalId: signalIdOf(arrearId, april),
    caseId: caseIdOf(haarlem, april, householdKey(n)),
    ...facts,
  });
};
const partnerOf = (id: PartnerId) => configuration.partners.find((partner) => partner.id === id);
const facts = { organisation: 'SDV', partnerOf, since: Instant.parse('2026-04-20T03:55:00.000Z') };
const linesFor = (signals: readonly Signal[]) =>
  linesOf(worklistOf(april, matched(signals, []), governingOf, IsoDate.parse('2026-05-04')), governingOf, facts);
const bookOf = (signals: readonly Signal[]) =>
  openWorkbook(
    zipped(
      worklistWorkbook(linesFor(signals), {
        ...facts,
        municipality: 'Haarlem',
        period: april,
        at,
        rankings: [],
        otherMonths: [{ period: Period.parse('2026-03'), waiting: 2 }],
      }),
    ),
  );

const dateOfBirth = IsoDate.parse('1980-02-29');
const resident = { surname: 'Vreugdenhil', initials: 'A.B.', dateOfBirth, phone: { given: '0612345678' } };
const twice = [
  inHouse(1, { resident, amountCents: Cents.parse(50_000) }),
  inHouse(1, { resident: { ...resident, surname: 'Vreugdenhik' } }),
];
const crisis = inHouse(2, { kind: 'ontruiming', resident: { surname: '=HYPERLINK("x")' } });
const forwarded: Signal = { ...inHouse(3), status: 'ASSIGNED', terms: [], team: TeamId.parse('swt') };
const gone: Signal = { ...inHouse(4), status: 'WITHDRAWN', reason: 'betaald', closedAt };
const everything = [...twice, crisis, forwarded, gone];

describe('the worklist as a workbook', () => {
  const book = bookOf(everything);

  it('[R-WOR-1] begins with what to do by rank, then a sheet for each tray that has cases, links and explanation', () => {
    expect(book.sheets.map(({ name }) => name)).toEqual([
      ...['Te doen', 'Crisis', 'Nieuw', 'Doorgezet - Sociaal wijkteam', 'Ingetrokken', 'Koppelingen', 'Uitleg'],
    ]);
    const ranks = (name: string) => listRows(book.sheet(name)).map(({ Rang, Werkbakje }) => [Rang, Werkbakje]);
    expect(ranks('Te doen')).toEqual([
      [1, 'crisis'],
      [2, 'nieuw'],
      [3, 'doorgezet: Sociaal wijkteam'],
    ]);
    expect(ranks('Nieuw')).toEqual([[2, 'nieuw']]);
    expect(ranks('Ingetrokken')).toEqual([['', 'ingetrokken']]);
  });

  it('[R-WOR-1] holds the same as the CSV, every column of every case', () => {
    const csv: Record<string, string>[] = parse([...worklistFile(linesFor(everything))].join(''), {
      columns: true,
      delimiter: ';',
      bom: true,
    });
    const trays = book.sheets.slice(1, -2).flatMap((sheet) => listRows(sheet));
    expect(trays).toHaveLength(csv.length);
    const serialOf = (day: string) => Date.parse(day) / 86_400_000 + 25_569;
    for (const row of trays) {
      const other = csv.find(({ zaak }) => zaak === row.Zaak) ?? {};
      const cells = Object.values(row);
      expect(cells).toHaveLength(WORKLIST_COLUMNS.length);
      WORKLIST_COLUMNS.forEach((column, i) => {
        const said = other[column] ?? '';
        const value = cells[i];
        // Days within a text are as the CSV has them there, and as they are written in Dutch here.
        const ofText = said.replace(/^'(?==)/, '').replace(/(\d{4})-(\d\d)-(\d\d)/g, '$3-$2-$1');
        if (typeof value === 'string') expect(value.replaceAll('\n', ' | ')).toBe(ofText);
        else if (/^\d{4}-\d\d-\d\d$/.test(said)) expect(value).toBe(serialOf(said));
        else expect(value).toBe(Number(said.replace(',', '.')));
      });
    }
  });

  it('days are days, the amount is in euros, rank is a number, telephone and case are text', () => {
    const { cells } = book.sheet('Nieuw');
    const under = (heading: string) => {
      const [name = ''] = [...cells].find(([at2, { value }]) => at2.endsWith('2') && value === heading) ?? [];
      return cells.get(name.replace('2', '3'));
    };
    expect(under('Rang')).toMatchObject({ value: 2, format: '0' });
    expect(under('Totaalbedrag')).toMatchObject({ value: 1734.56, format: '"€"\\ #,##0.00' });
    expect(under('Geboortedatum')).toMatchObject({ value: 29_280, format: 'dd\\-mm\\-yyyy' });
    expect(under('Uiterlijk')).toMatchObject({ value: 46_141, format: 'dd\\-mm\\-yyyy' });
    expect(under('Telefoon')).toMatchObject({ value: '0612345678', format: '@' });
    expect(under('Zaak')).toMatchObject({ value: `0392-2604-${householdKey(1)}`, format: '@' });
    expect([...cells].filter(([name]) => /^[A-Z]+2$/.test(name)).every(([, { bold }]) => bold)).toBe(true);
  });

  it('no name becomes a formula', () => {
    const [row] = listRows(book.sheet('Crisis'));
    expect(row?.Naam).toBe('=HYPERLINK("x")');
    expect(book.sheets.some(({ xml }) => /<f[ >]/.test(xml))).toBe(false);
  });

  it('[R-MAT-3] tells of each link which fields agree, the score and the model, and no value of a person', () => {
    const sheet = book.sheet('Koppelingen');
    const [link, ...more] = listRows(sheet);
    expect(more).toEqual([]);
    expect(link).toMatchObject({
      Zaak: `0392-2604-${householdKey(1)}`,
      Oordeel: 'zelfde persoon',
      Achternaam: 'typfout',
      Geboortedatum: 'gelijk',
      Telefoon: 'gelijk',
      'E-mail': 'onbekend',
      'Besloten door': 'het meldpunt',
    });
    expect(link?.Model).toMatch(/^persoon \d+$/);
    expect(Number(link?.Score)).toBeGreaterThan(5);
    expect(JSON.stringify(sheet.rows)).not.toMatch(/Vreugdenhil|0612345678|1980|2011AB/);
  });

  it('[R-WOR-3] explains the ranking in force, the marks and since when, and every column', () => {
    const lines = book.sheet('Uitleg').rows.map((row) => row.join(': '));
    const text = lines.join('\n');
    expect(text).toContain('Haarlem en Zandvoort: vier prioriteiten (HAARLEM, versie 1), voor 4 zaken');
    expect(text).toContain('Afgesproken in: Addendum Haarlem/Zandvoort 2021, art. 5.3, vanaf 1 april 2021');
    expect(text).toMatch(/1\. prioriteit I: bij de deurwaarder \(fase deurwaarder\)\n/);
    expect(text).toMatch(/Bij gelijke stand: Is alles gelijk, dan beslist/);
    expect(text).toMatch(/Drempelbedrag: € 75,00/);
    expect(text).toContain('Sinds: 20 april 2026 om 05:55 uur.');
    expect(text).toContain('In maart 2026 wachten nog 2 zaken: zie de lijst 2026-03.');
    for (const heading of WORKLIST_COLUMNS)
      expect(
        lines.some((line) => line.toLowerCase().startsWith(`${heading.replaceAll('_', ' ')}: `)),
        heading,
      ).toBe(true);
  });

  it('a month without cases still has a list to open, without a sheet that is empty but the first', () => {
    expect(bookOf([]).sheets.map(({ name }) => name)).toEqual(['Te doen', 'Uitleg']);
  });
});
