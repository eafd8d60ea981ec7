import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cbsReader, postcodeText } from '#domain/reference/cbs-rows.ts';

const known = new Uint8Array(10_000);
for (const code of [14, 392, 1696]) known[code] = 1;

const HEADER = 'PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025\n';
/** Rows as read, or what was wrong, however the bytes come in. */
const read = (text: string, size = text.length) => {
  const rows: string[] = [];
  const reader = cbsReader(known, (postcode, number, code) => rows.push(`${postcodeText(postcode)} ${number} ${code}`));
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; from += size) {
    const problem = reader.push(bytes.slice(from, from + size));
    if (problem) return problem;
  }
  return reader.end() ?? [reader.year(), reader.rows(), ...rows];
};

describe('the yearly file of CBS', () => {
  const three = [2025, 3, '2011SN 12 392', '9711AA 1 14', '1231ZZ 99999 1696'];
  it.each([
    [
      'as it comes',
      `${HEADER}2011SN;12;3920101;39201;392\n9711AA;1;140101;1401;14\n1231ZZ;99999;16960101;169601;1696\n`,
    ],
    ['with commas', `${HEADER}2011SN;12;;;392\n9711AA;1;;;14\n1231ZZ;99999;;;1696\n`.replaceAll(';', ',')],
    ['from Windows', `${HEADER}2011SN;12;;;392\n9711AA;1;;;14\n1231ZZ;99999;;;1696\n`.replaceAll('\n', '\r\n')],
    ['with a BOM', `\uFEFF${HEADER}2011SN;12;;;392\n9711AA;1;;;14\n1231ZZ;99999;;;1696\n`],
    ['quoted', `"PC6","Huisnummer","Gemeente_2025"\n"2011SN","12","392"\n"9711AA",1,"14"\n"1231ZZ",99999,1696\n`],
    ['with GM and zeros', 'PC6;Huisnummer;Gemeente2025\n2011SN;12;GM0392\n9711AA;1;0014\n1231ZZ;99999;GM1696\n'],
    ['columns in another order', 'Gemeente2025;PC6;Huisnummer\n392;2011SN;12\n14;9711AA;1\n1696;1231ZZ;99999\n'],
    ['without a last line end', `${HEADER}2011SN;12;;;392\n9711AA;1;;;14\n1231ZZ;99999;;;1696`],
    ['with blank lines', `${HEADER}\n2011SN;12;;;392\n9711AA;1;;;14\n\n1231ZZ;99999;;;1696\n\n`],
  ])('is read %s', (_, text) => {
    expect(read(text)).toEqual(three);
    for (const size of [1, 2, 7, 50]) expect(read(text, size)).toEqual(three);
  });

  it.each([
    ['nothing', '', { code: 'HEADER' }],
    ['another header', 'postcode;nummer;gemeente\n', { code: 'HEADER' }],
    ['a header without a year', 'PC6;Huisnummer;Gemeente\n', { code: 'HEADER' }],
    ['a header with tabs', HEADER.replaceAll(';', '\t'), { code: 'HEADER' }],
    ['a header only', HEADER, { code: 'EMPTY' }],
    ['no line ends', 'x'.repeat(600), { code: 'HEADER' }],
    ['another delimiter further on', `${HEADER}2011SN;12;;;392\n2011SN,13,,,392\n`, { code: 'COLUMNS', line: 3 }],
    ['a column too many', `${HEADER}2011SN;12;;;392;\n`, { code: 'COLUMNS', line: 2 }],
    ['a row that broke off', `${HEADER}2011SN;12;;;392\n2011SN;13;39`, { code: 'COLUMNS', line: 3 }],
    ['a line without end', `${HEADER}2011SN;12${'0'.repeat(600)}`, { code: 'COLUMNS', line: 2 }],
    ['a blank in a postcode', `${HEADER}2011 SN;12;;;392\n`, { code: 'POSTCODE', line: 2 }],
    ['small letters', `${HEADER}2011sn;12;;;392\n`, { code: 'POSTCODE', line: 2 }],
    ['a postcode that begins with 0', `${HEADER}0111SN;12;;;392\n`, { code: 'POSTCODE', line: 2 }],
    ['no number', `${HEADER}2011SN;;;;392\n`, { code: 'HOUSE_NUMBER', line: 2 }],
    ['number 0', `${HEADER}2011SN;0;;;392\n`, { code: 'HOUSE_NUMBER', line: 2 }],
    ['a number with a letter', `${HEADER}2011SN;12A;;;392\n`, { code: 'HOUSE_NUMBER', line: 2 }],
    ['a number of six digits', `${HEADER}2011SN;100000;;;392\n`, { code: 'HOUSE_NUMBER', line: 2 }],
    ['no municipality', `${HEADER}2011SN;12;;;\n`, { code: 'MUNICIPALITY', line: 2 }],
    ['a municipality by name', `${HEADER}2011SN;12;;;Haarlem\n`, { code: 'MUNICIPALITY', line: 2 }],
    [
      'a municipality nobody knows',
      `${HEADER}2011SN;12;;;39\n`,
      { code: 'MUNICIPALITY_UNKNOWN', line: 2, municipality: '0039' },
    ],
  ])('refuses %s', (_, text, problem) => {
    expect(read(text)).toEqual(problem);
    if (text.length < 500) expect(read(text, 3)).toEqual(problem);
  });

  it('never falls over, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, headed) => {
        const reader = cbsReader(known, () => undefined);
        if (headed) reader.push(new TextEncoder().encode(HEADER));
        reader.push(bytes);
      }),
    );
  });

  it('names a postcode as it was read', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{3}[A-Z]{2}$/), (postcode) => {
        expect(read(`${HEADER}${postcode};5;;;14\n`)).toEqual([2025, 1, `${postcode} 5 14`]);
      }),
    );
  });
});
