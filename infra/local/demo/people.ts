import type { Dice } from './random.ts';

/** Invented people at invented streets. The postcode areas are real, so that routing finds the municipality. */
export interface Person {
  readonly initials: string;
  readonly prefix: string;
  readonly surname: string;
  readonly birthDate: string;
  readonly phone: string;
  readonly email: string;
}

export interface Household {
  /** Name within the story: `0392-014`. */
  readonly id: string;
  readonly municipality: Municipality;
  readonly street: string;
  readonly number: number;
  readonly letter: string;
  readonly addition: string;
  /** `2011AB` */
  readonly postcode: string;
  readonly city: string;
  /** Two people live there; a second partner may know the other one. */
  readonly persons: readonly [Person, Person];
  /** They rent a room each and are strangers to each other: every person is a case (R-MAT-4). */
  readonly rooms?: true;
}

export const MUNICIPALITIES = {
  '0392': { name: 'Haarlem', area: '023', postcodes: ['2011', '2012', '2013', '2014', '2021', '2023', '2025', '2033'] },
  '0473': { name: 'Zandvoort', area: '023', postcodes: ['2041', '2042', '2116'] },
  '0268': { name: 'Nijmegen', area: '024', postcodes: ['6511', '6512', '6515', '6521', '6531', '6541', '6545'] },
  '0363': {
    name: 'Amsterdam',
    area: '020',
    postcodes: ['1013', '1024', '1055', '1061', '1078', '1092', '1103', '1104'],
  },
} as const;
export type Municipality = keyof typeof MUNICIPALITIES;

const PREFIXES = ['', '', '', 'van', 'de', 'van der', 'van den', 'ten', "van 't", 'el', 'in het'] as const;
const SURNAMES = [
  'Aldersma',
  'Benaïssa',
  'Brouwenaar',
  'Çelikkaya',
  'Dórtmondt',
  'Eerdhuijzen',
  'Faßbender',
  'Goudsblom',
  'Haddouchi',
  'IJsselvliet',
  'Jørgenstra',
  'Kwakernaak',
  'Lozañez',
  'Müllerink',
  'Nieuwstraeten',
  'Oosterwiek-Bakema',
  'Pelgröm',
  'Quispelaar',
  'Rijnvoort',
  'Schoëlink',
  'Touzanïs',
  'Uijtdewaal',
  'Vogelenzangh',
  'Wierdstra',
  'Ypenbroek',
  'Zeegersveldt',
] as const;
/** Not in Windows-1252: only for files in UTF-8. */
const WIDE_SURNAMES = ['Yılmazer', 'Şahinoğlu', 'Wójcikowski', 'Dvořáček'] as const;
const STREETS = [
  'Bosuilhof',
  'Dwaallichtpad',
  'Hazelmuisstraat',
  'IJsvogelbocht',
  'Kwartelkoninglaan',
  'Leeuwenbekplein',
  'Rietorchisdreef',
  'Slaapmutsjesgang',
  'Vuursalamanderweg',
  'Zilvermeeuwkade',
  'Zandhagedishof',
  "Wulp'spad",
] as const;
/** Postcodes never end in SA, SD or SS. */
const ENDINGS = [
  'AB',
  'BC',
  'CD',
  'DE',
  'EG',
  'GH',
  'HK',
  'JL',
  'KM',
  'LN',
  'NP',
  'PR',
  'RT',
  'TV',
  'VW',
  'XZ',
] as const;

const ascii = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[^a-zA-Z]/g, '')
    .toLowerCase();

const two = (value: number): string => String(value).padStart(2, '0');

const person = (throws: Dice, area: string, serial: number, wide: boolean): Person => {
  const initials = Array.from({ length: throws.int(1, 3) }, () => `${throws.pick([...'ABCDEFGHIJKLMNOPRSTVWYZ'])}.`);
  const surname = throws.pick(wide && throws.chance(15) ? WIDE_SURNAMES : SURNAMES);
  return {
    initials: initials.join(''),
    prefix: throws.pick(PREFIXES),
    surname,
    birthDate: `${throws.int(1942, 2006)}-${two(throws.int(1, 12))}-${two(throws.int(1, 28))}`,
    // No Dutch subscriber number begins with a 0: these can never ring anywhere.
    phone: throws.chance(70) ? `${area}-0${String(serial).padStart(6, '0')}` : '',
    email: throws.chance(60) ? `${ascii(surname)}.${serial}@example.nl` : '',
  };
};

/** Gives households at addresses that differ from each other; `wide` names need UTF-8. */
export const households = (throws: Dice): ((municipality: Municipality, wide: boolean) => Household) => {
  const taken = new Set<string>();
  let serial = 0;
  return (municipality, wide) => {
    const { name: city, area, postcodes } = MUNICIPALITIES[municipality];
    for (;;) {
      const postcode = `${throws.pick(postcodes)}${throws.pick(ENDINGS)}`;
      const number = throws.int(1, 240);
      // One household per house number, unless the story wants neighbours behind one door.
      if (taken.has(`${postcode}${number}`)) continue;
      taken.add(`${postcode}${number}`);
      serial += 1;
      return {
        id: `${municipality}-${String(serial).padStart(3, '0')}`,
        municipality,
        street: throws.pick(STREETS),
        number,
        letter: throws.chance(15) ? throws.pick(['A', 'B', 'C']) : '',
        addition: throws.chance(10) ? throws.pick(['hs', '1', '2', 'bis']) : '',
        postcode,
        city,
        persons: [person(throws, area, serial * 2, wide), person(throws, area, serial * 2 + 1, wide)],
      };
    }
  };
};

/** Another room behind the same front door: a household of its own (R-MAT-4). */
export const neighbour = (of: Household, addition: string, persons: Household['persons']): Household => ({
  ...of,
  id: `${of.id}-${addition}`,
  letter: '',
  addition,
  persons,
});
