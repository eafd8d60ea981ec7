import { randomBytes } from 'node:crypto';
import type { Millis } from '../contract.ts';
import type { Json, JsonObject } from './expressions.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
export const EXECUTION_STATUSES: readonly ExecutionStatus[] = [
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'ABORTED',
];

/** What a branch waits for. A task that is not `submitted` has a Lambda call under way: it is made again after a crash. */
export type Pending =
  | {
      readonly kind: 'task';
      /** Id of its TaskScheduled event: tells attempts apart. */
      readonly scheduled: number;
      readonly arguments: JsonObject;
      readonly token?: string;
      readonly submitted: boolean;
    }
  | { readonly kind: 'wait' | 'retry' }
  | {
      readonly kind: 'children';
      /** One per iteration or branch; `undefined` in JSON is `null`, so what is done is counted apart. */
      readonly results: Json[];
      readonly inputs: readonly Json[];
      readonly items?: readonly Json[];
      readonly concurrency: number;
      started: number;
      done: number;
    };

/** One thread of an execution: the root, a Map iteration or a branch of Parallel. All of it is JSON. */
export interface Branch {
  readonly id: number;
  readonly parent?: { readonly branch: number; readonly index: number };
  readonly item?: { readonly value: Json };
  state: string;
  input: Json;
  enteredAt: Millis;
  retryCount: number;
  /** Attempts used per retrier of the state. */
  retries: number[];
  variables: JsonObject;
  lastEvent: number;
  pending?: Pending;
  /** Key of the one timer this branch has. */
  timer?: string;
}

export interface Execution {
  readonly machine: string;
  readonly name: string;
  readonly arn: string;
  readonly machineArn: string;
  readonly roleArn: string;
  /** Hash of the definition it started with and goes on under. */
  readonly definition: string;
  readonly input: string;
  readonly startedAt: Millis;
  status: ExecutionStatus;
  stoppedAt?: Millis;
  output?: string;
  error?: string;
  cause?: string;
  redrives: number;
  redrivenAt?: Millis;
  events: number;
  /** States entered and retries made: what AWS bills. */
  transitions: number;
  nextBranch: number;
  branches: Record<string, Branch>;
  /** Key of the timer of the execution's own TimeoutSeconds. */
  timer?: string;
}

/** `machine/name`: neither may hold a slash. */
export const keyOf = ({ machine, name }: Pick<Execution, 'machine' | 'name'>): string => `${machine}/${name}`;

export const newExecution = (
  head: Pick<Execution, 'machine' | 'name' | 'arn' | 'machineArn' | 'roleArn' | 'definition' | 'input' | 'startedAt'>,
): Execution => ({
  ...head,
  status: 'RUNNING',
  redrives: 0,
  events: 0,
  transitions: 0,
  nextBranch: 1,
  branches: {},
});

export const newBranch = (own: Pick<Branch, 'id' | 'lastEvent' | 'parent' | 'item'>): Branch => ({
  ...own,
  state: '',
  input: null,
  enteredAt: 0,
  retryCount: 0,
  retries: [],
  variables: {},
});

/** A Lambda call to make once the step is on disk. */
export interface Call {
  readonly branch: number;
  readonly scheduled: number;
}

/** What a call is to be made with; undefined when it is wanted no more. */
export const callArguments = ({ branches }: Execution, { branch, scheduled }: Call): JsonObject | undefined => {
  const pending = branches[branch]?.pending;
  return pending?.kind === 'task' && pending.scheduled === scheduled && !pending.submitted
    ? pending.arguments
    : undefined;
};

/** Calls that were under way when the process ended. */
export const openCalls = ({ branches }: Execution): readonly Call[] =>
  Object.values(branches).flatMap(({ id, pending }) =>
    pending?.kind === 'task' && !pending.submitted ? [{ branch: id, scheduled: pending.scheduled }] : [],
  );

/** Whether a branch waits for this token. */
export const waitsFor = ({ branches }: Execution, branch: number, token: string): boolean => {
  const pending = branches[branch]?.pending;
  return pending?.kind === 'task' && pending.token === token;
};

/** Names where it is waited for, and holds a secret, so that it cannot be guessed from the names. */
export const newToken = (execution: Execution, branch: number): string =>
  Buffer.from(JSON.stringify([keyOf(execution), branch, randomBytes(18).toString('base64url')])).toString('base64url');

/** The execution and branch a task token names; undefined when it is none of ours. */
export const readToken = (token: string): { readonly key: string; readonly branch: number } | undefined => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || typeof parts[0] !== 'string' || typeof parts[1] !== 'number') return undefined;
    return { key: parts[0], branch: parts[1] };
  } catch {
    return undefined;
  }
};
