import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Clock, plusDuration } from './clock.ts';
import { AwsError, type JsonService } from './contract.ts';
import { jsonObject, readBody, sendJson, sendJsonError, toAwsError } from './http.ts';
import { lambdaAction } from './lambda/api.ts';

/**
 * One port for all services. The credential scope of the signature says which one is meant; signatures are not
 * verified: whoever reaches the loopback address may do everything.
 */
export type Services = {
  readonly json: readonly JsonService[];
  readonly s3: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  readonly dynamodb: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  readonly lambda: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
  readonly ses: (params: URLSearchParams) => Promise<{ status: number; body: string }>;
};

export type Endpoint = {
  readonly url: string;
  /** Calls received, by `service.Action`. */
  readonly calls: ReadonlyMap<string, number>;
  close(): Promise<void>;
};

/** Names in credential scopes (and, without one, in X-Amz-Target) of each service. */
const SCOPES: Readonly<Record<string, string>> = {
  dynamodb: 'dynamodb',
  DynamoDB_20120810: 'dynamodb',
  email: 'ses',
  ses: 'ses',
  kms: 'kms',
  TrentService: 'kms',
  lambda: 'lambda',
  s3: 's3',
  sqs: 'sqs',
  AmazonSQS: 'sqs',
  states: 'states',
  AWSStepFunctions: 'states',
};

const query = (req: IncomingMessage): URLSearchParams => new URL(req.url ?? '/', 'http://localhost').searchParams;
const target = (req: IncomingMessage): readonly string[] => String(req.headers['x-amz-target'] ?? '').split('.');

const serviceOf = (req: IncomingMessage): string => {
  const credential =
    /Credential=([^,\s]+)/.exec(req.headers.authorization ?? '')?.[1] ?? query(req).get('X-Amz-Credential') ?? '';
  const scope = credential.split('/').at(-2);
  const named = scope ?? target(req)[0] ?? '';
  const service = Object.hasOwn(SCOPES, named) ? SCOPES[named] : undefined;
  if (service !== undefined) return service;
  if (named === '' && /^\/2015-03-31\//.test(req.url ?? '')) return 'lambda';
  throw new AwsError(
    'UnknownServiceException',
    named === '' ? 'The request names no service: it is not signed' : `Service ${named} is not in the embedded cloud`,
    404,
  );
};

const S3_ACTIONS: Readonly<Record<string, readonly [string, string]>> = {
  GET: ['ListObjects', 'GetObject'],
  HEAD: ['HeadBucket', 'HeadObject'],
  PUT: ['CreateBucket', 'PutObject'],
  POST: ['DeleteObjects', 'PostObject'],
  DELETE: ['DeleteBucket', 'DeleteObject'],
};

/** Close to the API's names, for counting only. */
const s3Action = (req: IncomingMessage): string => {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost');
  const method = req.method ?? 'GET';
  if (pathname === '/') return 'ListBuckets';
  if (searchParams.has('uploadId')) {
    const parts = { GET: 'ListParts', PUT: 'UploadPart', POST: 'CompleteMultipartUpload' } as Record<string, string>;
    return parts[method] ?? 'AbortMultipartUpload';
  }
  if (searchParams.has('uploads')) return method === 'POST' ? 'CreateMultipartUpload' : 'ListMultipartUploads';
  if (searchParams.has('versions')) return 'ListObjectVersions';
  if (req.headers['x-amz-copy-source'] !== undefined) return 'CopyObject';
  const isObject = /^\/[^/]+\/./.test(pathname);
  return S3_ACTIONS[method]?.[isObject ? 1 : 0] ?? method;
};

/** When the client says it signed. */
const clientTime = (req: IncomingMessage): number | undefined => {
  const text = String(req.headers['x-amz-date'] ?? query(req).get('X-Amz-Date') ?? '');
  return !/^\d{8}T\d{6}Z$/.test(text)
    ? undefined
    : Date.parse(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, '$1-$2-$3:$4:'));
};

const ClockRequest = z.union([
  z.strictObject({ advance: z.string().startsWith('P') }),
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
]);

