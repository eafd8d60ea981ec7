import { describe, expect, it } from 'vitest';
import { spreadsheetProof } from '#domain/delivery/csv.ts';
import {
  FILE_REJECTION_CODES,
  REJECTION_REASONS,
  ROW_REJECTION_CODES,
  WARNING_CODES,
} from '#domain/delivery/delivery.ts';
import { adviceFor, FILE_ADVICE, ROW_ADVICE, rejectionRow, WARNING_ADVICE } from '#domain/delivery/rejection.ts';
import { cellText, parseDate } from '#domain/delivery/values.ts';

describe('what we tell the partner', () => {
  it('[R-DEL-1] every code has a Dutch explanation and a remedy of its own', () => {
    const advice = [
      ...ROW_REJECTION_CODES.map((code) => ROW_ADVICE[code]),
      ...FILE_REJECTION_CODES.map((code) => FILE_ADVICE[code]),
      ...WARNING_CODES.map((code) => WARNING_ADVICE[code]),
    ];
    for (const { explanation, remedy } of advice) {
      expect(explanation).toMatch(/^[A-Z].+\.$/);
      expect(remedy).toMatch(/^[A-Z].+[.]$/);
      for (const sentence of explanation.split('. ')) expect(sentence.split(' ').length).toBeLessThan(25);
    }
    expect(new Set(advice.map(({ explanation }) => explanation)).size).toBe(advice.length);
    for (const reason of REJECTION_REASONS)
      expect(adviceFor({ code: 'NO_AGREEMENT', reason }).explanation).not.toBe(ROW_ADVICE.NO_AGREEMENT.explanation);
  });

  it('a refused row keeps the cells of the sender, and ours stand in their own columns', () => {
    const rejection = { line: 7, code: 'TOO_EARLY', column: 'vervaldatum', original: ['=1', 'a;b'] } as const;
    expect(rejectionRow(rejection)).toBe(
      `7;TOO_EARLY;vervaldatum;${ROW_ADVICE.TOO_EARLY.explanation};${ROW_ADVICE.TOO_EARLY.remedy};'=1;"a;b"\r\n`,
    );
  });

  it('[R-DEL-1] names the column and the values that it may hold', () => {
    expect(adviceFor({ code: 'VALUE_INVALID', column: 'fase' })).toEqual({
      explanation: 'In de kolom fase staat een waarde die wij niet kennen.',
      remedy: 'Vul achterstand, incasso of deurwaarder in. Leeg mag ook: dan geldt achterstand.',
    });
    expect(adviceFor({ code: 'VALUE_INVALID', column: 'signaalsoort' }).remedy).toMatch(
      /^Vul vroeg, geactualiseerd, eindelevering of ontruiming in\./,
    );
    expect(adviceFor({ code: 'VALUE_INVALID', column: 'reden' }).remedy).toBe('Vul betaald, fout of bezwaar in.');
    expect(adviceFor({ code: 'FIELD_TOO_LONG', column: 'referentie' }).remedy).toContain('64 tekens');
    expect(adviceFor({ code: 'FIELD_TOO_LONG', column: 'huisletter' }).remedy).toContain('60 tekens');
    expect(adviceFor({ code: 'VALUE_INVALID', column: 'referentie', reason: 'SCIENTIFIC_NUMBER' })).toMatchObject({
      explanation: expect.stringContaining('het getal in de kolom referentie afgekort'),
    });
    for (const code of ROW_REJECTION_CODES)
      for (const text of Object.values({ ...adviceFor({ code }), ...adviceFor({ code, column: 'postcode' }) }))
        expect(text).not.toMatch(/[{}]|undefined/);
  });

  it('says it in the sender’s own words: its header, its way of writing dates and amounts', () => {
    const words = {
      columns: [
        { header: 'PC huurder', column: 'postcode' as const },
        { header: 'Oude PC', column: 'postcode' as const },
      ],
      dates: 'mm-dd-jjjj' as const,
      amounts: 'punt' as const,
    };
    const header = ['pc_huurder', 'bedrag'];
    expect(adviceFor({ code: 'VALUE_MISSING', column: 'postcode' }, words, header).explanation).toBe(
      'Er is niets ingevuld in de kolom PC huurder. Dat moet wel.',
    );
    expect(rejectionRow({ line: 2, code: 'VALUE_MISSING', column: 'postcode', original: [] }, words, header)).toMatch(
      /^2;VALUE_MISSING;PC huurder;/,
    );
    expect(adviceFor({ code: 'DATE_INVALID', column: 'vervaldatum' }, words).remedy).toContain('als mm-dd-jjjj');
    expect(adviceFor({ code: 'AMOUNT_INVALID', column: 'bedrag' }, words).remedy).toContain('1234.56');
    expect(
      adviceFor({ code: 'AMOUNT_INVALID', column: 'bedrag', reason: 'AMOUNT_NOT_POSITIVE' }, words).remedy,
    ).toMatch(/haal de regel dan weg/i);
  });
});

/** What a Dutch Excel writes when somebody opens the file, looks at it and saves it again. */
const savedByExcel = (cell: string): string => {
  if (/^\d+$/.test(cell))
    return cell.length > 11 ? `${cell[0]},${cell.slice(1, 6)}E+${cell.length - 1}` : String(Number(cell));
  const date = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(cell);
  if (date) return date.slice(1).map(Number).join('-');
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(cell);
  if (iso) return [iso[3], iso[2], iso[1]].map(Number).join('-');
  if (/^\d{1,2}-\d{1,2}$/.test(cell)) return `${cell.split('-')[0]}-jan`;
  return /^\d{1,3}(\.\d{3})+$/.test(cell) ? cell.replaceAll('.', '') : cell;
};

describe('what a spreadsheet makes of a rejection file', () => {
  it.each([
    ['a reference with zeros in front', '00123'],
    ['a telephone number', '0612345678'],
    ['a reference of many digits', '1234567890123456'],
    ['a house number that looks like a date', '12-1'],
    ['a house number with a letter that looks like a time', '12 a'],
    ['a reference that looks like a power of ten', '12E5'],
    ['an amount that can be read in two ways', '1.234'],
    ['a date that can be read in two ways', '1/2/2026'],
    ['a date with a short year', '01-02-03'],
    ['a month', '1 mei'],
    ['a time', '10:30'],
  ])('[R-DEL-1] leaves %s as it was', (_what, cell) => {
    const written = spreadsheetProof(cell);
    expect(written).toBe(`'${cell}`);
    expect(cellText(savedByExcel(written))).toBe(cell);
    expect(spreadsheetProof(written)).toBe(written);
  });

  it.each([
    ['a date', '01-02-2026', '2026-02-01'],
    ['a date the other way round', '2026-02-01', '2026-02-01'],
    ['a date in digits', '20260201', '2026-02-01'],
  ])('[R-DEL-1] may write %s its own way: it is read as the same day', (_what, cell, day) => {
    expect(spreadsheetProof(cell)).toBe(cell);
    expect(parseDate(savedByExcel(cell))).toEqual({ ok: true, value: day });
  });

  it.each([
    '1234 AB',
    '1234AB',
    '12-A',
    '12A3',
    '3 hs',
    '1.234,56',
    '12,50',
    '06-12345678',
    "'s-Gravenhage",
    'K-001',
    '',
    'Mei',
  ])('has nothing to change at %s', (cell) => {
    expect(spreadsheetProof(cell)).toBe(cell);
  });
});
