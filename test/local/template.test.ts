import { afterEach, describe, expect, it } from 'vitest';
import { type AssemblyStack, readAssembly } from '#infra/local/template/assembly.ts';
import { planOf } from '#infra/local/template/plan.ts';
import { properties } from '#infra/local/template/resources.ts';
import {
  describeWithoutEffect,
  propertiesWithoutEffect,
  typesWithoutEffect,
} from '#infra/local/template/without-effect.ts';
import { assemblyOf, cleanUp, codeOf, lambdaOf } from './fixture.ts';

afterEach(cleanUp);

const stack = (template: Readonly<Record<string, unknown>>, name = 'Stage-Data'): AssemblyStack => ({
  name,
  template,
  assets: new Map([['code.zip', '/code']]),
});
const planned = (Resources: object, more: object = {}) => planOf([stack({ Resources, ...more })]);
const outputOf = (Value: unknown, more: object = {}) =>
  planned(
    { Box: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'box' } } },
    { Outputs: { It: { Value } }, ...more },
  ).outputs.It;
const sub = (text: string): string => text.replaceAll('#', '$');

describe('the CloudFormation reader', () => {
  it('evaluates the functions a template uses', () => {
    const Conditions = {
      Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
      No: { 'Fn::Not': [{ Condition: 'Yes' }] },
      Both: { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] }] },
    };
    const Mappings = { Sizes: { small: { days: '30' } } };
    const Parameters = { Given: { Type: 'String', Default: 'value' } };
    const more = { Conditions, Mappings, Parameters };
    const cases: Array<[unknown, string]> = [
      [{ Ref: 'Box' }, 'box'],
      [{ Ref: 'Given' }, 'value'],
      [{ 'Fn::GetAtt': ['Box', 'Arn'] }, 'arn:aws:s3:::box'],
      [{ 'Fn::GetAtt': 'Box.Arn' }, 'arn:aws:s3:::box'],
      [{ 'Fn::Sub': sub('#{AWS::Partition}/#{Box}/#{Box.Arn}/#{!Kept}') }, sub('aws/box/arn:aws:s3:::box/#{Kept}')],
      [{ 'Fn::Sub': [sub('#{one}-#{AWS::AccountId}'), { one: { Ref: 'Box' } }] }, 'box-000000000000'],
      [
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::URLSuffix' }, ':', { Ref: 'AWS::StackName' }]] },
        'arn:amazonaws.com:Stage-Data',
      ],
      [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
      [{ 'Fn::If': ['Both', 'yes', 'no'] }, 'yes'],
      [{ 'Fn::If': ['No', 'yes', { Ref: 'Box' }] }, 'box'],
      [{ 'Fn::FindInMap': ['Sizes', 'small', 'days'] }, '30'],
      [{ 'Fn::Join': [',', ['a', { 'Fn::If': ['No', 'x', { Ref: 'AWS::NoValue' }] }, 'b']] }, 'a,b'],
    ];
    for (const [value, expected] of cases) expect(outputOf(value, more)).toBe(expected);
  });

  it('[R-PRI-6] refuses a scan for malware, with why: nothing here would look', () => {
    expect(() => planned({ Plan: { Type: 'AWS::GuardDuty::MalwareProtectionPlan', Properties: {} } })).toThrow(
      /Plan \(AWS::GuardDuty::MalwareProtectionPlan\): nothing on this machine looks for malware.*malwareScan false/,
    );
  });

  it('reads every stack of a nested stage after those it depends on, and their exports', async () => {
    const directory = await assemblyOf(
      {
        App: {
          Resources: {
            Work: lambdaOf('work', { Environment: { Variables: { BOX: { 'Fn::ImportValue': 'Stage-Data:Box' } } } }),
            Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
          },
        },
        Data: {
          Resources: { Box: { Type: 'AWS::S3::Bucket', Properties: {} } },
          Outputs: { Export: { Value: { Ref: 'Box' }, Export: { Name: 'Stage-Data:Box' } } },
        },
      },
      { work: 'export const handler = () => 1;' },
      { App: ['Data'] },
    );
    const stacks = await readAssembly(directory);
    expect(stacks.map(({ name }) => name)).toEqual(['Stage-Data', 'Stage-App']);
    const plan = planOf(stacks);
    expect(plan.functions[0]?.environment).toEqual({ BOX: plan.buckets[0]?.name });
    expect(plan.functions[0]?.codeDirectory).toContain('asset.work');
  });

  it('makes up the same allowed name every time, another for another resource', () => {
    const Box = { Type: 'AWS::S3::Bucket', Properties: {} };
    const names = planned({ Box, Other: Box }).buckets.map(({ name }) => name);
    expect(names).toEqual(planned({ Box, Other: Box }).buckets.map(({ name }) => name));
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^stage-data-[a-z0-9-]{3,50}$/);
  });

  it('puts the functions of the ARNs into a state machine', () => {
    const { stateMachines } = planned({
      Work: { ...lambdaOf('code') },
      Role: { Type: 'AWS::IAM::Role' },
      Flow: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: 'flow',
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          DefinitionString: sub('{"Resource":"#{Work}","Other":"#{Unknown}"}'),
          DefinitionSubstitutions: { Work: { 'Fn::GetAtt': ['Work', 'Arn'] } },
        },
      },
    });
    expect(JSON.parse(stateMachines[0]?.definition ?? '')).toEqual({
      Resource: 'arn:aws:lambda:eu-west-1:000000000000:function:code',
      Other: sub('#{Unknown}'),
    });
  });

  it('names stack, logical id, type and property of whatever it does not know', () => {
    const cases: Array<[object, RegExp]> = [
      [{ Q: { Type: 'AWS::Kinesis::Stream' } }, /Stage-Data, Q \(AWS::Kinesis::Stream\): this resource type/],
      [
        { Box: { Type: 'AWS::S3::Bucket', Properties: { WebsiteConfiguration: {} } } },
        /Stage-Data, Box \(AWS::S3::Bucket\): property WebsiteConfiguration is not supported/,
      ],
      [
        { Fn: lambdaOf('code', { Layers: ['arn:layer'], FileSystemConfigs: [] }) },
        /Fn \(AWS::Lambda::Function\): property Layers, FileSystemConfigs is not supported/,
      ],
      [
        { Box: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled', Mfa: 'on' } } } },
        /property VersioningConfiguration.Mfa is not supported/,
      ],
      [
        {
          R: {
            Type: 'AWS::Events::Rule',
            Properties: { EventPattern: {}, Targets: [{ Id: 'T', Arn: 'arn:aws:lambda:x', InputTransformer: {} }] },
          },
        },
        /R \(AWS::Events::Rule\): property Targets.0.InputTransformer is not supported/,
      ],
      [
        { Box: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Cidr': [] } } } },
        /Fn::Cidr is not supported/,
      ],
      [{ Box: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'Nobody' } } } }, /no resource Nobody/],
      [{ Box: { Type: 'AWS::S3::Bucket', UpdatePolicy: {} } }, /Resources.Box.*UpdatePolicy/],
      [{ Fn: { ...lambdaOf('other') } }, /no asset has the key other.zip/],
    ];
    for (const [resources, message] of cases) expect(() => planned(resources)).toThrow(message);
    expect(() => planned({}, { Transform: 'AWS::Serverless-2016-10-31' })).toThrow(/Transform/);
    expect(() =>
      outputOf(
        { Ref: 'BootstrapVersion' },
        {
          Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk' } },
        },
      ),
    ).toThrow(/BootstrapVersion has no value/);
  });

  it('accepts without effect only what the list names, and removes only that', () => {
    const plan = planned({
      Table: {
        Type: 'AWS::DynamoDB::GlobalTable',
        Properties: {
          TableName: 'records',
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          Replicas: [{ Region: 'eu-west-1', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
        },
      },
      Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Anything: 1 } },
    });
    expect(plan.tables).toEqual([
      {
        TableName: 'records',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      },
    ]);
    expect(() =>
      planned({
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: { KeySchema: [], AttributeDefinitions: [], StreamSpecification: { StreamViewType: 'NEW_IMAGE' } },
        },
      }),
    ).toThrow(/StreamSpecification/);
  });

  it('hands events of a configuration set to the default bus, and to nothing else', () => {
    const destination = (EventDestination: object) => ({
      Set: { Type: 'AWS::SES::ConfigurationSet', Properties: { Name: 'mails' } },
      Told: {
        Type: 'AWS::SES::ConfigurationSetEventDestination',
        Properties: { ConfigurationSetName: { Ref: 'Set' }, EventDestination },
      },
    });
    const bus = (name: string) => ({ EventBridgeDestination: { EventBusArn: `arn:aws:events:x:1:event-bus/${name}` } });
    const bounces = { MatchingEventTypes: ['bounce'], Enabled: true };
    expect(planned(destination({ ...bounces, ...bus('default') })).mailEvents).toEqual([
      { configurationSet: 'mails', types: ['bounce'] },
    ]);
    expect(planned(destination({ ...bounces, ...bus('default'), Enabled: false })).mailEvents).toEqual([]);
    for (const [other, message] of [
      [{ ...bounces, ...bus('own') }, /EventBridgeDestination.EventBusArn/],
      [{ ...bounces, ...bus('default'), SnsDestination: { TopicARN: 'arn' } }, /SnsDestination is not supported/],
      [{ ...bounces, ...bus('default'), MatchingEventTypes: ['open'] }, /MatchingEventTypes/],
    ] as const)
      expect(() => planned(destination(other))).toThrow(message);
  });

  it('has a reason for each entry of the list, and nothing in it that it uses', () => {
    for (const reason of Object.values(typesWithoutEffect)) expect(reason).toMatch(/\w{3}/);
    for (const [type, paths] of Object.entries(propertiesWithoutEffect)) {
      expect(Object.keys(properties)).toContain(type);
      expect(Object.keys(typesWithoutEffect)).not.toContain(type);
      const used = Object.keys(properties[type as keyof typeof properties].shape);
      for (const path of Object.keys(paths)) expect(used).not.toContain(path);
    }
    expect(describeWithoutEffect()).toContain('AWS::S3::Bucket LifecycleConfiguration: ');
  });

  it('a condition leaves resources and outputs out; two outputs of one name must agree', () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    const Box = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'box' }, Condition: 'Never' };
    const plan = planned({ Box }, { Conditions, Outputs: { It: { Value: 'x', Condition: 'Never' } } });
    expect(plan.buckets).toEqual([]);
    expect(plan.outputs).toEqual({});
    const one = stack({ Outputs: { It: { Value: 'x' } } }, 'One');
    expect(() => planOf([one, stack({ Outputs: { It: { Value: 'y' } } }, 'Two')])).toThrow(/One and Two.*It/);
  });

  it('refuses images', async () => {
    expect(codeOf('a').S3Key).toBe('a.zip');
    const directory = await assemblyOf({ Data: { Resources: {} } });
    const { writeFile } = await import('node:fs/promises');
    const { join } = await import('node:path');
    await writeFile(
      join(directory, 'assembly-Stage', 'Data.assets.json'),
      JSON.stringify({ version: '1', files: {}, dockerImages: { abc: {} } }),
    );
    await expect(readAssembly(directory)).rejects.toThrow(/Docker image abc/);
  });
});
