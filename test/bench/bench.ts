import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ClassicLevel } from 'classic-level';
import { openClock } from '#infra/local/clock.ts';
import { openStepFunctions } from '#infra/local/stepfunctions/stepfunctions.ts';
import { csvOf, goodRow, Meldpunt } from '../support/meldpunt.ts';
import { intake } from './intake.ts';
import { matching } from './matching.ts';
import { worklist, worklistInCloud } from './worklist.ts';

/**
 * `npm run bench [-- intake|matching|worklist|pipeline|waiting|cost] [--json]`: how fast a file is read beside bare
 * parsers, how well and how fast persons are matched, how fast a list of a large city is made, what the
 * pipeline does, what it costs in calls, and what waiting executions weigh.
 * Figures of one run on one machine: compare within a run, not between machines. With one benchmark `--json` prints its
 * figures and nothing around them.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    /** Of the intake's file. */
    rows: { type: 'string', default: '1000000' },
    times: { type: 'string', default: '2' },
    /** Open signals of the municipality a list is made for. */
    open: { type: 'string', default: '10000' },
    /** Of each invented municipality, and delivered against as many open ones. */
    records: { type: 'string', default: '40000' },
    sizes: { type: 'string', default: '1000,10000,100000' },
  },
});
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const wanted = positionals.length > 0 ? positionals : ['intake', 'matching', 'worklist', 'pipeline', 'waiting', 'cost'];
const figures: Record<string, unknown> = {};
const report = (name: string, figure: unknown): void => {
  figures[name] = figure;
  if (!values.json) console.log(name, figure);
};
const mb = (bytes: number): number => Math.round(bytes / 1e6);

const sumOf = (calls: ReadonlyMap<string, number>): Record<string, number> => Object.fromEntries(calls);
const difference = (after: Record<string, number>, before: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const WRITES = /dynamodb\.(Put|Update|Delete)Item/;
const writesOf = (calls: Record<string, number>): number =>
  Object.entries(calls).reduce((sum, [name, count]) => sum + (WRITES.test(name) ? count : 0), 0);

/** Rows for as many households; every twentieth has a fault. */
const rows = (count: number, mark: string): string =>
  csvOf(
    Array.from({ length: count }, (_, i) =>
      goodRow({
        referentie: `${mark}-${i}`,
        huisnummer: String(1 + (i % 9_000)),
        toevoeging: String(Math.floor(i / 9_000) + 1),
        ...(i % 20 === 19 && { bedrag: 'x' }),
      }),
    ),
  );

if (wanted.includes('intake')) report('intake', await intake(Number(values.rows), Number(values.times)));

if (wanted.includes('matching'))
  report(
    'matching',
    await matching({
      records: Number(values.records),
      sizes: values.sizes.split(',').map(Number),
      print: (text) => values.json || console.log(text),
    }),
  );

if (wanted.includes('worklist')) {
  report('worklist', await worklist(Number(values.open)));
  report('worklist in the embedded cloud', await worklistInCloud(Number(values.open)));
}

if (wanted.includes('pipeline')) {
  const meldpunt = await Meldpunt.open('2026-04-01T09:00:00+02:00');
  await meldpunt.upload('elan-wonen', rows(50, 'WARM'));
  for (const count of [1_000, 10_000]) {
    const before = sumOf(meldpunt.cloud.calls);
    const file = rows(count, `R${count}`);
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 100);
    const started = performance.now();
    const receipt = await meldpunt.upload('elan-wonen', file);
    const seconds = (performance.now() - started) / 1000;
    clearInterval(timer);
    const { accepted } = receipt.counts as { accepted: number };
    const calls = difference(sumOf(meldpunt.cloud.calls), before);
    report(`pipeline ${count} rows`, {
      rowsPerSecond: Math.round(count / seconds),
      seconds: Math.round(seconds * 10) / 10,
      accepted,
      peakRssMb: mb(peak),
      callsPerAccepted: Math.round((10 * Object.values(calls).reduce((a, b) => a + b, 0)) / accepted) / 10,
      tableWritesPerAccepted: Math.round((10 * writesOf(calls)) / accepted) / 10,
    });
  }
  await meldpunt.close();
}

