import {
  AwsError,
  type LambdaAnswer,
  type LambdaInvoker,
  type LocalClock,
  type Millis,
  type TimerSource,
} from '../contract.ts';
import { type Definition, parseDefinition } from './definition.ts';
import { type Call, callArguments, type Execution, type ExecutionStatus, keyOf, openCalls } from './execution.ts';
import type { Json } from './expressions.ts';
import { Interpreter, type Surroundings } from './interpreter.ts';
import { executionOf, type Store } from './store.ts';

/** Steps of different executions that a pass over due timers has under way at once. */
const STEPS_AT_ONCE = 32;

export interface EngineOptions {
  readonly store: Store;
  readonly clock: LocalClock;
  readonly lambda: LambdaInvoker;
  readonly region: string;
  readonly random: () => number;
  /** Lambda calls at once. */
  readonly concurrency: number;
}

/** Counted since the engine was opened. */
export interface Statistics {
  readonly transitions: number;
  readonly events: number;
  readonly lambdaCalls: number;
  readonly ended: Readonly<Record<Exclude<ExecutionStatus, 'RUNNING'>, number>>;
}

/**
 * Drives executions: reads one, moves it by a message, writes it, makes its Lambda calls. Between messages an
 * execution is on disk only. A crash at any moment costs no more than calls made twice.
 */
export class Engine implements TimerSource {
  readonly name = 'stepfunctions';
  readonly pulls = true;
  private readonly options: EngineOptions;
  private readonly definitions = new Map<string, Promise<Definition>>();
  /** Per execution the end of its last message: messages of one execution follow each other. */
  private readonly tails = new Map<string, Promise<void>>();
  private readonly queue = new Set<Call & { readonly key: string }>();
  private calling = 0;
  private busy = 0;
  private done: () => void = () => undefined;
  private closed = false;
  private readonly counts = {
    transitions: 0,
    events: 0,
    lambdaCalls: 0,
    ended: { SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, ABORTED: 0 },
  };

  constructor(options: EngineOptions) {
    this.options = options;
  }

  /** Makes again the calls that were under way, and takes its place on the clock. */
  async open(): Promise<void> {
    const { store, clock } = this.options;
    for await (const key of store.active()) {
      const execution = await store.execution(key);
      if (execution) this.enqueue(key, openCalls(execution));
    }
    clock.register(this);
  }

  /** Takes no more messages and waits for the steps under way; what Lambda still answers is asked again after the next open. */
  async close(): Promise<void> {
    this.closed = true;
    this.queue.clear();
    await Promise.all(this.tails.values());
    if (this.busy > 0) this.done();
  }

  statistics(): Statistics {
    return structuredClone(this.counts);
  }

  async next(): Promise<Millis | undefined> {
    return this.closed ? undefined : this.options.store.nextTimer();
  }

  async fire(now: Millis): Promise<void> {
    const running = new Set<Promise<void>>();
    await this.options.store.pass(now, async (timer) => {
      if (this.closed) return;
      const step = this.step(executionOf(timer), (interpreter) => interpreter.fired(timer)).finally(() =>
        running.delete(step),
      );
      running.add(step);
      if (running.size >= STEPS_AT_ONCE) await Promise.race(running);
    });
    await Promise.all(running);
  }

  /**
   * Starts an execution, unless there is one of this name: answers that. Acknowledged on disk, with its first state.
   */
  async start(fresh: Execution): Promise<{ readonly execution: Execution; readonly started: boolean }> {
    const key = keyOf(fresh);
    return this.exclusively(key, async () => {
      const existing = await this.options.store.execution(key);
      if (existing) return { execution: existing, started: false };
      await this.move(fresh, undefined, (interpreter) => interpreter.start());
      return { execution: fresh, started: true };
    });
  }

  /** Moves an execution by one message; `act` may look at it and refuse. */
  async step(
    key: string,
    act: (interpreter: Interpreter, execution: Execution) => Promise<void> | void,
    missing: () => void = () => undefined,
  ): Promise<void> {
    await this.exclusively(key, async () => {
      const execution = await this.options.store.execution(key);
      if (execution === undefined) return missing();
      await this.move(execution, execution.status, (interpreter) => act(interpreter, execution));
    });
  }

  definition(hash: string): Promise<Definition> {
    let known = this.definitions.get(hash);
    if (known === undefined) {
      known = this.options.store.definition(hash).then(parseDefinition);
      this.definitions.set(hash, known);
    }
    return known;
  }

  private async move(
    execution: Execution,
    before: ExecutionStatus | undefined,
    act: (interpreter: Interpreter) => Promise<void> | void,
  ): Promise<void> {
    const { store, clock, region, random } = this.options;
    const world: Surroundings = { now: clock.now(), region, random };
    const interpreter = new Interpreter(await this.definition(execution.definition), execution, world);
    const transitions = execution.transitions;
    await act(interpreter);
    const { effects } = interpreter;
    if (effects.events.length === 0 && effects.timers.size === 0) return;
    await store.save(execution, effects, before);
    this.counts.transitions += execution.transitions - transitions;
    this.counts.events += effects.events.length;
    const { status } = execution;
    if (status !== before && status !== 'RUNNING') this.counts.ended[status] += 1;
    this.enqueue(keyOf(execution), effects.calls);
    if (effects.timers.size > 0) clock.poke();
  }

  private async exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new AwsError('ServiceUnavailable', 'The embedded Step Functions is closing', 503);
    const previous = this.tails.get(key);
    this.hold();
    const result = (previous ?? Promise.resolve()).then(work);
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.tails.set(key, tail);
    try {
      return await result;
    } finally {
      if (this.tails.get(key) === tail) this.tails.delete(key);
      this.release();
    }
  }

  private enqueue(key: string, calls: readonly Call[]): void {
    for (const call of calls) {
      this.hold();
      this.queue.add({ key, ...call });
    }
    this.pump();
  }

  private pump(): void {
    for (const call of this.queue) {
      if (this.closed || this.calling >= this.options.concurrency) return;
      this.queue.delete(call);
      this.calling += 1;
      void this.call(call)
        .catch((error: unknown) => {
          // A failure of the disk ends the process: what is on disk goes on after a restart.
          if (!this.closed) throw error;
        })
        .finally(() => {
          this.calling -= 1;
          this.release();
          this.pump();
        });
    }
  }

  private async call({ key, ...call }: Call & { readonly key: string }): Promise<void> {
    const execution = await this.options.store.execution(key);
    const args = execution && callArguments(execution, call);
    if (args === undefined) return;
    this.counts.lambdaCalls += 1;
    const answer = await this.invoke(String(args.FunctionName), args.Payload ?? {});
    if (!this.closed) await this.step(key, (interpreter) => interpreter.answered(call, answer));
  }

  private async invoke(name: string, payload: Json): Promise<LambdaAnswer> {
    try {
      return await this.options.lambda.invoke(name, payload);
    } catch (error) {
      // As AWS names what the service itself says, and what it cannot name.
      const { code, message } =
        error instanceof AwsError ? error : { code: 'Unknown', message: 'The cause could not be determined.' };
      return { ok: false, errorType: `Lambda.${code}`, errorMessage: message };
    }
  }

  /** The clock stands still as long as anything is held. */
  private hold(): void {
    if (this.busy++ === 0) this.done = this.options.clock.begin();
  }

  private release(): void {
    if (--this.busy === 0) this.done();
  }
}
