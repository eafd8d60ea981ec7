import { describe, expect, it } from 'vitest';
import { functionNames } from '#runtime/environment.ts';
import reviewed from './policies.json' with { type: 'json' };
import { type Json, type Resource, Synthesis } from './synth.ts';

const synthesis = new Synthesis();
const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

const conditions = (stack: string, condition: Json): string =>
  Object.entries<Json>(condition ?? {})
    .flatMap(([operator, keys]) =>
      Object.entries<Json>(keys).map(
        ([key, values]) =>
          `${key} ${operator} ${list(values)
            .map((value) => synthesis.text(stack, value))
            .join(' | ')}`,
      ),
    )
    .sort()
    .join(' and ');

/** One statement as one line. */
const line = (stack: string, statement: Json): string =>
  [
    statement.Effect === 'Allow' ? '' : `${statement.Effect} `,
    list<string>(statement.Action).join(', '),
    ' on ',
    list<Json>(statement.Resource)
      .map((resource) => synthesis.text(stack, resource))
      .sort()
      .join(', '),
    statement.Condition === undefined ? '' : ` when ${conditions(stack, statement.Condition)}`,
  ].join('');

const linesOf = (role: Resource): readonly string[] =>
  synthesis
    .of('AWS::IAM::Policy')
    .filter(({ stack, properties }) =>
      properties.Roles.some((each: Json) => stack === role.stack && each.Ref === role.id),
    )
    .flatMap(({ stack, properties }) => properties.PolicyDocument.Statement.map((each: Json) => line(stack, each)))
    .sort();

/** What every role may do, by the name of who acts in it. */
const actual: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  synthesis.of('AWS::IAM::Role').map((role) => {
    const holder = synthesis.resources.find(
      ({ stack, properties }) =>
        stack === role.stack &&
        [properties.Role, properties.RoleArn, properties.Target?.RoleArn].some(
          (value) => synthesis.target(stack, value)?.id === role.id,
        ),
    );
    if (holder === undefined) throw new Error(`Nobody acts as ${role.id}`);
    const { FunctionName, StateMachineName, Name } = holder.properties;
    return [FunctionName ?? StateMachineName ?? `schedule ${Name}`, linesOf(role)] as const;
  }),
);

describe('rights', () => {
  it('[R-PRI-1] are exactly the reviewed ones (test/infra/policies.json)', () => {
    expect(actual).toEqual(reviewed);
  });

  it('every function has a role of its own, without managed policies', () => {
    const roles = synthesis.of('AWS::Lambda::Function').map(({ stack, properties }) => {
      const role = synthesis.target(stack, properties.Role);
      expect(role?.properties.ManagedPolicyArns, properties.FunctionName).toBeUndefined();
      return `${stack}.${role?.id}`;
    });
    expect(new Set(roles).size).toBe(functionNames.length);
  });

  it('name a resource, but for actions that know none', () => {
    const without: Readonly<Record<string, string>> = {
      xray: 'segments belong to no resource',
      logs: 'Step Functions sets up the delivery of its own logs, which belongs to no resource',
    };
    const wide = synthesis
      .of('AWS::IAM::Policy')
      .flatMap(({ properties }) =>
        properties.PolicyDocument.Statement.filter((each: Json) => list(each.Resource).includes('*')).flatMap(
          (each: Json) => list<string>(each.Action),
        ),
      );
    expect(wide.length).toBeGreaterThan(0);
    for (const action of wide) expect(without, action).toHaveProperty(action.split(':')[0] ?? '');
  });

  it('hold no wildcard in an action, no Scan, no transaction', () => {
    const actions = synthesis
      .of('AWS::IAM::Policy')
      .flatMap(({ properties }) => properties.PolicyDocument.Statement.flatMap((each: Json) => list(each.Action)));
    for (const action of actions) expect(action).not.toMatch(/\*|Scan|Transact|PartiQL/);
  });

  it('[R-PRI-1] reach records only by their key family', () => {
    const statements = synthesis.of('AWS::IAM::Policy').flatMap(({ stack, properties }) =>
      properties.PolicyDocument.Statement.filter((each: Json) =>
        list<string>(each.Action)[0]?.startsWith('dynamodb:'),
      ).map((each: Json) => ({
        keys: each.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'],
        on: line(stack, each),
      })),
    );
    expect(statements.length).toBeGreaterThan(20);
    for (const { keys, on } of statements) {
      if (on.includes('/index/due')) continue;
      expect(keys, on).toBeInstanceOf(Array);
      for (const key of keys)
        expect(key, on).toMatch(
          /^(GM#\*(#MATCH)?|ARREAR#\*|DELIVERY#\*|CONFIG|SP#\*|MARK#\*|ACCESS#\*|KEY#matching|CHAIN)$/,
        );
    }
  });

  it('[R-MAT-5] only who finds the household of an address unwraps the matching key, only load-configuration makes it', () => {
    const holders = Object.entries(actual)
      .filter(([, lines]) => lines.some((each) => each.includes('Data.MatchingKey')))
      .map(([name]) => name)
      .sort();
    expect(holders).toEqual([
      'meldpunt-dev-check-delivery',
      'meldpunt-dev-load-configuration',
      'meldpunt-dev-receive-outcomes',
      'meldpunt-dev-route-signals',
    ]);
  });
});
