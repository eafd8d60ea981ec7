import { rename, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectDirectory, synthesize } from './assembly.ts';
import { parseClockMode } from './clock.ts';
import { type Cloud, startCloud } from './cloud.ts';
import { describeWithoutEffect } from './template/without-effect.ts';

const HELP = `npm start -- [--port 4566] [--data DIR] [--clock real|x3600|jump|still] [--show-ignored] [--help]

Runs the project's own CloudFormation template on this machine, until Ctrl-C.
  --port          port on 127.0.0.1 (default 4566; 0 takes a free one)
  --data          directory where everything is kept (default .meldpunt/data)
  --clock         real: as your watch; x3600: an hour in a second; jump: on to the next
                  waiting moment whenever nothing is under way; still: only when told
  --show-ignored  prints what of the template has no meaning on one machine, and why
  --assembly      a CDK cloud assembly of your own instead of the project's`;

type Options = {
  readonly port: number;
  readonly directory: string;
  readonly clock: string;
  readonly assembly?: string;
};

/** Wrong use or a place that is taken: said in one line, without a stack. */
class Refusal extends Error {}

const readOptions = (): Options | string => {
  let values: {
    port?: string;
    data?: string;
    clock?: string;
    assembly?: string;
    help?: boolean;
    'show-ignored'?: boolean;
  };
  try {
    ({ values } = parseArgs({
      options: {
        port: { type: 'string', default: '4566' },
        data: { type: 'string', default: join(projectDirectory, '.meldpunt', 'data') },
        clock: { type: 'string', default: 'real' },
        assembly: { type: 'string' },
        'show-ignored': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${HELP}`);
  }
  if (values.help === true) return HELP;
  if (values['show-ignored'] === true) return describeWithoutEffect();
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Refusal(`--port ${values.port} is no port`);
  const { clock = 'real', data = '', assembly } = values;
  return { port, directory: resolve(data), clock, ...(assembly !== undefined && { assembly: resolve(assembly) }) };
};

/** A reader sees the whole file or the one before. */
const writeOutputs = async (directory: string, cloud: Cloud): Promise<string> => {
  const path = join(directory, 'outputs.json');
  await writeFile(`${path}.part`, `${JSON.stringify({ ...cloud.outputs, endpoint: cloud.endpoint }, null, 2)}\n`);
  await rename(`${path}.part`, path);
  return path;
};

const open = async ({ port, directory, clock, assembly }: Options): Promise<Cloud> => {
  const mode = parseClockMode(clock);
  if (mode === undefined) throw new Refusal(`--clock ${clock}: give real, jump, still or x followed by a number`);
  try {
    return await startCloud({ assembly: assembly ?? (await synthesize()), directory, port, mode });
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    if (code === 'EADDRINUSE') throw new Refusal(`Port ${port} is in use. Take another one with --port.`);
    if (code === 'EACCES') throw new Refusal(`Port ${port} or ${directory} is not open to you.`);
    if (code === 'LEVEL_LOCKED' || cause?.code === 'LEVEL_LOCKED') {
      throw new Refusal(`${directory} is in use by another run. Stop that one, or take another directory with --data.`);
    }
    throw error;
  }
};

const welcome = (cloud: Cloud, directory: string, outputsPath: string): string => {
  const place = (path: string): string => relative(process.cwd(), path) || '.';
  const { plan } = cloud;
  const cli = `aws --endpoint-url ${cloud.endpoint}`;
  const bucket = plan.buckets[0]?.name ?? '<bucket>';
  return `The embedded cloud runs at ${cloud.endpoint} (this machine only). Its clock says ${cloud.clock.iso()}.
${plan.functions.length} functions, ${plan.stateMachines.length} state machines, ${plan.rules.length} rules, ${plan.schedules.length} schedules, ${plan.buckets.length} buckets, ${plan.tables.length} tables, ${plan.queues.length} queues.

Names of buckets, tables and state machines: ${place(outputsPath)}
Mails it would have sent:                    ${place(cloud.mailDirectory)}
Logs, a file per function:                   ${place(cloud.logDirectory)}
All data:                                    ${place(directory)}

Use it as you use AWS (any key and secret will do, region eu-west-1):
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=eu-west-1
  ${cli} s3 ls s3://${bucket}
  ${cli} stepfunctions list-state-machines
Move its clock on; this answers when everything that came due is done:
  curl -X POST ${cloud.endpoint}/_local/clock -d '{"advance":"P14D"}'

Stop with Ctrl-C.`;
};

const main = async (): Promise<void> => {
  const options = readOptions();
  if (typeof options === 'string') {
    console.log(options);
    return;
  }
  const cloud = await open(options);
  const outputsPath = await writeOutputs(options.directory, cloud);
  console.log(welcome(cloud, options.directory, outputsPath));
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    console.log(`${signal}: stopping …`);
    cloud.stop().then(
      () => {
        console.log('Stopped. Everything is kept; start again to go on.');
        process.exit(0);
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exit(1);
}
