import anyAscii from 'any-ascii';
import { type Dice, dice } from '#infra/local/demo/random.ts';
import {
  ALIKE,
  BEGINNINGS,
  COMMON_SURNAMES,
  DUTCH_GIVEN,
  ENDINGS,
  ORIGINS,
  PREFIXES,
  streetOf,
} from './household-names.ts';

/**
 * A municipality of invented households, and what its signal partners would report of them: what the matcher is measured
 * on. The same seed gives the same records on every machine. How often things go wrong is data (`PARTNERS`, `ERRORS`).
 */
export type HouseholdKind = (typeof HOUSEHOLD_KINDS)[number];
export const HOUSEHOLD_KINDS = [
  'single',
  'couple',
  'family',
  'two generations with one name',
  'twins',
  'siblings with names alike',
  'student house',
  'assisted living',
  'mover',
  'old and new tenant',
] as const;

/** Of a thousand households. Grown twins who both still live at home: some 10,000 addresses in the country. */
const SHARES: Readonly<Record<HouseholdKind, number>> = {
  single: 380,
  couple: 265,
  family: 205,
  'two generations with one name': 4,
  twins: 1.5,
  'siblings with names alike': 1,
  'student house': 25,
  'assisted living': 12,
  mover: 70,
  'old and new tenant': 36,
};

/** Fields of the matcher's `Person`, as a file would hold them. */
export interface ReportedPerson {
  readonly givenNames?: string;
  readonly prefix?: string;
  readonly surname: string;
  readonly dateOfBirth?: string;
  readonly street?: string;
  readonly houseNumber?: string;
  readonly addition?: string;
  readonly postcode?: string;
  readonly city?: string;
  readonly phone?: string;
  readonly email?: string;
}

export interface GeneratedRecord {
  readonly key: string;
  readonly person: ReportedPerson;
  readonly truePerson: number;
  readonly trueHousehold: number;
  readonly kind: HouseholdKind;
  readonly partner: PartnerName;
}

/** Percent of records with the field, and how each kind of partner knows its customers by name. */
interface Knows {
  readonly share: number;
  readonly dateOfBirth: number;
  readonly phone: number;
  readonly email: number;
  /** How given names are written: all initials, the first only, the name somebody goes by, all names in full, none. */
  readonly names: readonly [initials: number, first: number, calling: number, full: number, none: number];
  /** The surname of birth whatever somebody goes by. */
  readonly birthName: number;
}
type PartnerName = 'rent' | 'energy' | 'water' | 'health';
const PARTNERS: Readonly<Record<PartnerName, Knows>> = {
  rent: { share: 30, dateOfBirth: 85, phone: 75, email: 65, names: [72, 10, 6, 10, 2], birthName: 25 },
  energy: { share: 27, dateOfBirth: 25, phone: 70, email: 85, names: [30, 38, 20, 6, 6], birthName: 15 },
  water: { share: 18, dateOfBirth: 45, phone: 60, email: 60, names: [48, 34, 8, 4, 6], birthName: 15 },
  health: { share: 25, dateOfBirth: 98, phone: 50, email: 60, names: [80, 6, 2, 12, 0], birthName: 60 },
};
const PARTNER_NAMES = Object.keys(PARTNERS) as PartnerName[];

/** Errors in a thousand records that have the field. */
const ERRORS = {
  surnameTypo: 22,
  surnameBySound: 15,
  givenTypo: 12,
  otherInitial: 12,
  initialsCut: 80,
  nameAsciied: 600,
  umlautAsTwo: 80,
  prefixDropped: 25,
  prefixInSurname: 130,
  prefixBehind: 40,
  prefixShort: 180,
  birthDigit: 8,
  birthSwapped: 4,
  birthDayMonth: 4,
  birthPlaceholder: 5,
  phoneTypo: 8,
  emailTypo: 6,
  additionMissing: 45,
  additionOther: 500,
  postcodeTypo: 3,
};

