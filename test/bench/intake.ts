import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { z } from 'zod';
import { goodRow } from '../support/meldpunt.ts';

const run = promisify(execFile);
const Ran = z.object({ rows: z.number(), seconds: z.number(), peakRssMb: z.number() });
type Ran = z.infer<typeof Ran>;

/** The same numbers at every run. */
const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

const SURNAMES = ['Vreugdenhil', 'de Jong', 'Özdemir', 'Müller', 'El Amrani', 'Jansen-Bakker', 'Nguyễn', "O'Neill"];
const STREETS = ['Grote Houtstraat', 'Zijlweg', 'Rijksstraatweg', 'Burg. van Meursstraat', '2e Spaarndammerstraat'];
const POSTCODES = ['2011 SN', '2013DC', '2042 LK', '2023 ab', '2037 RS'];

/** A delivery as a large landlord sends it: every row another tenant, most dates its own, one row in fifty refused. */
function* lines(rows: number): Generator<string> {
  const next = random(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = (from: number, years: number): string =>
    `${two(1 + Math.floor(next() * 28))}-${two(1 + Math.floor(next() * 12))}-${from + Math.floor(next() * years)}`;
  const columns = Object.keys(goodRow());
  yield `\uFEFF${columns.join(';')}\r\n`;
  let batch = '';
  for (let i = 0; i < rows; i += 1) {
    const surname = pick(SURNAMES);
    const row = goodRow({
      referentie: `HC-${2_000_000 + i}`,
      achternaam: surname,
      geboortedatum: date(1940, 65),
      straat: next() < 0.05 ? `"${pick(STREETS)}; hoek"` : pick(STREETS),
      huisnummer: String(1 + Math.floor(next() * 400)),
      toevoeging: next() < 0.2 ? pick(['A', 'B', 'hs', '2', '3-hoog']) : '',
      postcode: pick(POSTCODES),
      telefoon: `06 ${10_000_000 + Math.floor(next() * 89_999_999)}`,
      email: `bewoner.${i}@example.nl`,
      bedrag: `${Math.floor(next() * 9)}.${100 + Math.floor(next() * 899)},${two(Math.floor(next() * 100))}`.replace(
        /^0\./,
        '',
      ),
      vervaldatum: date(2025, 1),
      ...(i % 50 === 49 && { aangekondigd: 'n' }),
    });
    batch += `${columns.map((column) => row[column]).join(';')}\r\n`;
    if (batch.length > 60_000) {
      yield batch;
      batch = '';
    }
  }
  yield batch;
}

/** As a Lambda's bundle: a loader of TypeScript would count as our memory. */
const bundled = (directory: string): string => {
  const outfile = join(directory, 'contender.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'contender.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    // papaparse asks for Node's own modules by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
};

/**
 * Our reading of a file (every rule on every row, as `meldpunt check` does it) beside bare parsers of the same file, each in
 * its own process, in turn; the best of `times` counts, and the highest peak of memory. A ratio says how many validated
 * rows we give for each row the other only cuts into cells: more than 1 is faster. `firstStep` is the Lambda's whole first
 * step, good rows written to chunks included.
 */
export const intake = async (rows: number, times: number): Promise<Readonly<Record<string, number>>> => {
  const directory = await mkdtemp(join(tmpdir(), 'meldpunt-bench-'));
  try {
    const file = join(directory, 'levering.csv');
    await pipeline(Readable.from(lines(rows)), createWriteStream(file));
    const contender = bundled(directory);
    const best = new Map<string, Ran>();
    for (let time = 0; time < times; time += 1)
      for (const name of ['reading', 'objects', 'arrays', 'papaparse', 'first-step']) {
        const { stdout } = await run(process.execPath, [contender, name, file]);
        const ran = Ran.parse(JSON.parse(stdout));
        if (ran.rows !== rows) throw new Error(`${name} read ${ran.rows} of ${rows} rows`);
        const before = best.get(name);
        const peakRssMb = Math.max(ran.peakRssMb, before?.peakRssMb ?? 0);
        best.set(name, { ...(before && before.seconds < ran.seconds ? before : ran), peakRssMb });
      }
    const of = (name: string): Ran => best.get(name) as Ran;
    const rounded = (value: number): number => Math.round(value * 100) / 100;
    const ratio = (name: string): number => rounded(of(name).seconds / of('reading').seconds);
    return {
      rows,
      rowsPerSecond: Math.round(rows / of('reading').seconds),
      ratioToCsvParseObjects: ratio('objects'),
      ratioToCsvParseArrays: ratio('arrays'),
      ratioToPapaparse: ratio('papaparse'),
      peakRssMb: Math.max(of('reading').peakRssMb, of('first-step').peakRssMb),
      firstStepRowsPerSecond: Math.round(rows / of('first-step').seconds),
      firstStepRatioToCsvParseObjects: rounded(of('objects').seconds / of('first-step').seconds),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
