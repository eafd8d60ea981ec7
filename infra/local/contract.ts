/**
 * What the rooms of the embedded cloud expect of each other. Knows nothing of the product.
 */

/** Epoch milliseconds on the embedded cloud's own clock. */
export type Millis = number;

/** A part that has something to do at a moment: waits, retries, schedules. Its timers are on disk. */
export interface TimerSource {
  readonly name: string;
  /** Whether a due timer here makes a jumping clock move. Recurring schedules do not: they would pull it on for ever. */
  readonly pulls: boolean;
  /** The earliest due moment, or undefined. */
  next(): Millis | undefined | Promise<Millis | undefined>;
  /** Starts everything due at or before `now`; resolves when it is started or done. */
  fire(now: Millis): Promise<void>;
}

export interface LocalClock {
  now(): Millis;
  /** ISO text of `now()`. */
  iso(): string;
  register(source: TimerSource): void;
  /** Says that timers changed, so that the clock looks again. */
  poke(): void;
  /** Marks work under way: a clock that jumps or is advanced stands still until every `done` was called. */
  begin(): () => void;
  /** Shared with Lambda workers; its layout is in shared-time.ts. */
  readonly shared: SharedArrayBuffer;
}

/** An error an AWS client understands. `code` as AWS names it, e.g. `ExecutionDoesNotExist`. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}

/** A service of the JSON protocols (Step Functions, KMS, SQS): an action with a parsed input. Unknown actions: `AwsError('UnknownOperationException', …)` that names it. */
export interface JsonService {
  /** Name in the credential scope: `states`, `kms`, `sqs`. */
  readonly scope: string;
  handle(action: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
}

/** What a Lambda answered: its value, or its error with the type (the error's `name`) and message. */
export type LambdaAnswer =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

export interface LambdaInvoker {
  /** By name or ARN. Rejects with AwsError('ResourceNotFoundException') when there is no such function. */
  invoke(functionNameOrArn: string, payload: unknown): Promise<LambdaAnswer>;
}

export const REGION = 'eu-west-1';
export const ACCOUNT = '000000000000';
