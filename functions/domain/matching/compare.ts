import { type Agreement, type Comparison, FIELDS, type Field } from './comparison.ts';
import { LEVELS, type Odds, PERSON_MODEL, type PersonModel } from './model.ts';
import type { PreparedPerson } from './person.ts';
import { beginsAlike, isShortFor } from './short-names.ts';
import { jaroWinkler, oneSpelling, typingErrors } from './text.ts';

/**
 * Two persons compared in the tradition of Fellegi and Sunter: each field agrees to some level, each level weighs as much
 * as it is likelier for one person than for two. Two may be strangers or relatives (a household, a family: father and son,
 * twins), and what tells one from strangers need not tell one from relatives; so the score is taken against both.
 */

/** Level of each field in four bits, in the order of `FIELDS`. */
export type Pattern = number;

/** Not given, in a pattern: a field has at most fifteen levels beside it. */
export const MISSING = 15;
const BITS = 4;

export const levelIn = (pattern: Pattern, field: number): number => (pattern >>> (BITS * field)) & 15;

/** The place of each level in its field. */
const places = <const L extends readonly string[]>(levels: L): Readonly<Record<L[number], number>> =>
  Object.fromEntries(levels.map((level, place) => [level, place])) as Record<L[number], number>;
const S = places(LEVELS.surname);
const G = places(LEVELS.givenNames);
const D = places(LEVELS.dateOfBirth);
const P = places(LEVELS.phone);
const E = places(LEVELS.email);
const A = places(LEVELS.address);

/** Typing errors that a name of this length may have and still be the same name. */
const allowed = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  return length < 4 ? 0 : length < 8 ? 1 : 2;
};

const alike = (a: string, b: string): boolean => {
  const most = allowed(a, b);
  return a === b || (most > 0 && typingErrors(a, b, most) <= most);
};

/** Further apart, yet it may be the same name. */
const similar = (a: string, b: string): boolean => {
  const length = Math.min(a.length, b.length);
  if (length < 3) return false;
  const most = length < 5 ? 1 : length < 9 ? 2 : 3;
  return (typingErrors(a, b, most) <= most && (most === 1 || a.charAt(0) === b.charAt(0))) || jaroWinkler(a, b) > 0.9;
};

const NO_NAMES: ReadonlySet<string> = new Set();

/** `names`: surnames that are borne. Two of them, however alike, are two families more often than a slip. */
const surnameLevel = (a: PreparedPerson, b: PreparedPerson, names = NO_NAMES): number => {
  if (a.surname === '' || b.surname === '') return MISSING;
  if (a.surname === b.surname)
    return a.surnames.length > 1 || a.prefix === '' || b.prefix === '' || a.prefix.charAt(0) === b.prefix.charAt(0)
      ? S.EXACT
      : S.OTHER_PREFIX;
  for (const one of a.surnames) if (one.length > 1 && b.surnames.includes(one)) return S.SHARED;
  let best: number = S.DIFFERENT;
  for (let i = 0; i < a.surnames.length; i += 1)
    for (let j = 0; j < b.surnames.length; j += 1) {
      const one = a.surnames[i] ?? '';
      const other = b.surnames[j] ?? '';
      if (one.length > 2 && (a.spelled[i] ?? '') === b.spelled[j]) return S.SPELLING;
      if (alike(one, other) && !(names.has(one) && names.has(other))) best = S.TYPO;
      else if (best === S.DIFFERENT && (similar(one, other) || soundsAlike(a.sounds[i], b.sounds[j]))) best = S.SIMILAR;
    }
  return best !== S.TYPO && (a.surnames.length > 1 || b.surnames.length > 1) && alike(a.surname, b.surname)
    ? S.TYPO
    : best;
};

const soundsAlike = (a = '', b = ''): boolean => a === b && a.length > 3;

/** Letters that agree one by one, as far as both go. */
const startsAlike = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

const sortedLetters = (text: string): string => (text.length < 2 ? text : [...text].sort().join(''));

/** Two given names that people bear, and neither the other's short form nor its spelling: twins, however alike, and no slip. */
const areTwoNames = (names: ReadonlySet<string>, a: string, b: string): boolean =>
  names.has(a) && names.has(b) && !isShortFor(a, b) && oneSpelling(a) !== oneSpelling(b);

