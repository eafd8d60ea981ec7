import type { Instant, IsoDate } from './ids.ts';

/**
 * Writing Excel workbooks (ECMA-376, `.xlsx`): text stays text, so nothing in a cell is ever computed; days are days,
 * amounts are numbers. In bounded memory: rows are taken one by one and written out as they come; only the different texts are
 * held, and rows that come again.
 */

/** How a cell looks, beside what its value asks for. */
export const LOOKS = ['plain', 'strong', 'new', 'changed', 'gone', 'late', 'header', 'title', 'heading'] as const;
export type Look = (typeof LOOKS)[number];

type Value =
  | { readonly text: string }
  | { readonly number: number }
  | { readonly decimal: number }
  /** Shown as euros with two decimals. */
  | { readonly cents: number }
  | { readonly day: IsoDate };
/** `undefined` is an empty cell. */
export type Cell = (Value & { readonly look?: Look }) | undefined;

/** A row that comes on two sheets of the same columns: made and written out once. `of` says which one it is. */
export interface SharedRow {
  readonly of: object;
  readonly cells: () => readonly Cell[];
}

export interface Sheet {
  /** Up to 31 characters, none of `sheetName` forbidden, none twice. */
  readonly name: string;
  /** Width of each column, in characters. */
  readonly widths: readonly number[];
  /** Row by row, all that is to be read from above the table on. */
  readonly rows: Iterable<readonly Cell[] | SharedRow>;
  /** The table, if the sheet is one: its header stays in sight with the first columns, filters, and comes back on each page. */
  readonly table?: {
    /** Its header's row, 1 = first, and how many rows of data come after it. */
    readonly header: number;
    readonly count: number;
    readonly frozenColumns: number;
    /** The columns that are printed, and that rows are made high enough for, from the first on; the others are for the screen. */
    readonly printed: number;
  };
}

export interface Properties {
  readonly title: string;
  readonly author: string;
  readonly at: Instant;
}