interface Surname {
  readonly prefix: string;
  readonly surname: string;
}
interface Inhabitant {
  readonly id: number;
  readonly given: readonly string[];
  readonly calling: string;
  readonly birthName: Surname;
  /** How somebody goes by the name of a partner. */
  readonly partnerName?: Surname;
  readonly use: 'own' | 'partner' | 'partner-own' | 'own-partner';
  readonly dateOfBirth: string;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
}
interface Door {
  readonly street: string;
  readonly postcode: string;
  readonly number: number;
  /** All ways partners write it; the first is the register's. */
  readonly additions: readonly string[];
}

const two = (value: number): string => String(value).padStart(2, '0');
const permille = (throws: Dice, chance: number): boolean => throws.int(1, 1000) <= chance;

/** Draws by weight, in the logarithm of the number of items. */
const weighted = <T>(items: readonly (readonly [item: T, weight: number])[]): ((throws: Dice) => T) => {
  const sums: number[] = [];
  let sum = 0;
  for (const [, weight] of items) {
    sum += weight;
    sums.push(sum);
  }
  return (throws) => {
    const at = (throws.int(0, 999_999_999) / 1e9) * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return (items[low] as (typeof items)[number])[0];
  };
};

const surnameOf = (text: string): Surname => {
  const [, prefix = '', surname = text] = /^((?:[\p{Ll}'][\p{Ll}']* )*)(.*)$/u.exec(text) ?? [];
  return { prefix: prefix.trim(), surname };
};

const COMMON = COMMON_SURNAMES.map(([name = '', share]) => [surnameOf(name), Number(share)] as const);
/** The tail: name number r is borne by a share of 1 in r and some; its order has nothing to do with the alphabet. */
const RARE = BEGINNINGS.flatMap((beginning, i) =>
  ENDINGS.map((ending, j) => {
    const order = (i * 7919 + j * 104_729) % (BEGINNINGS.length * ENDINGS.length);
    const prefix = order % 3 === 0 ? (PREFIXES[order % PREFIXES.length] ?? '') : '';
    return [{ prefix, surname: `${beginning}${ending}` }, 1_000_000 / (order + 400)] as const;
  }),
);
const commonShare = COMMON.reduce((sum, [, share]) => sum + share, 0) / 100_000;
const common = weighted(COMMON);
const rare = weighted(RARE);
const dutchSurname = (throws: Dice): Surname => {
  if (permille(throws, commonShare * 1000)) return common(throws);
  // Two in five of the others bear a name of a few families only.
  if (!permille(throws, 400)) return rare(throws);
  const { prefix, surname } = rare(throws);
  return {
    prefix,
    surname: `${throws.pick(BEGINNINGS)}${throws.pick(['s', 'e', 'er', 'ens', ''])}${surname.toLowerCase()}`,
  };
};

const elsewhere = ORIGINS.reduce((sum, { share }) => sum + share, 0);
const originOf = weighted([[undefined, 1000 - elsewhere], ...ORIGINS.map((origin) => [origin, origin.share] as const)]);

/** A family shares its origin and surname. */
const familyOf = (throws: Dice) => {
  const origin = originOf(throws);
  const era = (year: number) => DUTCH_GIVEN.findLast(({ from }) => from <= year) ?? DUTCH_GIVEN[0];
  return {
    surname: origin ? { prefix: '', surname: throws.pick(origin.surnames) } : dutchSurname(throws),
    names: (year: number, sex: 'male' | 'female') => (origin ?? era(year))?.[sex] ?? [],
    /** Where births were not registered to the day, the register itself says 1 January. */
    newYear: origin !== undefined && permille(throws, 300),
    second: origin ? 250 : 550,
  };
};
type Family = ReturnType<typeof familyOf>;

