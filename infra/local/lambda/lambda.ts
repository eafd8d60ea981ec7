import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT, AwsError, type LambdaAnswer, type LambdaInvoker, type LocalClock, REGION } from '../contract.ts';
import type { Database } from '../database.ts';
import { type DurableQueue, openQueue, type Work, type WorkOutcome } from '../queue.ts';
import { type Answer, type ExecutionEnvironment, startEnvironment } from './environment.ts';
import { type Log, openLog } from './log.ts';
import { bundleWorker } from './worker-bundle.ts';

export type FunctionDefinition = {
  readonly name: string;
  /** Directory with the bundle. */
  readonly codeDirectory: string;
  /** `file.export`; the file is an ES module, `file.mjs`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number | undefined;
  readonly description?: string | undefined;
  readonly logFormat?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly logGroup?: string | undefined;
  /** Where the event goes that failed for good: the queue's ARN. */
  readonly deadLetterQueue?: string | undefined;
};

/** What happens to an asynchronous invocation that fails. */
export type AsyncPolicy = {
  readonly functionName: string;
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** Queue ARN for the record of the failed invocation. */
  readonly onFailure?: string | undefined;
};

export type SendToQueue = (
  queueArn: string,
  body: string,
  attributes?: Readonly<Record<string, string>>,
) => Promise<void>;

export type Lambda = LambdaInvoker & {
  declare(definition: FunctionDefinition): Promise<void>;
  declareAsyncPolicy(policy: AsyncPolicy): void;
  /** Invocations wait until this is called: all functions are declared and the endpoint listens. */
  open(endpoint: string): void;
  /** Accepts an asynchronous invocation: it is on disk when this resolves. Answers the request id. */
  invokeLater(functionNameOrArn: string, payload: unknown): Promise<string>;
  invokeText(functionNameOrArn: string, payload: string): Promise<Answer>;
  list(): readonly FunctionDefinition[];
  get(functionNameOrArn: string): FunctionDefinition;
  close(): Promise<void>;
};

type Later = { readonly functionName: string; readonly payload: string };
type Pool = {
  readonly definition: FunctionDefinition;
  readonly log: Log;
  readonly idle: Array<{ environment: ExecutionEnvironment; evict: NodeJS.Timeout }>;
  readonly waiting: Array<() => void>;
  running: number;
};

export const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

const DEFAULT_POLICY = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 6 * 3600 };
const MAX_PAYLOAD = 6 * 1024 * 1024;

const stopping = (): AwsError => new AwsError('ServiceException', 'The embedded cloud is stopping', 500);

