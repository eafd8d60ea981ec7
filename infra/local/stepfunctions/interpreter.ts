import type { LambdaAnswer, Millis } from '../contract.ts';
import type { Container, Definition, Exit, State, StateOf } from './definition.ts';
import {
  type Branch,
  type Call,
  callArguments,
  type Execution,
  type ExecutionStatus,
  keyOf,
  newBranch,
  newToken,
} from './execution.ts';
import { isObject, type Json, type JsonObject, type Scope, StateError } from './expressions.ts';
import { data, type HistoryEvent, historyEvent, MAX_EVENTS } from './history.ts';
import { delayOf, limited, matches, textOf, tooLarge, wholeNumber } from './rules.ts';
import { timerKey } from './store.ts';

/** AWS's own limit for an inline Map without MaxConcurrency. */
const INLINE_CONCURRENCY = 40;
const ROOT = 0;

export interface Surroundings {
  readonly now: Millis;
  readonly region: string;
  /** In [0, 1): jitter and $random. */
  readonly random: () => number;
}

/** What one step changed beside the execution itself; written in one batch with it. */
export interface Effects {
  readonly events: HistoryEvent[];
  /** Timer key → set or removed. */
  readonly timers: Map<string, boolean>;
  readonly calls: Call[];
}

/** Thrown to end the execution at once, past every Catch. */
class Overflow extends Error {}

/**
 * Moves one execution by one message, as far as it goes: until every branch waits for a call, a token or a timer.
 * Changes `execution` in place and collects what else is to be written; does nothing to the world.
 */
export class Interpreter {
  readonly effects: Effects = { events: [], timers: new Map(), calls: [] };
  private readonly definition: Definition;
  private readonly execution: Execution;
  private readonly world: Surroundings;
  private readonly ready: number[] = [];

  constructor(definition: Definition, execution: Execution, world: Surroundings) {
    this.definition = definition;
    this.execution = execution;
    this.world = world;
  }

  async start(): Promise<void> {
    const { execution, definition } = this;
    const input: Json = JSON.parse(execution.input);
    this.event(0, 'ExecutionStarted', { ...data('input', input), roleArn: execution.roleArn });
    this.limitTime();
    // As AWS counts: the first state has no event before it.
    const root = newBranch({ id: ROOT, lastEvent: 0 });
    execution.branches = { [ROOT]: root };
    await this.guarded(root, () => this.enter(root, definition.startAt, input));
  }

  /**
   * Runs the state in which the execution ended without success once more, with the input it had and fresh retries.
   * Differs from AWS in one thing: a Map or Parallel runs again as a whole, not only what failed in it.
   */
  async redrive(): Promise<void> {
    const { execution } = this;
    const root = this.branch(ROOT);
    execution.status = 'RUNNING';
    execution.redrives += 1;
    execution.redrivenAt = this.world.now;
    for (const field of ['stoppedAt', 'error', 'cause', 'output'] as const) delete execution[field];
    root.lastEvent = this.event(execution.events, 'ExecutionRedriven', { redriveCount: execution.redrives });
    this.limitTime();
    Object.assign(root, { retryCount: 0, retries: [] });
    execution.transitions += 1;
    this.ready.push(ROOT);
    await this.guarded(root, () => undefined);
  }

  async answered(call: Call, answer: LambdaAnswer): Promise<void> {
    if (callArguments(this.execution, call) === undefined) return;
    const branch = this.branch(call.branch);
    const pending = this.task(branch);
    await this.guarded(branch, async () => {
      if (!answer.ok) {
        const { errorType, errorMessage } = answer;
        return this.taskFailed(branch, errorType, JSON.stringify({ errorType, errorMessage }));
      }
      const result = {
        ExecutedVersion: '$LATEST',
        Payload: (answer.payload ?? null) as Json,
        StatusCode: 200,
      };
      if (tooLarge(result))
        return this.taskFailed(
          branch,
          'States.DataLimitExceeded',
          `The state/task '${resourceOf(pending.token).resource}' returned a result with a size exceeding the maximum number of bytes service limit.`,
        );
      if (pending.token === undefined) return this.taskSucceeded(branch, result);
      branch.lastEvent = this.event(branch.lastEvent, 'TaskSubmitted', {
        ...resourceOf(pending.token),
        ...data('output', result),
      });
      branch.pending = { ...pending, submitted: true };
    });
  }

