import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type LocalClock } from '../contract.ts';
import type { Engine } from './engine.ts';
import { EXECUTION_STATUSES, type Execution, keyOf, newExecution, readToken, waitsFor } from './execution.ts';
import { withoutData } from './history.ts';
import type { Interpreter } from './interpreter.ts';
import { MAX_PAYLOAD } from './rules.ts';
import type { Machine, Store } from './store.ts';

/** Days in which AWS lets an execution be redriven. */
const REDRIVE_MS = 14 * 86_400_000;
const REDRIVE_EVENTS = 24_999;
/** What AWS allows in no name, and no space of any kind. */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

const arn = z.string().min(1).max(256);
const page = { maxResults: z.int().min(0).max(1000).optional(), nextToken: z.string().min(1).max(1024).optional() };
const token = z.string().min(1).max(2048);
const includedData = z.enum(['ALL_DATA', 'METADATA_ONLY']).optional();
const failure = { error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() };
const text = z.string().refine((value) => Buffer.byteLength(value) <= MAX_PAYLOAD, `at most ${MAX_PAYLOAD} bytes`);

interface Context {
  readonly store: Store;
  readonly engine: Engine;
  readonly clock: LocalClock;
  readonly prefix: string;
}

type Answer = Readonly<Record<string, unknown>>;

/** An action: a parameter that is not named here is refused by name. */
interface Action {
  readonly parameters: z.ZodType;
  readonly run: (context: Context, input: never) => Promise<Answer>;
}

const action = <S extends z.ZodRawShape>(
  shape: S,
  run: (context: Context, input: z.infer<z.ZodObject<S>>) => Promise<Answer>,
): Action => ({ parameters: z.strictObject(shape), run });

const ACTIONS: Readonly<Record<string, Action>> = {
  ListStateMachines: action(page, async ({ store }, input) => {
    const { items, ...rest } = await store.machines(pageOf(input, 100));
    return {
      stateMachines: items.map((machine) => ({
        stateMachineArn: machine.arn,
        name: machine.name,
        type: 'STANDARD',
        creationDate: machine.createdAt / 1000,
      })),
      ...rest,
    };
  }),

  DescribeStateMachine: action({ stateMachineArn: arn, includedData }, async (context, { stateMachineArn }) => {
    const machine = await machineOf(context, stateMachineArn);
    return {
      ...(await described(context, machine.arn, machine.name, machine.roleArn, machine.definition)),
      status: 'ACTIVE',
      type: 'STANDARD',
      creationDate: machine.createdAt / 1000,
      revisionId: machine.revisionId,
    };
  }),

  DescribeStateMachineForExecution: action({ executionArn: arn, includedData }, async (context, { executionArn }) => {
    const execution = await executionOf(context, executionArn);
    const machine = await context.store.machine(execution.machine);
    const { machineArn, machine: name, roleArn, definition } = execution;
    return {
      ...(await described(context, machineArn, name, roleArn, definition)),
      updateDate: (machine?.updatedAt ?? machine?.createdAt ?? execution.startedAt) / 1000,
    };
  }),

  ListTagsForResource: action({ resourceArn: arn }, async () => ({ tags: [] })),

  StartExecution: action(
    { stateMachineArn: arn, name: z.string().optional(), input: text.optional(), traceHeader: z.string().optional() },
    async (context, { stateMachineArn, name = randomUUID(), input = '{}' }) => {
      if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
      if (!isJson(input))
        throw new AwsError('InvalidExecutionInput', 'Invalid State Machine Execution Input: it is no JSON');
      const machine = await machineOf(context, stateMachineArn);
      const { execution, started } = await context.engine.start(
        newExecution({
          machine: machine.name,
          name,
          arn: `${context.prefix}:execution:${machine.name}:${name}`,
          machineArn: machine.arn,
          roleArn: machine.roleArn,
          definition: machine.definition,
          input,
          startedAt: context.clock.now(),
        }),
      );
      if (!started && !(execution.status === 'RUNNING' && execution.input === input))
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${execution.arn}'`);
      return { executionArn: execution.arn, startDate: execution.startedAt / 1000 };
    },
  ),

  DescribeExecution: action({ executionArn: arn, includedData }, async (context, input) => {
    const execution = await executionOf(context, input.executionArn);
    const { output, error, cause } = execution;
    const reason = notRedrivable(execution, context.clock.now());
    const data = input.includedData !== 'METADATA_ONLY';
    return {
      ...listed(execution),
      ...(data ? { input: execution.input } : {}),
      inputDetails: { included: data },
      ...(data ? defined({ output }) : {}),
      ...(output === undefined ? {} : { outputDetails: { included: data } }),
      ...defined({ error, cause }),
      redriveStatus: reason === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      ...defined({ redriveStatusReason: reason }),
    };
  }),

  ListExecutions: action(
    { stateMachineArn: arn, statusFilter: z.enum(EXECUTION_STATUSES).optional(), ...page },
    async (context, input) => {
      const machine = await machineOf(context, input.stateMachineArn);
      const { items, ...rest } = await context.store.executions(machine.name, input.statusFilter, pageOf(input, 100));
      return { executions: items.map(listed), ...rest };
    },
  ),

  GetExecutionHistory: action(
    { executionArn: arn, reverseOrder: z.boolean().optional(), includeExecutionData: z.boolean().optional(), ...page },
    async (context, { reverseOrder = false, includeExecutionData = true, ...input }) => {
      const execution = await executionOf(context, input.executionArn);
      const { items, ...rest } = await context.store.history(keyOf(execution), {
        ...pageOf(input, 100),
        reverse: reverseOrder,
      });
      return { events: includeExecutionData ? items : items.map(withoutData), ...rest };
    },
  ),

  StopExecution: action({ executionArn: arn, ...failure }, async (context, { executionArn, error, cause }) => {
    let stopDate = 0;
    await context.engine.step(
      keyFromArn(context, executionArn),
      (interpreter, execution) => {
        if (execution.status === 'RUNNING') interpreter.stop(error, cause);
        stopDate = (execution.stoppedAt ?? 0) / 1000;
      },
      () => missing(executionArn),
    );
    return { stopDate };
  }),

  RedriveExecution: action(
    { executionArn: arn, clientToken: z.string().max(64).optional() },
    async (context, { executionArn }) => {
      let redriveDate = 0;
      await context.engine.step(
        keyFromArn(context, executionArn),
        async (interpreter, execution) => {
          const reason = notRedrivable(execution, context.clock.now());
          if (reason !== undefined) throw new AwsError('ExecutionNotRedrivable', reason);
          await interpreter.redrive();
          redriveDate = (execution.redrivenAt ?? 0) / 1000;
        },
        () => missing(executionArn),
      );
      return { redriveDate };
    },
  ),

  SendTaskSuccess: action({ taskToken: token, output: text }, async (context, { taskToken, output }) => {
    if (!isJson(output)) throw new AwsError('InvalidOutput', 'Invalid Output: it is no JSON');
    return answerTask(context, taskToken, (interpreter, branch) =>
      interpreter.tokenSucceeded(branch, JSON.parse(output)),
    );
  }),

  SendTaskFailure: action({ taskToken: token, ...failure }, async (context, { taskToken, error = '', cause = '' }) =>
    answerTask(context, taskToken, (interpreter, branch) => interpreter.tokenFailed(branch, error, cause)),
  ),

  /** No task here has HeartbeatSeconds: only the token is judged. */
  SendTaskHeartbeat: action({ taskToken: token }, async (context, { taskToken }) =>
    answerTask(context, taskToken, async () => undefined),
  ),
};

