import { z } from 'zod';
import { GIVEN_NAMES } from './given-names.ts';
import { SURNAMES } from './surnames.ts';

/** Levels of agreement per field, from most to least alike. MISSING says nothing, and has no numbers. */
export const LEVELS = {
  surname: ['EXACT', 'OTHER_PREFIX', 'SHARED', 'SPELLING', 'TYPO', 'SIMILAR', 'SWAPPED', 'DIFFERENT'],
  givenNames: ['EXACT', 'TYPO', 'SIMILAR', 'INITIALS', 'INITIAL', 'REORDERED', 'PARTLY', 'SWAPPED', 'DIFFERENT'],
  dateOfBirth: ['EXACT', 'SWAPPED_DAY_MONTH', 'TYPO', 'OTHER_DECADE', 'PLACEHOLDER', 'TWO_PARTS', 'YEAR', 'DIFFERENT'],
  phone: ['EXACT', 'TYPO', 'DIFFERENT'],
  email: ['EXACT', 'SAME_NAME', 'TYPO', 'SIMILAR', 'DIFFERENT'],
  address: ['EXACT', 'NEARLY', 'OTHER_ADDITION', 'STREET', 'CITY', 'DIFFERENT'],
} as const;
export type Levels = typeof LEVELS;

const Share = z.number().gt(0).max(1);
/** How often this level is seen in two records of one person, of two strangers, and of two relatives or housemates. */
const Odds = z.object({ same: Share, strangers: Share, relatives: Share });
export type Odds = z.infer<typeof Odds>;

const levels = <const L extends readonly string[]>(names: L) =>
  z.object(Object.fromEntries(names.map((name) => [name, Odds])) as Record<L[number], typeof Odds>).strict();

/** How often names are borne: a share of people per plain surname, and that of any other. */
const Shares = z.object({ of: z.record(z.string(), Share), other: Share });
export type Shares = z.infer<typeof Shares>;

/** The weights of matching as data; `npm run linkage` reads and writes it as JSON. */
export const PersonModel = z
  .object({
    name: z.string(),
    version: z.int().min(1),
    fields: z
      .object({
        surname: levels(LEVELS.surname),
        givenNames: levels(LEVELS.givenNames),
        dateOfBirth: levels(LEVELS.dateOfBirth),
        phone: levels(LEVELS.phone),
        email: levels(LEVELS.email),
        address: levels(LEVELS.address),
      })
      .strict(),
    /** log2 odds, before anything is compared, of one person against two strangers, and against two relatives. */
    prior: z.object({ strangers: z.number(), relatives: z.number() }).strict(),
    /** log2 odds from which two are SAME, from which they are so although something contradicts it, and from which POSSIBLE. */
    thresholds: z.object({ same: z.number(), despiteConflict: z.number(), possible: z.number() }).strict(),
    /** Two of those that are named here, however alike, are two names and no slip. */
    surnames: Shares,
    givenNames: Shares,
    /** Given names that people bear: two of them are two people, where a name beside none may be a slip. */
    names: z.array(z.string()),
  })
  .strict();
export type PersonModel = z.infer<typeof PersonModel>;

const odds = (same: number, strangers: number, relatives: number): Odds => ({ same, strangers, relatives });

/** Version 1: where each number comes from, ADR 0020 says. */
export const PERSON_MODEL: PersonModel = PersonModel.parse({
  name: 'persoon',
  version: 1,
  fields: {
    surname: {
      EXACT: odds(0.88, 0.0015, 0.65),
      OTHER_PREFIX: odds(0.02, 0.0003, 0.01),
      // As often of a couple that took each other's name as of one person.
      SHARED: odds(0.04, 0.003, 0.1),
      SPELLING: odds(0.02, 0.0005, 0.02),
      TYPO: odds(0.025, 0.002, 0.02),
      SIMILAR: odds(0.005, 0.004, 0.006),
      SWAPPED: odds(0.055, 0.00012, 0.052),
      DIFFERENT: odds(0.007, 0.9886, 0.194),
    },
    givenNames: {
      EXACT: odds(0.45, 0.004, 0.01),
      TYPO: odds(0.04, 0.004, 0.01),
      SIMILAR: odds(0.015, 0.01, 0.02),
      INITIALS: odds(0.2, 0.004, 0.006),
      // Where one of both has initials only: this, or another initial.
      INITIAL: odds(0.6, 0.06, 0.08),
      REORDERED: odds(0.01, 0.006, 0.01),
      PARTLY: odds(0.02, 0.03, 0.04),
      SWAPPED: odds(0.055, 0.0003, 0.0016),
      DIFFERENT: odds(0.022, 0.871, 0.788),
    },
    dateOfBirth: {
      EXACT: odds(0.93, 0.00005, 0.001),
      SWAPPED_DAY_MONTH: odds(0.01, 0.00005, 0.0001),
      TYPO: odds(0.025, 0.001, 0.001),
      // A child born on a parent's birthday, and called after them.
      OTHER_DECADE: odds(0.003, 0.0002, 0.012),
      PLACEHOLDER: odds(0.005, 0.0003, 0.0004),
      TWO_PARTS: odds(0.01, 0.003, 0.004),
      YEAR: odds(0.003, 0.013, 0.012),
      DIFFERENT: odds(0.012, 0.9824, 0.9755),
    },
    phone: {
      EXACT: odds(0.8, 0.00001, 0.08),
      TYPO: odds(0.03, 0.0001, 0.01),
      DIFFERENT: odds(0.17, 0.9999, 0.91),
    },
    email: {
      EXACT: odds(0.68, 0.00001, 0.06),
      SAME_NAME: odds(0.04, 0.0002, 0.01),
      TYPO: odds(0.03, 0.0001, 0.005),
      SIMILAR: odds(0.02, 0.0001, 0.005),
      DIFFERENT: odds(0.23, 0.9996, 0.92),
    },
    address: {
      EXACT: odds(0.8, 0.0001, 0.6),
      NEARLY: odds(0.05, 0.0003, 0.04),
      OTHER_ADDITION: odds(0.02, 0.0003, 0.02),
      STREET: odds(0.02, 0.002, 0.03),
      CITY: odds(0.06, 0.35, 0.2),
      DIFFERENT: odds(0.05, 0.65, 0.12),
    },
  },
  prior: { strangers: -17, relatives: 1 },
  thresholds: { same: 10, despiteConflict: 20, possible: 0 },
  surnames: SURNAMES,
  givenNames: GIVEN_NAMES,
  names: Object.keys(GIVEN_NAMES.of),
});