/** Invented people and the doors they live behind; every person and address has its own number. */
const town = (throws: Dice) => {
  let persons = 0;
  let [street, number] = [0, 0];
  const building: Door[] = [];
  const mobile = (): string => `06${throws.int(10_000_000, 59_999_999)}`;

  const person = (
    family: Family,
    born: readonly [from: number, to: number],
    over: Partial<Inhabitant> = {},
  ): Inhabitant => {
    persons += 1;
    const year = throws.int(born[0], born[1]);
    const from = family.names(year, throws.chance(50) ? 'male' : 'female');
    const [official, calling] = throws.pick(from);
    const given = [official];
    while (given.length < 4 && permille(throws, family.second)) given.push(throws.pick(from)[0]);
    const birthName = over.birthName ?? family.surname;
    const own = anyAscii(`${calling}.${birthName.surname}`)
      .toLowerCase()
      .replace(/[^a-z.]/g, '');
    const mail = throws.pick([own, `${own[0]}.${own.split('.')[1]}`, own.replace('.', ''), calling.toLowerCase()]);
    return {
      id: persons,
      given,
      calling,
      birthName,
      use: 'own',
      dateOfBirth:
        family.newYear && permille(throws, 400)
          ? `${year}-01-01`
          : `${year}-${two(throws.int(1, 12))}-${two(throws.int(1, 28))}`,
      phones: [mobile()],
      emails: [`${anyAscii(mail)}${throws.int(1, 99)}${persons.toString(36)}@mail.example`],
      ...over,
    };
  };

  /** Doors along streets, some 18 to a postcode; every fourth house number is a building with several doors. */
  const door = (whole = false): Door => {
    const waiting = whole ? undefined : building.pop();
    if (waiting) return waiting;
    number += throws.int(1, 2);
    if (number > 180) [street, number] = [street + 1, 1];
    const block = street * 22 + Math.floor(number / 18) * 2 + (number % 2);
    const letters = `${String.fromCharCode(65 + (Math.floor(block / 20) % 20))}${String.fromCharCode(65 + (block % 20))}`;
    const place = {
      street: streetOf(street),
      postcode: `${2011 + Math.floor(block / 400)}${letters}`,
      number,
    };
    const plain = { ...place, additions: [''] };
    if (whole || !throws.chance(25)) return plain;
    const kind = throws.int(1, 4);
    const count = throws.int(2, kind === 4 ? 40 : 6);
    for (let at = count; at >= 1; at -= 1) building.push({ ...place, additions: additionsOf(kind, at) });
    return building.pop() ?? plain;
  };
  return { person, door, mobile };
};

/** Letters, floors of Amsterdam, `bis` of Utrecht, numbered doors. */
const additionsOf = (kind: number, at: number): readonly string[] => {
  const letter = String.fromCharCode(64 + at);
  if (kind === 1) return [letter, letter.toLowerCase(), `-${letter}`];
  if (kind === 2 && at === 1) return ['HS', 'hs', 'huis'];
  if (kind === 2)
    return [String(at - 1), `${at - 1}hoog`, `${at - 1} hg`, 'I'.repeat(at - 1)].slice(0, at > 2 && at < 5 ? 4 : 3);
  if (kind === 3) return at === 1 ? [''] : [`BS${at > 2 ? letter : ''}`, `bis${at > 2 ? letter : ''}`];
  return [String(at), two(at), `-${at}`];
};

interface Tenant {
  readonly of: Inhabitant;
  readonly doors: readonly Door[];
}

