import anyAscii from 'any-ascii';
import type { Address, ReportRow } from '../delivery/delivery.ts';
import type { PartnerId } from '../ids.ts';

/**
 * What the keyed hashes are made of (R-MAT-5). The first part names the purpose, so that no hash of one kind can equal
 * one of another. Personal data: goes into `KeyedHash.digest` and nowhere else.
 */

/**
 * One address = one household (R-MAT-1). Letter and addition count together, without signs and case, since one partner
 * writes `12-A` as letter and another as addition; a different addition is another household (R-MAT-4).
 */
export const householdParts = ({ postcode, houseNumber, houseLetter, addition }: Address): readonly string[] => [
  'household',
  postcode,
  String(houseNumber),
  anyAscii(`${houseLetter ?? ''}${addition ?? ''}`)
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase(),
];

/** The same arrear month after month: the partner and its own reference, to the letter. */
export const arrearParts = (partner: PartnerId, reference: string): readonly string[] => ['arrear', partner, reference];

/** Plain data as JSON with its keys sorted, so that the same content always gives the same text. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** What the partner said in a row, to tell a repeated row from a corrected one (R-DEL-7); not what we concluded from it. */
export const contentParts = ({ warnings: _, ...row }: ReportRow): readonly string[] => ['content', canonicalJson(row)];