/** Does one action of the AWS JSON 1.0 API. Dates are epoch seconds. Rejects with AwsError under AWS's names. */
export const perform = async (context: Context, name: string, input: Answer): Promise<Answer> => {
  const known = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (known === undefined)
    throw new AwsError('UnknownOperationException', `The embedded Step Functions does not know ${name}`);
  const parsed = known.parameters.safeParse(input);
  if (!parsed.success)
    throw new AwsError(
      'ValidationException',
      `${name}: ${parsed.error.issues.map(({ path, message }) => [...path, message].join(' ')).join('; ')}`,
    );
  return known.run(context, parsed.data as never);
};

const answerTask = async (
  { engine }: Context,
  taskToken: string,
  act: (interpreter: Interpreter, branch: number) => Promise<void>,
): Promise<Answer> => {
  const place = readToken(taskToken);
  if (place === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  await engine.step(
    place.key,
    async (interpreter, execution) => {
      if (!waitsFor(execution, place.branch, taskToken))
        throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
      await act(interpreter, place.branch);
    },
    () => {
      throw new AwsError('TaskDoesNotExist', "Task Does Not Exist: 'Provided task does not exist'");
    },
  );
  return {};
};

/** The machine's name or the execution's key, from an ARN of this account and region. */
const fromArn = ({ prefix }: Context, value: string, type: 'stateMachine' | 'execution', parts: 1 | 2): string => {
  const names = value.startsWith(`${prefix}:${type}:`) ? value.slice(prefix.length + type.length + 2).split(':') : [];
  if (names.length !== parts || names.some((name) => name === '' || name.includes('/')))
    throw new AwsError('InvalidArn', `Invalid Arn: '${value}' is no ARN of a ${type} here`);
  return names.join('/');
};

const keyFromArn = (context: Context, value: string): string => fromArn(context, value, 'execution', 2);

const machineOf = async (context: Context, value: string): Promise<Machine> => {
  const machine = await context.store.machine(fromArn(context, value, 'stateMachine', 1));
  if (machine === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${value}'`);
  return machine;
};

const executionOf = async (context: Context, value: string): Promise<Execution> =>
  (await context.store.execution(keyFromArn(context, value))) ?? missing(value);

const missing = (value: string): never => {
  throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${value}'`);
};

const described = async (
  { store }: Context,
  stateMachineArn: string,
  name: string,
  roleArn: string,
  definition: string,
): Promise<Answer> => ({
  stateMachineArn,
  name,
  roleArn,
  definition: await store.definition(definition),
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
});

const listed = ({ arn: executionArn, machineArn, name, status, ...rest }: Execution): Answer => ({
  executionArn,
  stateMachineArn: machineArn,
  name,
  status,
  startDate: rest.startedAt / 1000,
  ...(rest.stoppedAt === undefined ? {} : { stopDate: rest.stoppedAt / 1000 }),
  redriveCount: rest.redrives,
  ...(rest.redrivenAt === undefined ? {} : { redriveDate: rest.redrivenAt / 1000 }),
});

/** Why an execution cannot be redriven; undefined when it can. */
const notRedrivable = ({ status, stoppedAt = 0, events }: Execution, now: number): string | undefined => {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  if (now - stoppedAt > REDRIVE_MS) return 'Execution has exceeded its redrivable period of 14 days';
  return events >= REDRIVE_EVENTS ? 'Execution has reached its limit of history events' : undefined;
};

const pageOf = (
  { maxResults, nextToken }: { maxResults?: number | undefined; nextToken?: string | undefined },
  usual: number,
) => ({ maxResults: maxResults || usual, nextToken });

const defined = (fields: Answer): Answer =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const isJson = (value: string): boolean => {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
};
