import { describe, expect, it } from 'vitest';
import { csvRow, spreadsheetProof, textProof } from '#domain/delivery/csv.ts';
import {
  FILE_REJECTION_CODES,
  REJECTION_REASONS,
  ROW_REJECTION_CODES,
  WARNING_CODES,
} from '#domain/delivery/delivery.ts';
import {
  adviceFor,
  FILE_ADVICE,
  ROW_ADVICE,
  rejectionRows,
  WARNING_ADVICE,
  whereToLook,
} from '#domain/delivery/rejection.ts';
import { cellText, parseDate } from '#domain/delivery/values.ts';
import { MunicipalityCode } from '#domain/ids.ts';

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
    expect(rejectionRows()(rejection)).toBe(
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
    expect(rejectionRows(words, header)({ line: 2, code: 'VALUE_MISSING', column: 'postcode', original: [] })).toMatch(
      /^2;VALUE_MISSING;PC huurder;/,
    );
    expect(adviceFor({ code: 'DATE_INVALID', column: 'vervaldatum' }, words).remedy).toContain('als mm-dd-jjjj');
    expect(adviceFor({ code: 'AMOUNT_INVALID', column: 'bedrag' }, words).remedy).toContain('1234.56');
    expect(
      adviceFor({ code: 'AMOUNT_INVALID', column: 'bedrag', reason: 'AMOUNT_NOT_POSITIVE' }, words).remedy,
    ).toMatch(/haal de regel dan weg/i);
  });

  it('[R-DEL-6] a BSN, or the asterisks that came back: what to do in that column', () => {
    expect(adviceFor({ code: 'BSN_IN_FIELD', column: 'referentie' })).toEqual({
      explanation:
        'In de kolom referentie staat een getal dat een burgerservicenummer (BSN) kan zijn, of onze sterretjes daarvoor. Een BSN mag u niet aanleveren.',
      remedy:
        'Wij zetten sterretjes in de plaats van het getal. Vul een eigen referentie in die geen BSN is. Bestaat uw eigen nummer uit negen cijfers? Zet er dan een letter voor.',
    });
    expect(adviceFor({ code: 'BSN_IN_FIELD', column: 'telefoon' }).remedy).toBe(
      'Schrijf het nummer met de 0 vooraan, of met +31.',
    );
    expect(adviceFor({ code: 'BSN_IN_FIELD', column: 'achternaam' }).remedy).toBe(
      'Wij zetten sterretjes in de plaats van het getal. Haal de sterretjes weg en vul in wat er hoort te staan, zonder BSN. Is het een eigen nummer van u? Zet er dan een letter voor.',
    );
    expect(adviceFor({ code: 'BSN_IN_FIELD' }).explanation).toMatch(/^In een van de kolommen staat een getal/);
  });

  it.each([
    ['DATE_INVALID', 'vervaldatum', {}, 'Schrijf de datum als dag-maand-jaar, bijvoorbeeld 31-01-2026.'],
    ['DATE_INVALID', 'aangekondigd', {}, 'Vul de datum in als dag-maand-jaar, of j als de stap is gezet.'],
    [
      'DATE_INVALID',
      'vervaldatum',
      { dates: 'jjjjmmdd' as const },
      'Schrijf de datum als jjjjmmdd, zoals is afgesproken, of als jjjj-mm-dd.',
    ],
    ['AMOUNT_INVALID', 'bedrag', {}, 'Vul het bedrag opnieuw in, bijvoorbeeld 1234,56.'],
    ['AMOUNT_INVALID', 'bedrag', { amounts: 'punt' as const }, 'Vul alleen het bedrag in, bijvoorbeeld 1234.56.'],
    [
      'VALUE_INVALID',
      'referentie',
      {},
      'Neem de referentie over uit uw eigen systeem. Maak de kolom in Excel eerst op als Tekst.',
    ],
    [
      'VALUE_INVALID',
      'klantnummer',
      {},
      'Neem het klantnummer over uit uw eigen systeem. Maak de kolom in Excel eerst op als Tekst.',
    ],
    [
      'HOUSE_NUMBER_INVALID',
      'toevoeging',
      {},
      'Vul de waarde opnieuw in, bijvoorbeeld 12-1. Maak de kolom in Excel eerst op als Tekst.',
    ],
  ] as const)('[R-DEL-1] where Excel made a date: %s in %s', (code, column, words, remedy) => {
    const advice = adviceFor({ code, column, reason: 'EXCEL_DATE' }, words);
    expect(advice.remedy).toBe(remedy);
    expect(advice.explanation).toContain(`in de kolom ${column}`);
  });

  it('[R-AGR-2] says with which municipality there is no agreement', () => {
    const hilversum = MunicipalityCode.parse('0402');
    expect(adviceFor({ code: 'NO_AGREEMENT', reason: 'AGREEMENT_NONE', municipality: hilversum })).toEqual({
      explanation: 'Er is geen overeenkomst met de gemeente Hilversum.',
      remedy: 'Sluit eerst een overeenkomst met deze gemeente. Tot die tijd kunt u adressen daar niet melden.',
    });
    for (const reason of REJECTION_REASONS.filter((each) => each.startsWith('AGREEMENT')))
      expect(adviceFor({ code: 'NO_AGREEMENT', reason, municipality: hilversum }).explanation).toContain(
        'de gemeente Hilversum',
      );
    const rejection = { line: 3, code: 'NO_AGREEMENT', reason: 'AGREEMENT_ENDED', municipality: hilversum } as const;
    expect(rejectionRows()({ ...rejection, original: ['K-1'] })).toMatch(
      /^3;NO_AGREEMENT;;De overeenkomst met de gemeente Hilversum is afgelopen\.;.*;K-1\r\n$/,
    );
  });

  it('[R-DEL-1] lost letters, too many digits, and an end of supply that is past', () => {
    expect(adviceFor({ code: 'VALUE_INVALID', column: 'achternaam', reason: 'LETTERS_LOST' })).toEqual({
      explanation:
        'In de kolom achternaam zijn letters verloren gegaan. Op die plaats staat een ruitje met een vraagteken.',
      remedy: 'Sla de gegevens uit uw eigen systeem opnieuw op als CSV UTF-8 en lever de regel opnieuw aan.',
    });
    expect(
      adviceFor({ code: 'AMOUNT_INVALID', column: 'bedrag', reason: 'AMOUNT_DECIMALS' }, { amounts: 'punt' }),
    ).toEqual({
      explanation: 'Het bedrag in de kolom bedrag heeft meer dan twee cijfers achter de komma.',
      remedy: 'Rond het bedrag af op hele centen. In Excel doet u dat met de functie AFRONDEN.',
    });
    const past = { code: 'DATE_INVALID', column: 'datum_einde_levering', reason: 'DATE_PAST' } as const;
    expect(adviceFor(past, { dates: 'mm-dd-jjjj' })).toEqual({
      explanation: 'De datum in de kolom datum_einde_levering ligt vóór de dag waarop wij het bestand kregen.',
      remedy:
        'Controleer de datum. Is de levering al gestopt? Kies dan een andere signaalsoort en laat deze datum leeg.',
    });
  });

  it('[R-DEL-1] names every column that is missing', () => {
    expect(whereToLook({ column: 'postcode' })).toEqual(['Het gaat om de kolom postcode.']);
    expect(whereToLook({ column: 'postcode, huisnummer, bedrag' })).toEqual([
      'Het gaat om de kolommen postcode, huisnummer en bedrag.',
    ]);
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
    ['zeros in front, behind a blank', ' 0012'],
    ['a house number behind a blank', ' 12-1 '],
    ['a fraction', '12 1/2'],
    ['a date with a year of one digit', '1-1-1'],
  ])('[R-DEL-1] leaves %s as it was', (_what, cell) => {
    const written = spreadsheetProof(cell);
    expect(written).toBe(`'${cell}`);
    expect(cellText(savedByExcel(written))).toBe(cell.trim());
    expect(spreadsheetProof(written)).toBe(written);
  });

  it.each(['2026-01-15', '15-01-2026', '2026/1/15', '1.1.2026', ' 2026-01-15', '2026-01-15 00:00:00'])(
    '[R-DEL-1] leaves a reference %s that is no date as it was',
    (cell) => {
      const written = textProof(cell);
      expect(written).toBe(`'${cell}`);
      expect(cellText(written)).toBe(cell.trim());
      expect(textProof(written)).toBe(written);
    },
  );

  it('[R-DEL-1] protects a date where it is a number of the sender’s own, by the header and the mapping', () => {
    const row = { line: 2, code: 'TOO_EARLY', original: ['2026-01-15', '2026-01-16', '2026-01-17'] } as const;
    const cellsOf = (line: string): string => line.trimEnd().split(';').slice(5).join(' ');
    expect(cellsOf(rejectionRows({}, ['Referentie', 'vervaldatum', 'klant_nummer'])(row))).toBe(
      "'2026-01-15 2026-01-16 '2026-01-17",
    );
    const columns = [
      { header: 'Contract', column: 'referentie' as const },
      { header: 'Referentie', column: 'vervaldatum' as const },
      { header: 'klantnummer', column: null },
    ];
    const header = ['contract', 'referentie', 'klantnummer'];
    expect(cellsOf(rejectionRows({ columns }, header)(row))).toBe("'2026-01-15 2026-01-16 2026-01-17");
    // Written year first by agreement: Excel would write it day first.
    expect(cellsOf(rejectionRows({ columns, dates: 'jjjj-mm-dd' }, header)(row))).toBe(
      "'2026-01-15 '2026-01-16 '2026-01-17",
    );
    // Too few cells: which is the reference is not known.
    expect(cellsOf(rejectionRows({}, header)({ ...row, code: 'ROW_TOO_SHORT' }))).toBe(
      "'2026-01-15 '2026-01-16 '2026-01-17",
    );
  });

  it('a formula behind a blank is one too', () => {
    expect(csvRow([' =1+1', ' +31612345678', '- ja'])).toBe("' =1+1;' +31612345678;'- ja\r\n");
    expect(cellText("' +31612345678")).toBe('+31612345678');
    expect(cellText("'s-Gravenhage")).toBe("'s-Gravenhage");
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
