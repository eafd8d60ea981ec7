import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { type Eml, readEml } from './eml.ts';
import { inParallel, type Outputs, type Outside } from './outside.ts';

/** Everything that can be seen from outside when the story is over, and copies of it in a folder. */
export interface Execution {
  readonly name: string;
  readonly status: string;
  readonly input: string;
  readonly output: string;
  readonly events: readonly HistoryEvent[];
}

export interface Observed {
  /** Objects of the exchange bucket by key. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly executions: Readonly<Record<'delivery' | 'signal', readonly Execution[]>>;
  readonly mails: readonly Eml[];
  /** Lines the Lambdas wrote. */
  readonly logs: string;
}

export interface Places {
  /** Where the demo leaves its files. */
  readonly folder: string;
  /** Where the embedded cloud keeps mails and logs. */
  readonly outbox: string;
  readonly logs: string;
}

const save = async (path: string, body: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
};

export const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

const executionsOf = async (outside: Outside, stateMachine: string, folder: string): Promise<Execution[]> => {
  const listed = await outside.executions(stateMachine);
  return inParallel(listed, async ({ executionArn = '' }) => {
    const [described, events] = await Promise.all([outside.execution(executionArn), outside.history(executionArn)]);
    const { name = '', status = '', input = '', output = '', startDate, stopDate } = described;
    await save(
      join(folder, `${name}.json`),
      JSON.stringify({ name, status, startDate, stopDate, input, output, events }, undefined, 1),
    );
    return { name, status, input, output, events };
  });
};

export const observe = async (outside: Outside, outputs: Outputs, places: Places): Promise<Observed> => {
  const keys = await outside.exchanged('');
  const objects = new Map(
    await inParallel(keys, async (key): Promise<[string, Uint8Array]> => {
      const body = await outside.read(key);
      await save(join(places.folder, 'exchange', key), body);
      return [key, body];
    }),
  );
  const mails = await inParallel(
    (await readdir(places.outbox)).filter((name) => name.endsWith('.eml')).sort(),
    async (name) => {
      const raw = await readFile(join(places.outbox, name));
      await save(join(places.folder, 'mails', name), raw);
      return readEml(raw);
    },
  );
  const signal = await executionsOf(outside, outputs.SignalStateMachine, join(places.folder, 'executions', 'signal'));
  const delivery = await executionsOf(
    outside,
    outputs.DeliveryStateMachine,
    join(places.folder, 'executions', 'delivery'),
  );
  const logs = await inParallel(await readdir(places.logs), (name) => readFile(join(places.logs, name), 'utf8'));
  return { objects, items: await outside.items(), executions: { signal, delivery }, mails, logs: logs.join('\n') };
};
