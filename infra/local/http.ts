import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from './contract.ts';

/** The whole body as text; for the JSON and Query protocols, whose requests are small. */
export const readBody = async (req: IncomingMessage, limit = 16 * 1024 * 1024): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit)
      throw new AwsError('RequestEntityTooLargeException', `Request is larger than ${limit} bytes`, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Parses a JSON object, or refuses as AWS does. */
export const jsonObject = (text: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError('SerializationException', 'The request body is not a JSON object');
  }
  return value as Readonly<Record<string, unknown>>;
};

export const sendJson = (
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    ...headers,
    'content-length': Buffer.byteLength(text),
  });
  res.end(text);
};

/** An error as the JSON protocols carry it; what is no AwsError is a fault of the embedded cloud and is logged. */
export const sendJsonError = (res: ServerResponse, error: unknown, headers: Readonly<Record<string, string>> = {}) => {
  const { code, message, status } = toAwsError(error);
  sendJson(res, status, { __type: code, message, Message: message }, { 'x-amzn-errortype': code, ...headers });
};

export const toAwsError = (error: unknown): AwsError => {
  if (error instanceof AwsError) return error;
  console.error(error);
  return new AwsError('InternalFailure', 'The embedded cloud failed: see its output', 500);
};
