import { hex, unhex } from './tree.ts';

/**
 * ECDSA signs one text in pairs: whenever (r, s) is a signature, (r, n − s) is one too, and anybody can make it without the
 * key. Ours are always the one of the two with the low s, so that a certificate has one spelling and no twin.
 */

/** The number of points of P-256, n. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SEQUENCE = 0x30;
const WHOLE_NUMBER = 0x02;

/** A signature in DER: r as it is written, and s. Both fit in 33 bytes, so that every length is one byte. */
const partsOf = (der: Uint8Array): { readonly r: Uint8Array; readonly s: bigint } | undefined => {
  const end = 4 + (der[3] ?? 0);
  const isDer =
    der[0] === SEQUENCE &&
    der[1] === der.length - 2 &&
    der[2] === WHOLE_NUMBER &&
    der[end] === WHOLE_NUMBER &&
    der[end + 1] === der.length - end - 2 &&
    der.length > end + 2;
  return isDer ? { r: der.subarray(2, end), s: BigInt(`0x${hex(der.subarray(end + 2))}`) } : undefined;
};

const isLow = (s: bigint): boolean => s <= ORDER / 2n;

/** Whether this signature is the one of its pair that we give out. */
export const isLowS = (der: Uint8Array): boolean => {
  const parts = partsOf(der);
  return parts !== undefined && isLow(parts.s);
};

/** The one of the pair with the low s. What is no signature stays as it is: it verifies nowhere. */
export const lowS = (der: Uint8Array): Uint8Array => {
  const parts = partsOf(der);
  if (parts === undefined || isLow(parts.s)) return der;
  const digits = (ORDER - parts.s).toString(16);
  const even = digits.padStart(digits.length + (digits.length % 2), '0');
  // A first byte of 80 or more would say that the number is below zero.
  const s = unhex(even >= '8' ? `00${even}` : even);
  return Uint8Array.of(SEQUENCE, parts.r.length + 2 + s.length, ...parts.r, WHOLE_NUMBER, s.length, ...s);
};
