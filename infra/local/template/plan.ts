import { createHash } from 'node:crypto';
import type { TableDefinition } from '../dynamodb/dynamodb.ts';
import type { Rule, Schedule, Target } from '../events/events.ts';
import type { KeySpec } from '../kms/kms.ts';
import type { AsyncPolicy, FunctionDefinition } from '../lambda/lambda.ts';
import type { EventType } from '../ses/events.ts';
import type { Queue } from '../sqs/sqs.ts';
import type { AssemblyStack } from './assembly.ts';
import { evaluate, holds, NO_VALUE, type Scope, Template } from './intrinsics.ts';
import {
  isKnownType,
  type KnownType,
  type Properties,
  properties,
  type ResourceType,
  resourceTypes,
} from './resources.ts';
import { propertiesWithoutEffect, refusedTypes, typesWithoutEffect } from './without-effect.ts';

/** All that the stacks ask for, by kind, in the order of the templates. */
export type Plan = {
  readonly tables: TableDefinition[];
  readonly buckets: Array<{ name: string; versioned: boolean; eventBridge: boolean }>;
  readonly keys: Array<{ keyId: string; description?: string; spec: KeySpec }>;
  readonly aliases: Array<{ alias: string; key: string }>;
  readonly queues: Queue[];
  readonly functions: FunctionDefinition[];
  readonly asyncPolicies: AsyncPolicy[];
  readonly stateMachines: Array<{ name: string; definition: string }>;
  readonly rules: Rule[];
  readonly schedules: Schedule[];
  readonly identities: string[];
  readonly configurationSets: string[];
  readonly mailEvents: Array<{ configurationSet: string; types: readonly EventType[] }>;
  /** Outputs of all stacks by their name. */
  readonly outputs: Readonly<Record<string, string>>;
};

type Stack = AssemblyStack & { readonly parsed: Template; readonly scope: Scope };
type Resource = Template['Resources'][string];

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The same stack and logical id always give the same name, so that the same data is found again. */
const madeUpName = (type: ResourceType, stack: string, logicalId: string): string => {
  const ending = `-${hash(`${stack}/${logicalId}`).slice(0, 10)}`;
  const start = `${stack}-${logicalId}`.slice(0, (type.maxNameLength ?? 128) - ending.length).replace(/-+$/, '');
  return type.lowerCase === true ? (start + ending).toLowerCase() : start + ending;
};