/** Everyone a partner may know behind one door. */
const householdOf = (
  throws: Dice,
  kind: HouseholdKind,
  { person, door }: ReturnType<typeof town>,
): readonly Tenant[] => {
  const family = familyOf(throws);
  const doors = [door(kind === 'student house' || kind === 'assisted living')];
  const at = (...inhabitants: readonly Inhabitant[]): Tenant[] => inhabitants.map((of) => ({ of, doors }));
  /** What two people share who live as one: sometimes a phone, sometimes a mailbox, which may be their only one. */
  const sharing = (one: Inhabitant, other: Inhabitant): Inhabitant => ({
    ...other,
    phones: permille(throws, 120)
      ? one.phones
      : permille(throws, 120)
        ? [...other.phones, ...one.phones]
        : other.phones,
    emails: permille(throws, 150) ? one.emails : other.emails,
  });
  const partners = (): readonly [Inhabitant, Inhabitant] => {
    const from = throws.int(1940, 1998);
    const one = person(family, [from, from + 6]);
    const two = person(permille(throws, 800) ? { ...family, surname: familyOf(throws).surname } : familyOf(throws), [
      from,
      from + 6,
    ]);
    const use =
      from < 1965
        ? throws.pick(['partner', 'partner-own', 'partner-own', 'own'] as const)
        : throws.pick(['own', 'own', 'own', 'partner', 'partner-own', 'own-partner'] as const);
    return [one, sharing(one, { ...two, partnerName: one.birthName, use })];
  };
  switch (kind) {
    case 'single':
      return at(person(family, [1935, 2006]));
    case 'couple':
      return at(...partners());
    case 'family': {
      const [one, other] = partners();
      const children = Array.from({ length: throws.int(1, 3) }, () => {
        const child = person(family, [1996, 2007]);
        // Called after a parent, as some are.
        return permille(throws, 60) ? { ...child, given: [one.given[0] ?? '', ...child.given.slice(1)] } : child;
      });
      return at(
        one,
        other,
        ...children.filter(() => throws.chance(45)).map((child) => (throws.chance(8) ? sharing(one, child) : child)),
      );
    }
    case 'two generations with one name': {
      const parent = person(family, [1945, 1972]);
      const [first = parent.given[0] ?? ''] = parent.given;
      const child = person(family, [1975, 2005], {
        given: throws.chance(50) ? parent.given : [first],
        calling: throws.chance(70) ? first : parent.calling,
      });
      return at(parent, sharing(parent, child));
    }
    case 'twins': {
      const one = person(family, [1975, 2006]);
      return at(one, sharing(one, person(family, [1975, 2006], { dateOfBirth: one.dateOfBirth })));
    }
    case 'siblings with names alike': {
      const named = throws.pick(ALIKE);
      const one = person(family, [1975, 2004], { given: [named[0]], calling: named[0] });
      const other = person(family, [1975, 2006], { given: [named[1]], calling: named[1] });
      return at(one, sharing(one, throws.chance(60) ? { ...other, dateOfBirth: one.dateOfBirth } : other));
    }
    case 'student house': {
      const numbered = throws.chance(35);
      return Array.from({ length: throws.int(3, 8) }, (_, room) => ({
        of: person(familyOf(throws), [1997, 2007]),
        doors:
          numbered && doors[0]
            ? [{ ...doors[0], additions: [`K${room + 1}`, `k${room + 1}`, `kamer ${room + 1}`, ''] }]
            : doors,
      }));
    }
    case 'assisted living':
      return at(
        ...Array.from({ length: throws.int(4, 9) }, () =>
          person(familyOf(throws), throws.chance(50) ? [1930, 1955] : [1970, 2004]),
        ),
      );
    case 'mover':
      return [{ of: person(family, [1950, 2004]), doors: [...doors, door()] }];
    case 'old and new tenant':
      return at(person(family, [1945, 2004]), person(familyOf(throws), [1945, 2004]));
  }
};

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** One slip of the fingers: another sign, one too few, one double, two swapped. */
const slip = (throws: Dice, text: string, signs: string): string => {
  if (text.length < 3) return text;
  const at = throws.int(1, text.length - 2);
  const [before, sign, next, behind] = [text.slice(0, at), text[at] ?? '', text[at + 1] ?? '', text.slice(at + 2)];
  switch (throws.int(1, 4)) {
    case 1:
      return `${before}${throws.pick([...signs])}${next}${behind}`;
    case 2:
      return signs === LETTERS ? `${before}${next}${behind}` : `${before}${throws.pick([...signs])}${next}${behind}`;
    case 3:
      return signs === LETTERS ? `${before}${sign}${sign}${next}${behind}` : `${before}${next}${sign}${behind}`;
    default:
      return `${before}${next}${sign}${behind}`;
  }
};

/** As heard on the telephone. */
const SOUNDS =
  'ij=y ei=ij ij=ei ou=au ks=x ck=k aa=ae uy=ui ui=uy dt=t ss=s s=ss z=s s=z v=f f=v k=c c=k d=t nn=n l=ll oo=o gh=g'
    .split(' ')
    .map((pair) => pair.split('='));
const asHeard = (throws: Dice, text: string): string => {
  const fitting = SOUNDS.filter(([sound = '']) => text.slice(1).includes(sound));
  if (fitting.length === 0) return text;
  const [from = '', to = ''] = throws.pick(fitting);
  return text[0] + text.slice(1).replace(from, to);
};