  async tokenSucceeded(id: number, output: Json): Promise<void> {
    const branch = this.branch(id);
    await this.guarded(branch, () => this.taskSucceeded(branch, output));
  }

  async tokenFailed(id: number, error: string, cause: string): Promise<void> {
    const branch = this.branch(id);
    await this.guarded(branch, () => this.taskFailed(branch, error, cause));
  }

  /** A timer came due. One that is no longer wanted is only removed. */
  async fired(key: string): Promise<void> {
    this.effects.timers.set(key, false);
    if (this.execution.timer === key) return this.end('TIMED_OUT', 'ExecutionTimedOut', 'States.Timeout', undefined);
    const branch = Object.values(this.execution.branches).find(({ timer }) => timer === key);
    if (branch === undefined) return;
    delete branch.timer;
    await this.guarded(branch, async () => {
      const { pending } = branch;
      if (pending?.kind === 'wait') await this.finish(branch, branch.input);
      else if (pending?.kind === 'retry') {
        delete branch.pending;
        branch.retryCount += 1;
        this.execution.transitions += 1;
        this.ready.push(branch.id);
      } else if (pending?.kind === 'task') {
        branch.lastEvent = this.event(branch.lastEvent, 'TaskTimedOut', {
          ...resourceOf(pending.token),
          error: 'States.Timeout',
        });
        await this.failed(branch, new StateError('States.Timeout', ''));
      }
    });
  }

  stop(error: string | undefined, cause: string | undefined): void {
    this.end('ABORTED', 'ExecutionAborted', error, cause);
  }

