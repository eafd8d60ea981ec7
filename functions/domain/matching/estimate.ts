import { candidatePairs } from './block.ts';
import { levelIn, MISSING, type Pattern, patternOf } from './compare.ts';
import { FIELDS } from './comparison.ts';
import { LEVELS, type Odds, PERSON_MODEL, PersonModel } from './model.ts';
import type { PreparedPerson } from './person.ts';

/**
 * The weights as the records at hand show them, without knowing which belong together: what strangers have in common from
 * pairs that have no reason to be one person, the rest by expectation and maximisation over the pairs that share a key.
 */

/** Pairs taken as strangers: enough to see what one pair in ten thousand has. */
const STRANGER_PAIRS = 200_000;
/** So many pairs of one person, and of strangers, the model we start from is worth: it counts where data is scarce. */
const WORTH = { same: 10, strangers: 2_000, relatives: 1 };
const ROUNDS = 60;
/** Sooner, once the expected number of pairs changes by less than this share. */
const SETTLED = 1e-4;
/** Fewer records say too little of how common a name is. */
const ENOUGH_FOR_NAMES = 300;

type Counts = ReadonlyMap<Pattern, number>;

/** A number mixed beyond recognition, the same every time (the finish of MurmurHash3). */
const mixed = (number: number): number => {
  let hash = number | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** So many, and so large a share, bear a given name that is one, and no slip made in a commoner one. */
const BORNE = { by: 5, share: 0.0005 };

/** The given names we know, and those that occur often enough in the records to be names. */
const namesIn = (first: readonly string[], { names }: PersonModel): string[] => {
  const enough = Math.max(BORNE.by, BORNE.share * first.length);
  const borne = [...countsOf(first)]
    .filter(([name, count]) => name.length > 1 && count >= enough)
    .map(([name]) => name);
  return [...new Set([...names, ...borne])];
};

const countsOf = (names: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

/**
 * Pairs by a rule without a pattern: files have their own, so that neighbours, or records at a fixed distance, are often one
 * person.
 */
const strangerPairs = (persons: readonly PreparedPerson[], model: PersonModel, split: number | undefined): Counts => {
  const counts = new Map<Pattern, number>();
  const [lefts, from] = [split ?? persons.length, split ?? 0];
  const rights = persons.length - from;
  if (lefts === 0 || rights === 0) return counts;
  for (let taken = 0; taken < STRANGER_PAIRS; taken += 1) {
    const [i, j] = [taken % lefts, from + (mixed(taken + 1) % rights)];
    const [a, b] = [persons[i], persons[j]];
    if (a === undefined || b === undefined || a === b || a.isBusiness || b.isBusiness) continue;
    const pattern = patternOf(a, b, model);
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  return counts;
};

const candidates = (persons: readonly PreparedPerson[], model: PersonModel, split: number | undefined): Counts => {
  const counts = new Map<Pattern, number>();
  candidatePairs(
    persons,
    (i, j) => {
      const [a, b] = [persons[i], persons[j]];
      if (a === undefined || b === undefined) return;
      const pattern = patternOf(a, b, model);
      counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
    },
    split,
  );
  return counts;
};

type Table = readonly (readonly number[])[];

const tableOf = (model: PersonModel, who: keyof Odds): Table =>
  FIELDS.map((field) =>
    LEVELS[field].map((level) => (model.fields[field] as Readonly<Record<string, Odds>>)[level]?.[who] ?? 1),
  );

const likelihood = (table: Table, pattern: Pattern): number => {
  let product = 1;
  for (let field = 0; field < table.length; field += 1) {
    const level = levelIn(pattern, field);
    if (level !== MISSING) product *= table[field]?.[level] ?? 1;
  }
  return product;
};

/**
 * Shares of the levels per field, the table we start from counting for `worth` pairs. SWAPPED, one event over two fields, keeps
 * its relation to EXACT: names that changed places say what those names say.
 */
const shares = (counts: Iterable<readonly [Pattern, number]>, start: Table, worth: number): Table => {
  const sums = start.map((row) => row.map((share) => share * worth));
  for (const [pattern, count] of counts)
    for (let field = 0; field < sums.length; field += 1) {
      const row = sums[field];
      const level = levelIn(pattern, field);
      if (row && level !== MISSING) row[level] = (row[level] ?? 0) + count;
    }
  return sums.map((row, field) => {
    const swapped = (LEVELS[FIELDS[field] ?? 'surname'] as readonly string[]).indexOf('SWAPPED');
    const [was = 0, exact = 1] = [start[field]?.[swapped], start[field]?.[0]];
    const total = row.reduce((sum, each) => sum + each, 0);
    return row.map((each, level) =>
      level === swapped
        ? worth === WORTH.same
          ? was
          : ((row[0] ?? 0) / total) * (was / exact)
        : Math.max(each / total, 1e-7),
    );
  });
};

/** Share of people with a name, as the records have it. */
const nameShares = (names: readonly string[], start: PersonModel['surnames']): PersonModel['surnames'] => {
  const known = names.filter((name) => name !== '');
  if (known.length < ENOUGH_FOR_NAMES) return start;
  const other = 2 / known.length;
  return {
    of: Object.fromEntries(
      [...countsOf(known)].filter(([, count]) => count > 2).map(([name, n]) => [name, n / known.length]),
    ),
    other: Math.min(1, other),
  };
};

export interface Estimated {
  readonly model: PersonModel;
  /** Pairs that share a blocking key. */
  readonly compared: number;
  /** Pairs that are one person, as the model expects. */
  readonly expected: number;
}

/** A model for these records. Deterministic; never further from the start than the data carry it. */
export const estimateModel = (
  persons: readonly PreparedPerson[],
  options: { readonly start?: PersonModel; readonly split?: number | undefined } = {},
): Estimated => {
  const { start: given = PERSON_MODEL, split } = options;
  const firstNames = persons.flatMap(({ given }) => given.slice(0, 1));
  const start = {
    ...given,
    names: namesIn(firstNames, given),
    surnames: nameShares(
      persons.map(({ surname }) => surname),
      given.surnames,
    ),
    givenNames: nameShares(firstNames, given.givenNames),
  };
  const people = persons.length;
  const pairs = Math.max(1, split === undefined ? (people * (people - 1)) / 2 : split * (people - split));
  const found = candidates(persons, start, split);
  const compared = [...found.values()].reduce((sum, count) => sum + count, 0);
  const taken = strangerPairs(persons, start, split);
  const first = { same: tableOf(start, 'same'), strangers: tableOf(start, 'strangers') };
  const relatives = tableOf(start, 'relatives');
  let { same, strangers } = first;
  let share = { same: Math.min(0.1, 0.3 / Math.sqrt(pairs)), relatives: Math.min(0.1, 0.1 / Math.sqrt(pairs)) };
  for (let round = 0; round < ROUNDS; round += 1) {
    const chances = (pattern: Pattern) => {
      const one = share.same * likelihood(same, pattern);
      const kin = share.relatives * likelihood(relatives, pattern);
      const two = (1 - share.same - share.relatives) * likelihood(strangers, pattern);
      const all = one + kin + two;
      return { one: one / all, kin: kin / all, two: two / all };
    };
    const judged = [...found].map(([pattern, count]) => ({ pattern, count, chance: chances(pattern) }));
    const apart = [...taken].map(([pattern, count]) => [pattern, count * chances(pattern).two] as const);
    same = shares(
      judged.map(({ pattern, count, chance }) => [pattern, count * chance.one] as const),
      first.same,
      WORTH.same,
    );
    strangers = shares(apart, first.strangers, WORTH.strangers);
    const sum = (who: 'one' | 'kin'): number =>
      judged.reduce((total, { count, chance }) => total + count * chance[who], 0);
    const was = share;
    share = { same: (sum('one') + 1) / pairs, relatives: (sum('kin') + WORTH.relatives) / pairs };
    if (Math.abs(share.same - was.same) + Math.abs(share.relatives - was.relatives) < was.same * SETTLED) break;
  }
  const fields = Object.fromEntries(
    FIELDS.map((field, at) => [
      field,
      Object.fromEntries(
        LEVELS[field].map((level, index) => [
          level,
          {
            same: same[at]?.[index] ?? 1,
            strangers: strangers[at]?.[index] ?? 1,
            relatives: relatives[at]?.[index] ?? 1,
          },
        ]),
      ),
    ]),
  );
  return {
    model: PersonModel.parse({
      ...start,
      name: `${start.name}-geschat`,
      fields,
      // The records themselves show how often relatives occur: what contradicts is weighed already.
      thresholds: { ...start.thresholds, despiteConflict: start.thresholds.same },
      prior: { strangers: Math.log2(share.same), relatives: Math.log2(share.same / share.relatives) },
    }),
    compared,
    expected: share.same * pairs,
  };
};
