import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { z } from 'zod';
import { candidatePairs, KINDS } from '#domain/matching/block.ts';
import { PERSON_MODEL } from '#domain/matching/model.ts';
import { type PreparedPerson, prepare } from '#domain/matching/person.ts';
import { type GeneratedRecord, generateRecords, HOUSEHOLD_KINDS } from '../support/households.ts';
import { f1, linked, pairsIn, precision, recall, type Score, scored, together } from '../support/linkage-score.ts';
import { curveSvg, type Point, plot } from './matching-plot.ts';

const run = promisify(execFile);
const rounded = (value: number, places: number): number => Math.round(value * 10 ** places) / 10 ** places;

const told = (score: Score) => ({
  precision: rounded(precision(score), 5),
  recall: rounded(recall(score), 4),
  f1: rounded(f1(score), 4),
  truePairs: score.pairs,
  falseMatches: score.same - score.right,
  // What a person is asked to look at, and how often rightly.
  possible: score.possible,
  possiblyRight: score.possiblyRight,
});

/** Every threshold in one go: the model decides SAME from far below, and the score tells from which threshold on. */
const curveOf = (sets: readonly (readonly GeneratedRecord[])[], pairs: number): readonly Point[] => {
  const [from, to] = [-8, 24];
  const model = { ...PERSON_MODEL, thresholds: { ...PERSON_MODEL.thresholds, same: from, possible: from } };
  const found = sets.flatMap((records) =>
    linked(records, model).filter(({ comparison }) => comparison.decision === 'SAME'),
  );
  return Array.from({ length: 2 * (to - from) + 1 }, (_, step) => {
    const threshold = from + step / 2;
    const same = found.filter(({ comparison }) => comparison.score >= threshold);
    const right = same.filter(({ isOne }) => isOne).length;
    return { threshold, same: same.length, right, pairs };
  });
};

const keysOf = (person: PreparedPerson | undefined): ReadonlySet<string> =>
  new Set(
    Object.entries(person ? KINDS : {}).flatMap(([name, kind]) =>
      [0, 1]
        .map((surname) => (person && surname < Math.max(1, person.surnames.length) ? kind(person, surname) : 0))
        .filter((key) => key !== 0)
        .map((key) => `${name}:${key}`),
    ),
  );

/** Of all pairs of one person: how many share a key of each kind, and how many only that kind. */
const blockingOf = (records: readonly GeneratedRecord[]) => {
  const persons = records.map(({ person }) => prepare(person));
  const one = new Map<number, number[]>();
  for (const [at, { truePerson }] of records.entries()) one.set(truePerson, [...(one.get(truePerson) ?? []), at]);
  let compared = 0;
  let met = 0;
  candidatePairs(persons, (a, b) => {
    compared += 1;
    if (records[a]?.truePerson === records[b]?.truePerson) met += 1;
  });
  const kinds = new Map<string, { found: number; alone: number }>();
  let pairs = 0;
  for (const group of one.values()) {
    const keys = group.map((at) => keysOf(persons[at]));
    pairs += pairsIn(group.length);
    for (const [i, mine] of keys.entries())
      for (const theirs of keys.slice(i + 1)) {
        const shared = new Set([...mine].filter((key) => theirs.has(key)).map((key) => key.split(':', 1)[0] ?? ''));
        for (const kind of shared) {
          const { found, alone } = kinds.get(kind) ?? { found: 0, alone: 0 };
          kinds.set(kind, { found: found + 1, alone: alone + Number(shared.size === 1) });
        }
      }
  }
  return {
    comparedPerRecord: rounded(compared / records.length, 1),
    truePairsMet: rounded(met / pairs, 4),
    keys: Object.fromEntries(
      [...kinds]
        .sort(([, a], [, b]) => b.found - a.found)
        .map(([kind, { found, alone }]) => [kind, `${rounded((100 * found) / pairs, 1)} %, only it ${alone}`]),
    ),
  };
};

const Ran = z.object({
  n: z.number(),
  seconds: z.number(),
  compared: z.number(),
  links: z.number(),
  peakMb: z.number(),
  recordsMb: z.number(),
});

const growthOf = async (sizes: readonly number[]) => {
  const directory = await mkdtemp(join(tmpdir(), 'meldpunt-bench-'));
  try {
    const outfile = join(directory, 'linker.mjs');
    buildSync({
      entryPoints: [join(import.meta.dirname, 'linker.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'error',
    });
    const ran: z.infer<typeof Ran>[] = [];
    for (const n of sizes) ran.push(Ran.parse(JSON.parse((await run(process.execPath, [outfile, String(n)])).stdout)));
    const [first] = ran;
    return ran.map(({ n, seconds, compared, links, peakMb, recordsMb }) => ({
      delivered: n,
      open: n,
      seconds: rounded(seconds, 2),
      comparedPerRow: rounded(compared / n, 1),
      links,
      peakMb: Math.round(peakMb),
      // The records as they were given, before the matcher had any.
      ofWhichGiven: Math.round(recordsMb),
      // Time for a row, against that of the smallest; 1 is linear.
      secondsToLinear: first ? rounded(seconds / n / (first.seconds / first.n), 2) : 1,
      comparedToLinear: first ? rounded(compared / n / (first.compared / first.n), 2) : 1,
    }));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

export interface Wanted {
  /** Records of each of the measured municipalities. */
  readonly records: number;
  /** Growth: so many delivered against so many open. */
  readonly sizes: readonly number[];
  readonly print: (text: string) => void;
}

/**
 * The matcher against invented municipalities whose truth is known: precision, recall and F1 at the operating point, the
 * curve over all thresholds (`.meldpunt/bench/matching.svg`), what each blocking key finds, and how work grows. The seeds are
 * of this benchmark alone: no weight was chosen by them.
 */
export const matching = async ({
  records: count,
  sizes,
  print,
}: Wanted): Promise<Readonly<Record<string, unknown>>> => {
  const measured = [701, 702, 703].map((seed) => generateRecords({ seed: seed * 1000, records: count }));
  const sets = measured.map((records) => scored(records));
  const all = together(sets.map((set) => set.all));
  const kinds = HOUSEHOLD_KINDS.map(
    (kind) => [kind, told(together(sets.flatMap((set) => set.kinds.get(kind) ?? [])))] as const,
  );
  const [first = []] = measured;
  const harsh = scored(generateRecords({ seed: 704_000, records: count, errors: 3 })).all;
  const curve = curveOf(measured, all.pairs);
  const folder = join(process.cwd(), '.meldpunt', 'bench');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'matching.svg'), curveSvg(curve, PERSON_MODEL.thresholds, measured.flat().length));
  print(plot(curve, PERSON_MODEL.thresholds));
  return {
    model: `${PERSON_MODEL.name} ${PERSON_MODEL.version}`,
    all: told(all),
    kinds: Object.fromEntries(kinds),
    threeTimesTheErrors: told(harsh),
    blocking: blockingOf(first),
    growth: await growthOf(sizes),
  };
};
