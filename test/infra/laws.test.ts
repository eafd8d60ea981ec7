import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMON_ENVIRONMENT } from '#infra/constructs/lambda.ts';
import { substitutionsIn } from '#infra/constructs/workflow.ts';
import { environments, functionNames } from '#runtime/environment.ts';
import { type Json, type Resource, Synthesis } from './synth.ts';

const root = join(import.meta.dirname, '../..');
const synthesis = new Synthesis();
const functions = synthesis.of('AWS::Lambda::Function');
const queues = synthesis.of('AWS::SQS::Queue');
const alarms = synthesis.of('AWS::CloudWatch::Alarm');
const machines = synthesis.of('AWS::StepFunctions::StateMachine');
const buckets = synthesis.of('AWS::S3::Bucket');

const title = ({ stack, id }: Resource): string => `${stack}.${id}`;
const targetOf = ({ stack }: Resource, value: Json): string => {
  const found = synthesis.target(stack, value);
  if (found === undefined) throw new Error(`${JSON.stringify(value)} refers to nothing`);
  return title(found);
};
/** Everything a template value refers to. */
const referred = (resource: Resource, value: Json): readonly string[] => {
  if (value === null || typeof value !== 'object') return [];
  const direct = synthesis.target(resource.stack, value);
  return direct !== undefined
    ? [title(direct)]
    : Object.values<Json>(value).flatMap((each) => referred(resource, each));
};
const functionOf = (name: string): Resource => {
  const found = functions.find(({ properties }) => properties.FunctionName === `meldpunt-dev-${name.split('/')[1]}`);
  if (found === undefined) throw new Error(`No function for ${name}`);
  return found;
};

describe('stacks', () => {
  it('keep data apart from code', () => {
    const keeping = /^AWS::(DynamoDB|S3|KMS|RDS|EFS|Kinesis|SES)::/;
    const running = /^AWS::(Lambda|StepFunctions|Scheduler|Events)::/;
    for (const resource of synthesis.resources) {
      if (keeping.test(resource.type)) expect(resource.stack, title(resource)).toBe('Data');
      if (running.test(resource.type)) expect(resource.stack, title(resource)).not.toBe('Data');
    }
  });

  it('answer the names scripts rely on', () => {
    expect(Object.keys(synthesis.outputs).sort()).toEqual([
      'CertificateKey',
      'DeliveryStateMachine',
      'ExchangeBucket',
      'LandingBucket',
      'LoadConfigurationFunction',
      'MailFrom',
      'PublishFeedbackFunction',
      'PublishWorklistsFunction',
      'ReceiveUploadFunction',
      'RemindPartnersFunction',
      'ShowSignalFunction',
      'SignalStateMachine',
      'SimulatePolicyFunction',
      'Table',
    ]);
  });

  it('need no custom resource and no function that is not ours', () => {
    expect(synthesis.resources.filter(({ type }) => /CustomResource|Custom::/.test(type))).toEqual([]);
    expect(functions).toHaveLength(functionNames.length);
  });

  it('hold no secret', () => {
    const text = JSON.stringify(synthesis.resources);
    expect(text).not.toMatch(/AKIA[0-9A-Z]{16}|-----BEGIN|password|SecretString|aws_secret_access_key/i);
  });
});