/** Name, ARN or partial ARN, with or without `:$LATEST`. */
const nameOf = (nameOrArn: string): string => {
  const match = /^(?:arn:aws:lambda:[a-z0-9-]+:)?(?:\d{12}:)?(?:function:)?([A-Za-z0-9_-]{1,140})(?::\$LATEST)?$/.exec(
    nameOrArn,
  );
  if (match?.[1] === undefined) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Function not found: ${nameOrArn} (versions and aliases are not supported)`,
      404,
    );
  }
  return match[1];
};

const traceId = (now: number): string =>
  `Root=1-${Math.floor(now / 1000).toString(16)}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;

const bundleOf = ({ codeDirectory, handler }: FunctionDefinition): string =>
  join(codeDirectory, `${handler.split('.')[0]}.mjs`);

const environmentOf = (definition: FunctionDefinition, endpoint: string): Record<string, string> => ({
  ...definition.environment,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_DEFAULT_REGION: REGION,
  AWS_ENDPOINT_URL: endpoint,
  AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
  AWS_LAMBDA_FUNCTION_NAME: definition.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_FORMAT: definition.logFormat ?? 'Text',
  ...(definition.logLevel === undefined ? {} : { AWS_LAMBDA_LOG_LEVEL: definition.logLevel }),
  AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup ?? `/aws/lambda/${definition.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  AWS_REGION: REGION,
  // On AWS the functions run on a newer Node.js than this machine may have.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  AWS_SECRET_ACCESS_KEY: 'local',
  LAMBDA_TASK_ROOT: definition.codeDirectory,
  TZ: ':UTC',
  _HANDLER: definition.handler,
});

/**
 * Runs the template's functions in worker threads: the same bundles, one invocation at a time per worker, at most
 * `concurrency` workers a function, stopped after `idleMs` without work.
 */
export const openLambda = (options: {
  readonly db: Database;
  readonly clock: LocalClock;
  readonly logDirectory: string;
  readonly sendToQueue: SendToQueue;
  readonly concurrency?: number;
  readonly idleMs?: number;
}): Lambda => {
  const { clock, sendToQueue, concurrency = 2, idleMs = 120_000 } = options;
  const code = bundleWorker();
  const pools = new Map<string, Pool>();
  const policies = new Map<string, AsyncPolicy>();
  const started = new Set<ExecutionEnvironment>();
  let endpoint = '';
  let closed = false;
  let openGate: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    openGate = resolve;
  });

  const poolOf = (nameOrArn: string): Pool => {
    const pool = pools.get(nameOf(nameOrArn));
    if (pool === undefined) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${functionArn(nameOf(nameOrArn))}`, 404);
    }
    return pool;
  };

  const start = ({ definition, log }: Pool): ExecutionEnvironment => {
    const environment = startEnvironment({
      code,
      start: {
        file: bundleOf(definition),
        exportName: definition.handler.split('.')[1] ?? '',
        clock: clock.shared,
      },
      env: environmentOf(definition, endpoint),
      timeoutMs: definition.timeoutSeconds * 1000,
      memoryMb: definition.memoryMb,
      onOutput: log.output,
    });
    started.add(environment);
    return environment;
  };

  const stop = async (environment: ExecutionEnvironment): Promise<void> => {
    started.delete(environment);
    await environment.stop();
  };

  const invokeText = async (nameOrArn: string, payload: string): Promise<Answer> => {
    const done = clock.begin();
    try {
      await gate;
      if (closed) throw stopping();
      const pool = poolOf(nameOrArn);
      const { definition, log } = pool;
      if (Buffer.byteLength(payload) > MAX_PAYLOAD) {
        throw new AwsError('RequestTooLargeException', `Request must be smaller than ${MAX_PAYLOAD} bytes`, 413);
      }
      const limit = Math.min(concurrency, definition.reservedConcurrency ?? concurrency);
      if (limit === 0) throw new AwsError('TooManyRequestsException', 'Reserved concurrency is 0', 429);
      if (pool.running >= limit) await new Promise<void>((resolve) => pool.waiting.push(resolve));
      else pool.running += 1;
      if (closed) throw stopping();
      const free = pool.idle.pop();
      clearTimeout(free?.evict);
      const environment = free?.environment ?? start(pool);
      const requestId = randomUUID();
      const began = performance.now();
      const answer = await environment.invoke({
        requestId,
        payload,
        arn: functionArn(definition.name),
        traceId: traceId(clock.now()),
      });
      log.record({
        timestamp: clock.iso(),
        type: 'platform.report',
        requestId,
        status: answer.ok ? 'success' : answer.errorType === 'Sandbox.Timedout' ? 'timeout' : 'error',
        ...(answer.ok ? {} : { errorType: answer.errorType }),
        durationMs: Math.round(performance.now() - began),
        coldStart: free === undefined,
      });
      if (!answer.ok && answer.broken) await stop(environment);
      else {
        const evict = setTimeout(() => {
          const index = pool.idle.findIndex((each) => each.environment === environment);
          if (index >= 0) pool.idle.splice(index, 1);
          void stop(environment);
        }, idleMs).unref();
        pool.idle.push({ environment, evict });
      }
      // The place passes to who waits longest, or becomes free.
      const next = pool.waiting.shift();
      if (next === undefined) pool.running -= 1;
      else next();
      return answer;
    } finally {
      done();
    }
  };

  /** A failed invocation: again after one and two minutes, then on to the queues for what failed. */
  const work = async ({ id, attempts, since, body }: Work<Later>): Promise<WorkOutcome> => {
    await gate;
    const definition = pools.get(body.functionName)?.definition;
    const answer: Answer =
      definition === undefined
        ? {
            ok: false,
            errorType: 'ResourceNotFoundException',
            errorMessage: 'Function not found',
            trace: [],
            broken: true,
          }
        : await invokeText(body.functionName, body.payload);
    if (answer.ok) return 'done';
    if (closed) return { againAt: since };
    const policy = policies.get(body.functionName) ?? { ...DEFAULT_POLICY, onFailure: undefined };
    const againAt = clock.now() + 60_000 * (attempts + 1);
    const expired = againAt - since > policy.maximumEventAgeSeconds * 1000;
    if (attempts < policy.maximumRetryAttempts && !expired) return { againAt };
    const { errorType, errorMessage, trace } = answer;
    if (policy.onFailure !== undefined) {
      const record = {
        version: '1.0',
        timestamp: clock.iso(),
        requestContext: {
          requestId: id,
          functionArn: `${functionArn(body.functionName)}:$LATEST`,
          condition: expired ? 'EventAgeExceeded' : 'RetriesExhausted',
          approximateInvokeCount: attempts + 1,
        },
        requestPayload: JSON.parse(body.payload) as unknown,
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType, errorMessage, trace },
      };
      await sendToQueue(policy.onFailure, JSON.stringify(record));
    }
    if (definition?.deadLetterQueue !== undefined) {
      const attributes = { RequestID: id, ErrorCode: '200', ErrorMessage: errorMessage.slice(0, 1024) };
      await sendToQueue(definition.deadLetterQueue, body.payload, attributes);
    }
    return 'done';
  };
  const later: DurableQueue<Later> = openQueue({ db: options.db, clock, name: 'lambda-later', concurrency: 8, work });

  return {
    invokeText,
    async declare(definition) {
      if (!existsSync(bundleOf(definition)))
        throw new Error(`Function ${definition.name} has no ${bundleOf(definition)}`);
      const log = await openLog(options.logDirectory, definition.name, clock.iso);
      pools.set(definition.name, { definition, log, idle: [], waiting: [], running: 0 });
    },
    declareAsyncPolicy(policy) {
      policies.set(nameOf(policy.functionName), policy);
    },
    open(at) {
      endpoint = at;
      openGate();
    },
    async invoke(nameOrArn, payload): Promise<LambdaAnswer> {
      const answer = await invokeText(nameOrArn, JSON.stringify(payload));
      if (answer.ok) return { ok: true, payload: JSON.parse(answer.payload) as unknown };
      return { ok: false, errorType: answer.errorType, errorMessage: answer.errorMessage };
    },
    async invokeLater(nameOrArn, payload) {
      await gate;
      const functionName = poolOf(nameOrArn).definition.name;
      const [id = ''] = await later.put([{ functionName, payload: JSON.stringify(payload) }]);
      return id;
    },
    list: () => [...pools.values()].map(({ definition }) => definition),
    get: (nameOrArn) => poolOf(nameOrArn).definition,
    async close() {
      closed = true;
      const finished = later.close();
      openGate();
      // What runs is broken off, as by kill -9: whoever asked asks again.
      await Promise.all([...started].map(stop));
      for (const pool of pools.values()) for (const next of pool.waiting.splice(0)) next();
      await finished;
      await Promise.all([...pools.values()].map(({ log }) => log.close()));
    },
  };
};
