import { plain } from './text.ts';

/** A name as it is compared. Everything plain: lower case, no diacritics. */
export interface Name {
  /** Each surname without its tussenvoegsel: `Jansen-de Vries` → `jansen`, `vries`. */
  readonly surnames: readonly string[];
  /** Tussenvoegsels of the first surname without spaces (`van den` and `v.d.` both → `vd`); empty when none. */
  readonly prefix: string;
  /** Given names in full, in order. */
  readonly given: readonly string[];
  /** First letters of all given names: `jp`. */
  readonly initials: string;
  /** As a form of address says it. */
  readonly sex?: 'M' | 'V';
  /** As `jr.` or `sr.` says it. */
  readonly generation?: 'JR' | 'SR';
  readonly isBusiness: boolean;
}

const BUSINESS =
  /(?:^|[\s(,.])(?:b\.? ?v\.?|n\.? ?v\.?|v\.? ?o\.? ?f\.?|c\.? ?v\.?|u\.? ?a\.?|b\.a\.|t\.? ?h\.? ?o\.? ?d\.? ?n\.?|h\.o\.d\.n\.|gmbh|ltd|inc|llc|s\.a\.)(?:$|[\s),])/;
/** Words no person is called by; `bakkerij` is, `bakker` is not, one. */
const TRADE =
  /\b(?:stichting|vereniging|cooperatie|cooperatief|maatschap|holding|beheer|bouwbedrijf|bedrijf|bedrijven|onderneming|handelsonderneming|eenmanszaak|winkel|restaurant|cafe|cafetaria|eetcafe|snackbar|lunchroom|hotel|pizzeria|bakkerij|slagerij|kapsalon|kappers|garage|autobedrijf|autoschade|schildersbedrijf|schoonmaakbedrijf|installatiebedrijf|aannemersbedrijf|loonbedrijf|klussenbedrijf|adviesbureau|uitzendbureau|makelaardij|makelaars|vastgoed|administratiekantoor|accountants|advocaten|advocatenkantoor|notariskantoor|tandartspraktijk|huisartsenpraktijk|fysiotherapie|apotheek|kinderdagverblijf|kinderopvang|basisschool|sportschool|supermarkt|groothandel|transport|transportbedrijf|logistiek|services|solutions|consultancy|consulting|trading|group|groep|company|international|kerkgenootschap|parochie|moskee|gemeente|woningcorporatie|zorggroep|thuiszorg|exploitatiemaatschappij|exploitatie|mij|firma|fa\.)(?=$|[\s,.)])/;

/** Words that stand before a name and say nothing of who it is, and those of them that tell the sex. */
const TITLES = new Set(
  'dhr heer hr mw mevr mevrouw mej mejuffrouw mevrouwe drs dr mr ir ing prof bc bsc msc ba ma llm mba phd fam familie erven erfgenamen wijlen tav inzake weduwe wed pa co ds'.split(
    ' ',
  ),
);
const MALE = new Set(['dhr', 'heer', 'hr']);
const FEMALE = new Set(['mw', 'mevr', 'mevrouw', 'mej', 'mejuffrouw', 'mevrouwe', 'weduwe']);
const GENERATIONS: Readonly<Record<string, 'JR' | 'SR'>> = { jr: 'JR', junior: 'JR', sr: 'SR', senior: 'SR' };

const PREFIXES = new Set(
  'van von vom v vd vdr vdn vden vder vh vt de den der het t s d ten ter te tot la le les l du des da do dos das di del della el al aan bij in op onder over uit voor zu zum zur am af'.split(
    ' ',
  ),
);

/** What ties one's own name to a partner's. */
const TIES =
  /,?(?:\s|^)(?:e\/v|e\.v\.|ev|geb\.?|geboren|gehuwd met|gehuwd|geh\.|echtgenote van|echtg\.? van|weduwe van|wed\.? van|partner van|gen\.?)(?:\s|$)/g;

const tokensOf = (text: string): readonly string[] => text.split(/[\s.,()]+/).filter((token) => token !== '');