describe('data', () => {
  it('[R-PRI-6] every key that encrypts rotates, and every key outlives its stack', () => {
    const keys = synthesis.of('AWS::KMS::Key');
    expect(keys).toHaveLength(4);
    for (const { properties, body } of keys) {
      expect(body.DeletionPolicy).toBe('Retain');
      if (properties.KeyUsage !== 'SIGN_VERIFY') expect(properties.EnableKeyRotation).toBe(true);
    }
  });

  it('[R-DEL-10] one key signs, and does nothing else', () => {
    const [key, ...more] = synthesis
      .of('AWS::KMS::Key')
      .filter(({ properties }) => properties.KeyUsage === 'SIGN_VERIFY');
    expect(more).toEqual([]);
    expect(key?.properties.KeySpec).toBe('ECC_NIST_P256');
    const [alias] = synthesis
      .of('AWS::KMS::Alias')
      .filter((each) => key && targetOf(each, each.properties.TargetKeyId) === title(key));
    expect(alias?.properties.AliasName).toBe('alias/meldpunt-dev-certificates');
  });

  it('no service of AWS may use a key but for logs, failed events and alarms', () => {
    const services = synthesis.of('AWS::KMS::Key').map((key) => [
      key.id.slice(0, -8),
      key.properties.KeyPolicy.Statement.flatMap((each: Json) => each.Principal.Service ?? [])
        .map((service: string) => service.replace('logs.eu-west-1.', 'logs.'))
        .sort(),
    ]);
    const expected = ['cloudwatch', 'delivery.logs', 'delivery.logs', 'events', 'logs'];
    expect(new Set(Object.fromEntries(services).OperationsKey)).toEqual(
      new Set(expected.map((each) => `${each}.amazonaws.com`)),
    );
    expect(Object.fromEntries(services)).toMatchObject({ DataKey: [], MatchingKey: [], SigningKey: [] });
  });

  it('one table: own key, point in time recovery, cannot be deleted, one sparse index of keys only', () => {
    const [table, ...others] = synthesis.of('AWS::DynamoDB::Table');
    expect(others).toEqual([]);
    expect(table?.body.DeletionPolicy).toBe('Retain');
    expect(table?.properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'due', Projection: { ProjectionType: 'KEYS_ONLY' } }],
    });
    expect(table && targetOf(table, table.properties.SSESpecification.KMSMasterKeyId)).toMatch(/^Data\.DataKey/);
  });

  it.each(buckets.map((bucket) => [bucket.id, bucket] as const))('[R-PRI-6] bucket %s is closed', (_, bucket) => {
    const { properties } = bucket;
    expect(bucket.body.DeletionPolicy).toBe('Retain');
    expect(properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(Object.values(properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(properties.OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    expect(properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
    const [encryption] = properties.BucketEncryption.ServerSideEncryptionConfiguration;
    expect(encryption.ServerSideEncryptionByDefault.SSEAlgorithm).toBe('aws:kms');
    expect(targetOf(bucket, encryption.ServerSideEncryptionByDefault.KMSMasterKeyID)).toMatch(/^Data\.DataKey/);
    const denied = synthesis
      .of('AWS::S3::BucketPolicy')
      .filter((policy) => targetOf(policy, policy.properties.Bucket) === title(bucket))
      .flatMap(({ properties: { PolicyDocument } }) => PolicyDocument.Statement)
      .filter(({ Effect }: Json) => Effect === 'Deny')
      .map(({ Condition }: Json) => JSON.stringify(Condition));
    expect(denied.some((each: string) => each.includes('"aws:SecureTransport":"false"'))).toBe(true);
    expect(denied.some((each: string) => each.includes('"s3:TlsVersion":1.2'))).toBe(true);
    expect(denied.some((each: string) => each.includes('server-side-encryption-aws-kms-key-id'))).toBe(true);
  });

  it('[R-PRI-4] raw files and dry runs are gone within 30 days, chunks within 7, also their old versions', () => {
    const rules = buckets.flatMap(({ properties }) => properties.LifecycleConfiguration.Rules);
    const longest = (prefix: string): number => {
      const rule = rules.find((each: Json) => each.Prefix === prefix);
      expect(rule.Status).toBe('Enabled');
      // S3 rounds both up to the next midnight UTC.
      return rule.ExpirationInDays + 1 + rule.NoncurrentVersionExpiration.NoncurrentDays + 1;
    };
    expect(longest('inbox/')).toBeLessThanOrEqual(30);
    expect(longest('work/')).toBeLessThanOrEqual(7);
    expect(longest('check/')).toBeLessThanOrEqual(7);
    expect(longest('checks/')).toBeLessThanOrEqual(30);
  });

  it('[R-DEL-10] every folder ends, but public/: the chain holds no personal data and is of use for ever', () => {
    const folders = buckets.flatMap(({ properties }) =>
      properties.LifecycleConfiguration.Rules.map((each: Json) => each.Prefix).filter(Boolean),
    );
    expect(folders.sort()).toEqual(['check/', 'checks/', 'inbox/', 'municipalities/', 'partners/', 'work/']);
  });

  it('[R-PRI-6][R-FEE-6] mail goes over TLS, and what comes back is told', () => {
    const [set] = synthesis.of('AWS::SES::ConfigurationSet');
    expect(set?.properties.DeliveryOptions.TlsPolicy).toBe('REQUIRE');
    const destinations = synthesis.of('AWS::SES::ConfigurationSetEventDestination');
    expect(destinations.map(({ properties }) => properties.EventDestination)).toMatchObject([
      { Enabled: true, MatchingEventTypes: ['bounce', 'complaint', 'reject'] },
    ]);
    const [destination] = destinations;
    expect(
      destination && synthesis.text('Data', destination.properties.EventDestination.EventBridgeDestination.EventBusArn),
    ).toBe('arn:aws:events:eu-west-1:<AccountId>:event-bus/default');
    const [rule] = synthesis
      .of('AWS::Events::Rule')
      .filter(({ properties }) => properties.EventPattern.source.includes('aws.ses'));
    const pattern = rule?.properties.EventPattern;
    expect(pattern['detail-type']).toEqual(['Email Bounced', 'Email Complaint Received', 'Email Rejected']);
    const sets: readonly Json[] = pattern.detail.mail.tags['ses:configuration-set'];
    expect(sets.map((each) => synthesis.text('Feedback', each))).toEqual(['Data.MailSettings']);
    expect(rule && targetOf(rule, rule.properties.Targets[0].Arn)).toBe(
      title(functionOf('feedback/record-mail-event')),
    );
  });
});

describe('functions', () => {
  it.each(functionNames)('%s: its environment is its schema, and no more than what all have', (name) => {
    const { stack, properties } = functionOf(name);
    const variables: Record<string, Json> = properties.Environment.Variables;
    const text = Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [key, synthesis.text(stack, value)]),
    );
    expect(environments[name].safeParse(text).error).toBeUndefined();
    expect(Object.keys(variables).sort()).toEqual(
      [...Object.keys(environments[name].shape), ...Object.keys(COMMON_ENVIRONMENT)].sort(),
    );
  });

  it('run on the pinned runtime, are traced, and log JSON to a group of their own', () => {
    const groups = functions.map((each) => {
      expect(each.properties, title(each)).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON' },
      });
      return targetOf(each, each.properties.LoggingConfig.LogGroup);
    });
    expect(new Set(groups).size).toBe(functions.length);
  });

  it('every log group has a key and an end', () => {
    const groups = synthesis.of('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(functions.length + machines.length);
    for (const group of groups) {
      expect(targetOf(group, group.properties.KmsKeyId), title(group)).toMatch(/^Data\.OperationsKey/);
      expect(group.properties.RetentionInDays, title(group)).toBeGreaterThan(0);
    }
  });
});

