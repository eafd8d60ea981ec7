import type { IsoDate, MunicipalityCode } from '../ids.ts';
import {
  houseKey,
  type MunicipalityChange,
  municipalityChanges,
  type PostcodeArea,
  type PostcodeTables,
  postcodeTables,
} from '../reference/reference.ts';
import { err, ok, type Result } from '../result.ts';

export { municipalityNamed } from './named.ts';

export interface Routed {
  readonly municipality: MunicipalityCode;
  readonly certainty: 'exact' | 'probable';
}

type Successors = ReadonlyMap<MunicipalityCode, { readonly on: string; readonly to: MunicipalityCode }>;

/** Where each municipality went. A split cannot be followed by code alone. */
const successorsIn = (changes: readonly MunicipalityChange[]): Successors =>
  new Map(
    changes.flatMap(({ on, from, to: [to, ...others] }) => (to && others.length === 0 ? [[from, { on, to }]] : [])),
  );

let shipped: Successors | undefined;

/**
 * The municipality that `code` is part of on a day (R-ROU-2): follows mergers by their date, announced ones too. The table
 * is that of 2026, so a date before a merger of the past gives the successor; a split stays as it is.
 */
export const municipalityOn = (
  code: MunicipalityCode,
  on: IsoDate,
  changes?: readonly MunicipalityChange[],
): MunicipalityCode => {
  shipped ??= successorsIn(municipalityChanges());
  const successors = changes ? successorsIn(changes) : shipped;
  let current = code;
  let since = '';
  for (let next = successors.get(code); next && since < next.on && next.on <= on; next = successors.get(current)) {
    current = next.to;
    since = next.on;
  }
  return current;
};

const ZERO = 48;

/** The four digits of `1234AB` as a number, without making a string of them. */
const pc4Of = (postcode: string): number =>
  (postcode.charCodeAt(0) - ZERO) * 1000 +
  (postcode.charCodeAt(1) - ZERO) * 100 +
  (postcode.charCodeAt(2) - ZERO) * 10 +
  (postcode.charCodeAt(3) - ZERO);

/** Whether all that this area can mean is one municipality on that day: known, or merged since. */
const isOne = ({ settled, others }: PostcodeArea, municipality: MunicipalityCode, on: IsoDate): boolean => {
  if (settled) return true;
  for (const other of others) if (municipalityOn(other, on) !== municipality) return false;
  return true;
};

const exceptionFor = (
  { exceptions }: PostcodeArea,
  postcode: string,
  houseNumber: number,
  letter: string,
  addition: string,
) => {
  const found = exceptions?.get(postcode);
  if (found === undefined) return undefined;
  const number = String(houseNumber);
  return (
    found.byNumber.get(houseKey(number, letter, addition)) ??
    found.byNumber.get(houseKey(number, letter)) ??
    found.byNumber.get(houseKey(number)) ??
    found.whole
  );
};

/**
 * The municipality of an address on a date (R-ROU-1). `postcode` as `1234AB`. From the most precise entry to the least:
 * postcode with number, letter and addition; with number and letter; with number; postcode; first four digits.
 */
export const route = (
  postcode: string,
  houseNumber: number,
  on: IsoDate,
  letter = '',
  addition = '',
  { areas, poBoxes }: PostcodeTables = postcodeTables(),
): Result<Routed, 'POSTCODE_UNKNOWN' | 'POSTCODE_PO_BOX'> => {
  const pc4 = pc4Of(postcode);
  const area = areas[pc4];
  if (area === undefined) return err(poBoxes.has(pc4) ? 'POSTCODE_PO_BOX' : 'POSTCODE_UNKNOWN');
  const exception = exceptionFor(area, postcode, houseNumber, letter, addition);
  const municipality = municipalityOn((exception ?? area).code, on);
  const exact = exception ? !exception.undecided : isOne(area, municipality, on);
  return ok({ municipality, certainty: exact ? 'exact' : 'probable' });
};

/** The municipalities that an address which is `probable` may belong to instead: why it is not certain. */
export const otherMunicipalities = (
  postcode: string,
  routed: MunicipalityCode,
  on: IsoDate,
): readonly MunicipalityCode[] => {
  const area = postcodeTables().areas[pc4Of(postcode)];
  const all = area ? [area.code, ...area.others].map((code) => municipalityOn(code, on)) : [];
  return [...new Set(all)].filter((code) => code !== routed);
};