const FORBIDDEN = /[\\/?*[\]:\p{Cc}]/gu;
const LONGEST_NAME = 31;
/** What XML cannot hold, half a character included. */
const UNWRITABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
/** Begins and ends as the name of a sheet may, and holds no more than `most`. */
const fitting = (words: string, most: number): string =>
  words
    .replace(/^[' ]+/, '')
    .slice(0, most)
    .replace(UNWRITABLE, '')
    .replace(/[' ]+$/, '');

/** The words as names of sheets: without what Excel forbids there, not too long, and each another one. */
export const sheetNames = (wanted: readonly string[]): readonly string[] => {
  // Excel keeps this name for itself.
  const taken = new Set(['history']);
  return wanted.map((words) => {
    const plain = words.replace(/: /g, ' - ').replace(FORBIDDEN, ' ').replace(UNWRITABLE, '');
    for (let n = 1; ; n += 1) {
      const mark = n === 1 ? '' : ` ${n}`;
      const name = `${fitting(plain, LONGEST_NAME - mark.length) || 'Blad'}${mark}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  });
};

const LOOK_STYLE: Readonly<Record<Look, { readonly font: number; readonly fill: number; readonly wraps: boolean }>> = {
  plain: { font: 0, fill: 0, wraps: true },
  strong: { font: 1, fill: 0, wraps: true },
  new: { font: 1, fill: 2, wraps: true },
  changed: { font: 1, fill: 3, wraps: true },
  gone: { font: 1, fill: 4, wraps: true },
  late: { font: 2, fill: 0, wraps: true },
  header: { font: 3, fill: 5, wraps: true },
  title: { font: 4, fill: 0, wraps: false },
  heading: { font: 5, fill: 0, wraps: false },
};
/** Black or white on each of these is at least 7 : 1; nothing is told by a colour alone. */
const FONTS = [
  '<sz val="11"/><color rgb="FF000000"/>',
  '<b/><sz val="11"/><color rgb="FF000000"/>',
  '<b/><sz val="11"/><color rgb="FF9B1C1C"/>',
  '<b/><sz val="11"/><color rgb="FFFFFFFF"/>',
  '<b/><sz val="14"/><color rgb="FF154273"/>',
  '<b/><sz val="12"/><color rgb="FF154273"/>',
];
const FILLS = ['none', 'gray125', 'FFD6E9C6', 'FFFFE699', 'FFD9D9D9', 'FF154273'];
/** Text as text, whole numbers, one decimal, euros, days. */
const FORMATS = { text: 49, number: 1, decimal: 166, cents: 164, day: 165 } as const;
/** So that a number does not touch the words behind it. */
const ALIGNED = {
  text: '',
  number: ' horizontal="center"',
  decimal: ' horizontal="center"',
  cents: ' horizontal="right" indent="1"',
  day: ' horizontal="left"',
} as const;
const FORMAT_NAMES = ['text', 'number', 'decimal', 'cents', 'day'] as const;

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const styles = (): string => {
  const xf = ({ font, fill, wraps }: (typeof LOOK_STYLE)[Look], format: (typeof FORMAT_NAMES)[number]): string =>
    `<xf numFmtId="${FORMATS[format]}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">` +
    `<alignment${ALIGNED[format]} vertical="top"${wraps ? ' wrapText="1"' : ''}/></xf>`;
  const fill = (colour: string): string =>
    colour.length < 8
      ? `<fill><patternFill patternType="${colour}"/></fill>`
      : `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`;
  const xfs = LOOKS.flatMap((look) => FORMAT_NAMES.map((format) => xf(LOOK_STYLE[look], format)));
  return (
    `${DECLARATION}<styleSheet xmlns="${MAIN}">` +
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="&quot;€&quot;\\ #,##0.00"/><numFmt numFmtId="165" formatCode="dd\\-mm\\-yyyy"/><numFmt numFmtId="166" formatCode="0.0"/></numFmts>' +
    `<fonts count="${FONTS.length}">${FONTS.map((font) => `<font>${font}<name val="Calibri"/><family val="2"/></font>`).join('')}</fonts>` +
    `<fills count="${FILLS.length}">${FILLS.map(fill).join('')}</fills>` +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${xfs.length + 1}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${xfs.join('')}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Standaard" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  );
};
const styleOf = (look: Look, format: (typeof FORMAT_NAMES)[number]): number =>
  1 + LOOKS.indexOf(look) * FORMAT_NAMES.length + FORMAT_NAMES.indexOf(format);

/** What one cell can hold. */
const LONGEST_TEXT = 32_767;
const CUT = ' … (te lang voor één cel)';
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string =>
  text.replace(UNWRITABLE, '').replace(/[&<>"]/g, (char) => ENTITIES[char] ?? '');
/** `_x0041_` would be read as a character. */
const cellText = (text: string): string => {
  const kept = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - CUT.length)}${CUT}` : text;
  return escaped(kept.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_'));
};

/** `A`, `B` … `Z`, `AA` … */
const columnName = (place: number): string =>
  place < 26
    ? String.fromCharCode(65 + place)
    : columnName(Math.floor(place / 26) - 1) + String.fromCharCode(65 + (place % 26));

/** In points. Not left to the program that opens it: some give every row one line, whatever is in it. */
const LINE_HEIGHT = 15;
const MOST_LINES = 20;
/** How many lines a text takes in a column of so many characters, words kept whole. */
const linesIn = (text: string, width: number): number => {
  let lines = 0;
  for (const line of text.split('\n')) {
    lines += 1;
    if (line.length <= width) continue;
    let left = width;
    for (const word of line.split(' ')) {
      if (word.length > left && left < width) {
        lines += 1;
        left = width;
      }
      lines += Math.max(0, Math.ceil(word.length / width) - 1);
      left -= (word.length % width) + 1;
    }
  }
  return lines;
};

const heightOf = (cells: readonly Cell[], widths: readonly number[]): number => {
  let most = 1;
  cells.forEach((cell, x) => {
    if (cell && 'text' in cell && LOOK_STYLE[cell.look ?? 'plain'].wraps)
      most = Math.max(most, linesIn(cell.text, Math.floor((widths[x] ?? 0) * (cell.look ? 1 : 1.1)) - 1));
  });
  return cells.some((cell) => cell?.look === 'title') ? 24 : LINE_HEIGHT * Math.min(most, MOST_LINES);
};

/** Days since the one before 1900, as Excel counts since March of that year: no number before it. */
const serialOf = (day: IsoDate): number => (day < '1900-03-01' ? Number.NaN : Date.parse(day) / 86_400_000 + 25_569);

/** The different texts of a workbook, each written once. */
class Texts {
  private readonly places = new Map<string, number>();
  named = 0;

  placeOf(text: string): number {
    this.named += 1;
    const found = this.places.get(text);
    if (found !== undefined) return found;
    this.places.set(text, this.places.size);
    return this.places.size - 1;
  }

  *xml(): Generator<string> {
    yield `${DECLARATION}<sst xmlns="${MAIN}" count="${this.named}" uniqueCount="${this.places.size}">`;
    for (const text of this.places.keys()) yield `<si><t xml:space="preserve">${cellText(text)}</t></si>`;
    yield '</sst>';
  }
}

/** How a value is shown, and the number that stands for it. */
const numberOf = (cell: Exclude<Value, { readonly text: string }>) => {
  if ('number' in cell) return ['number', cell.number] as const;
  if ('decimal' in cell) return ['decimal', cell.decimal] as const;
  return 'cents' in cell ? (['cents', cell.cents / 100] as const) : (['day', serialOf(cell.day)] as const);
};

const cellXml = (cell: NonNullable<Cell>, name: string, texts: Texts): string => {
  const { look = 'plain' } = cell;
  const textXml = (text: string): string =>
    `<c r="${name}" s="${styleOf(look, 'text')}" t="s"><v>${texts.placeOf(text)}</v></c>`;
  if ('text' in cell) return textXml(cell.text);
  const [format, value] = numberOf(cell);
  // What no cell can hold as a number would make the whole file unreadable.
  if (!Number.isFinite(value)) return textXml('day' in cell ? cell.day : String(value));
  return `<c r="${name}" s="${styleOf(look, format)}"><v>${value}</v></c>`;
};

/** `A2:AK318`, of a table. */
const rangeOf = ({ widths, table }: Sheet, columns = widths.length): string | undefined =>
  table && `$A$${table.header}:$${columnName(columns - 1)}$${table.header + table.count}`;

/** Stands in the XML of a row for its number: no text can hold it. */
const PLACE = '\0';

/** Rows that were written out for one sheet and wait for the other. */
class SharedRows {
  private readonly waiting = new Map<object, { readonly xml: string; readonly texts: number }>();

  xmlOf({ of }: SharedRow, texts: Texts, make: () => string): string {
    const made = this.waiting.get(of);
    if (made) {
      texts.named += made.texts;
      this.waiting.delete(of);
      return made.xml;
    }
    const before = texts.named;
    const xml = make();
    this.waiting.set(of, { xml, texts: texts.named - before });
    return xml;
  }
}

function* sheetXml(sheet: Sheet, title: string, isFirst: boolean, texts: Texts, shared: SharedRows): Generator<string> {
  const { widths, rows, table } = sheet;
  const range = rangeOf(sheet)?.replaceAll('$', '');
  const pane = table && {
    cell: `${columnName(table.frozenColumns)}${table.header + 1}`,
    xml:
      `<pane${table.frozenColumns > 0 ? ` xSplit="${table.frozenColumns}"` : ''} ySplit="${table.header}"` +
      ` topLeftCell="${columnName(table.frozenColumns)}${table.header + 1}"` +
      ` activePane="${table.frozenColumns > 0 ? 'bottomRight' : 'bottomLeft'}" state="frozen"/>`,
  };
  yield `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>` +
    `<sheetViews><sheetView workbookViewId="0"${isFirst ? ' tabSelected="1"' : ''}${table ? '' : ' showGridLines="0"'}>${pane?.xml ?? ''}</sheetView></sheetViews>` +
    '<sheetFormatPr defaultRowHeight="15"/>' +
    `<cols>${widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('')}</cols><sheetData>`;
  const names = widths.map((_, i) => columnName(i));
  const seen = table ? table.printed : widths.length;
  let y = 0;
  const rowXml = (cells: readonly Cell[]): string => {
    const xml = cells.map((cell, x) => (cell ? cellXml(cell, `${names[x]}${PLACE}`, texts) : '')).join('');
    return `<row r="${PLACE}" ht="${heightOf(y === table?.header ? cells : cells.slice(0, seen), widths)}" customHeight="1">${xml}</row>`;
  };
  for (const row of rows) {
    y += 1;
    yield ('of' in row ? shared.xmlOf(row, texts, () => rowXml(row.cells())) : rowXml(row)).replaceAll(
      PLACE,
      String(y),
    );
  }
  yield '</sheetData>' +
    (range ? `<autoFilter ref="${range}"/>` : '') +
    (table ? '<printOptions gridLines="1"/>' : '') +
    '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>' +
    `<pageSetup paperSize="9" orientation="${table ? 'landscape' : 'portrait'}" fitToWidth="1" fitToHeight="0"/>` +
    `<headerFooter><oddHeader>&amp;L${escaped(escaped(title.replaceAll('&', '&&')))}&amp;R&amp;A</oddHeader><oddFooter>&amp;LVertrouwelijk: persoonsgegevens&amp;RPagina &amp;P van &amp;N</oddFooter></headerFooter>` +
    (range ? `<ignoredErrors><ignoredError sqref="${range}" numberStoredAsText="1"/></ignoredErrors>` : '') +
    '</worksheet>';
}

const relations = (of: readonly (readonly [type: string, target: string])[]): string =>
  `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${of
    .map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

const workbook = (sheets: readonly Sheet[]): string => {
  const names = sheets.flatMap((sheet, i) => {
    const { name, table } = sheet;
    if (!table) return [];
    const quoted = `'${escaped(name.replaceAll("'", "''"))}'`;
    const defined = (what: string, range: string, hidden = ''): string =>
      `<definedName name="_xlnm.${what}" localSheetId="${i}"${hidden}>${quoted}!${range}</definedName>`;
    return [
      defined('_FilterDatabase', rangeOf(sheet) ?? '', ' hidden="1"'),
      defined('Print_Area', rangeOf(sheet, table.printed) ?? ''),
      defined('Print_Titles', `$${table.header}:$${table.header}`),
    ];
  });
  return (
    `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}/relationships"><workbookPr/><bookViews><workbookView/></bookViews><sheets>` +
    sheets.map(({ name }, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('') +
    `</sheets>${names.length > 0 ? `<definedNames>${names.join('')}</definedNames>` : ''}</workbook>`
  );
};

const contentTypes = (sheets: readonly Sheet[]): string => {
  const part = (name: string, type: string): string => `<Override PartName="/${name}" ContentType="${type}"/>`;
  return (
    `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    part('xl/workbook.xml', `${TYPES}.sheet.main+xml`) +
    sheets.map((_, i) => part(`xl/worksheets/sheet${i + 1}.xml`, `${TYPES}.worksheet+xml`)).join('') +
    part('xl/styles.xml', `${TYPES}.styles+xml`) +
    part('xl/sharedStrings.xml', `${TYPES}.sharedStrings+xml`) +
    part('docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml') +
    '</Types>'
  );
};

const core = ({ title, author, at }: Properties): string =>
  `${DECLARATION}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
  ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
  `<dc:title>${escaped(title)}</dc:title><dc:creator>${escaped(author)}</dc:creator><dc:language>nl-NL</dc:language>` +
  `<dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created></cp:coreProperties>`;

/** A file inside the workbook: its text is made as it is taken. */
export interface Part {
  readonly name: string;
  readonly xml: Iterable<string>;
}

/** The parts of a workbook that opens on its first sheet, to be zipped in this order: the last one holds the texts of all before it. */
export const workbookParts = (sheets: readonly Sheet[], properties: Properties): readonly Part[] => {
  const texts = new Texts();
  const shared = new SharedRows();
  return [
    { name: '[Content_Types].xml', xml: [contentTypes(sheets)] },
    {
      name: '_rels/.rels',
      xml: [
        relations([
          [`${OFFICE}/relationships/officeDocument`, 'xl/workbook.xml'],
          [`${PACKAGE}/relationships/metadata/core-properties`, 'docProps/core.xml'],
        ]),
      ],
    },
    { name: 'docProps/core.xml', xml: [core(properties)] },
    { name: 'xl/workbook.xml', xml: [workbook(sheets)] },
    {
      name: 'xl/_rels/workbook.xml.rels',
      xml: [
        relations([
          ...sheets.map((_, i) => [`${OFFICE}/relationships/worksheet`, `worksheets/sheet${i + 1}.xml`] as const),
          [`${OFFICE}/relationships/styles`, 'styles.xml'],
          [`${OFFICE}/relationships/sharedStrings`, 'sharedStrings.xml'],
        ]),
      ],
    },
    { name: 'xl/styles.xml', xml: [styles()] },
    ...sheets.map((sheet, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      xml: sheetXml(sheet, properties.title, i === 0, texts, shared),
    })),
    { name: 'xl/sharedStrings.xml', xml: texts.xml() },
  ];
};