describe('events', () => {
  it('every function that is called by an event retries and has a queue for what fails', () => {
    const called = new Set([
      ...synthesis
        .of('AWS::Events::Rule')
        .flatMap((rule) => rule.properties.Targets.map((target: Json) => targetOf(rule, target.Arn))),
      ...synthesis.of('AWS::Scheduler::Schedule').map((schedule) => targetOf(schedule, schedule.properties.Target.Arn)),
    ]);
    const retried = synthesis.of('AWS::Lambda::EventInvokeConfig').map((config) => {
      expect(config.properties).toMatchObject({ MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 2 });
      expect(synthesis.target(config.stack, config.properties.DestinationConfig.OnFailure.Destination)?.type).toBe(
        'AWS::SQS::Queue',
      );
      return targetOf(config, config.properties.FunctionName);
    });
    expect(retried.sort()).toEqual([...called].sort());
    expect(retried).toHaveLength(8);
  });

  it('every rule and schedule has a queue for what could not be handed over, and may write there', () => {
    for (const rule of synthesis.of('AWS::Events::Rule'))
      for (const target of rule.properties.Targets) {
        const queue = targetOf(rule, target.DeadLetterConfig.Arn);
        const policies = synthesis
          .of('AWS::SQS::QueuePolicy')
          .filter((each) => referred(each, each.properties.Queues).includes(queue));
        expect(
          policies.some(({ properties }) =>
            properties.PolicyDocument.Statement.some(
              ({ Effect, Principal }: Json) => Effect === 'Allow' && Principal.Service === 'events.amazonaws.com',
            ),
          ),
          title(rule),
        ).toBe(true);
      }
    for (const schedule of synthesis.of('AWS::Scheduler::Schedule')) {
      expect(synthesis.target(schedule.stack, schedule.properties.Target.DeadLetterConfig.Arn)?.type).toBe(
        'AWS::SQS::Queue',
      );
      expect(schedule.properties.Target.RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0);
    }
  });

  it('uploads and outcomes arrive by the folders the README names', () => {
    const rules = synthesis
      .of('AWS::Events::Rule')
      .filter(({ properties }) => properties.EventPattern.source.includes('aws.s3'))
      .map((rule) => [
        targetOf(rule, rule.properties.EventPattern.detail.bucket.name[0]).slice(5, -8),
        rule.properties.EventPattern.detail.object.key,
        targetOf(rule, rule.properties.Targets[0].Arn),
      ]);
    expect(rules).toEqual(
      expect.arrayContaining([
        ['Landing', [{ prefix: 'inbox/' }], title(functionOf('intake/receive-upload'))],
        ['Landing', [{ prefix: 'check/' }], title(functionOf('intake/check-delivery'))],
        ['Exchange', [{ wildcard: 'municipalities/*/outcomes/*' }], title(functionOf('casework/receive-outcomes'))],
        ['Exchange', [{ wildcard: 'municipalities/*/preview/*' }], title(functionOf('casework/receive-outcomes'))],
      ]),
    );
    expect(rules).toHaveLength(4);
  });

  it('[R-FEE-5][R-DEL-8] schedules follow Dutch time; feedback mails once a day, reminders once a month', () => {
    const schedules = synthesis.of('AWS::Scheduler::Schedule').map(({ properties }) => {
      expect(properties.ScheduleExpressionTimezone).toBe('Europe/Amsterdam');
      return [properties.Name, properties.ScheduleExpression, properties.Target.Input];
    });
    expect(schedules.sort()).toEqual([
      ['meldpunt-dev-publish-feedback-digest', 'cron(0 17 * * ? *)', '{"mail":true}'],
      ['meldpunt-dev-publish-feedback-end-of-day', 'cron(50 23 * * ? *)', '{"mail":false}'],
      ['meldpunt-dev-publish-feedback-start-of-day', 'cron(10 0 * * ? *)', '{"mail":false}'],
      ['meldpunt-dev-publish-worklists-crisis', 'cron(0 12,16 ? * MON-FRI *)', '{"crisis":true}'],
      ['meldpunt-dev-publish-worklists-daily', 'cron(0 6 * * ? *)', '{}'],
      ['meldpunt-dev-remind-partners-monthly', 'cron(0 9 25 * ? *)', '{}'],
      ['meldpunt-dev-sweep-signals-sweep', 'cron(15 0/6 * * ? *)', '{}'],
    ]);
  });

  it('every queue is encrypted, TLS only, kept for 14 days and watched', () => {
    expect(queues).toHaveLength(8);
    for (const queue of queues) {
      expect(targetOf(queue, queue.properties.KmsMasterKeyId)).toMatch(/^Data\.OperationsKey/);
      expect(queue.properties.MessageRetentionPeriod).toBe(14 * 86_400);
      const policies = synthesis
        .of('AWS::SQS::QueuePolicy')
        .filter((each) => referred(each, each.properties.Queues).includes(title(queue)));
      expect(JSON.stringify(policies)).toContain('"aws:SecureTransport":"false"');
      expect(
        alarms.filter((each) => referred(each, each.properties.Dimensions).includes(title(queue))),
        title(queue),
      ).toHaveLength(1);
    }
  });
});

