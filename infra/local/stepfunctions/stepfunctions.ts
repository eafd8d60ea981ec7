import { createHash, randomUUID } from 'node:crypto';
import {
  ACCOUNT,
  AwsError,
  type JsonService,
  type LambdaInvoker,
  type LocalClock,
  type Millis,
  REGION,
} from '../contract.ts';
import { perform } from './api.ts';
import { parseDefinition } from './definition.ts';
import { Engine, type Statistics } from './engine.ts';
import { type Database, dueOf, Store } from './store.ts';

export interface StateMachineInput {
  /** 1 to 80 letters, digits, `-` and `_`. */
  readonly name: string;
  readonly arn?: string;
  /** ASL text, substitutions done. */
  readonly definition: string;
  readonly roleArn: string;
}

/** Where an execution stands. `until` is missing when nothing but an answer ends the wait. */
export interface Standing {
  readonly events: number;
  readonly transitions: number;
  readonly waiting: readonly { readonly state: string; readonly since: Millis; readonly until?: Millis }[];
}

export interface StepFunctions extends JsonService {
  /**
   * Creates the machine or gives it this definition; executions under way go on under the one they started with.
   * Rejects with AwsError('InvalidDefinition') that names path and field of everything it does not know.
   */
  createStateMachine(machine: StateMachineInput): Promise<string>;
  /** Undefined when there is no such execution. */
  standing(executionArn: string): Promise<Standing | undefined>;
  /** Counted since opening. */
  statistics(): Statistics;
  /** Resolves when the steps under way are on disk; the database can then be closed. */
  close(): Promise<void>;
}

/**
 * Step Functions on one machine: Standard workflows in JSONata, on the embedded cloud's clock. What is acknowledged
 * survives a kill (not a power cut: nothing is forced to the platter); Lambda calls under way are then made again.
 * `random` (in [0, 1)) decides jitter and $random; `concurrency` bounds the Lambda calls at once.
 */
export const openStepFunctions = async (options: {
  /** The database of the host: its sublevel `stepfunctions` is used. */
  readonly db: { sublevel(name: string): Database };
  readonly clock: LocalClock;
  readonly lambda: LambdaInvoker;
  readonly accountId?: string;
  readonly region?: string;
  readonly random?: () => number;
  readonly concurrency?: number;
}): Promise<StepFunctions> => {
  const { db, clock, lambda, accountId = ACCOUNT, region = REGION, random = Math.random, concurrency = 8 } = options;
  const store = new Store(db.sublevel('stepfunctions'));
  const engine = new Engine({ store, clock, lambda, region, random, concurrency });
  const prefix = `arn:aws:states:${region}:${accountId}`;
  const context = { store, engine, clock, prefix };
  await engine.open();

  return {
    scope: 'states',
    handle: (action, input) => perform(context, action, input),
    statistics: () => engine.statistics(),
    close: () => engine.close(),

    async createStateMachine({ name, arn = `${prefix}:stateMachine:${name}`, definition, roleArn }) {
      if (!/^[\w-]{1,80}$/.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
      if (arn !== `${prefix}:stateMachine:${name}`) throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`);
      parseDefinition(definition);
      const hash = createHash('sha256').update(definition).digest('hex');
      const existing = await store.machine(name);
      if (existing?.definition === hash && existing.roleArn === roleArn) return arn;
      const now = clock.now();
      const dates = existing ? { createdAt: existing.createdAt, updatedAt: now } : { createdAt: now };
      await store.saveMachine({ name, arn, roleArn, definition: hash, revisionId: randomUUID(), ...dates }, definition);
      return arn;
    },

    async standing(executionArn) {
      const execution = await store.execution(executionArn.split(':').slice(6).join('/'));
      if (execution === undefined) return undefined;
      const { events, transitions, branches } = execution;
      return {
        events,
        transitions,
        waiting: Object.values(branches)
          .filter(({ pending }) => pending !== undefined && pending.kind !== 'children')
          .map(({ state, enteredAt, timer }) => ({
            state,
            since: enteredAt,
            ...(timer === undefined ? {} : { until: dueOf(timer) }),
          })),
      };
    },
  };
};
