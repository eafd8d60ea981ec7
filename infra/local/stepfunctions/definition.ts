import { AwsError } from '../contract.ts';
import { compiler, isExpression, isObject, type JsonObject, type StatesMember, type Template } from './expressions.ts';

export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxAttempts: number;
  readonly maxDelaySeconds?: number;
  readonly fullJitter: boolean;
}

/** What happens on the way out of a state: `next` undefined ends the container. */
export interface Exit {
  readonly next: string | undefined;
  /** Answers an object: variable → value. */
  readonly assign?: Template;
  readonly output?: Template;
}

export interface Catcher extends Exit {
  readonly errorEquals: readonly string[];
  readonly next: string;
}

interface Common {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export type State =
  | (Common &
      Exit & {
        readonly type: 'Task';
        readonly waitForToken: boolean;
        readonly arguments: Template;
        readonly timeoutSeconds?: Template;
      })
  | (Common & {
      readonly type: 'Choice';
      readonly choices: readonly (Exit & { readonly condition: Template; readonly next: string })[];
      /** `next` undefined: no Default. */
      readonly otherwise: Exit;
    })
  | (Common & Exit & { readonly type: 'Pass' | 'Succeed' })
  | (Common & Exit & { readonly type: 'Wait'; readonly seconds?: Template; readonly timestamp?: Template })
  | (Common & { readonly type: 'Fail'; readonly error?: Template; readonly cause?: Template })
  | (Common &
      Exit & {
        readonly type: 'Map';
        readonly items?: Template;
        readonly itemSelector?: Template;
        readonly maxConcurrency?: Template;
        readonly processor: Container;
      })
  | (Common &
      Exit & { readonly type: 'Parallel'; readonly arguments?: Template; readonly branches: readonly Container[] });

export type StateOf<T extends State['type']> = Extract<State, { readonly type: T }>;

/** States with one start: the machine itself, a Map's processor, a branch of Parallel. */
export interface Container {
  readonly startAt: string;
  readonly states: Readonly<Record<string, State>>;
}

export interface Definition extends Container {
  readonly timeoutSeconds?: number;
}

const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const EXIT = ['Assign', 'Output', 'Next', 'End'];
const CAUGHT = ['Retry', 'Catch'];
/** Every field a state may have here. Anything else is refused by name. */
const FIELDS: Readonly<Record<State['type'], readonly string[]>> = {
  Task: ['Resource', 'Arguments', 'TimeoutSeconds', ...CAUGHT, ...EXIT],
  Choice: ['Choices', 'Default', 'Assign', 'Output'],
  Pass: EXIT,
  Succeed: ['Output'],
  Fail: ['Error', 'Cause'],
  Wait: ['Seconds', 'Timestamp', ...EXIT],
  Map: ['Items', 'ItemSelector', 'MaxConcurrency', 'ItemProcessor', ...CAUGHT, ...EXIT],
  Parallel: ['Arguments', 'Branches', ...CAUGHT, ...EXIT],
};
const INVOKE = 'arn:aws:states:::lambda:invoke';
const RESOURCES = [INVOKE, `${INVOKE}.waitForTaskToken`];
const STATES_ERRORS = [
  'States.ALL',
  'States.TaskFailed',
  'States.Timeout',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.Runtime',
  'States.DataLimitExceeded',
];
const VARIABLE = /^(?!states$)[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u;
const MAX_SECONDS = 99_999_999;

const AT_ENTRY: readonly StatesMember[] = ['input', 'context'];
const AFTER_RESULT: readonly StatesMember[] = [...AT_ENTRY, 'result'];
const AFTER_ERROR: readonly StatesMember[] = [...AT_ENTRY, 'errorOutput'];

/**
 * Reads an ASL definition (Standard, JSONata only).
 * Throws AwsError('InvalidDefinition') that names every problem with its path: what is unknown is never passed over.
 */
export const parseDefinition = (text: string): Definition => {
  const problems: string[] = [];
  const problem = (path: string, message: string): void => {
    problems.push(`${path}: ${message}`);
  };
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    problem('/', 'is no JSON');
  }
  const definition = problems.length === 0 ? new Reader(problem).definition(root) : undefined;
  if (definition === undefined || problems.length > 0)
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: ${problems.join('; ')}`);
  return definition;
};

class Reader {
  private readonly problem: (path: string, message: string) => void;
  private readonly templates: ReturnType<typeof compiler>;
  private readonly names = new Set<string>();
  private readonly assigned = new Set<string>();

  constructor(problem: (path: string, message: string) => void) {
    this.problem = problem;
    this.templates = compiler(problem);
  }

  definition(root: unknown): Definition | undefined {
    if (!isObject(root)) {
      this.problem('/', 'must be an object');
      return undefined;
    }
    this.onlyFields(root, '', ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version']);
    if (root.QueryLanguage !== 'JSONata') this.problem('/QueryLanguage', 'must be JSONata (JSONPath is not supported)');
    const timeoutSeconds = this.number(root, '', 'TimeoutSeconds', 1, MAX_SECONDS);
    const container = this.container(root, '', new Set());
    for (const { name, path } of this.templates.reads)
      if (!this.assigned.has(name)) this.problem(path, `reads variable $${name}, which no state assigns`);
    return { ...container, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
  }

  private container(node: JsonObject, path: string, outer: ReadonlySet<string>): Container {
    const { StartAt: startAt, States: nodes } = node;
    if (!isObject(nodes) || Object.keys(nodes).length === 0) {
      this.problem(`${path}/States`, 'must be an object with at least one state');
      return { startAt: '', states: {} };
    }
    const own = new Set(Object.values(nodes).flatMap(assignedNames));
    for (const name of own) {
      if (outer.has(name)) this.problem(`${path}/States`, `assigns $${name}, which an outer scope assigns`);
      this.assigned.add(name);
    }
    const states: Record<string, State> = {};
    for (const [name, state] of Object.entries(nodes)) {
      const at = `${path}/States/${name}`;
      if (name.length > 80) this.problem(at, 'has a name of more than 80 characters');
      if (this.names.has(name)) this.problem(at, 'has a name that another state has');
      this.names.add(name);
      const read = this.state(state, at, new Set([...outer, ...own]));
      if (read) states[name] = read;
    }
    if (typeof startAt !== 'string') this.problem(`${path}/StartAt`, 'is missing');
    else if (!(startAt in nodes)) this.problem(`${path}/StartAt`, `names unknown state ${startAt}`);
    else this.reachable({ startAt, states }, nodes, path);
    return { startAt: String(startAt), states };
  }

  private reachable(container: Container, nodes: JsonObject, path: string): void {
    const reached = new Set<string>();
    const left = [container.startAt];
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      const state = container.states[name];
      if (state === undefined) continue;
      for (const [field, next] of nextNames(state))
        if (next in nodes) left.push(next);
        else this.problem(`${path}/States/${name}/${field}`, `names unknown state ${next}`);
    }
    for (const name of Object.keys(nodes))
      if (!reached.has(name)) this.problem(`${path}/States/${name}`, 'cannot be reached');
  }

  private state(node: unknown, path: string, scope: ReadonlySet<string>): State | undefined {
    if (!isObject(node)) {
      this.problem(path, 'must be an object');
      return undefined;
    }
    const type = Object.keys(FIELDS).find((known): known is State['type'] => known === node.Type);
    if (type === undefined) {
      this.problem(`${path}/Type`, `unknown state type ${JSON.stringify(node.Type)}`);
      return undefined;
    }
    this.onlyFields(node, path, [...COMMON, ...FIELDS[type]]);
    if (node.QueryLanguage !== undefined && node.QueryLanguage !== 'JSONata')
      this.problem(`${path}/QueryLanguage`, 'must be JSONata (JSONPath is not supported)');
    const at = (field: string, allowed = AT_ENTRY) => this.template(node, path, field, allowed);
    for (const field of CAUGHT)
      if (node[field] !== undefined && !Array.isArray(node[field])) this.problem(`${path}/${field}`, 'must be a list');
    const common = { retry: this.retriers(node, path), catch: this.catchers(node, path) };
    switch (type) {
      case 'Task':
        if (!RESOURCES.some((known) => known === node.Resource))
          this.problem(`${path}/Resource`, `unknown resource ${JSON.stringify(node.Resource)}`);
        return {
          type,
          ...common,
          ...this.exit(node, path, AFTER_RESULT),
          waitForToken: node.Resource !== INVOKE,
          arguments: this.invocation(node, path),
          ...optional('timeoutSeconds', this.seconds(node, path, 'TimeoutSeconds', 1)),
        };
      case 'Choice':
        return { type, ...common, ...this.choices(node, path) };
      case 'Pass':
        return { type, ...common, ...this.exit(node, path, AT_ENTRY) };
      case 'Succeed':
        return { type, ...common, next: undefined, ...optional('output', at('Output')) };
      case 'Fail':
        return { type, ...common, ...optional('error', at('Error')), ...optional('cause', at('Cause')) };
      case 'Wait':
        if ((node.Seconds === undefined) === (node.Timestamp === undefined))
          this.problem(path, 'must have either Seconds or Timestamp');
        return {
          type,
          ...common,
          ...this.exit(node, path, AT_ENTRY),
          ...optional('seconds', this.seconds(node, path, 'Seconds', 0)),
          ...optional('timestamp', at('Timestamp')),
        };
      case 'Map':
        return {
          type,
          ...common,
          ...this.exit(node, path, AFTER_RESULT),
          ...optional('items', at('Items')),
          ...optional('itemSelector', at('ItemSelector')),
          ...optional('maxConcurrency', this.seconds(node, path, 'MaxConcurrency', 0)),
          processor: this.processor(node.ItemProcessor, `${path}/ItemProcessor`, scope),
        };
      case 'Parallel':
        if (!Array.isArray(node.Branches) || node.Branches.length === 0)
          this.problem(`${path}/Branches`, 'must be a list with at least one branch');
        return {
          type,
          ...common,
          ...this.exit(node, path, AFTER_RESULT),
          ...optional('arguments', at('Arguments')),
          branches: list(node.Branches).map((branch, index) =>
            this.processor(branch, `${path}/Branches/${index}`, scope),
          ),
        };
    }
  }

  /** Arguments of lambda:invoke: what the embedded Lambda host can honour. */
  private invocation(node: JsonObject, path: string): Template {
    const field = `${path}/Arguments`;
    if (!isObject(node.Arguments)) {
      this.problem(field, 'must be an object with FunctionName');
      return async () => null;
    }
    this.onlyFields(node.Arguments, field, ['FunctionName', 'Payload']);
    if (typeof node.Arguments.FunctionName !== 'string') this.problem(`${field}/FunctionName`, 'is missing');
    return this.templates.compile(node.Arguments, field, AT_ENTRY);
  }

  private choices(node: JsonObject, path: string): Pick<StateOf<'Choice'>, 'choices' | 'otherwise'> {
    if (!Array.isArray(node.Choices) || node.Choices.length === 0)
      this.problem(`${path}/Choices`, 'must be a list with at least one rule');
    const choices = list(node.Choices).map((rule, index) => {
      const at = `${path}/Choices/${index}`;
      const fields = isObject(rule) ? rule : {};
      this.onlyFields(fields, at, ['Condition', 'Next', 'Assign', 'Output', 'Comment']);
      if (!isExpression(fields.Condition) && typeof fields.Condition !== 'boolean')
        this.problem(`${at}/Condition`, 'must be an expression or a boolean');
      return {
        ...this.assignAndOutput(fields, at, AT_ENTRY),
        next: this.next(fields, at, 'Next'),
        condition: this.templates.compile(fields.Condition ?? false, `${at}/Condition`, AT_ENTRY),
      };
    });
    const fallback = node.Default === undefined ? undefined : this.next(node, path, 'Default');
    return { choices, otherwise: { ...this.assignAndOutput(node, path, AT_ENTRY), next: fallback } };
  }

  private processor(node: unknown, path: string, scope: ReadonlySet<string>): Container {
    if (!isObject(node)) {
      this.problem(path, 'must be an object');
      return { startAt: '', states: {} };
    }
    this.onlyFields(node, path, ['Comment', 'QueryLanguage', 'ProcessorConfig', 'StartAt', 'States']);
    if (node.ProcessorConfig !== undefined) {
      const config = isObject(node.ProcessorConfig) ? node.ProcessorConfig : {};
      this.onlyFields(config, `${path}/ProcessorConfig`, ['Mode']);
      if (config.Mode !== undefined && config.Mode !== 'INLINE')
        this.problem(
          `${path}/ProcessorConfig/Mode`,
          `unknown mode ${JSON.stringify(config.Mode)} (INLINE is supported)`,
        );
    }
    return this.container(node, path, scope);
  }

  private exit(node: JsonObject, path: string, allowed: readonly StatesMember[]): Exit {
    if ((node.Next === undefined) === (node.End === undefined)) this.problem(path, 'must have either Next or End');
    if (node.End !== undefined && node.End !== true) this.problem(`${path}/End`, 'must be true');
    return {
      ...this.assignAndOutput(node, path, allowed),
      next: node.Next === undefined ? undefined : this.next(node, path, 'Next'),
    };
  }

  private assignAndOutput(node: JsonObject, path: string, allowed: readonly StatesMember[]): Omit<Exit, 'next'> {
    if (node.Assign !== undefined && !isObject(node.Assign)) this.problem(`${path}/Assign`, 'must be an object');
    for (const name of assignNames(node))
      if (!VARIABLE.test(name)) this.problem(`${path}/Assign/${name}`, 'is no name for a variable');
    return {
      ...optional('assign', this.template(node, path, 'Assign', allowed)),
      ...optional('output', this.template(node, path, 'Output', allowed)),
    };
  }

  private catchers(node: JsonObject, path: string): readonly Catcher[] {
    return list(node.Catch).map((entry, index, all) => {
      const at = `${path}/Catch/${index}`;
      const fields = isObject(entry) ? entry : {};
      this.onlyFields(fields, at, ['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment']);
      return {
        errorEquals: this.errorEquals(fields, at, index === all.length - 1),
        ...this.assignAndOutput(fields, at, AFTER_ERROR),
        next: this.next(fields, at, 'Next'),
      };
    });
  }

  private retriers(node: JsonObject, path: string): readonly Retrier[] {
    return list(node.Retry).map((entry, index, all) => {
      const at = `${path}/Retry/${index}`;
      const fields = isObject(entry) ? entry : {};
      this.onlyFields(fields, at, [
        'ErrorEquals',
        'IntervalSeconds',
        'BackoffRate',
        'MaxAttempts',
        'MaxDelaySeconds',
        'JitterStrategy',
        'Comment',
      ]);
      const { JitterStrategy: jitter } = fields;
      if (jitter !== undefined && jitter !== 'FULL' && jitter !== 'NONE')
        this.problem(`${at}/JitterStrategy`, `unknown strategy ${JSON.stringify(jitter)}`);
      if (fields.BackoffRate !== undefined && !(Number(fields.BackoffRate) >= 1))
        this.problem(`${at}/BackoffRate`, 'must be a number from 1');
      return {
        errorEquals: this.errorEquals(fields, at, index === all.length - 1),
        intervalSeconds: this.number(fields, at, 'IntervalSeconds', 1, MAX_SECONDS) ?? 1,
        backoffRate: Number(fields.BackoffRate ?? 2),
        maxAttempts: this.number(fields, at, 'MaxAttempts', 0, MAX_SECONDS) ?? 3,
        ...optional('maxDelaySeconds', this.number(fields, at, 'MaxDelaySeconds', 1, 31_622_400)),
        fullJitter: jitter === 'FULL',
      };
    });
  }

  private errorEquals(node: JsonObject, path: string, last: boolean): readonly string[] {
    const names = list(node.ErrorEquals).filter((name): name is string => typeof name === 'string');
    if (names.length === 0) this.problem(`${path}/ErrorEquals`, 'must be a list of error names');
    for (const name of names)
      if (name.startsWith('States.') && !STATES_ERRORS.includes(name))
        this.problem(`${path}/ErrorEquals`, `unknown error ${name}`);
    if (names.includes('States.ALL') && !(last && names.length === 1))
      this.problem(`${path}/ErrorEquals`, 'States.ALL must stand alone and last');
    return names;
  }

  private template(
    node: JsonObject,
    path: string,
    field: string,
    allowed: readonly StatesMember[],
  ): Template | undefined {
    const value = node[field];
    return value === undefined ? undefined : this.templates.compile(value, `${path}/${field}`, allowed);
  }

  /** A whole number, or an expression that gives one when it is evaluated. */
  private seconds(node: JsonObject, path: string, field: string, from: number): Template | undefined {
    if (!isExpression(node[field])) this.number(node, path, field, from, MAX_SECONDS);
    return this.template(node, path, field, AT_ENTRY);
  }

  private number(node: JsonObject, path: string, field: string, from: number, to: number): number | undefined {
    const value = node[field];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
    this.problem(`${path}/${field}`, `must be a whole number from ${from} to ${to}`);
    return undefined;
  }

  private next(node: JsonObject, path: string, field: string): string {
    const value = node[field];
    if (typeof value !== 'string') this.problem(`${path}/${field}`, 'must name a state');
    return String(value);
  }

  private onlyFields(node: JsonObject, path: string, known: readonly string[]): void {
    for (const field of Object.keys(node))
      if (!known.includes(field)) this.problem(`${path}/${field}`, 'unknown field');
  }
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };

const assignNames = (node: unknown): readonly string[] =>
  isObject(node) && isObject(node.Assign) ? Object.keys(node.Assign) : [];

const assignedNames = (state: unknown): readonly string[] =>
  isObject(state) ? [state, ...list(state.Choices), ...list(state.Catch)].flatMap((node) => assignNames(node)) : [];

/** Where a state may lead, with the field that says so. */
const nextNames = (state: State): readonly (readonly [string, string])[] => [
  ...('next' in state && state.next !== undefined ? [['Next', state.next] as const] : []),
  ...(state.type === 'Choice'
    ? [
        ...state.choices.map(({ next }, index) => [`Choices/${index}/Next`, next] as const),
        ...(state.otherwise.next === undefined ? [] : [['Default', state.otherwise.next] as const]),
      ]
    : []),
  ...state.catch.map(({ next }, index) => [`Catch/${index}/Next`, next] as const),
];