/** `v/d`, `v.d.`, `v/h`, `'t`, `d'`, `O'` and names glued to their tussenvoegsel, each as separate plain words. */
const loosened = (surname: string): string =>
  plain(
    surname
      .replace(/[‘’`´]/g, "'")
      // `vdBerg`, `vanDijk`, `deVries`: the capital tells where the name begins.
      .replace(/\b(v\.?d\.?|van|van ?den|van ?der|van ?de|de|den|der|ten|ter)(?=\p{Lu}\p{Ll})/gu, '$1 '),
  )
    .replace(TIES, ' - ')
    .replace(/\bt\.? ?a\.? ?v\.(?=\s|$)|\b[pc]\/[ao]\b|\bde heer(?: en mevrouw)?\b|\b(?:de )?erven(?: van)?\b/g, ' ')
    // `v.d.`, `v/d`, `v d`, `v.den`, `v.t.`, and `vdberg`.
    .replace(/\bv[./ ]{1,2}(d(?:en|er)?|h|t)(?![a-z])/g, 'v$1 ')
    .replace(/\bvd(?!e[nr]\b)(?=[a-z]{3})/g, 'vd ')
    .replace(/\bvan(den|der)(?=[a-z]{3})/g, 'van $1 ')
    .replace(/'(t|s)(?=[\s-]|$)/g, ' $1 ')
    .replace(/\b(d|l)'/g, '$1 ')
    .replace(/'/g, '');

interface Surname {
  readonly surnames: readonly string[];
  readonly prefix: string;
  /** Given names that stood behind a comma, and initials before the name. */
  readonly rest: readonly string[];
  readonly words: readonly string[];
}

const short = (prefix: readonly string[]): string =>
  prefix.map((word) => (word.length > 2 || /^v|^d/.test(word) ? word.slice(0, 1) : word)).join('');

/** `Berg, J. van den` → surname, what belongs before it, and who. */
const surnameOf = (given: string): Surname => {
  const [front = '', ...behind] = given.split(',');
  const afterComma = behind.flatMap(tokensOf);
  const rest = afterComma.filter((word) => !PREFIXES.has(word) && !TITLES.has(word) && GENERATIONS[word] === undefined);
  let prefix: string[] = afterComma.filter((word) => PREFIXES.has(word));
  const words = [...tokensOf(front), ...afterComma];
  const surnames: string[] = [];
  const first: string[] = [];
  for (const piece of front.split(/\s*[-–—/+&]\s*/)) {
    const all = tokensOf(piece).filter((word) => !TITLES.has(word) && GENERATIONS[word] === undefined);
    // `Berg van den`: what stands behind the name belongs before it.
    while (all.length > 1 && PREFIXES.has(all.at(-1) ?? '') && !PREFIXES.has(all[0] ?? ''))
      prefix.unshift(all.pop() ?? '');
    for (const word of all) {
      if (PREFIXES.has(word)) {
        if (surnames.length === 0) first.push(word);
      } else if (word.length === 1 && all.length > 1) rest.push(word);
      else surnames.push(word);
    }
    // A name that is nothing but such a word: Mr. Van, Mrs. Den.
    if (surnames.length === 0 && all.length === 1 && first.length === 1 && !front.includes('-'))
      surnames.push(all[0] ?? '');
  }
  if (prefix.length === 0) prefix = first;
  return { surnames, prefix: short(prefix), rest, words };
};

const VOWEL = /[aeiouy]/;

/** Given names and initials from `J.P.`, `JP`, `Jan Peter`, `J. (Jan)`. `isShouted`: the whole name stands in capitals. */
const givenOf = (text: string, isShouted: boolean): { readonly given: string[]; readonly initials: string } => {
  const given: string[] = [];
  let initials = '';
  const called = /\(([^)]*)\)/.exec(text);
  const outside = called ? text.replace(called[0], ' ') : text;
  for (const word of outside.split(/[\s,;/&+-]+/)) {
    if (word === '') continue;
    const bare = plain(word.replace(/['‘’`]/g, ''));
    const pieces = bare.split('.').filter((piece) => /[a-z]/.test(piece));
    if (pieces.length === 1 && (TITLES.has(pieces[0] ?? '') || GENERATIONS[pieces[0] ?? ''] !== undefined)) continue;
    if (pieces.length === 1 && PREFIXES.has(pieces[0] ?? '') && (pieces[0] ?? '').length > 1) continue;
    for (const piece of pieces) {
      const letters = piece.replace(/[^a-z]/g, '');
      if (letters === '') continue;
      const isCapitals = word === word.toUpperCase();
      const areInitials =
        letters.length === 1 ||
        (bare.includes('.') && letters.length <= 2 && pieces.length > 1) ||
        (isCapitals && letters.length <= 4 && (!VOWEL.test(letters) || (!isShouted && letters.length <= 3)));
      if (areInitials) initials += pieces.length > 1 && letters.length === 2 ? letters.charAt(0) : letters;
      else {
        given.push(letters);
        initials += letters.charAt(0);
      }
    }
  }
  if (called) {
    const names = givenOf(called[1] ?? '', isShouted);
    if (given.length === 0) given.push(...names.given);
    if (initials === '') initials = names.initials;
  }
  return { given, initials };
};

/** A name in any of the spellings of the field, read once. Never throws; what is empty stays empty. */
export const readName = (person: {
  readonly givenNames?: string | undefined;
  readonly prefix?: string | undefined;
  readonly surname: string;
}): Name => {
  const { givenNames = '', prefix: ownPrefix = '', surname } = person;
  const loose = loosened(surname);
  const read = surnameOf(loose);
  const isShouted = surname === surname.toUpperCase();
  const titled = tokensOf(plain(`${givenNames} ${ownPrefix}`)).concat(read.words);
  const own = tokensOf(loosened(ownPrefix)).filter((word) => !TITLES.has(word));
  const named = givenOf(givenNames === '' && read.rest.length > 0 ? read.rest.join(' ') : givenNames, isShouted);
  const generation = titled.map((word) => GENERATIONS[word]).find((found) => found !== undefined);
  const isMale = titled.some((word) => MALE.has(word));
  const isFemale = titled.some((word) => FEMALE.has(word));
  const whole = plain(`${givenNames} ${surname}`);
  return {
    surnames: read.surnames,
    prefix: own.length > 0 ? short(own) : read.prefix,
    ...named,
    ...(isMale !== isFemale && { sex: isMale ? 'M' : 'V' }),
    ...(generation && { generation }),
    isBusiness: BUSINESS.test(plain(surname)) || TRADE.test(whole),
  };
};
