import anyAscii from 'any-ascii';
import type { IsoDate, MunicipalityCode } from '../ids.ts';
import {
  exceptionKey,
  exceptions,
  knownMunicipalities,
  type MunicipalityChange,
  municipalityChanges,
  pc4Defaults,
  poBoxPc4s,
} from '../reference/reference.ts';
import { err, ok, type Result } from '../result.ts';

export interface Routed {
  readonly municipality: MunicipalityCode;
  readonly certainty: 'exact' | 'probable';
}

/**
 * The municipality that `code` is part of on a day (R-ROU-2): follows mergers in force. The table is that of 2026, so a
 * date before a merger gives the successor; a split cannot be followed by code alone and stays.
 */
export const municipalityOn = (
  code: MunicipalityCode,
  on: IsoDate,
  changes: readonly MunicipalityChange[] = municipalityChanges(),
): MunicipalityCode => {
  let current = code;
  for (const change of changes) {
    const [successor, ...others] = change.to;
    if (change.inForce && change.from === current && change.on <= on && successor && others.length === 0)
      current = successor;
  }
  return current;
};

/**
 * The municipality of an address on a date (R-ROU-1). `postcode` as `1234AB`. From the most precise entry to the least:
 * postcode with number, letter and addition; with number; postcode; first four digits.
 */
export const route = (
  postcode: string,
  houseNumber: number,
  on: IsoDate,
  letter = '',
  addition = '',
): Result<Routed, 'POSTCODE_UNKNOWN' | 'POSTCODE_PO_BOX'> => {
  const number = String(houseNumber);
  const exception = [
    exceptionKey(postcode, number, letter, addition),
    exceptionKey(postcode, number, letter),
    exceptionKey(postcode, number),
    exceptionKey(postcode),
  ]
    .map((key) => exceptions().get(key))
    .find((code) => code !== undefined);
  if (exception !== undefined) return ok({ municipality: municipalityOn(exception, on), certainty: 'exact' });
  const pc4 = postcode.slice(0, 4);
  const found = pc4Defaults().get(pc4);
  if (!found) return err(poBoxPc4s().has(pc4) ? 'POSTCODE_PO_BOX' : 'POSTCODE_UNKNOWN');
  return ok({ municipality: municipalityOn(found.code, on), certainty: found.certain ? 'exact' : 'probable' });
};

const plainName = (text: string): string =>
  anyAscii(text)
    .toLowerCase()
    .replace(/^gemeente /, '')
    .replace(/[^a-z0-9]/g, '');

let byName: ReadonlyMap<string, ReadonlySet<MunicipalityCode>> | undefined;

const namesOf = (): ReadonlyMap<string, ReadonlySet<MunicipalityCode>> => {
  const names = new Map<string, Set<MunicipalityCode>>();
  const add = (name: string, code: MunicipalityCode): void => {
    const key = plainName(name);
    names.set(key, (names.get(key) ?? new Set()).add(code));
  };
  for (const { code, name, otherNames } of knownMunicipalities()) {
    for (const text of [name, ...otherNames, code, `GM${code}`, String(Number(code))]) add(text, code);
  }
  // A partner that still writes the name of before a merger is not wrong about the address.
  for (const { from, fromName, to, inForce } of municipalityChanges()) {
    if (inForce) for (const code of to) for (const text of [fromName, from, `GM${from}`]) add(text, code);
  }
  return names;
};

/**
 * Municipalities that a text can mean: CBS or BAG name, alias, name of before a merger, or CBS code with or without
 * `GM`; case, blanks and diacritics ignored. Empty when it means none; more than one for a municipality that was split.
 */
export const municipalityNamed = (text: string): readonly MunicipalityCode[] => {
  byName ??= namesOf();
  return [...(byName.get(plainName(text)) ?? [])];
};
