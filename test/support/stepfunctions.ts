import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { type Clock, openClock } from '#infra/local/clock.ts';
import { AwsError, type LambdaAnswer } from '#infra/local/contract.ts';
import type { HistoryEvent } from '#infra/local/stepfunctions/history.ts';
import { openStepFunctions, type StepFunctions } from '#infra/local/stepfunctions/stepfunctions.ts';
import type { Database } from '#infra/local/stepfunctions/store.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/test';
export const START = Date.parse('2026-03-02T08:00:00.000Z');
export const SECOND = 1000;
export const DAY = 86_400 * SECOND;

export const answers = (payload: unknown): LambdaAnswer => ({ ok: true, payload });
export const fails = (errorType: string, errorMessage = 'said the function'): LambdaAnswer => ({
  ok: false,
  errorType,
  errorMessage,
});

export interface Invocation {
  readonly name: string;
  readonly payload: Record<string, unknown>;
  readonly at: number;
}

/** What a function answers; `nth` counts its calls from 0. */
export type Script = (payload: Record<string, unknown>, nth: number) => LambdaAnswer | Promise<LambdaAnswer>;

export interface Execution {
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly [field: string]: unknown;
}

/**
 * The engine on a disk of its own and a clock that stands still until a test moves it, with functions that answer by
 * script. `crash` and `reopen` are what a killed process leaves and what its successor finds.
 */
export class Bench {
  readonly calls: Invocation[] = [];
  readonly functions: Record<string, Script> = {};
  clock!: Clock;
  engine!: StepFunctions;
  private db!: ClassicLevel<string, string>;
  /** How many more batches reach the disk, and who is told of the first that does not. */
  private writes = { left: Number.POSITIVE_INFINITY, dropped: () => {} };
  private readonly directory: string;
  private readonly random: (() => number) | undefined;

  private constructor(directory: string, random: (() => number) | undefined) {
    this.directory = directory;
    this.random = random;
  }

  static async open({ random }: { random?: () => number } = {}): Promise<Bench> {
    const bench = new Bench(await mkdtemp(join(tmpdir(), 'meldpunt-asl-')), random);
    await bench.reopen();
    return bench;
  }

  async reopen(): Promise<void> {
    this.writes = { left: Number.POSITIVE_INFINITY, dropped: () => {} };
    this.db = new ClassicLevel(join(this.directory, 'db'));
    await this.db.open();
    this.clock = await openClock({ db: this.db, mode: 'still', startAt: START });
    const sublevel = (name: string): Database => {
      const db = this.db.sublevel(name);
      return {
        get: (key) => db.get(key),
        getMany: (keys) => db.getMany(keys),
        iterator: (range) => db.iterator(range),
        batch: async (operations) => {
          if (this.writes.left-- > 0) await db.batch(operations);
          else this.writes.dropped();
        },
      };
    };
    this.engine = await openStepFunctions({
      db: { sublevel },
      clock: this.clock,
      lambda: { invoke: (name, payload) => this.invoke(name, payload as Record<string, unknown>) },
      ...(this.random ? { random: this.random } : {}),
    });
  }

  /** Lets `left` batches reach the disk and drops all later ones until reopened; resolves at the first dropped. */
  dropWritesAfter(left: number): Promise<void> {
    return new Promise((dropped) => {
      this.writes = { left, dropped };
    });
  }

  /** Stops as a kill does: what Lambda still answers is heard by nobody. */
  async crash(): Promise<void> {
    await this.engine.close();
    await this.clock.close();
    await this.db.close();
  }

  async close(): Promise<void> {
    await this.crash();
    await rm(this.directory, { recursive: true });
  }

  async machine(definition: object, name = 'machine'): Promise<string> {
    return this.engine.createStateMachine({ name, definition: JSON.stringify(definition), roleArn: ROLE });
  }

  async start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const answer = await this.call('StartExecution', { stateMachineArn, input: JSON.stringify(input), name });
    return String(answer.executionArn);
  }

  async describe(executionArn: string): Promise<Execution> {
    return (await this.call('DescribeExecution', { executionArn })) as unknown as Execution;
  }

  async history(executionArn: string): Promise<readonly HistoryEvent[]> {
    const { events } = await this.call('GetExecutionHistory', { executionArn, maxResults: 1000 });
    return events as readonly HistoryEvent[];
  }

  async types(executionArn: string): Promise<readonly string[]> {
    return (await this.history(executionArn)).map(({ type }) => type);
  }

  /** One action as the endpoint hands it on: JSON, so without what is undefined. */
  async call(action: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    return this.engine.handle(action, JSON.parse(JSON.stringify(input)));
  }

  /** Runs a machine until it waits or ends. */
  async run(definition: object, input: unknown = {}): Promise<Execution & { readonly executionArn: string }> {
    const executionArn = await this.start(await this.machine(definition), input);
    await this.settled();
    return { ...(await this.describe(executionArn)), executionArn };
  }

  settled(): Promise<void> {
    return this.clock.settled();
  }

  advance(millis: number): Promise<void> {
    return this.clock.advanceTo(this.clock.now() + millis);
  }

  private async invoke(name: string, payload: Record<string, unknown>): Promise<LambdaAnswer> {
    const nth = this.calls.filter((call) => call.name === name).length;
    this.calls.push({ name, payload, at: this.clock.now() });
    const script = this.functions[name];
    if (script === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    return script(payload, nth);
  }
}

/** A machine of these states that starts with the first. */
export const machineOf = (states: Record<string, object>, more: object = {}): object => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0],
  States: states,
  ...more,
});

/** A task that invokes `name` with what the state gets. */
export const invoke = (name: string, more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: name, Payload: '{% $states.input %}' },
  End: true,
  ...more,
});

/** A task that waits until somebody answers with its token. */
export const waitForToken = (name: string, more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: { FunctionName: name, Payload: { token: '{% $states.context.Task.Token %}' } },
  End: true,
  ...more,
});

/**
 * A function whose first `size` calls answer only when all of them are under way: fewer at once and nothing ends.
 * `most()` is how many were under way together.
 */
export const together = (size: number, answer: Script): { readonly script: Script; readonly most: () => number } => {
  let running = 0;
  let most = 0;
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    most: () => most,
    script: async (payload, nth) => {
      running += 1;
      most = Math.max(most, running);
      if (running === size) open();
      await gate;
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return answer(payload, nth);
    },
  };
};