const uuidOf = (text: string): string =>
  hash(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');

/** What stands for a resource without effect where another names it: its ARN or name, of the right form only. */
const withoutEffect = (type: string, name: string, attribute?: string): string => {
  const [, service = '', kind = ''] = type.toLowerCase().split('::');
  const arn = `arn:aws:${service}:eu-west-1:000000000000:${kind}/${name}`;
  if (attribute === undefined) return type === 'AWS::SNS::Topic' ? arn : name;
  return attribute.endsWith('Arn') ? arn : `${name}.${attribute}`;
};

/** Removes what the list says is without effect, so that all that is left must be known. */
const removePath = (value: unknown, [head, ...rest]: readonly string[]): unknown => {
  if (typeof value !== 'object' || value === null || head === undefined) return value;
  if (Array.isArray(value))
    return head === '*' ? value.map((each: unknown) => removePath(each, rest)) : (value as unknown);
  if (!Object.hasOwn(value, head)) return value;
  const { [head]: inner, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...others, [head]: removePath(inner, rest) };
};

/** A stack's references into itself and, by exports, into the others. */
const openStacks = (stacks: readonly AssemblyStack[]): readonly Stack[] => {
  const exported = new Map<string, () => unknown>();
  return stacks.map((stack) => {
    const result = Template.safeParse(stack.template);
    if (!result.success) {
      const [issue] = result.error.issues;
      const keys = issue?.code === 'unrecognized_keys' ? `: ${issue.keys.join(', ')}` : '';
      throw new Error(`Stack ${stack.name}: ${issue?.path.join('.')} ${issue?.message}${keys}`);
    }
    const parsed = result.data;
    const resource = (logicalId: string): Resource => {
      const found = parsed.Resources[logicalId];
      if (found === undefined) throw new Error(`Stack ${stack.name} has no resource ${logicalId}`);
      return found;
    };
    const scope: Scope = {
      stackName: stack.name,
      template: parsed,
      ref(logicalId) {
        const { Type } = resource(logicalId);
        const name = nameOf(stackOf(), logicalId);
        return isKnownType(Type) ? resourceTypes[Type].ref(name) : withoutEffect(Type, name);
      },
      attribute(logicalId, attribute) {
        const { Type } = resource(logicalId);
        const name = nameOf(stackOf(), logicalId);
        if (!isKnownType(Type)) return withoutEffect(Type, name, attribute);
        const type: ResourceType = resourceTypes[Type];
        const give = type.attributes[attribute];
        // DKIM records mean something to DNS only; nothing here reads them.
        if (give === undefined && Type === 'AWS::SES::EmailIdentity') return withoutEffect(Type, name, attribute);
        if (give === undefined)
          throw new Error(`Stack ${stack.name}, ${logicalId}: ${Type} has no attribute ${attribute} here`);
        return give(name);
      },
      imported(exportName) {
        const value = exported.get(exportName);
        if (value === undefined)
          throw new Error(`Stack ${stack.name} imports ${exportName}, which no stack before it exports`);
        return value();
      },
    };
    const opened: Stack = { ...stack, parsed, scope };
    const stackOf = (): Stack => opened;
    for (const output of Object.values(parsed.Outputs)) {
      if (output.Export === undefined) continue;
      exported.set(String(evaluate(output.Export.Name, scope)), () => evaluate(output.Value, scope));
    }
    return opened;
  });
};

const nameOf = (stack: Stack, logicalId: string): string => {
  const resource = stack.parsed.Resources[logicalId];
  const type: ResourceType | undefined =
    resource !== undefined && isKnownType(resource.Type) ? resourceTypes[resource.Type] : undefined;
  if (resource?.Type === 'AWS::KMS::Key') return uuidOf(`${stack.name}/${logicalId}`);
  const given = type?.nameProperty === undefined ? undefined : resource?.Properties[type.nameProperty];
  const name = given === undefined ? NO_VALUE : evaluate(given, stack.scope);
  if (typeof name === 'string') return name;
  return madeUpName(type ?? { ref: (each) => each, attributes: {} }, stack.name, logicalId);
};

type Use<T extends KnownType> = (plan: Plan, name: string, given: Properties<T>, stack: Stack) => void;

const target = (given: {
  readonly Arn: string;
  readonly Input?: string | undefined;
  readonly DeadLetterConfig?: { readonly Arn: string } | undefined;
  readonly RetryPolicy?:
    | {
        readonly MaximumEventAgeInSeconds?: number | undefined;
        readonly MaximumRetryAttempts?: number | undefined;
      }
    | undefined;
}): Target => ({
  arn: given.Arn,
  input: given.Input === undefined ? undefined : (JSON.parse(given.Input) as unknown),
  deadLetterQueue: given.DeadLetterConfig?.Arn,
  maximumRetryAttempts: given.RetryPolicy?.MaximumRetryAttempts,
  maximumEventAgeSeconds: given.RetryPolicy?.MaximumEventAgeInSeconds,
});

const addTable = (plan: Plan, name: string, given: Properties<'AWS::DynamoDB::Table'>): void => {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = given;
  const indexes = {
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
    ...(LocalSecondaryIndexes && { LocalSecondaryIndexes }),
  };
  plan.tables.push({ TableName: name, AttributeDefinitions, KeySchema, ...indexes });
};

/** How each type enters the plan. */
const uses: { readonly [T in KnownType]: Use<T> } = {
  'AWS::DynamoDB::GlobalTable': addTable,
  'AWS::DynamoDB::Table': addTable,
  'AWS::Events::Rule'(plan, name, given) {
    const { EventPattern, ScheduleExpression, Targets, State } = given;
    if (State === 'DISABLED') return;
    const targets = Targets.map(target);
    if (EventPattern !== undefined) plan.rules.push({ name, pattern: EventPattern, targets });
    if (ScheduleExpression !== undefined) {
      plan.schedules.push({ name, expression: ScheduleExpression, timeZone: 'UTC', targets, kind: 'rule' });
    }
  },
  'AWS::KMS::Alias'(plan, name, given) {
    plan.aliases.push({ alias: name, key: given.TargetKeyId });
  },
  'AWS::KMS::Key'(plan, name, given) {
    const description = given.Description;
    plan.keys.push({ keyId: name, spec: given.KeySpec, ...(description !== undefined && { description }) });
  },
  'AWS::Lambda::EventInvokeConfig'(plan, _, given) {
    plan.asyncPolicies.push({
      functionName: given.FunctionName,
      maximumRetryAttempts: given.MaximumRetryAttempts ?? 2,
      maximumEventAgeSeconds: given.MaximumEventAgeInSeconds ?? 6 * 3600,
      onFailure: given.DestinationConfig?.OnFailure?.Destination,
    });
  },
  'AWS::Lambda::Function'(plan, name, given, stack) {
    const codeDirectory = stack.assets.get(given.Code.S3Key);
    if (codeDirectory === undefined) throw new Error(`no asset has the key ${given.Code.S3Key}`);
    plan.functions.push({
      name,
      codeDirectory,
      handler: given.Handler,
      timeoutSeconds: given.Timeout,
      memoryMb: given.MemorySize,
      environment: given.Environment?.Variables ?? {},
      description: given.Description,
      reservedConcurrency: given.ReservedConcurrentExecutions,
      deadLetterQueue: given.DeadLetterConfig?.TargetArn,
      logFormat: given.LoggingConfig?.LogFormat,
      logLevel: given.LoggingConfig?.ApplicationLogLevel,
      logGroup: given.LoggingConfig?.LogGroup,
    });
  },
  'AWS::S3::Bucket'(plan, name, given) {
    plan.buckets.push({
      name,
      versioned: given.VersioningConfiguration?.Status === 'Enabled',
      eventBridge: given.NotificationConfiguration?.EventBridgeConfiguration.EventBridgeEnabled ?? false,
    });
  },
  'AWS::SES::ConfigurationSet': (plan, name) => void plan.configurationSets.push(name),
  'AWS::SES::ConfigurationSetEventDestination'(plan, _, { ConfigurationSetName, EventDestination }) {
    if (!EventDestination.Enabled) return;
    plan.mailEvents.push({ configurationSet: ConfigurationSetName, types: EventDestination.MatchingEventTypes });
  },
  'AWS::SES::EmailIdentity': (plan, name) => void plan.identities.push(name),
  'AWS::SQS::Queue'(plan, name, given) {
    plan.queues.push({ name, visibilityTimeoutSeconds: given.VisibilityTimeout });
  },
  'AWS::Scheduler::Schedule'(plan, name, given) {
    if (given.State === 'DISABLED') return;
    plan.schedules.push({
      name,
      expression: given.ScheduleExpression,
      timeZone: given.ScheduleExpressionTimezone,
      targets: [target(given.Target)],
      kind: 'schedule',
    });
  },
  'AWS::StepFunctions::StateMachine'(plan, name, given) {
    const text = given.DefinitionString ?? JSON.stringify(given.Definition ?? {});
    const definition = text.replace(/\$\{(\w+)\}/g, (whole, key: string) => {
      const value = given.DefinitionSubstitutions[key];
      return value === undefined ? whole : String(value);
    });
    plan.stateMachines.push({ name, definition });
  },
};

/** Strict: names the first property nobody knows. */
const parseProperties = <T extends KnownType>(type: T, given: unknown): Properties<T> => {
  const result = properties[type].safeParse(given);
  if (result.success) return result.data as Properties<T>;
  const [issue] = result.error.issues;
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? [issue.keys.join(', ')] : [])];
  throw new Error(
    issue?.code === 'unrecognized_keys'
      ? `property ${path.join('.')} is not supported by the embedded cloud`
      : `property ${path.join('.')}: ${issue?.message}`,
  );
};