const givenLevel = (a: PreparedPerson, b: PreparedPerson, names: ReadonlySet<string>): number => {
  if (a.initials === '' || b.initials === '') return MISSING;
  const one = a.given[0];
  const other = b.given[0];
  if (one !== undefined && other !== undefined) {
    if (one === other) return startsAlike(a.initials, b.initials) ? G.EXACT : G.PARTLY;
    if (a.given.join('') === b.given.join('')) return G.EXACT;
    const areTwo = areTwoNames(names, one, other);
    if (!areTwo && alike(one, other)) return G.TYPO;
    if (one.length > 2 && other.length > 2 && (a.given.includes(other) || b.given.includes(one))) return G.REORDERED;
    if (areTwo) return G.DIFFERENT;
    return similar(one, other) || isShortFor(one, other) || beginsAlike(one, other) ? G.SIMILAR : G.DIFFERENT;
  }
  if (a.initials === b.initials) return a.initials.length > 1 ? G.INITIALS : G.INITIAL;
  if (startsAlike(a.initials, b.initials)) return G.INITIAL;
  if (a.initials.length > 1 && sortedLetters(a.initials) === sortedLetters(b.initials)) return G.REORDERED;
  return a.initials.charAt(0) === b.initials.charAt(0) ? G.PARTLY : G.DIFFERENT;
};

/** Given name and surname changed places in one of the two; the one of them that is not to the letter counts as a typing error. */
const swapped = (a: PreparedPerson, b: PreparedPerson): readonly [surname: number, given: number] | undefined => {
  const [one, other] = [a.given.join(''), b.given.join('')];
  if (one === '' || other === '' || a.surname === '' || b.surname === '') return undefined;
  const [first, second] = [one === b.surname, other === a.surname];
  if (first && second) return [S.SWAPPED, G.SWAPPED];
  return (first && alike(other, a.surname)) || (second && alike(one, b.surname)) ? [S.TYPO, G.SWAPPED] : undefined;
};

/** 1 January and 1 July stand for a day that nobody knows. */
const isPlaceholder = (monthDay: number): boolean => monthDay === 101 || monthDay === 701;

/** So many years, as yyyymmdd counts, may lie between a parent and a child. */
const GENERATION = 14_0000;

const birthLevel = (a: number, b: number): number => {
  if (a === 0 || b === 0) return MISSING;
  if (a === b) return isPlaceholder(a % 10_000) ? D.PLACEHOLDER : D.EXACT;
  const year = Math.floor(a / 10_000) === Math.floor(b / 10_000);
  const [one, other] = [a % 10_000, b % 10_000];
  if (year && Math.floor(one / 100) === other % 100 && one % 100 === Math.floor(other / 100))
    return D.SWAPPED_DAY_MONTH;
  if (year && (isPlaceholder(one) || isPlaceholder(other))) return D.PLACEHOLDER;
  let different = 0;
  let at = -1;
  for (let x = a, y = b, i = 0; i < 8; i += 1) {
    if (x % 10 !== y % 10) {
      different += 1;
      if (different === 1) at = i;
    }
    x = Math.floor(x / 10);
    y = Math.floor(y / 10);
  }
  if (different === 1)
    return year
      ? D.TYPO
      : isPlaceholder(one)
        ? D.TWO_PARTS
        : at > 4 && Math.abs(a - b) > GENERATION
          ? D.OTHER_DECADE
          : D.TYPO;
  if (different === 2) {
    const digit = (date: number, place: number): number => Math.floor(date / 10 ** place) % 10;
    if (digit(a, at) === digit(b, at + 1) && digit(b, at) === digit(a, at + 1)) return D.TYPO;
  }
  const parts =
    Number(year) + Number(Math.floor(one / 100) === Math.floor(other / 100)) + Number(one % 100 === other % 100);
  // Two days nobody knows agree by custom.
  return parts === 2 && (year || !isPlaceholder(one)) ? D.TWO_PARTS : year ? D.YEAR : D.DIFFERENT;
};

const phoneLevel = (a: string, b: string): number => {
  if (a === '' || b === '') return MISSING;
  return a === b ? P.EXACT : a.length > 7 && typingErrors(a, b, 1) === 1 ? P.TYPO : P.DIFFERENT;
};

const isPartOf = (mailbox: string, { surnames, given }: PreparedPerson): boolean =>
  surnames.some((name) => name.length > 2 && mailbox.includes(name)) ||
  given.some((name) => name.length > 3 && mailbox.includes(name));

