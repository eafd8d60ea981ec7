/**
 * Names of errors are contract: the state machines retry `TransientFailure` and nothing else of ours.
 * An error that leaves a Lambda carries its name and where it arose; never a message, which may quote a row.
 */
const TRANSIENT = new Set([
  'TransientFailure',
  'ThrottlingException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'InternalServerError',
  'InternalError',
  'InternalFailure',
  'ServiceUnavailable',
  'TransactionInProgressException',
  'RequestTimeout',
  'TimeoutError',
  'NetworkingError',
]);

const isTransient = (error: Error): boolean => {
  if (TRANSIENT.has(error.name)) return true;
  const { $metadata, $retryable, code } = error as {
    $metadata?: { httpStatusCode?: number };
    $retryable?: unknown;
    code?: unknown;
  };
  return (
    $retryable !== undefined ||
    ($metadata?.httpStatusCode ?? 0) >= 500 ||
    (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|EAI_|ENOTFOUND|UND_ERR)/.test(code))
  );
};

export interface SafeFailure {
  readonly name: string;
  readonly frames: readonly string[];
}

/** Name and stack frames of an error, without its message. */
export const safeFailure = (error: unknown): SafeFailure => {
  if (!(error instanceof Error)) return { name: 'UnknownFailure', frames: [] };
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim().replace(/\(?(?:file:\/\/)?\/\S*\/([^/\s]+:\d+:\d+)\)?$/, '($1)'))
    .slice(0, 12);
  return { name: isTransient(error) ? 'TransientFailure' : error.name, frames };
};

/** What a Lambda throws in place of the error: same name, no message. */
export const withoutMessage = ({ name }: SafeFailure): Error => {
  const bare = new Error(name);
  bare.name = name;
  bare.stack = name;
  return bare;
};
