import { type Entry, zipOf } from './zip.ts';

/** Excel workbooks made by hand from their XML parts, so that every quirk of a writer can be had. */
export type Cell =
  | string
  | number
  | boolean
  | undefined
  /** A number under a format: a code, or the number of a built-in one. */
  | { readonly n: number | string; readonly format: string | number }
  /** The cell as XML, given its name. */
  | ((name: string) => string);

export interface Sheet {
  readonly rows?: readonly (readonly Cell[])[];
  /** Inside `sheetData`, instead of rows. */
  readonly data?: string;
  /** The whole part. */
  readonly xml?: string;
  readonly state?: 'hidden' | 'veryHidden';
  readonly part?: string;
}

export interface WorkbookOptions {
  /** Texts in a part of their own, as Excel writes them, instead of in the cells. */
  readonly shared?: boolean;
  /** The part of shared texts as it is. */
  readonly texts?: string;
  readonly counts1904?: boolean;
  /** Prefix of every element, as the Open XML SDK writes it. */
  readonly prefix?: string;
  /** Changes the entries before they are zipped. */
  readonly entries?: (entries: Entry[]) => Entry[];
  readonly big?: boolean;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** `A`, `B` … `Z`, `AA` … */
export const columnName = (place: number): string =>
  place < 26
    ? String.fromCharCode(65 + place)
    : columnName(Math.floor(place / 26) - 1) + String.fromCharCode(65 + (place % 26));

export const relationsOf = (relations: readonly (readonly [id: string, type: string, target: string])[]): string =>
  `<?xml version="1.0"?><Relationships xmlns="${RELATIONS}">${relations
    .map(([id, type, target]) => `<Relationship Id="${id}" Type="${TYPE}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

/** The workbook as bytes. */
export const workbookOf = (given: Sheet | readonly Sheet[], how: WorkbookOptions = {}): Uint8Array => {
  const sheets = Array.isArray(given) ? (given as readonly Sheet[]) : [given as Sheet];
  const texts: string[] = [];
  const codes: string[] = [];
  const styles: string[] = ['<xf numFmtId="0"/>'];
  const styled = (xf: string): number => (styles.includes(xf) ? styles.indexOf(xf) : styles.push(xf) - 1);
  const styleOf = (format: string | number): number => {
    if (typeof format === 'number') return styled(`<xf numFmtId="${format}"/>`);
    const at = codes.includes(format) ? codes.indexOf(format) : codes.push(format) - 1;
    return styled(`<xf numFmtId="${164 + at}"/>`);
  };
  const cellXml = (cell: Cell, name: string): string => {
    if (cell === undefined) return '';
    if (typeof cell === 'function') return cell(name);
    if (typeof cell === 'boolean') return `<c r="${name}" t="b"><v>${Number(cell)}</v></c>`;
    if (typeof cell === 'number') return `<c r="${name}"><v>${cell}</v></c>`;
    if (typeof cell === 'object') return `<c r="${name}" s="${styleOf(cell.format)}"><v>${cell.n}</v></c>`;
    const text = `<t xml:space="preserve">${escaped(cell)}</t>`;
    if (!how.shared) return `<c r="${name}" t="inlineStr"><is>${text}</is></c>`;
    const at = texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1;
    return `<c r="${name}" t="s"><v>${at}</v></c>`;
  };
  const dataOf = ({ rows = [] }: Sheet): string =>
    rows
      .map((cells, y) => {
        const xml = cells.map((cell, x) => cellXml(cell, `${columnName(x)}${y + 1}`)).join('');
        return xml === '' ? '' : `<row r="${y + 1}">${xml}</row>`;
      })
      .join('');
  const prefixed = (xml: string): string =>
    how.prefix === undefined
      ? xml
      : xml.replace(/<(\/?)(?=[a-zA-Z])/g, `<$1${how.prefix}:`).replace(' xmlns=', ` xmlns:${how.prefix}=`);
  const partOf = ({ part }: Sheet, n: number): string => part ?? `worksheets/sheet${n + 1}.xml`;
  const sheetParts = sheets.map((sheet, n) => ({
    name: `xl/${partOf(sheet, n)}`,
    data:
      sheet.xml ??
      prefixed(`<worksheet xmlns="${MAIN}"><sheetData>${sheet.data ?? dataOf(sheet)}</sheetData></worksheet>`),
  }));
  const workbook =
    `<workbook xmlns="${MAIN}" xmlns:r="${TYPE}"><workbookPr${how.counts1904 ? ' date1904="1"' : ''}/><sheets>` +
    sheets
      .map(
        ({ state }, n) =>
          `<sheet name="Blad${n + 1}" sheetId="${n + 1}"${state ? ` state="${state}"` : ''} r:id="s${n}"/>`,
      )
      .join('') +
    '</sheets></workbook>';
  const entries: Entry[] = [
    { name: '[Content_Types].xml', data: '<Types/>' },
    { name: '_rels/.rels', data: relationsOf([['r1', 'officeDocument', 'xl/workbook.xml']]) },
    { name: 'xl/workbook.xml', data: prefixed(workbook) },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: relationsOf([
        ...sheets.map((sheet, n) => [`s${n}`, 'worksheet', partOf(sheet, n)] as const),
        ['st', 'styles', 'styles.xml'],
        ['ss', 'sharedStrings', '/xl/sharedStrings.xml'],
      ]),
    },
    ...sheetParts,
    {
      name: 'xl/styles.xml',
      data: prefixed(
        `<styleSheet xmlns="${MAIN}"><numFmts>${codes
          .map((code, n) => `<numFmt numFmtId="${164 + n}" formatCode="${escaped(code)}"/>`)
          .join(
            '',
          )}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${styles.join('')}</cellXfs></styleSheet>`,
      ),
    },
    {
      name: 'xl/sharedStrings.xml',
      data: how.texts ?? prefixed(`<sst xmlns="${MAIN}">${texts.map((text) => `<si>${text}</si>`).join('')}</sst>`),
    },
  ];
  return zipOf(how.entries?.(entries) ?? entries, { ...(how.big ? { big: true } : {}) });
};
