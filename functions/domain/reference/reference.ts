import { MunicipalityCode } from '../ids.ts';
import { municipalities as municipalitiesCsv } from './data/municipalities.ts';
import { municipalityChanges as changesCsv } from './data/municipality-changes.ts';
import { pc4Ambiguous as ambiguousCsv } from './data/pc4-ambiguous.ts';
import { pc4Postbus as postbusCsv } from './data/pc4-postbus-2014.ts';
import { postcodeExceptions as exceptionsCsv } from './data/postcode-exceptions.ts';
import { postcodeMunicipality as postcodesCsv } from './data/postcode-municipality.ts';

/** The shipped tables (data/README.md), each read once when first asked for. */
const cellsOf = (line: string): readonly string[] =>
  line.includes('"')
    ? [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
    : line.split(',');

/** Rows of a table without its header. A cell with a comma is quoted; there are no quotes within quotes. */
export const rowsOf = (csv: string): readonly (readonly string[])[] => csv.trimEnd().split('\n').slice(1).map(cellsOf);

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** `GM0392` or `0392` to the four digits. */
const codeOf = (text = ''): MunicipalityCode => MunicipalityCode.parse(text.replace(/^GM/, ''));

export interface KnownMunicipality {
  readonly code: MunicipalityCode;
  /** As CBS spells it. */
  readonly name: string;
  /** Other spellings: BAG, colloquial, without diacritics, Dutch beside Frisian; names from before a merger. */
  readonly otherNames: readonly string[];
  readonly province: string;
}

/** The 342 municipalities of 2026. */
export const knownMunicipalities = once((): readonly KnownMunicipality[] =>
  rowsOf(municipalitiesCsv).map(([gm, name = '', nameBag = '', province = '', , , aliases = '']) => ({
    code: codeOf(gm),
    name,
    otherNames: [nameBag, ...aliases.split('|')].filter((other) => other !== '' && other !== name),
    province,
  })),
);

const names = once(
  (): ReadonlyMap<string, string> => new Map(knownMunicipalities().map(({ code, name }) => [code, name])),
);

/** The name of a municipality as CBS spells it; its code when there is none. */
export const municipalityName = (code: MunicipalityCode): string => names().get(code) ?? code;

export interface MunicipalityChange {
  /** First day of the new municipality. */
  readonly on: string;
  readonly from: MunicipalityCode;
  readonly fromName: string;
  /** More than one when a municipality was split. */
  readonly to: readonly MunicipalityCode[];
  /** Made known, not yet law: counts on its day all the same, and must be looked at before (data/README.md). */
  readonly announced: boolean;
}

/** Reorganisations since 2021, oldest first. */
export const municipalityChanges = once((): readonly MunicipalityChange[] =>
  rowsOf(changesCsv).map(([on = '', from, fromName = '', to = '', , , status]) => ({
    on,
    from: codeOf(from),
    fromName,
    to: to.split('|').map(codeOf),
    announced: status === 'announced',
  })),
);

interface Exception {
  readonly code: MunicipalityCode;
  /** No source tells the municipalities of this house number apart. */
  readonly undecided: boolean;
}

/** What is different from its PC4 within one postcode; `byNumber` has the keys of `houseKey`. */
interface PostcodeExceptions {
  readonly whole?: Exception;
  readonly byNumber: ReadonlyMap<string, Exception>;
}

/** The addresses with the same four digits. */
export interface PostcodeArea {
  /** The municipality with most of its postcodes. */
  readonly code: MunicipalityCode;
  /** Municipalities that some source knows here besides. */
  readonly others: readonly MunicipalityCode[];
  /** The exceptions tell them apart. */
  readonly settled: boolean;
  readonly exceptions?: ReadonlyMap<string, PostcodeExceptions>;
}

export interface PostcodeTables {
  /** By the four digits as a number: the hot path looks up without making a string. */
  readonly areas: readonly (PostcodeArea | undefined)[];
  readonly poBoxes: ReadonlySet<number>;
}

/** The tables as CSV, as each file in `data` holds one. */
export interface PostcodeCsv {
  readonly postcodes: string;
  readonly ambiguous: string;
  readonly exceptions: string;
  readonly poBoxes: string;
}

/** Key of an exception within its postcode: fields that do not matter are empty. */
export const houseKey = (number: string, letter = '', addition = ''): string =>
  `${number}|${letter}|${addition}`.toUpperCase();

const exceptionsByPostcode = (csv: string): ReadonlyMap<string, ReadonlyMap<string, PostcodeExceptions>> => {
  const found = new Map<string, Map<string, { whole?: Exception; byNumber: Map<string, Exception> }>>();
  for (const [pc6 = '', number = '', letter, addition, gm, , certainty] of rowsOf(csv)) {
    const exception = { code: codeOf(gm), undecided: certainty === 'probable' };
    const area = found.get(pc6.slice(0, 4)) ?? new Map();
    found.set(pc6.slice(0, 4), area);
    const postcode = area.get(pc6) ?? { byNumber: new Map() };
    area.set(pc6, postcode);
    if (number === '') postcode.whole = exception;
    else postcode.byNumber.set(houseKey(number, letter, addition), exception);
  }
  return found;
};

/** The tables as routing asks them. */
export const readPostcodes = ({ postcodes, ambiguous, exceptions, poBoxes }: PostcodeCsv): PostcodeTables => {
  const others = new Map<string, { readonly codes: MunicipalityCode[]; readonly settled: boolean }>();
  for (const row of rowsOf(ambiguous)) {
    const [pc4 = '', , , other] = row;
    const known = others.get(pc4) ?? { codes: [], settled: row.at(-1) === 'complete' };
    known.codes.push(codeOf(other));
    others.set(pc4, known);
  }
  const byPostcode = exceptionsByPostcode(exceptions);
  const areas: (PostcodeArea | undefined)[] = [];
  for (const [pc4 = '', gm] of rowsOf(postcodes)) {
    const { codes, settled } = others.get(pc4) ?? { codes: [], settled: true };
    const within = byPostcode.get(pc4);
    areas[Number(pc4)] = { code: codeOf(gm), others: codes, settled, ...(within && { exceptions: within }) };
  }
  return { areas, poBoxes: new Set(rowsOf(poBoxes).map(([pc4]) => Number(pc4))) };
};

/** What is shipped, for whoever makes the next tables. */
export const SHIPPED: PostcodeCsv = {
  postcodes: postcodesCsv,
  ambiguous: ambiguousCsv,
  exceptions: exceptionsCsv,
  poBoxes: postbusCsv,
};

export const postcodeTables = once((): PostcodeTables => readPostcodes(SHIPPED));
