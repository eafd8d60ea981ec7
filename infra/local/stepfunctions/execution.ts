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
