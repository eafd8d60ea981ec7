import anyAscii from 'any-ascii';

/** Text as it is compared: how far two spellings lie apart, and how a name sounds. */

const ASCII = /^[\0-\x7F]*$/;

/** Lower case without diacritics, other scripts written in ours (`Çelik` → `celik`, `Ĳ` → `ij`). */
export const plain = (text: string): string =>
  (ASCII.test(text)
    ? text
    : anyAscii(text.normalize('NFC').replace(/[ÄÖÜäöü](?![\u0300-\u036f])/g, umlaut))
  ).toLowerCase();
const umlaut = (letter: string): string => anyAscii(letter);

/** Longest text that is compared letter by letter; of a longer one the beginning. */
const LONGEST = 64;
const width = LONGEST + 1;
/** Rows of the table below, used again for every pair: nothing is remembered in them. */
const rows = [new Uint8Array(width), new Uint8Array(width), new Uint8Array(width)] as const;

/**
 * How many typing errors lie between two texts, at most `most` + 1: a letter too many, too few, another, or two neighbours
 * swapped (Damerau–Levenshtein, every piece edited once).
 */
export const typingErrors = (a: string, b: string, most: number): number => {
  if (a === b) return 0;
  const n = Math.min(a.length, LONGEST);
  const m = Math.min(b.length, LONGEST);
  if (Math.abs(n - m) > most) return most + 1;
  let [before, last, row] = rows as readonly [Uint8Array, Uint8Array, Uint8Array];
  for (let j = 0; j <= m; j += 1) last[j] = j;
  for (let i = 1; i <= n; i += 1) {
    const letter = a.charCodeAt(i - 1);
    let least = i;
    row[0] = i;
    for (let j = 1; j <= m; j += 1) {
      const other = b.charCodeAt(j - 1);
      let cost = (last[j - 1] ?? 0) + (letter === other ? 0 : 1);
      cost = Math.min(cost, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other)
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    [before, last, row] = [last, row, before];
  }
  return Math.min(last[m] ?? 0, most + 1);
};

const seenA = new Uint8Array(LONGEST);
const seenB = new Uint8Array(LONGEST);

/** Jaro–Winkler likeness, 0 to 1: forgiving at the end of a name, strict at its beginning. */
export const jaroWinkler = (a: string, b: string): number => {
  if (a === b) return 1;
  // Letters are paired greedily, so the order would count: the longer goes second, whichever was given first.
  if (a.length > b.length || (a.length === b.length && a > b)) return jaroWinkler(b, a);
  const n = Math.min(a.length, LONGEST);
  const m = Math.min(b.length, LONGEST);
  if (n === 0 || m === 0) return 0;
  const reach = Math.max(0, (Math.max(n, m) >> 1) - 1);
  seenA.fill(0, 0, n);
  seenB.fill(0, 0, m);
  let common = 0;
  for (let i = 0; i < n; i += 1) {
    const end = Math.min(i + reach + 1, m);
    for (let j = Math.max(0, i - reach); j < end; j += 1)
      if (seenB[j] === 0 && a.charCodeAt(i) === b.charCodeAt(j)) {
        seenA[i] = 1;
        seenB[j] = 1;
        common += 1;
        break;
      }
  }
  if (common === 0) return 0;
  let moved = 0;
  for (let i = 0, j = 0; i < n; i += 1)
    if (seenA[i] === 1) {
      while (seenB[j] === 0) j += 1;
      if (a.charCodeAt(i) !== b.charCodeAt(j)) moved += 1;
      j += 1;
    }
  const jaro = (common / n + common / m + (common - moved / 2) / common) / 3;
  let start = 0;
  while (start < 4 && start < n && start < m && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  return jaro + start * 0.1 * (1 - jaro);
};

/**
 * One spelling for what Dutch writes in several: ij, y and ei; ss, ß and s; ph and f; ck, c, q and k; dt, d and t at the end;
 * aa, ae and a; th and t; z and s. For comparing only: `Thijssen` and `Tyssens` become alike, not readable.
 */
export const oneSpelling = (name: string): string =>
  name
    .replace(/sch/g, 's')
    .replace(/ph/g, 'f')
    .replace(/ck|kh|q|c(?![eiyh])|ch/g, 'k')
    .replace(/c/g, 's')
    .replace(/x/g, 'ks')
    .replace(/eij|ij|ey|ei|y|ie/g, 'i')
    .replace(/ou|oe|uu|au|u/g, 'u')
    .replace(/ae/g, 'a')
    .replace(/th/g, 't')
    .replace(/dt$|d$/, 't')
    .replace(/v/g, 'f')
    .replace(/z/g, 's')
    .replace(/(.)\1+/g, '$1');

/** What each letter sounds like; h is silent. Letters whose sound depends on their neighbours are dealt with below. */
const SOUNDS: Readonly<Record<string, string>> = {
  a: '0',
  e: '0',
  i: '0',
  j: '0',
  o: '0',
  u: '0',
  y: '0',
  b: '1',
  f: '3',
  v: '3',
  w: '3',
  g: '4',
  k: '4',
  q: '4',
  l: '5',
  m: '6',
  n: '6',
  r: '7',
  s: '8',
  z: '8',
};

/** Cologne phonetics (Postel, 1969) of a plain name: a row of digits, the same for names that sound alike. */
export const cologne = (name: string): string => {
  let code = '';
  let last = '';
  const letters = name.replace(/[^a-z]/g, '');
  for (let i = 0; i < letters.length; i += 1) {
    const letter = letters.charAt(i);
    const next = letters.charAt(i + 1);
    const before = letters.charAt(i - 1);
    let sound: string;
    if (letter === 'h') continue;
    if (letter === 'p') sound = next === 'h' ? '3' : '1';
    else if (letter === 'd' || letter === 't') sound = 'csz'.includes(next) && next !== '' ? '8' : '2';
    else if (letter === 'c') {
      const isHard = next !== '' && (i === 0 ? 'ahkloqrux' : 'ahkoqux').includes(next);
      sound = isHard && !(i > 0 && 'sz'.includes(before)) ? '4' : '8';
    } else if (letter === 'x') sound = i > 0 && 'ckq'.includes(before) ? '8' : '48';
    else sound = SOUNDS[letter] ?? '';
    for (const digit of sound) {
      if (digit !== last && (digit !== '0' || code === '')) code += digit;
      last = digit;
    }
  }
  return code;
};
