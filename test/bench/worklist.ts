import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { z } from 'zod';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { concurrently } from '#domain/concurrently.ts';
import { MunicipalityCode } from '#domain/ids.ts';
import { Meldpunt } from '../support/meldpunt.ts';
import { city, NOW } from './city.ts';

const run = promisify(execFile);
const Made = z.object({
  cases: z.number(),
  files: z.number(),
  seconds: z.number(),
  peakRssMb: z.number(),
  megabytes: z.number(),
});
/** Less than what Node may take of the Lambda's memory: without a limit it puts off collecting on a large machine. */
const HEAP = '--max-old-space-size=1200';
type Figures = Readonly<Record<string, number>>;
const rounded = (value: number): number => Math.round(value * 100) / 100;

/** As a Lambda's bundle: a loader of TypeScript would count as our memory. */
const bundled = (directory: string): string => {
  const outfile = join(directory, 'list-maker.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'list-maker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
};

/**
 * R-WOR-1 at the size of a large city: its lists made from `open` open signals and a quarter as many that are over, every
 * record read and checked, in a process of its own; the slowest of three runs counts. Everything is in it: cases, persons,
 * ranking, CSV and workbooks.
 */
export const worklist = async (open: number): Promise<Figures> => {
  const directory = await mkdtemp(join(tmpdir(), 'meldpunt-bench-'));
  try {
    const file = join(directory, 'signals.ndjson');
    const signals = city(MunicipalityCode.parse('0392'), open);
    await writeFile(file, signals.map((signal) => `${JSON.stringify(signal)}\n`).join(''));
    const maker = bundled(directory);
    const runs: z.infer<typeof Made>[] = [];
    for (let time = 0; time < 3; time += 1)
      runs.push(Made.parse(JSON.parse((await run(process.execPath, [HEAP, maker, file])).stdout)));
    const [first] = runs;
    return {
      openSignals: open,
      storedSignals: signals.length,
      cases: first?.cases ?? 0,
      files: first?.files ?? 0,
      megabytes: rounded(first?.megabytes ?? 0),
      seconds: rounded(Math.max(...runs.map(({ seconds }) => seconds))),
      peakRssMb: Math.max(...runs.map(({ peakRssMb }) => peakRssMb)),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** The same by the Lambda in the embedded cloud: its table, its buckets, and a container that was never used before. */
export const worklistInCloud = async (open: number): Promise<Figures> => {
  const meldpunt = await Meldpunt.open(NOW);
  try {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: meldpunt.cloud.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    const store = signalStore(meldpunt.output('Table'));
    await concurrently(16, city(MunicipalityCode.parse('0392'), open), (signal) => store.create(signal));
    const timed = async (output: string, payload: unknown): Promise<number> => {
      const started = performance.now();
      await meldpunt.invoke(output, payload);
      return rounded((performance.now() - started) / 1000);
    };
    const list = () => timed('PublishWorklistsFunction', { municipality: '0392', by: 'w-1', purpose: 'meting' });
    const [coldSeconds, warmSeconds] = [await list(), await list()];
    // R-WOR-4, R-WOR-7: four thresholds and another ranking, which reads the whole organisation.
    const compare = { to: { name: 'LCV', version: 1 } };
    const asked = { municipality: '0392', thresholds: [0, 5_000, 7_500, 10_000], compare };
    const simulateSeconds = await timed('SimulatePolicyFunction', asked);
    return { openSignals: open, coldSeconds, warmSeconds, simulateSeconds };
  } finally {
    await meldpunt.close();
  }
};