const emailLevel = (a: PreparedPerson, b: PreparedPerson): number => {
  if (a.email === '' || b.email === '') return MISSING;
  if (a.email === b.email) return E.EXACT;
  const [one, other] = [a.email.slice(0, a.email.indexOf('@')), b.email.slice(0, b.email.indexOf('@'))];
  // The same mailbox elsewhere; one made of the name says no more than the name does.
  if (one === other) return one.length < 5 || isPartOf(one, a) || isPartOf(one, b) ? MISSING : E.SAME_NAME;
  if (Math.min(one.length, other.length) < 5) return E.DIFFERENT;
  const errors = typingErrors(a.email, b.email, 4);
  return errors === 1 ? E.TYPO : errors < 5 && one.slice(0, 2) === other.slice(0, 2) ? E.SIMILAR : E.DIFFERENT;
};

const addressLevel = (a: PreparedPerson, b: PreparedPerson): number => {
  const postcode = a.postcode === '' || b.postcode === '' ? 0 : a.postcode === b.postcode ? 1 : -1;
  const street = a.street === '' || b.street === '' ? 0 : a.street === b.street || alike(a.street, b.street) ? 1 : -1;
  const city = a.city === '' || b.city === '' ? 0 : a.city === b.city || alike(a.city, b.city) ? 1 : -1;
  const number = a.houseNumber === '' || b.houseNumber === '' ? 0 : a.houseNumber === b.houseNumber ? 1 : -1;
  if (postcode === 0 && street === 0 && city === 0) return MISSING;
  const isNear = postcode === 1 || (street === 1 && city !== -1);
  if (number === 1 && (isNear || street === 1)) {
    if (a.addition !== b.addition) return a.addition !== '' && b.addition !== '' ? A.OTHER_ADDITION : A.NEARLY;
    return isNear && postcode !== -1 && street !== -1 ? A.EXACT : A.NEARLY;
  }
  if (postcode === 1 || street === 1) return A.STREET;
  return city === 1 ? A.CITY : A.DIFFERENT;
};

/** How far every field agrees, for a model that knows which given names are names. The same whichever of the two comes first. */
export const patternOf = (a: PreparedPerson, b: PreparedPerson, model: PersonModel = PERSON_MODEL): Pattern => {
  let surname = surnameLevel(a, b, scaleOf(model).surnames);
  let given = givenLevel(a, b, scaleOf(model).names);
  if (surname === S.DIFFERENT && given === G.DIFFERENT) [surname, given] = swapped(a, b) ?? [surname, given];
  return (
    surname +
    given * 16 +
    birthLevel(a.birth, b.birth) * 256 +
    phoneLevel(a.phone, b.phone) * 4096 +
    emailLevel(a, b) * 65_536 +
    addressLevel(a, b) * 1_048_576
  );
};

/** Fields of which the level takes long to find. */
const COSTLY = (['surname', 'givenNames', 'address'] as const).map((field) => FIELDS.indexOf(field));

/** A model made ready: weights in the order of the levels. */
interface Scale {
  readonly strangers: readonly (readonly number[])[];
  readonly relatives: readonly (readonly number[])[];
  readonly names: ReadonlySet<string>;
  readonly surnames: ReadonlySet<string>;
  /** What a score can be at most before day of birth, telephone and mailbox are weighed. */
  readonly most: number;
}
const scales = new WeakMap<PersonModel, Scale>();
const scaleOf = (model: PersonModel): Scale => {
  let scale = scales.get(model);
  if (scale === undefined) {
    const weights = (other: 'strangers' | 'relatives') =>
      FIELDS.map((field) =>
        LEVELS[field].map((level) => {
          const odds = (model.fields[field] as Readonly<Record<string, Odds>>)[level] as Odds;
          return Math.log2(odds.same / odds[other]);
        }),
      );
    const relatives = weights('relatives');
    const most = COSTLY.reduce((sum, field) => sum + Math.max(0, ...(relatives[field] ?? [])), model.prior.relatives);
    const [names, surnames] = [new Set(model.names), new Set(Object.keys(model.surnames.of))];
    scale = { strangers: weights('strangers'), relatives, names, surnames, most };
    scales.set(model, scale);
  }
  return scale;
};

const shareOf = (shares: PersonModel['surnames'], name = ''): number =>
  Math.max((Object.hasOwn(shares.of, name) ? shares.of[name] : undefined) ?? 0, shares.other);