/** What a partner writes down about a tenant. `errors` multiplies the slips, not the ways of writing. */
const reporter = (throws: Dice, errors: number) => {
  const slips = (kind: keyof typeof ERRORS): boolean => permille(throws, ERRORS[kind] * errors);
  const writes = (kind: keyof typeof ERRORS): boolean => permille(throws, ERRORS[kind]);

  const plain = (text: string): string => {
    if (!/[^ -~]/.test(text) || !writes('nameAsciied')) return text;
    const umlauts: Readonly<Record<string, string>> = { ö: 'oe', ü: 'ue', Ö: 'Oe', Ü: 'Ue', ä: 'ae' };
    return anyAscii(writes('umlautAsTwo') ? text.replace(/[öüÖÜä]/g, (sign) => umlauts[sign] ?? sign) : text);
  };
  const shorten = (prefix: string): string =>
    prefix
      .replace(/^van de([rn]?)$/, (_, end: string) => throws.pick([`v.d.`, `v d`, `vd`, `v. d${end}`]))
      .replace(/^van$/, 'v.');

  const givenNames = (of: Inhabitant, { names }: Knows): string => {
    const initials = of.given.map((name) => name[0] ?? '');
    const kept = slips('initialsCut') ? initials.slice(0, 1) : initials;
    if (slips('otherInitial')) kept[0] = throws.pick([of.calling[0] ?? 'A', throws.pick([...'ABCDEFGHJKLMNPRSTW'])]);
    const way = weighted(names.map((share, at) => [at, share] as const))(throws);
    if (way === 0) return kept.map((letter) => `${letter}.`).join(throws.pick(['', '', ' ']));
    if (way === 1) return throws.pick([`${kept[0]}.`, `${kept[0]}`]);
    const full = plain(way === 2 ? of.calling : of.given.join(' '));
    return way === 4 ? '' : slips('givenTypo') ? slip(throws, full, LETTERS) : full;
  };

  const written = ({ prefix, surname }: Surname): Surname => {
    let name = plain(surname);
    if (slips('surnameTypo')) name = slip(throws, name, LETTERS);
    if (slips('surnameBySound')) name = asHeard(throws, name);
    if (prefix === '') return { prefix, surname: name };
    const said = writes('prefixShort') ? shorten(prefix) : prefix;
    if (writes('prefixInSurname')) return { prefix: '', surname: `${said} ${name}` };
    if (writes('prefixBehind')) return { prefix: '', surname: throws.pick([`${name}, ${said}`, `${name} ${said}`]) };
    return { prefix: slips('prefixDropped') ? '' : said, surname: name };
  };
  const joined = (first: Surname, last: Surname): Surname => ({
    prefix: first.prefix,
    surname: `${first.surname}${throws.pick(['-', '-', ' - '])}${last.prefix === '' ? '' : `${last.prefix} `}${last.surname}`,
  });
  const surname = (of: Inhabitant, { birthName }: Knows): Surname => {
    const [own, partner] = [written(of.birthName), of.partnerName && written(of.partnerName)];
    if (!partner || of.use === 'own' || throws.chance(birthName)) return own;
    if (of.use === 'partner') return partner;
    // A column too short, or a clerk in a hurry, takes the first of the two.
    if (throws.chance(12)) return of.use === 'partner-own' ? partner : own;
    return of.use === 'partner-own' ? joined(partner, own) : joined(own, partner);
  };

  const birth = (date: string): string => {
    const [year = '', month = '', day = ''] = date.split('-');
    if (slips('birthPlaceholder')) return `${year}-01-01`;
    if (slips('birthDayMonth') && Number(day) <= 12) return `${year}-${day}-${month}`;
    if (slips('birthDigit'))
      return throws.pick([
        `${Number(year) + throws.pick([-10, -1, 1, 10])}-${month}-${day}`,
        `${year}-${two(1 + ((Number(month) + throws.int(0, 10)) % 12))}-${day}`,
        `${year}-${month}-${two(1 + ((Number(day) + throws.pick([-1, 0, 9])) % 28))}`,
      ]);
    if (slips('birthSwapped') && year.startsWith('19')) return `19${year[3]}${year[2]}-${month}-${day}`;
    return date;
  };

  return (of: Inhabitant, { street, postcode, number, additions }: Door, partner: Knows): ReportedPerson => {
    const phone = throws.chance(partner.phone) ? throws.pick(of.phones) : '';
    const email = throws.chance(partner.email) ? throws.pick(of.emails) : '';
    const addition = slips('additionMissing')
      ? ''
      : writes('additionOther')
        ? throws.pick(additions)
        : (additions[0] ?? '');
    const name = surname(of, partner);
    const fields: Readonly<Record<Exclude<keyof ReportedPerson, 'surname'>, string>> = {
      givenNames: givenNames(of, partner),
      prefix: name.prefix,
      dateOfBirth: throws.chance(partner.dateOfBirth) ? birth(of.dateOfBirth) : '',
      street,
      houseNumber: String(number),
      addition,
      postcode: slips('postcodeTypo') ? `${postcode.slice(0, 5)}${throws.pick([...'ABCDEFGHJK'])}` : postcode,
      city: 'Haarlem',
      phone: slips('phoneTypo')
        ? slip(throws, phone, '0123456789')
        : throws.chance(30) && phone !== ''
          ? `+31${phone.slice(1)}`
          : phone,
      email: slips('emailTypo') ? slip(throws, email, LETTERS) : email,
    };
    const given = Object.entries(fields).filter(([, value]) => value !== '');
    const upper = throws.chance(6);
    return { ...Object.fromEntries(given), surname: upper ? name.surname.toUpperCase() : name.surname };
  };
};

