import { XMLParser } from 'fast-xml-parser';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Part } from '#domain/spreadsheet.ts';

/** An Excel workbook read by other libraries than the one that wrote it, and than our own reader. */
export interface OpenedCell {
  readonly value: string | number;
  /** Code of its number format. */
  readonly format: string;
  readonly bold: boolean;
}

export interface OpenedSheet {
  readonly name: string;
  readonly xml: string;
  /** By name: `A1`. */
  readonly cells: ReadonlyMap<string, OpenedCell>;
  /** Row by row as text, numbers as they are stored. */
  readonly rows: readonly (readonly string[])[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  isArray: (name) => ['sheet', 'row', 'c', 'si', 'xf', 'font', 'numFmt', 'definedName', 'Relationship'].includes(name),
});
const BUILT_IN: Readonly<Record<string, string>> = { '0': 'General', '1': '0', '49': '@' };

export interface OpenedWorkbook {
  readonly sheets: readonly OpenedSheet[];
  readonly workbookXml: string;
  readonly coreXml: string;
  readonly sheet: (name: string) => OpenedSheet;
}

/** The parts of a workbook as the file they make, for who has no storage at hand. */
export const zipped = (parts: readonly Part[]): Uint8Array =>
  zipSync(Object.fromEntries(parts.map(({ name, xml }) => [name, strToU8([...xml].join(''))])), { level: 1 });

export const openWorkbook = (bytes: Uint8Array): OpenedWorkbook => {
  const parts = unzipSync(bytes);
  const xml = (name: string): string => strFromU8(parts[name] ?? new Uint8Array());
  const { styleSheet } = parser.parse(xml('xl/styles.xml'));
  const codes = new Map<string, string>(
    styleSheet.numFmts.numFmt.map((each: Record<string, string>) => [each.numFmtId, each.formatCode]),
  );
  const texts: string[] = (parser.parse(xml('xl/sharedStrings.xml')).sst.si ?? []).map(
    ({ t }: { t: string | { '#text'?: string } }) => (typeof t === 'string' ? t : (t['#text'] ?? '')),
  );
  const workbookXml = xml('xl/workbook.xml');
  const { workbook } = parser.parse(workbookXml);
  const targets = new Map<string, string>(
    parser
      .parse(xml('xl/_rels/workbook.xml.rels'))
      .Relationships.Relationship.map((each: Record<string, string>) => [each.Id, each.Target]),
  );
  const sheets = workbook.sheets.sheet.map((each: Record<string, string>): OpenedSheet => {
    const sheetXml = xml(`xl/${targets.get(each['r:id'] ?? '')}`);
    const cells = new Map<string, OpenedCell>();
    const rows = (parser.parse(sheetXml).worksheet.sheetData.row ?? []).map((row: { c?: Record<string, string>[] }) =>
      (row.c ?? []).map((cell) => {
        const xf = styleSheet.cellXfs.xf[Number(cell.s ?? 0)];
        const format = codes.get(xf.numFmtId) ?? BUILT_IN[xf.numFmtId] ?? xf.numFmtId;
        const value = cell.t === 's' ? (texts[Number(cell.v)] ?? '') : Number(cell.v);
        cells.set(cell.r ?? '', { value, format, bold: 'b' in styleSheet.fonts.font[Number(xf.fontId)] });
        return String(value);
      }),
    );
    return { name: each.name ?? '', xml: sheetXml, cells, rows };
  });
  return {
    sheets,
    workbookXml,
    coreXml: xml('docProps/core.xml'),
    sheet: (name) => {
      const found = sheets.find((each: OpenedSheet) => each.name === name);
      if (!found) throw new Error(`no sheet ${name} among ${sheets.map((each: OpenedSheet) => each.name).join(', ')}`);
      return found;
    },
  };
};

/** The rows of a list by heading: the title above it is left out. */
export const listRows = ({ cells }: OpenedSheet): readonly Readonly<Record<string, string | number>>[] => {
  const at = (column: string, row: number) => cells.get(`${column}${row}`)?.value;
  const columns = [...cells.keys()].filter((name) => /^[A-Z]+2$/.test(name)).map((name) => name.slice(0, -1));
  const rows: Record<string, string | number>[] = [];
  for (let row = 3; columns.some((column) => at(column, row) !== undefined); row += 1)
    rows.push(Object.fromEntries(columns.map((column) => [String(at(column, 2)), at(column, row) ?? ''])));
  return rows;
};
