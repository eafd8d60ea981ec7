import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Failure, FromWorker, Start, ToWorker } from './protocol.ts';

export type Answer =
  | { readonly ok: true; readonly payload: string }
  | ({ readonly ok: false } & Failure & { readonly broken: boolean });

/** One execution environment: a worker thread that runs one invocation at a time. */
export type ExecutionEnvironment = {
  /** `broken` answers come from an environment that must not be used again. */
  invoke(request: Omit<ToWorker, 'remainingMs'>): Promise<Answer>;
  stop(): Promise<void>;
};

const broken = (errorType: string, errorMessage: string): Answer => ({
  ok: false,
  errorType,
  errorMessage,
  trace: [],
  broken: true,
});

/** Starts a worker and loads the function; rejects never: what cannot start answers its invocation with the reason. */
export const startEnvironment = (options: {
  readonly code: string;
  readonly start: Start;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly onOutput: (text: string) => void;
}): ExecutionEnvironment => {
  const worker = new Worker(options.code, {
    eval: true,
    workerData: options.start,
    env: { ...options.env },
    execArgv: ['--enable-source-maps'],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: options.memoryMb },
    name: options.env.AWS_LAMBDA_FUNCTION_NAME ?? randomUUID(),
  });
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', options.onOutput);

  let ended: Answer | undefined;
  let answer: (value: Answer) => void = () => {};
  let loaded: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    loaded = resolve;
  });
  const end = (value: Answer): void => {
    ended ??= value;
    loaded();
    answer(ended);
  };
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'ready') return loaded();
    if (message.type === 'answer') return answer({ ok: true, payload: message.payload });
    const { errorType, errorMessage, trace } = message;
    if (message.type === 'unusable') return end({ ok: false, errorType, errorMessage, trace, broken: true });
    answer({ ok: false, errorType, errorMessage, trace, broken: false });
  });
  worker.on('error', (error: Error & { code?: string }) => {
    const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    end(broken(outOfMemory ? 'Runtime.OutOfMemory' : error.name, error.message));
  });
  worker.on('exit', (code) => end(broken('Runtime.ExitError', `Runtime exited with code ${code}`)));

  return {
    async invoke(request) {
      await ready;
      if (ended !== undefined) return ended;
      return await new Promise<Answer>((resolve) => {
        const timer = setTimeout(() => {
          const seconds = (options.timeoutMs / 1000).toFixed(2);
          const text = `RequestId: ${request.requestId} Error: Task timed out after ${seconds} seconds`;
          end(broken('Sandbox.Timedout', text));
          void worker.terminate();
        }, options.timeoutMs);
        answer = (value) => {
          clearTimeout(timer);
          answer = () => {};
          resolve(value);
        };
        worker.postMessage({ ...request, remainingMs: options.timeoutMs } satisfies ToWorker);
      });
    },
    async stop() {
      await worker.terminate();
    },
  };
};
