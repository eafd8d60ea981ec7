import { MunicipalityCode } from '../ids.ts';
import { municipalities as municipalitiesCsv } from './data/municipalities.ts';
import { municipalityChanges as changesCsv } from './data/municipality-changes.ts';
import { pc4Ambiguous as ambiguousCsv } from './data/pc4-ambiguous.ts';
import { pc4Postbus as postbusCsv } from './data/pc4-postbus-2014.ts';
import { postcodeExceptions as exceptionsCsv } from './data/postcode-exceptions.ts';
import { postcodeMunicipality as postcodesCsv } from './data/postcode-municipality.ts';

/** The shipped tables (data/README.md), each read once when first asked for. Their CSV has no quotes. */
const rowsOf = (csv: string): readonly (readonly string[])[] =>
  csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

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
  /** Other spellings: BAG, colloquial, without diacritics. */
  readonly otherNames: readonly string[];
}

/** The 342 municipalities of 2026. */
export const knownMunicipalities = once((): readonly KnownMunicipality[] =>
  rowsOf(municipalitiesCsv).map(([gm, name = '', nameBag = '', , , , aliases = '']) => ({
    code: codeOf(gm),
    name,
    otherNames: [nameBag, ...aliases.split('|')].filter((other) => other !== '' && other !== name),
  })),
);

export interface MunicipalityChange {
  /** First day of the new municipality. */
  readonly on: string;
  readonly from: MunicipalityCode;
  readonly fromName: string;
  /** More than one when a municipality was split. */
  readonly to: readonly MunicipalityCode[];
  readonly inForce: boolean;
}

/** Reorganisations since 2021, oldest first. */
export const municipalityChanges = once((): readonly MunicipalityChange[] =>
  rowsOf(changesCsv).map(([on = '', from, fromName = '', to = '', , , status]) => ({
    on,
    from: codeOf(from),
    fromName,
    to: to.split('|').map(codeOf),
    inForce: status === 'in force',
  })),
);

export interface PostcodeDefault {
  readonly code: MunicipalityCode;
  readonly certain: boolean;
}

/** Municipality per PC4; certain when there is but one, or when the exceptions settle the rest. */
export const pc4Defaults = once((): ReadonlyMap<string, PostcodeDefault> => {
  const settled = new Set(rowsOf(ambiguousCsv).flatMap((row) => (row.at(-1) === 'complete' ? [row[0]] : [])));
  return new Map(
    rowsOf(postcodesCsv).map(([pc4 = '', gm, unique]) => [
      pc4,
      { code: codeOf(gm), certain: unique === '1' || settled.has(pc4) },
    ]),
  );
});

/** Key of an exception: fields that do not matter are empty. */
export const exceptionKey = (postcode: string, number = '', letter = '', addition = ''): string =>
  [postcode, number, letter, addition].join('|').toUpperCase();

export const exceptions = once(
  (): ReadonlyMap<string, MunicipalityCode> =>
    new Map(
      rowsOf(exceptionsCsv).map(([pc6 = '', number, letter, addition, gm]) => [
        exceptionKey(pc6, number, letter, addition),
        codeOf(gm),
      ]),
    ),
);

export const poBoxPc4s = once((): ReadonlySet<string> => new Set(rowsOf(postbusCsv).map(([pc4 = '']) => pc4)));
