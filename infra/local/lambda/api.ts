import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../contract.ts';
import { readBody, sendJson, sendJsonError } from '../http.ts';
import { type FunctionDefinition, functionArn, type Lambda } from './lambda.ts';

const configurationOf = (definition: FunctionDefinition) => ({
  FunctionName: definition.name,
  FunctionArn: functionArn(definition.name),
  Runtime: `nodejs${process.versions.node.split('.')[0]}.x`,
  Handler: definition.handler,
  Description: definition.description ?? '',
  Timeout: definition.timeoutSeconds,
  MemorySize: definition.memoryMb,
  Version: '$LATEST',
  PackageType: 'Zip',
  State: 'Active',
  LastUpdateStatus: 'Successful',
  Environment: { Variables: definition.environment },
});

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body === '' ? '{}' : body) as unknown;
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json');
  }
};

const invoke = async (lambda: Lambda, name: string, req: IncomingMessage, res: ServerResponse): Promise<void> => {
  const body = await readBody(req);
  const type = req.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const logType = req.headers['x-amz-log-type'] ?? 'None';
  if (logType !== 'None') throw new AwsError('InvalidParameterValueException', `LogType ${logType} is not supported`);
  const payload = parsed(body);
  const executed = { 'x-amz-executed-version': '$LATEST' };
  if (type === 'DryRun') {
    lambda.get(name);
    res.writeHead(204).end();
  } else if (type === 'Event') {
    const requestId = await lambda.invokeLater(name, payload);
    res.writeHead(202, { 'x-amzn-requestid': requestId, 'content-length': 0 }).end();
  } else if (type === 'RequestResponse') {
    const answer = await lambda.invokeText(name, JSON.stringify(payload));
    if (answer.ok) {
      const headers = { 'content-type': 'application/json', ...executed };
      res.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(answer.payload) }).end(answer.payload);
    } else {
      const { errorType, errorMessage, trace } = answer;
      sendJson(res, 200, { errorType, errorMessage, trace }, { ...executed, 'x-amz-function-error': 'Unhandled' });
    }
  } else throw new AwsError('InvalidParameterValueException', `InvocationType ${type} is not supported`);
};

/** Name of the API action of a request, for the error that says it is not supported and for counting. */
export const lambdaAction = (method: string, path: string): string => {
  if (method === 'POST' && /^\/2015-03-31\/functions\/[^/]+\/invocations$/.test(path)) return 'Invoke';
  if (method === 'GET' && /^\/2015-03-31\/functions\/?$/.test(path)) return 'ListFunctions';
  if (method === 'GET' && /^\/2015-03-31\/functions\/[^/]+\/configuration$/.test(path))
    return 'GetFunctionConfiguration';
  if (method === 'GET' && /^\/2015-03-31\/functions\/[^/]+$/.test(path)) return 'GetFunction';
  return `${method} ${path}`;
};

/** The Lambda REST API: invoke, and what tells which functions there are. */
export const handleLambda = async (lambda: Lambda, req: IncomingMessage, res: ServerResponse): Promise<void> => {
  try {
    const path = new URL(req.url ?? '/', 'http://localhost').pathname;
    const name = decodeURIComponent(path.split('/')[3] ?? '');
    const action = lambdaAction(req.method ?? 'GET', path);
    if (action === 'Invoke') await invoke(lambda, name, req, res);
    else if (action === 'ListFunctions') sendJson(res, 200, { Functions: lambda.list().map(configurationOf) });
    else if (action === 'GetFunctionConfiguration') sendJson(res, 200, configurationOf(lambda.get(name)));
    else if (action === 'GetFunction')
      sendJson(res, 200, { Configuration: configurationOf(lambda.get(name)), Code: {} });
    else
      throw new AwsError('UnknownOperationException', `Lambda: ${action} is not supported by the embedded cloud`, 404);
  } catch (error) {
    sendJsonError(res, error);
  }
};
