import { z } from 'zod';
import { ACCOUNT, REGION } from '../contract.ts';

/** A value the template asked to leave out (`AWS::NoValue`). */
export const NO_VALUE = Symbol('AWS::NoValue');

const Json = z.record(z.string(), z.unknown());
export const Template = z.strictObject({
  AWSTemplateFormatVersion: z.literal('2010-09-09').optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  Parameters: z.record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() })).default({}),
  // Of all rules only the CDK's own check of its bootstrap stack is passed over: there is none here.
  Rules: z.strictObject({ CheckBootstrapVersion: z.unknown().optional() }).optional(),
  Mappings: z.record(z.string(), z.record(z.string(), Json)).default({}),
  Conditions: Json.default({}),
  Resources: z
    .record(
      z.string(),
      z.strictObject({
        Type: z.string(),
        Properties: Json.default({}),
        Condition: z.string().optional(),
        DependsOn: z.unknown().optional(),
        Metadata: z.unknown().optional(),
        DeletionPolicy: z.string().optional(),
        UpdateReplacePolicy: z.string().optional(),
      }),
    )
    .default({}),
  Outputs: z
    .record(
      z.string(),
      z.strictObject({
        Value: z.unknown(),
        Description: z.unknown().optional(),
        Condition: z.string().optional(),
        Export: z.strictObject({ Name: z.unknown() }).optional(),
      }),
    )
    .default({}),
});
export type Template = z.infer<typeof Template>;

/** What an evaluation needs to know of the world around the template. */
export type Scope = {
  readonly stackName: string;
  readonly template: Template;
  readonly ref: (logicalId: string) => unknown;
  readonly attribute: (logicalId: string, attribute: string) => unknown;
  readonly imported: (exportName: string) => unknown;
};

const pseudo = (stackName: string): Readonly<Record<string, unknown>> => ({
  'AWS::AccountId': ACCOUNT,
  'AWS::NoValue': NO_VALUE,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stackName}/local`,
  'AWS::StackName': stackName,
  'AWS::URLSuffix': 'amazonaws.com',
});

const text = (value: unknown, where: string): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${where}: a text is needed`);
};

const list = (value: unknown, where: string): readonly unknown[] => {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new Error(`${where}: a list is needed`);
};

/** Evaluates CloudFormation's functions in `value`. Throws an Error that names the function it does not know. */
export const evaluate = (value: unknown, scope: Scope): unknown => {
  if (Array.isArray(value)) {
    return value.map((each) => evaluate(each, scope)).filter((each) => each !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [name, argument] = first;
    const intrinsic = intrinsics[name];
    if (intrinsic !== undefined) return intrinsic(argument, scope);
    if (name.startsWith('Fn::')) throw new Error(`${name} is not supported`);
  }
  const evaluated = entries.map(([key, each]) => [key, evaluate(each, scope)] as const);
  return Object.fromEntries(evaluated.filter(([, each]) => each !== NO_VALUE));
};

/** Whether a condition of the template holds. */
export const holds = (name: string, scope: Scope): boolean => {
  if (!Object.hasOwn(scope.template.Conditions, name)) throw new Error(`There is no condition ${name}`);
  return evaluate(scope.template.Conditions[name], scope) === true;
};

const ref = (name: string, scope: Scope): unknown => {
  const known = pseudo(scope.stackName);
  if (Object.hasOwn(known, name)) return known[name];
  const parameter = scope.template.Parameters[name];
  if (parameter === undefined) return scope.ref(name);
  if (parameter.Default === undefined || parameter.Type.startsWith('AWS::SSM::')) {
    throw new Error(`Parameter ${name} has no value here`);
  }
  return parameter.Default;
};

const truths = (argument: unknown, scope: Scope): boolean[] =>
  list(argument, 'condition').map((each) => evaluate(each, scope) === true);

const intrinsics: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  Ref: (argument, scope) => ref(text(argument, 'Ref'), scope),
  Condition: (argument, scope) => holds(text(argument, 'Condition'), scope),
  'Fn::GetAtt'(argument, scope) {
    const parts = typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt');
    const [logicalId, ...attribute] = parts.map((part) => text(part, 'Fn::GetAtt'));
    return scope.attribute(logicalId ?? '', attribute.join('.'));
  },
  'Fn::Sub'(argument, scope) {
    const [template, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub');
    const own = Json.parse(evaluate(variables ?? {}, scope));
    return text(template, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (Object.hasOwn(own, name)) return text(own[name], `Fn::Sub ${name}`);
      const [logicalId = '', ...attribute] = name.split('.');
      const found = attribute.length > 0 ? scope.attribute(logicalId, attribute.join('.')) : ref(name, scope);
      return text(found, `Fn::Sub ${name}`);
    });
  },
  'Fn::Join'(argument, scope) {
    const [delimiter, parts] = list(argument, 'Fn::Join');
    const evaluated = list(evaluate(parts, scope), 'Fn::Join');
    return evaluated.map((part) => text(part, 'Fn::Join')).join(text(delimiter, 'Fn::Join'));
  },
  'Fn::Select'(argument, scope) {
    const [index, values] = list(argument, 'Fn::Select').map((each) => evaluate(each, scope));
    const value = list(values, 'Fn::Select')[Number(index)];
    if (value === undefined) throw new Error(`Fn::Select: there is no entry ${String(index)}`);
    return value;
  },
  'Fn::Split'(argument, scope) {
    const [delimiter, value] = list(argument, 'Fn::Split').map((each) => evaluate(each, scope));
    return text(value, 'Fn::Split').split(text(delimiter, 'Fn::Split'));
  },
  'Fn::If'(argument, scope) {
    const [condition, yes, no] = list(argument, 'Fn::If');
    return evaluate(holds(text(condition, 'Fn::If'), scope) ? yes : no, scope);
  },
  'Fn::Equals'(argument, scope) {
    const [one, other] = list(argument, 'Fn::Equals').map((each) => evaluate(each, scope));
    return text(one, 'Fn::Equals') === text(other, 'Fn::Equals');
  },
  'Fn::And': (argument, scope) => truths(argument, scope).every(Boolean),
  'Fn::Or': (argument, scope) => truths(argument, scope).some(Boolean),
  'Fn::Not': (argument, scope) => !truths(argument, scope)[0],
  'Fn::FindInMap'(argument, scope) {
    const [map, top, second] = list(argument, 'Fn::FindInMap').map((each) =>
      text(evaluate(each, scope), 'Fn::FindInMap'),
    );
    const found = scope.template.Mappings[map ?? '']?.[top ?? '']?.[second ?? ''];
    if (found === undefined) throw new Error(`Fn::FindInMap: there is no ${map}.${top}.${second}`);
    return found;
  },
  'Fn::ImportValue': (argument, scope) => scope.imported(text(evaluate(argument, scope), 'Fn::ImportValue')),
};