/** Reads the clock (GET), or moves it on and answers when all that came due on the way is done (POST). */
const handleClock = async (clock: Clock, req: IncomingMessage, res: ServerResponse): Promise<void> => {
  if (req.method === 'POST') {
    const request = ClockRequest.safeParse(jsonObject(await readBody(req)));
    if (!request.success) {
      throw new AwsError('ValidationException', 'Give {"advance": "P30D"} or {"to": "2026-05-01T08:00:00+02:00"}');
    }
    try {
      const { data } = request;
      await clock.advanceTo('to' in data ? Date.parse(data.to) : plusDuration(clock.now(), data.advance));
    } catch (error) {
      if (error instanceof RangeError) throw new AwsError('ValidationException', error.message);
      throw error;
    }
  }
  sendJson(res, 200, { now: clock.iso(), mode: typeof clock.mode === 'number' ? `x${clock.mode}` : clock.mode });
};

/** Starts listening on the loopback address. `port` 0 takes a free one. Rejects with EADDRINUSE. */
export const openEndpoint = async (options: {
  readonly port: number;
  readonly clock: Clock;
  readonly services: Services;
}): Promise<Endpoint> => {
  const { clock, services } = options;
  const calls = new Map<string, number>();
  const count = (service: string, action: string): void => {
    const name = `${service}.${action}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
  };

  const handleJson = async (service: string, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const version = service === 'kms' ? '1.1' : '1.0';
    const headers: Record<string, string> = { 'content-type': `application/x-amz-json-${version}` };
    try {
      const action = target(req)[1] ?? '';
      count(service, action);
      const found = services.json.find(({ scope }) => scope === service);
      if (found === undefined) throw new AwsError('UnknownServiceException', `Service ${service} is missing`, 404);
      sendJson(res, 200, await found.handle(action, jsonObject(await readBody(req))), headers);
    } catch (error) {
      // The AWS CLI reads the name it knows from before SQS spoke JSON.
      if (service === 'sqs' && error instanceof AwsError && error.code === 'QueueDoesNotExist') {
        headers['x-amzn-query-error'] = 'AWS.SimpleQueueService.NonExistentQueue;Sender';
      }
      sendJsonError(res, error, headers);
    }
  };

  const handleSes = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const params = new URLSearchParams(await readBody(req));
    count('ses', params.get('Action') ?? '');
    const { status, body } = await services.ses(params);
    const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': randomUUID() };
    res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
  };

  const handleService = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const service = serviceOf(req);
    if (service === 's3') {
      count(service, s3Action(req));
      await services.s3(req, res);
    } else if (service === 'dynamodb') {
      count(service, target(req)[1] ?? '');
      await services.dynamodb(req, res);
    } else if (service === 'lambda') {
      count(service, lambdaAction(req.method ?? 'GET', new URL(req.url ?? '/', 'http://localhost').pathname));
      await services.lambda(req, res);
    } else if (service === 'ses') await handleSes(req, res);
    else await handleJson(service, req, res);
  };

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    // An SDK whose clock differs from the answer's corrects itself and asks again after every error: each gets its own.
    res.sendDate = false;
    res.setHeader('date', new Date(clientTime(req) ?? clock.now()).toUTCString());
    // `<bucket>.localhost`: a client that puts the bucket in the host name.
    const bucket = /^(.+)\.localhost(?::\d+)?$/.exec(req.headers.host ?? '')?.[1];
    if (bucket !== undefined) req.url = `/${bucket}${req.url}`;
    try {
      const path = (req.url ?? '/').split('?')[0];
      if (path === '/_local/clock') await handleClock(clock, req, res);
      else if (path === '/_local/health') sendJson(res, 200, { status: 'ok', now: clock.iso() });
      else if (path === '/_local/calls') sendJson(res, 200, Object.fromEntries([...calls].sort()));
      else {
        // While a call is answered nothing jumps.
        const done = clock.begin();
        try {
          await handleService(req, res);
        } finally {
          done();
        }
      }
    } catch (error) {
      if (res.headersSent) res.destroy(toAwsError(error));
      else sendJsonError(res, error);
    }
  };

  const server: Server = createServer((req, res) => void handle(req, res));
  // Uploads take as long as they take.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The endpoint has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // What does not finish by itself is broken off: its caller has no answer and must ask again.
      const force = setTimeout(() => server.closeAllConnections(), 2_000);
      await closed;
      clearTimeout(force);
    },
  };
};
