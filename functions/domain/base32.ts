const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first `length` characters of `bytes` in Crockford base 32; asks for 5 bits a character. */
export const base32 = (bytes: Uint8Array, length: number): string => {
  if (bytes.length * 8 < length * 5) throw new RangeError('too few bytes');
  let text = '';
  for (let i = 0; i < length; i += 1) {
    const bit = i * 5;
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += ALPHABET[(pair >> (11 - (bit & 7))) & 31];
  }
  return text;
};

/** Position of a base-32 character, 0–31. */
export const base32Value = (character: string): number => ALPHABET.indexOf(character);