/** How much a name that agrees says beyond its level: a rare one more, a common one less. */
const rarity = (model: PersonModel, pattern: Pattern, a: PreparedPerson, b: PreparedPerson, field: number): number => {
  const level = levelIn(pattern, field);
  if (field === 0 && (level === S.EXACT || level === S.SWAPPED)) {
    const share = Math.max(shareOf(model.surnames, a.surname), shareOf(model.surnames, b.surname));
    return Math.log2(model.fields.surname.EXACT.strangers / share);
  }
  if (field === 1 && (level === G.EXACT || level === G.SWAPPED)) {
    const share = Math.max(shareOf(model.givenNames, a.given[0]), shareOf(model.givenNames, b.given[0]));
    return Math.log2(model.fields.givenNames.EXACT.strangers / share);
  }
  return 0;
};

const [BIRTH, PHONE, EMAIL] = [FIELDS.indexOf('dateOfBirth'), FIELDS.indexOf('phone'), FIELDS.indexOf('email')];

/** What a telephone or mailbox weighs at most, when both are only held against each other. */
const contactAtMost = ([exact = 0, ...others]: readonly number[] = [], a: string, b: string): number =>
  a === '' || b === '' ? 0 : a === b ? exact : Math.max(0, ...others);

/** A score that these two do not reach beyond, found at a fraction of its cost: most pairs need no other look. */
export const scoreAtMost = (model: PersonModel, a: PreparedPerson, b: PreparedPerson): number => {
  const { relatives, most } = scaleOf(model);
  return (
    most +
    (relatives[BIRTH]?.[birthLevel(a.birth, b.birth)] ?? 0) +
    contactAtMost(relatives[PHONE], a.phone, b.phone) +
    contactAtMost(relatives[EMAIL], a.email, b.email)
  );
};

/**
 * Who has a telephone at home in common has the mailbox in common too, one time in five; so the second of both weighs no more
 * than log2(0.7 / 0.2) against relatives.
 */
const AGAIN = 1.8;

/** Which of telephone and mailbox is the second, and how many bits it weighs less for being that. */
const countedTwice = (scale: Scale, pattern: Pattern): { readonly field: number; readonly weight: number } => {
  const weightOf = (field: number): number => scale.relatives[field]?.[levelIn(pattern, field)] ?? 0;
  const [phone, email] = [weightOf(PHONE), weightOf(EMAIL)];
  return { field: phone < email ? PHONE : EMAIL, weight: Math.max(0, Math.min(phone, email) - AGAIN) };
};

/** Log2 odds of one person against two, with relatives in mind as well as strangers. */
export const scoreOf = (model: PersonModel, pattern: Pattern, a: PreparedPerson, b: PreparedPerson): number => {
  const scale = scaleOf(model);
  let strangers = model.prior.strangers;
  let relatives = model.prior.relatives;
  for (let field = 0; field < FIELDS.length; field += 1) {
    const level = levelIn(pattern, field);
    if (level === MISSING) continue;
    strangers += scale.strangers[field]?.[level] ?? 0;
    relatives += scale.relatives[field]?.[level] ?? 0;
    if (field < 2) strangers += rarity(model, pattern, a, b, field);
  }
  relatives -= countedTwice(scale, pattern).weight;
  return -Math.log2(2 ** -strangers + 2 ** -relatives);
};

/**
 * What contradicts that two are one: NONE; SOME, for a person to look at; TWINS, who share all but a given name; OTHER, who
 * are told apart by name, as Tim and Kim of one home are: no slip, and no second name of one person. All but the last a very
 * high score makes good.
 */
type Conflict = 'NONE' | 'SOME' | 'TWINS' | 'OTHER';

/** One door, telephone or mailbox, as siblings have. */
const shareHome = (pattern: Pattern): boolean =>
  levelIn(pattern, FIELDS.indexOf('address')) <= A.NEARLY ||
  levelIn(pattern, PHONE) === P.EXACT ||
  levelIn(pattern, EMAIL) === E.EXACT;

export const conflictOf = (pattern: Pattern, a: PreparedPerson, b: PreparedPerson): Conflict => {
  const given = levelIn(pattern, 1);
  const birth = levelIn(pattern, 2);
  if (a.generation !== undefined && b.generation !== undefined && a.generation !== b.generation) return 'OTHER';
  if (a.sex !== undefined && b.sex !== undefined && a.sex !== b.sex && given !== G.EXACT) return 'OTHER';
  const [one, other] = [a.given[0], b.given[0]];
  if (given === G.DIFFERENT && one !== undefined && other !== undefined)
    return shareHome(pattern) && (alike(one, other) || similar(one, other) || beginsAlike(one, other))
      ? 'OTHER'
      : 'TWINS';
  if (birth === D.DIFFERENT || birth === D.YEAR || given === G.DIFFERENT) return 'SOME';
  if (a.generation !== b.generation && birth === MISSING) return 'SOME';
  return levelIn(pattern, 0) === S.DIFFERENT && birth !== D.EXACT ? 'SOME' : 'NONE';
};