if (wanted.includes('waiting')) {
  const directory = await mkdtemp(join(tmpdir(), 'meldpunt-bench-'));
  const db = new ClassicLevel<string, string>(directory);
  await db.open();
  const clock = await openClock({ db, mode: 'still', startAt: Date.parse('2026-04-01T07:00:00Z') });
  const states = await openStepFunctions({ db, clock, lambda: { invoke: async () => ({ ok: true, payload: {} }) } });
  const definition = JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: 28 * 86_400, Next: 'Done' }, Done: { Type: 'Succeed' } },
  });
  const stateMachineArn = await states.createStateMachine({
    name: 'bench',
    definition,
    roleArn: 'arn:aws:iam::000000000000:role/bench',
  });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const count = 100_000;
  for (let i = 0; i < count; i += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, j) =>
        states.handle('StartExecution', { stateMachineArn, name: `n-${i + j}`, input: '{}' }),
      ),
    );
  await clock.settled();
  globalThis.gc?.();
  report('100,000 waiting executions', {
    addedRssMb: mb(process.memoryUsage().rss - before),
    heapMb: mb(process.memoryUsage().heapUsed),
    startedPerSecond: Math.round(count / ((performance.now() - started) / 1000)),
  });
  await states.close();
  await clock.close();
  await db.close();
  await rm(directory, { recursive: true, force: true });
}

if (wanted.includes('cost')) {
  const meldpunt = await Meldpunt.open('2026-03-02T09:00:00+01:00');
  const today = (): string => meldpunt.cloud.clock.iso().slice(0, 10);
  const days = (count: number) => () =>
    meldpunt.advanceTo(new Date(meldpunt.cloud.clock.now() + count * 86_400_000).toISOString());
  const answer =
    (over: Record<string, string> = {}) =>
    (id: string) =>
      meldpunt.outcomes('0392', [
        { signaal: id, resultaat: 'Definitief geen contact kunnen krijgen', resultaat_datum: today(), ...over },
      ]);
  const accepted = (id: string) =>
    answer({
      resultaat: 'Vervolghulp en/of verwijzing financieel',
      plan_van_aanpak: today(),
      betaling_hervat: today(),
      schuldenrust: 'j',
    })(id);
  const paths: Record<string, readonly ((id: string) => Promise<unknown>)[]> = {
    'nobody reached, answered in a week': [days(7), answer()],
    'nobody reached, after the reminder': [days(18), answer()],
    'help accepted, schuldenrust to its end': [days(3), accepted, days(32)],
    'never answered, closed at the horizon': [days(62)],
  };
  let house = 500;
  for (const [path, steps] of Object.entries(paths)) {
    house += 1;
    const reference = `COST-${house}`;
    const start = meldpunt.cloud.clock.iso();
    const before = sumOf(meldpunt.cloud.calls);
    await meldpunt.upload('elan-wonen', [goodRow({ referentie: reference, huisnummer: String(house) })]);
    const uploaded = sumOf(meldpunt.cloud.calls);
    const stored = (await meldpunt.signals(reference))[0];
    const id = String(stored?.signalId);
    for (const step of steps) await step(id);
    const execution = (await meldpunt.executions('SignalStateMachine')).find(({ name }) => name?.includes(id));
    const history = await meldpunt.history(execution?.executionArn ?? '');
    const versions = (await meldpunt.signals(reference))[0]?.version;
    report(path, {
      from: start.slice(0, 10),
      stateTransitions: history.filter(({ type }) => type?.endsWith('StateEntered')).length,
      historyEvents: history.length,
      signalWrites: Number(versions) + 1,
      uploadCalls: difference(uploaded, before),
    });
  }
  await meldpunt.close();
}

if (values.json) {
  const [only, ...more] = Object.values(figures);
  process.stdout.write(`${JSON.stringify(more.length === 0 ? only : figures)}\n`);
}