  /** Does `first`, then runs what is ready until nothing is; a state's failure goes through its Retry and Catch. */
  private async guarded(branch: Branch, first: () => Promise<void> | void): Promise<void> {
    try {
      await this.attempt(branch, first);
      for (let id = this.ready.shift(); id !== undefined; id = this.ready.shift()) {
        const next = this.execution.branches[id];
        if (next !== undefined && this.execution.status === 'RUNNING') await this.attempt(next, () => this.run(next));
      }
    } catch (error) {
      if (!(error instanceof Overflow)) throw error;
      this.end(
        'FAILED',
        'ExecutionFailed',
        'States.Runtime',
        `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
      );
    }
  }

  /** What an expression or a limit refuses is the failure of the branch's state. */
  private async attempt(branch: Branch, action: () => Promise<void> | void): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      if (error.error === 'States.QueryEvaluationError')
        branch.lastEvent = this.event(branch.lastEvent, 'EvaluationFailed', {
          error: error.error,
          cause: error.errorCause,
          state: branch.state,
        });
      await this.failed(branch, error);
    }
  }

  private enter(branch: Branch, name: string, input: Json): void {
    const state = this.containerOf(branch).states[name];
    if (state === undefined) throw new Error(`definition lost state ${name}`);
    Object.assign(branch, { state: name, input, enteredAt: this.world.now, retryCount: 0, retries: [] });
    delete branch.pending;
    branch.lastEvent = this.event(branch.lastEvent, `${state.type}StateEntered`, { name, ...data('input', input) });
    this.execution.transitions += 1;
    this.ready.push(branch.id);
  }

  private async run(branch: Branch): Promise<void> {
    const state = this.stateOf(branch);
    switch (state.type) {
      case 'Pass':
      case 'Succeed':
        return this.finish(branch, branch.input);
      case 'Fail': {
        const scope = this.scope(branch);
        const error = await textOf(state.error, scope, 'Error');
        const cause = await textOf(state.cause, scope, 'Cause');
        return this.failed(branch, new StateError(error ?? '', cause ?? ''));
      }
      case 'Choice':
        return this.choose(branch, state);
      case 'Wait': {
        this.setTimer(branch, await this.due(state, this.scope(branch)));
        branch.pending = { kind: 'wait' };
        return;
      }
      case 'Task':
        return this.schedule(branch, state);
      case 'Map':
      case 'Parallel':
        return this.open(branch, state);
    }
  }

  private async choose(branch: Branch, state: StateOf<'Choice'>): Promise<void> {
    const scope = this.scope(branch);
    for (const choice of state.choices) {
      const holds = await choice.condition(scope);
      if (typeof holds !== 'boolean')
        throw new StateError(
          'States.QueryEvaluationError',
          `The Condition of state '${branch.state}' evaluated to no boolean.`,
        );
      if (holds) return this.leave(branch, choice, scope, branch.input);
    }
    if (state.otherwise.next === undefined)
      throw new StateError('States.NoChoiceMatched', `No rule of state '${branch.state}' holds.`);
    return this.leave(branch, state.otherwise, scope, branch.input);
  }

  private async due(state: StateOf<'Wait'>, scope: Scope): Promise<Millis> {
    if (state.timestamp === undefined)
      return this.world.now + 1000 * (await wholeNumber(state.seconds, scope, 'Seconds', 0));
    const text = await state.timestamp(scope);
    const at = typeof text === 'string' && /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(at)) throw new StateError('States.QueryEvaluationError', 'The Timestamp evaluated to no moment.');
    return Math.max(at, this.world.now);
  }

  private async schedule(branch: Branch, state: StateOf<'Task'>): Promise<void> {
    const scheduled = this.execution.events + 1;
    const token = state.waitForToken ? newToken(this.execution, branch.id) : undefined;
    const scope = this.scope(branch, token === undefined ? {} : { Task: { Token: token } });
    const args = await state.arguments(scope);
    if (!isObject(args) || typeof args.FunctionName !== 'string')
      throw new StateError('States.Runtime', `The FunctionName of state '${branch.state}' is no text.`);
    limited(args, `The arguments of state '${branch.state}'`);
    const timeout = state.timeoutSeconds && (await wholeNumber(state.timeoutSeconds, scope, 'TimeoutSeconds', 1));
    branch.lastEvent = this.event(branch.lastEvent, 'TaskScheduled', {
      ...resourceOf(token),
      region: this.world.region,
      ...data('parameters', args),
      ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
    });
    branch.lastEvent = this.event(branch.lastEvent, 'TaskStarted', resourceOf(token));
    branch.pending = { kind: 'task', scheduled, arguments: args, submitted: false, ...(token ? { token } : {}) };
    if (timeout !== undefined) this.setTimer(branch, this.world.now + timeout * 1000);
    this.effects.calls.push({ branch: branch.id, scheduled });
  }

  private async taskSucceeded(branch: Branch, result: Json): Promise<void> {
    const { token } = this.task(branch);
    this.clearTimer(branch);
    branch.lastEvent = this.event(branch.lastEvent, 'TaskSucceeded', {
      ...resourceOf(token),
      ...data('output', result),
    });
    await this.finish(branch, result);
  }

  private async taskFailed(branch: Branch, error: string, cause: string): Promise<void> {
    const { token } = this.task(branch);
    branch.lastEvent = this.event(branch.lastEvent, 'TaskFailed', { ...resourceOf(token), error, cause });
    await this.failed(branch, new StateError(error, cause));
  }

  /** Starts the iterations of a Map or the branches of Parallel. */
  private async open(branch: Branch, state: StateOf<'Map' | 'Parallel'>): Promise<void> {
    const scope = this.scope(branch);
    if (state.type === 'Parallel') {
      const input = state.arguments ? await state.arguments(scope) : branch.input;
      branch.lastEvent = this.event(branch.lastEvent, 'ParallelStateStarted');
      const inputs = state.branches.map(() => input);
      branch.pending = { kind: 'children', results: [], inputs, concurrency: inputs.length, started: 0, done: 0 };
      return this.startChildren(branch);
    }
    const items = state.items ? await state.items(scope) : branch.input;
    if (!Array.isArray(items))
      throw new StateError('States.QueryEvaluationError', `The Items of state '${branch.state}' are no array.`);
    const most = await wholeNumber(state.maxConcurrency ?? (async () => 0), scope, 'MaxConcurrency', 0);
    const inputs: Json[] = [];
    for (const [index, value] of items.entries())
      inputs.push(
        state.itemSelector
          ? await state.itemSelector(this.scope(branch, { Map: { Item: { Index: index, Value: value } } }))
          : value,
      );
    branch.lastEvent = this.event(branch.lastEvent, 'MapStateStarted', { length: items.length });
    branch.pending = {
      kind: 'children',
      results: [],
      inputs,
      items,
      concurrency: most === 0 ? INLINE_CONCURRENCY : Math.min(most, INLINE_CONCURRENCY),
      started: 0,
      done: 0,
    };
    return this.startChildren(branch);
  }

  private async startChildren(branch: Branch): Promise<void> {
    const { pending } = branch;
    if (pending?.kind !== 'children') throw new Error('branch has no children');
    const { type } = this.stateOf(branch);
    if (pending.done === pending.inputs.length) {
      branch.lastEvent = this.event(branch.lastEvent, `${type}StateSucceeded`);
      return this.finish(branch, pending.results);
    }
    while (pending.started < pending.inputs.length && pending.started - pending.done < pending.concurrency) {
      const index = pending.started++;
      const child = newBranch({
        id: this.execution.nextBranch++,
        parent: { branch: branch.id, index },
        lastEvent: branch.lastEvent,
        ...(pending.items ? { item: { value: pending.items[index] ?? null } } : {}),
      });
      if (type === 'Map')
        child.lastEvent = this.event(child.lastEvent, 'MapIterationStarted', { name: branch.state, index });
      this.execution.branches[child.id] = child;
      this.enter(child, this.containerOf(child).startAt, pending.inputs[index] ?? null);
    }
  }

  /** Ends a state with success: Assign and Output see the same values, then both take effect. */
  private async finish(branch: Branch, result: Json): Promise<void> {
    const state = this.stateOf(branch);
    if (state.type === 'Choice' || state.type === 'Fail') throw new Error(`${state.type} has no result`);
    const extra = state.type === 'Task' || state.type === 'Map' || state.type === 'Parallel' ? { result } : {};
    await this.leave(branch, state, this.scope(branch, {}, extra), result);
  }

  private async leave(branch: Branch, exit: Exit, scope: Scope, fallback: Json): Promise<void> {
    const output = exit.output ? await exit.output(scope) : fallback;
    const assigned = exit.assign ? ((await exit.assign(scope)) as JsonObject) : {};
    limited(output, `The output of state '${branch.state}'`);
    limited(assigned, `The variables of state '${branch.state}'`);
    branch.variables = { ...branch.variables, ...assigned };
    const { type } = this.stateOf(branch);
    branch.lastEvent = this.event(branch.lastEvent, `${type}StateExited`, {
      name: branch.state,
      ...data('output', output),
      ...(exit.assign
        ? {
            assignedVariables: Object.fromEntries(
              Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]),
            ),
            assignedVariablesDetails: { truncated: false },
          }
        : {}),
    });
    delete branch.pending;
    if (exit.next !== undefined) return this.enter(branch, exit.next, output);
    if (branch.parent === undefined) return this.succeed(branch, output);
    const { parent } = branch;
    delete this.execution.branches[branch.id];
    const above = this.branch(parent.branch);
    const { pending } = above;
    if (pending?.kind !== 'children') throw new Error('branch lost its parent');
    above.lastEvent = branch.lastEvent;
    if (branch.item !== undefined)
      above.lastEvent = this.event(branch.lastEvent, 'MapIterationSucceeded', {
        name: above.state,
        index: parent.index,
      });
    while (pending.results.length < parent.index) pending.results.push(null);
    pending.results[parent.index] = output;
    pending.done += 1;
    // Its own failure (Output, limits) belongs to the parent's state, not to this branch.
    await this.attempt(above, () => this.startChildren(above));
  }

  /** A state failed: Retry, else Catch, else its container fails. */
  private async failed(branch: Branch, error: StateError): Promise<void> {
    const state = this.stateOf(branch);
    this.clearTimer(branch);
    const index = state.retry.findIndex(({ errorEquals }) => matches(errorEquals, error.error));
    const retrier = state.retry[index];
    const used = branch.retries[index] ?? 0;
    if (retrier !== undefined && used < retrier.maxAttempts) {
      this.dropChildren(branch);
      branch.retries = Array.from(state.retry, (_, place) => (branch.retries[place] ?? 0) + (place === index ? 1 : 0));
      branch.pending = { kind: 'retry' };
      return this.setTimer(branch, this.world.now + delayOf(retrier, used, this.world.random));
    }
    const catcher = state.catch.find(({ errorEquals }) => matches(errorEquals, error.error));
    if (catcher === undefined) return this.containerFailed(branch, error);
    this.dropChildren(branch);
    const errorOutput = { Error: error.error, Cause: error.errorCause };
    try {
      await this.leave(branch, catcher, this.scope(branch, {}, { errorOutput }), errorOutput);
    } catch (second) {
      // A Catch that itself fails is not caught again.
      if (!(second instanceof StateError)) throw second;
      await this.containerFailed(branch, second);
    }
  }

  private async containerFailed(branch: Branch, error: StateError): Promise<void> {
    if (branch.parent === undefined)
      return this.end('FAILED', 'ExecutionFailed', error.error, error.errorCause || undefined);
    const above = this.branch(branch.parent.branch);
    above.lastEvent = branch.lastEvent;
    if (branch.item !== undefined)
      above.lastEvent = this.event(above.lastEvent, 'MapIterationFailed', {
        name: above.state,
        index: branch.parent.index,
      });
    delete this.execution.branches[branch.id];
    this.dropChildren(branch);
    for (const sibling of this.childrenOf(above))
      if (sibling.item !== undefined && sibling.parent !== undefined)
        above.lastEvent = this.event(above.lastEvent, 'MapIterationAborted', {
          name: above.state,
          index: sibling.parent.index,
        });
    this.dropChildren(above);
    above.lastEvent = this.event(above.lastEvent, `${this.stateOf(above).type}StateFailed`);
    await this.failed(above, error);
  }

  private succeed(branch: Branch, output: Json): void {
    this.execution.output = JSON.stringify(output);
    this.close('SUCCEEDED');
    this.execution.branches = {};
    this.event(branch.lastEvent, 'ExecutionSucceeded', data('output', output));
  }

  /** Ends without success. The root branch stays, so that the execution can be redriven from its state. */
  private end(
    status: ExecutionStatus,
    type: `Execution${string}`,
    error: string | undefined,
    cause: string | undefined,
  ): void {
    const root = this.branch(ROOT);
    this.close(status);
    this.clearTimer(root);
    this.dropChildren(root);
    delete root.pending;
    const details = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    Object.assign(this.execution, details);
    this.event(root.lastEvent, type, details);
  }

  private close(status: ExecutionStatus): void {
    this.execution.status = status;
    this.execution.stoppedAt = this.world.now;
    this.clearTimer(this.execution);
    this.effects.calls.length = 0;
  }

  private event(previous: number, type: string, details: Parameters<typeof historyEvent>[4] = {}): number {
    // The last place is kept for the event that ends the execution.
    if (this.execution.events >= MAX_EVENTS - 1 && !/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type))
      throw new Overflow();
    this.execution.events += 1;
    this.effects.events.push(historyEvent(this.execution.events, previous, this.world.now, type, details));
    return this.execution.events;
  }

  private limitTime(): void {
    const { timeoutSeconds } = this.definition;
    if (timeoutSeconds !== undefined) this.setTimer(this.execution, this.world.now + timeoutSeconds * 1000);
  }

  private setTimer(owner: Branch | Execution, due: Millis): void {
    this.clearTimer(owner);
    // Unique: an event id is used by one timer at most, the execution's own has none.
    const key = timerKey(due, keyOf(this.execution), 'id' in owner ? `${owner.id}-${this.execution.events}` : 'x');
    owner.timer = key;
    this.effects.timers.set(key, true);
  }

  private clearTimer(owner: Branch | Execution): void {
    if (owner.timer === undefined) return;
    this.effects.timers.set(owner.timer, false);
    delete owner.timer;
  }

  private dropChildren(branch: Branch): void {
    for (const child of this.childrenOf(branch)) {
      this.dropChildren(child);
      this.clearTimer(child);
      delete this.execution.branches[child.id];
      const { calls } = this.effects;
      for (let at = calls.length - 1; at >= 0; at--) if (calls[at]?.branch === child.id) calls.splice(at, 1);
    }
  }

  private childrenOf(branch: Branch): readonly Branch[] {
    return Object.values(this.execution.branches).filter(({ parent }) => parent?.branch === branch.id);
  }

  private branch(id: number): Branch {
    const found = this.execution.branches[id];
    if (found === undefined) throw new Error(`execution has no branch ${id}`);
    return found;
  }

  private task(branch: Branch): Extract<Branch['pending'], { kind: 'task' }> {
    if (branch.pending?.kind !== 'task') throw new Error('branch has no task');
    return branch.pending;
  }

  private containerOf(branch: Branch): Container {
    if (branch.parent === undefined) return this.definition;
    const state = this.stateOf(this.branch(branch.parent.branch));
    const container =
      state.type === 'Map'
        ? state.processor
        : state.type === 'Parallel'
          ? state.branches[branch.parent.index]
          : undefined;
    if (container === undefined) throw new Error('definition lost a container');
    return container;
  }

  private stateOf(branch: Branch): State {
    const state = this.containerOf(branch).states[branch.state];
    if (state === undefined) throw new Error(`definition lost state ${branch.state}`);
    return state;
  }

  private scope(
    branch: Branch,
    context: JsonObject = {},
    more: Pick<Scope['states'], 'result' | 'errorOutput'> = {},
  ): Scope {
    const { execution, world } = this;
    const lineage: Branch[] = [];
    for (let at: Branch | undefined = branch; at; at = at.parent && this.branch(at.parent.branch)) lineage.unshift(at);
    const iteration = lineage.findLast(({ item }) => item !== undefined);
    return {
      variables: Object.assign({}, ...lineage.map(({ variables }) => variables)),
      now: world.now,
      random: world.random,
      states: {
        input: branch.input,
        context: {
          Execution: {
            Id: execution.arn,
            Input: JSON.parse(execution.input),
            Name: execution.name,
            RoleArn: execution.roleArn,
            StartTime: new Date(execution.startedAt).toISOString(),
            RedriveCount: execution.redrives,
            ...(execution.redrivenAt === undefined
              ? {}
              : { RedriveTime: new Date(execution.redrivenAt).toISOString() }),
          },
          StateMachine: { Id: execution.machineArn, Name: execution.machine },
          State: {
            EnteredTime: new Date(branch.enteredAt).toISOString(),
            Name: branch.state,
            RetryCount: branch.retryCount,
          },
          ...(iteration?.item && iteration.parent
            ? { Map: { Item: { Index: iteration.parent.index, Value: iteration.item.value } } }
            : {}),
          ...context,
        },
        ...more,
      },
    };
  }
}

const resourceOf = (token: string | undefined): { resourceType: string; resource: string } => ({
  resourceType: 'lambda',
  resource: token === undefined ? 'invoke' : 'invoke.waitForTaskToken',
});
