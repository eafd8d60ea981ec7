import { describe, expect, it } from 'vitest';
import { isLowS, lowS } from '#domain/certificate/signature.ts';

const bytes = (...hexadecimal: readonly string[]) => Uint8Array.from(Buffer.from(hexadecimal.join(''), 'hex'));
/** Half the order of P-256, rounded down, as NIST gives the order: FFFFFFFF00000000 … FC632551. */
const HALF = '7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8';
const HALF_AND_ONE = '7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9';
const ORDER_LESS_ONE = '00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550';
const ORDER_LESS_80 = '00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6324d1';
const ORDER_LESS_100 = '00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632451';

describe('[R-DEL-10] a signature', () => {
  it.each([
    ['r = 5, s = 3', '3006020105020103'],
    ['s is half the order', `3025020105`.concat('0220', HALF)],
  ])('with the low s stays as it is: %s', (_, der) => {
    expect(isLowS(bytes(der))).toBe(true);
    expect(lowS(bytes(der))).toEqual(bytes(der));
  });

  it.each([
    ['one above half', `3025020105`.concat('0220', HALF_AND_ONE), `3025020105`.concat('0220', HALF)],
    ['one less than the order', `3026020105`.concat('0221', ORDER_LESS_ONE), '3006020105020101'],
    ['a low s that needs a byte of zeroes', `3026020105`.concat('0221', ORDER_LESS_80), '300702010502020080'],
    ['a low s with an odd number of digits', `3026020105`.concat('0221', ORDER_LESS_100), '300702010502020100'],
    ['a long r stays as it is', `3027020200ff`.concat('0221', ORDER_LESS_ONE), '3007020200ff020101'],
  ])('with the high s becomes the other of its pair: %s', (_, high, low) => {
    expect(isLowS(bytes(high))).toBe(false);
    expect(lowS(bytes(high))).toEqual(bytes(low));
  });

  it.each(['', '30', '300602010502010300', '3006020105020203', '30040201050200', '3106020105020103', '300602010502'])(
    'that is none is nowhere low, and stays as it is: %s',
    (der) => {
      expect(isLowS(bytes(der))).toBe(false);
      expect(lowS(bytes(der))).toEqual(bytes(der));
    },
  );
});