/** What a score means, thresholds and contradictions considered. */
export const decisionOf = (
  { thresholds }: Pick<PersonModel, 'thresholds'>,
  score: number,
  conflict: Conflict,
): Comparison['decision'] => {
  if (conflict === 'OTHER') return 'DIFFERENT';
  if (score >= (conflict === 'NONE' ? thresholds.same : thresholds.despiteConflict)) return 'SAME';
  return conflict === 'TWINS' || score < thresholds.possible ? 'DIFFERENT' : 'POSSIBLE';
};

const NO_PERSON = -100;

const levelName = (field: Field, level: number): string =>
  level === MISSING ? 'MISSING' : (LEVELS[field][level] ?? 'MISSING');

/** The comparison of a pattern, with its evidence. */
export const explain = (model: PersonModel, pattern: Pattern, a: PreparedPerson, b: PreparedPerson): Comparison => {
  const name = `${model.name} ${model.version}`;
  if (a.isBusiness || b.isBusiness)
    return { decision: 'DIFFERENT', score: NO_PERSON, probability: 0, agreements: [], model: name };
  const scale = scaleOf(model);
  const score = scoreOf(model, pattern, a, b);
  const sum = (rows: Scale['strangers'], start: number, isRarity: boolean): number =>
    FIELDS.reduce((total, _, field) => {
      const level = levelIn(pattern, field);
      return (
        total +
        (level === MISSING ? 0 : (rows[field]?.[level] ?? 0)) +
        (isRarity ? rarity(model, pattern, a, b, field) : 0)
      );
    }, start);
  const twice = countedTwice(scale, pattern);
  const isAgainstStrangers =
    sum(scale.strangers, model.prior.strangers, true) <
    sum(scale.relatives, model.prior.relatives, false) - twice.weight;
  const agreements = FIELDS.map((field, index): Agreement => {
    const level = levelIn(pattern, index);
    const less = !isAgainstStrangers && twice.field === index ? twice.weight : 0;
    const weight = ((isAgainstStrangers ? scale.strangers : scale.relatives)[index]?.[level] ?? 0) - less;
    return {
      field,
      level: levelName(field, level),
      weight: rounded(level === MISSING ? 0 : weight + (isAgainstStrangers ? rarity(model, pattern, a, b, index) : 0)),
    };
  });
  return {
    decision: decisionOf(model, score, conflictOf(pattern, a, b)),
    score: rounded(score),
    probability: 1 / (1 + 2 ** -score),
    agreements,
    model: name,
  };
};

const rounded = (weight: number): number => Math.round(weight * 100) / 100 + 0;

/** How likely two records are one person, and on what that rests (R-MAT-3). Symmetric; a business is never a person. */
export const comparePersons = (a: PreparedPerson, b: PreparedPerson, model: PersonModel = PERSON_MODEL): Comparison =>
  explain(model, a.isBusiness || b.isBusiness ? 0 : patternOf(a, b, model), a, b);

/** A surname in common, its spelling aside. */
export const shareSurname = (a: PreparedPerson, b: PreparedPerson): boolean =>
  ![S.DIFFERENT, MISSING].some((level) => level === surnameLevel(a, b));

/** Mailboxes of an office: a landlord, a guardian, nobody at all. */
const OFFICE =
  /^(?:(?:beheer|bewind|administratie|incasso|verhuur)[a-z]*|info|no-?reply|admin|contact|debiteuren|facturen|huur|kantoor|klantenservice|mail|office|post|secretariaat|support|wonen)(?![a-z])/;

/** The telephone and mailbox that say who somebody is. */
export const contactsOf = ({ phone, email }: PreparedPerson): readonly string[] =>
  [phone, OFFICE.test(email) ? '' : email].filter((contact) => contact !== '');

/** One of these in common, of those that tie people. */
export const shareContact = (a: PreparedPerson, b: PreparedPerson, ties: (contact: string) => boolean): boolean =>
  contactsOf(a).some((contact) => ties(contact) && contactsOf(b).includes(contact));

/** No surname in common, nor a telephone or mailbox that ties people: nothing ties these two (R-MAT-4). */
export const areUnrelated = (
  a: PreparedPerson,
  b: PreparedPerson,
  ties: (contact: string) => boolean = () => true,
): boolean => !shareContact(a, b, ties) && !shareSurname(a, b);