const addResource = (plan: Plan, stack: Stack, logicalId: string, resource: Resource): void => {
  const { Type } = resource;
  if (resource.Condition !== undefined && !holds(resource.Condition, stack.scope)) return;
  if (Object.hasOwn(typesWithoutEffect, Type)) return;
  if (!isKnownType(Type))
    throw new Error(refusedTypes[Type] ?? 'this resource type is not supported by the embedded cloud');
  let given: unknown = resource.Properties;
  for (const path of Object.keys(propertiesWithoutEffect[Type] ?? {})) given = removePath(given, path.split('.'));
  const use = <T extends KnownType>(type: T): void =>
    uses[type](plan, nameOf(stack, logicalId), parseProperties(type, evaluate(given, stack.scope)), stack);
  use(Type);
};

const collectOutputs = (stacks: readonly Stack[]): Record<string, string> => {
  const outputs = new Map<string, { value: string; stack: string }>();
  for (const stack of stacks) {
    for (const [name, output] of Object.entries(stack.parsed.Outputs)) {
      // An export is how stacks reach each other, not something for people.
      if (output.Export !== undefined) continue;
      if (output.Condition !== undefined && !holds(output.Condition, stack.scope)) continue;
      const value = String(evaluate(output.Value, stack.scope));
      const other = outputs.get(name);
      if (other !== undefined && other.value !== value) {
        throw new Error(`Stacks ${other.stack} and ${stack.name} have different outputs named ${name}`);
      }
      outputs.set(name, { value, stack: stack.name });
    }
  }
  return Object.fromEntries([...outputs].map(([name, { value }]) => [name, value]));
};

/**
 * Reads what the stacks ask for. Throws an Error naming stack, logical id, type and property for anything that is
 * neither used nor in the list of what is without effect.
 */
export const planOf = (assembly: readonly AssemblyStack[]): Plan => {
  const stacks = openStacks(assembly);
  const plan: Plan = {
    tables: [],
    buckets: [],
    keys: [],
    aliases: [],
    queues: [],
    functions: [],
    asyncPolicies: [],
    stateMachines: [],
    rules: [],
    schedules: [],
    identities: [],
    configurationSets: [],
    mailEvents: [],
    outputs: collectOutputs(stacks),
  };
  for (const stack of stacks) {
    for (const [logicalId, resource] of Object.entries(stack.parsed.Resources)) {
      try {
        addResource(plan, stack, logicalId, resource);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        throw new Error(`Stack ${stack.name}, ${logicalId} (${resource.Type}): ${text}`, { cause: error });
      }
    }
  }
  return plan;
};
