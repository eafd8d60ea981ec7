import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { synthesize } from '../assembly.ts';
import { startCloud } from '../cloud.ts';
import { check } from './check.ts';
import { millis } from './days.ts';
import { claimFolder } from './folder.ts';
import { observe } from './observe.ts';
import { type Outside, outputsOf, outside } from './outside.ts';
import { STARTS_AT } from './plan.ts';
import { play } from './play.ts';
import { planned, report } from './report.ts';
import { story } from './story.ts';
import { bold, dim, useColour } from './table.ts';
import { livesOf, writeTimelines } from './timelines.ts';

/** As many as scale 1 of the story has, and those among them that do not grow with it. */
const ROWS = 300;
const FIXED = 100;

const HELP = `npm run demo -- [--seed N] [--rows N] [--folder MAP]

Speelt een verhaal van 75 dagen op het CDK-template, in de ingebouwde cloud op deze machine.
  --seed N   andere verzonnen mensen (gewoon: 2026)
  --rows N   ongeveer zoveel regels (gewoon: ${ROWS})
  --folder   waar alle bestanden komen; wordt eerst leeggemaakt (gewoon: .meldpunt/demo)`;

const root = fileURLToPath(new URL('../../../', import.meta.url));

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '2026' },
    rows: { type: 'string', default: String(ROWS) },
    folder: { type: 'string', default: join(root, '.meldpunt', 'demo') },
    help: { type: 'boolean', default: false },
  },
});
const [seed, rows] = [Number(values.seed), Number(values.rows)];
const wrong = !Number.isInteger(seed) || !Number.isInteger(rows) || rows < ROWS;

const loadConfiguration = async (world: Outside, name: string): Promise<void> => {
  const file = join(root, 'infra', 'config', 'sample-configuration.json');
  const answer = await world.invoke(name, { configuration: JSON.parse(await readFile(file, 'utf8')) });
  if (!(answer instanceof Object && 'loaded' in answer))
    throw new Error(`The sample configuration was refused: ${JSON.stringify(answer)}`);
};

/** The SDK's advice on Node versions is for maintainers, not for who watches a story. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const run = async (folder: string): Promise<number> => {
  const began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1).replace('.', ',')} s`;
  const isTerminal = process.stdout.isTTY === true;
  useColour(isTerminal && process.env.NO_COLOR === undefined);
  const lines: string[] = [];
  const tell = (line: string): void => {
    lines.push(line);
    console.log(line);
  };

  const tale = story(seed, (rows - FIXED) / (ROWS - FIXED));
  tell(bold('Meldpunt: van een bestand met huurachterstanden tot het eind van schuldenrust'));
  tell(
    dim(`${planned(tale)} regels over verzonnen mensen, ${tale.deliveries.length} leveringen, 75 dagen; seed ${seed}`),
  );
  const assembly = await synthesize();
  tell(dim(`template gemaakt (${seconds()})`));
  const cloud = await startCloud({
    assembly,
    directory: join(folder, 'cloud'),
    port: 0,
    mode: 'still',
    concurrency: 1,
    startAt: millis(STARTS_AT),
  });
  try {
    const outputs = outputsOf(cloud.outputs);
    const world = outside(cloud.endpoint, outputs);
    try {
      await loadConfiguration(world, outputs.LoadConfigurationFunction);
      tell(dim(`ingebouwde cloud op ${cloud.endpoint}, afspraken geladen (${seconds()})\n`));
      const played = await play(tale, {
        outside: world,
        advanceTo: (at) => cloud.clock.advanceTo(at),
        mails: async () => (await readdir(cloud.mailDirectory)).filter((name) => name.endsWith('.eml')).length,
        tell,
      });
      tell(dim(`\nhet verhaal is uit (${seconds()}); nu alles naast het plan leggen`));
      const calls = new Map(cloud.calls);
      const observed = await observe(world, outputs, {
        folder,
        outbox: cloud.mailDirectory,
        logs: cloud.logDirectory,
      });
      await writeTimelines(livesOf(tale, observed), join(folder, 'timelines'));
      for (const { party, file, bytes } of tale.deliveries) {
        const path = join(folder, 'landing', 'inbox', party, file);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, bytes);
      }
      const checked = check(tale, played, observed);
      for (const line of report({ story: tale, played, observed, checked, calls, folder: relative('', folder) }))
        tell(line);
      tell(dim(`\nklaar in ${seconds()}`));
      return checked.differences.length === 0 ? 0 : 1;
    } finally {
      world.close();
    }
  } finally {
    await cloud.stop();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the report on disk has no colours
    await writeFile(join(folder, 'report.txt'), `${lines.join('\n').replaceAll(/\u001b\[\d+m/g, '')}\n`);
  }
};

const REFUSED = {
  IN_USE: 'In deze map loopt al een demo. Wacht tot die klaar is, of kies een andere map met --folder.',
  NOT_OURS: 'In deze map staan bestanden die niet van een demo zijn. Kies een andere map met --folder.',
} as const;

const main = async (): Promise<number> => {
  if (values.help || wrong) {
    console.log(HELP);
    return wrong ? 2 : 0;
  }
  const folder = resolve(values.folder);
  const claim = await claimFolder(folder);
  if (!claim.ok) {
    console.error(`${folder}: ${REFUSED[claim.why]}`);
    return 2;
  }
  try {
    return await run(folder);
  } finally {
    await claim.release();
  }
};

process.exitCode = await main();
