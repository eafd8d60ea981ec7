import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { sharedTime } from '../shared-time.ts';
import type { FromWorker, Start, ToWorker } from './protocol.ts';

/** Runs inside a worker thread, bundled by the host: one execution environment of one function. */
const { file, exportName, clock } = workerData as Start;
const { now } = sharedTime(clock);
const RealDate = Date;

/** `Date` reads the cloud's clock where it would read the wall clock; timers and `performance` stay real. */
function CloudDate(this: unknown, ...parts: unknown[]): unknown {
  if (new.target === undefined) return new RealDate(now()).toString();
  return Reflect.construct(RealDate, parts.length === 0 ? [now()] : parts, new.target);
}
CloudDate.prototype = RealDate.prototype;
Object.setPrototypeOf(CloudDate, RealDate);
Object.defineProperty(CloudDate, 'now', { value: now, configurable: true, writable: true });
Object.defineProperty(CloudDate, 'name', { value: 'Date' });
Object.defineProperty(CloudDate, 'length', { value: 7 });
RealDate.prototype.constructor = CloudDate as unknown as DateConstructor;
globalThis.Date = CloudDate as unknown as DateConstructor;

const send = (message: FromWorker): void => parentPort?.postMessage(message);

const failure = (error: unknown): { errorType: string; errorMessage: string; trace: string[] } =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

const run = async (
  handler: (event: unknown, context: unknown) => unknown,
  { requestId, payload, remainingMs, arn, traceId }: ToWorker,
): Promise<void> => {
  process.env._X_AMZN_TRACE_ID = traceId;
  const deadline = performance.now() + remainingMs;
  const context = {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
  try {
    const value = await handler(JSON.parse(payload), context);
    // A handler without an answer answers null, as the Node.js runtime does.
    send({ type: 'answer', requestId, payload: JSON.stringify(value) ?? 'null' });
  } catch (error) {
    send({ type: 'error', requestId, ...failure(error) });
  }
};

const start = async (): Promise<void> => {
  try {
    const module: Record<string, unknown> = await import(pathToFileURL(file).href);
    const handler = module[exportName];
    if (typeof handler !== 'function') {
      const errorMessage = `${file} exports no function named ${exportName}`;
      return send({ type: 'unusable', errorType: 'Runtime.HandlerNotFound', errorMessage, trace: [] });
    }
    parentPort?.on('message', (message: ToWorker) => void run(handler as never, message));
    send({ type: 'ready' });
  } catch (error) {
    send({ type: 'unusable', ...failure(error) });
  }
};
void start();