describe('workflows', () => {
  it.each(['delivery', 'signal'])('%s: asks for what is given; its role invokes its tasks and nothing else', (name) => {
    const file = readFileSync(join(root, `statemachines/${name}.asl.json`), 'utf8');
    const machine = machines.find(({ properties }) => properties.StateMachineName === `meldpunt-dev-${name}`);
    if (machine === undefined) throw new Error(name);
    expect(machine.properties.DefinitionString).toBe(file);
    const given: Record<string, Json> = machine.properties.DefinitionSubstitutions;
    expect(Object.keys(given).sort()).toEqual(substitutionsIn(file));
    const role = targetOf(machine, machine.properties.RoleArn);
    const granted = synthesis
      .of('AWS::IAM::Policy')
      .filter((policy) => referred(policy, policy.properties.Roles).includes(role))
      .flatMap((policy) =>
        policy.properties.PolicyDocument.Statement.filter(
          (each: Json) => each.Action === 'lambda:InvokeFunction',
        ).flatMap((each: Json) => referred(policy, each.Resource)),
      );
    const invoked = Object.values(given).map((value) => targetOf(machine, value));
    expect([...new Set(granted)].sort()).toEqual([...new Set(invoked)].sort());
    // The name in the file is the function it gets: `${AssignSignalFunction}` is assign-signal.
    for (const [key, value] of Object.entries(given))
      expect(
        targetOf(machine, value)
          .replace(/^[A-Za-z]+\./, '')
          .slice(0, -8),
      ).toBe(key);
  });

  it('[R-PRI-3] log everything but data, are encrypted and traced', () => {
    for (const machine of machines) {
      expect(machine.properties).toMatchObject({
        StateMachineType: 'STANDARD',
        LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
        TracingConfiguration: { Enabled: true },
        EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY' },
      });
      expect(targetOf(machine, machine.properties.EncryptionConfiguration.KmsKeyId)).toMatch(/^Data\.OperationsKey/);
    }
  });
});