export interface Wanted {
  readonly seed: number;
  /** As many records, or a few more to finish the last household. */
  readonly records: number;
  /** Only these kinds, by their shares among each other. */
  readonly kinds?: readonly HouseholdKind[];
  /** 1 is the error model as it stands; 3 makes three times as many slips. */
  readonly errors?: number;
}

/** Reported records with the truth about them, in no order that tells anything. */
export const generateRecords = ({
  seed,
  records,
  kinds = HOUSEHOLD_KINDS,
  errors = 1,
}: Wanted): readonly GeneratedRecord[] => {
  const throws = dice(seed);
  const inhabitants = town(throws);
  const report = reporter(throws, errors);
  const kindOf = weighted(kinds.map((kind) => [kind, SHARES[kind]] as const));
  const partnerOf = weighted(PARTNER_NAMES.map((name) => [name, PARTNERS[name].share] as const));
  /** How many partners tell of one person in the months that are looked at. */
  const signalsOf = weighted([
    [0, 20],
    [1, 42],
    [2, 22],
    [3, 10],
    [4, 6],
  ] as const);
  const made: GeneratedRecord[] = [];
  for (let household = 1; made.length < records; household += 1) {
    const kind = kindOf(throws);
    for (const { of, doors } of householdOf(throws, kind, inhabitants)) {
      const changed: Inhabitant = {
        ...of,
        ...(permille(throws, 80) && { phones: [inhabitants.mobile()] }),
        ...(permille(throws, 60) && {
          emails: [`${of.calling.toLowerCase()}${throws.int(1, 9)}n${of.id}@post.example`],
        }),
      };
      const told = new Set<PartnerName>();
      for (const signals = signalsOf(throws); told.size < signals; ) {
        const partner = partnerOf(throws);
        if (told.has(partner)) continue;
        told.add(partner);
        const person = report(throws.chance(70) ? of : changed, throws.pick(doors), PARTNERS[partner]);
        made.push({
          key: `${seed}-${made.length}`,
          person,
          truePerson: of.id,
          trueHousehold: household,
          kind,
          partner,
        });
      }
    }
  }
  // As files come in: one partner after the other, each in the order of its own numbers.
  return made
    .map((record, at) => [Math.imul(at + seed, 0x9e3779b1) >>> 0, record] as const)
    .sort(([a], [b]) => a - b)
    .map(([, record]) => record);
};