describe('alarms', () => {
  const headings = new Set(
    [...readFileSync(join(root, 'infra/runbook.md'), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    ),
  );

  it('every one tells the topic and links an existing section of the runbook', () => {
    expect(alarms.length).toBeGreaterThan(20);
    for (const each of alarms) {
      expect(
        each.properties.AlarmActions.map((action: Json) => targetOf(each, action)),
        title(each),
      ).toEqual([expect.stringMatching(/^Data\.Alarms/)]);
      const [, section] = /infra\/runbook\.md#([\w-]+)$/.exec(each.properties.AlarmDescription) ?? [];
      expect(headings, title(each)).toContain(section);
    }
  });

  it('watch every function and every workflow', () => {
    for (const each of [...functions, ...machines])
      expect(
        alarms.filter((alarm) => referred(alarm, alarm.properties.Metrics).includes(title(each))),
        title(each),
      ).toHaveLength(1);
  });

  it('reach a topic that is encrypted, TLS only, and takes nothing from other accounts', () => {
    const [topic] = synthesis.of('AWS::SNS::Topic');
    const [policy] = synthesis.of('AWS::SNS::TopicPolicy');
    expect(topic && targetOf(topic, topic.properties.KmsMasterKeyId)).toMatch(/^Data\.OperationsKey/);
    const statements: readonly Json[] = policy?.properties.PolicyDocument.Statement ?? [];
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Principal }) => Principal.Service)).toEqual(['cloudwatch.amazonaws.com']);
    // Names of condition keys know no case.
    for (const { Condition } of allowed)
      expect(JSON.stringify(Condition).toLowerCase()).toContain('"aws:sourceaccount":{"ref":"aws::accountid"}');
    expect(statements.filter(({ Effect }) => Effect === 'Deny').map(({ Condition }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
    ]);
  });
});
