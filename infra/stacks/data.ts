import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { CHECKS_KEPT, FILES_KEPT } from '#domain/delivery/places.ts';
import type { StageConfiguration } from '../config/stages.ts';
import { alarm, ownMetric, sumOf } from '../constructs/alarms.ts';
import { scanForMalware } from '../constructs/malware-scan.ts';

export interface Mail {
  readonly from: string;
  readonly identityArn: string;
  readonly configurationSetName: string;
  readonly configurationSetArn: string;
}

/**
 * What outlives every deploy and what all rooms share: the records, the two buckets, the keys, the address mail comes
 * from and the topic alarms go to. No code runs here, and no other stack holds data of residents for longer than a
 * failed event waits in its queue.
 */
export class DataStack extends Stack {
  readonly stage: StageConfiguration;
  /** First part of every physical name. */
  readonly prefix: string;
  readonly dataKey: Key;
  readonly operationsKey: Key;
  readonly matchingKey: Key;
  readonly signingKey: Key;
  readonly table: Table;
  readonly landing: Bucket;
  readonly exchange: Bucket;
  readonly topic: Topic;
  readonly mail: Mail;

  constructor(scope: Construct, id: string, props: StackProps & { readonly stage: StageConfiguration }) {
    super(scope, id, props);
    this.stage = props.stage;
    this.prefix = `meldpunt-${props.stage.name}`;
    this.dataKey = this.#key('DataKey', 'data', 'Records and files of residents');
    this.operationsKey = this.#key('OperationsKey', 'operations', 'Logs, queues, executions and alarms');
    this.matchingKey = this.#key('MatchingKey', 'matching', 'Wraps the key that matching hashes are made with');
    this.signingKey = this.#signingKey();
    this.#letServicesUseTheOperationsKey();
    this.table = this.#records();
    this.landing = this.#bucket('Landing', [
      // 27 and 1 days, and S3 rounds each up to the next midnight: gone within 30 days of upload (R-PRI-4).
      ends('inbox/', 27, 1),
      // Chunks and results are of use until the delivery closes; within 7 days in the same way.
      ends('work/', 4, 1),
      // A dry run erases its upload when it is answered; what nobody could answer goes in the same way (R-DEL-11).
      ends('check/', 4, 1),
    ]);
    if (props.stage.malwareScan) scanForMalware(this.landing, this.dataKey, ['inbox/', 'check/']);
    this.exchange = this.#bucket('Exchange', [
      // An upper bound: 28 days to treat, 60 to close, then six months (R-PRI-4).
      ends('partners/', FILES_KEPT, 7),
      ends('municipalities/', FILES_KEPT, 7),
      ends('checks/', CHECKS_KEPT, 1),
    ]);
    this.topic = this.#alarmTopic();
    this.mail = this.#mail();
    new CfnOutput(this, 'Table', { value: this.table.tableName });
    new CfnOutput(this, 'LandingBucket', { value: this.landing.bucketName });
    new CfnOutput(this, 'ExchangeBucket', { value: this.exchange.bucketName });
    new CfnOutput(this, 'CertificateKey', { value: this.signingKey.keyArn });
    new CfnOutput(this, 'MailFrom', { value: this.mail.from });
  }

  #key(id: string, alias: string, description: string): Key {
    return new Key(this, id, {
      alias: `${this.prefix}-${alias}`,
      description,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /**
   * Signs certificates (R-DEL-10). KMS rotates no key that signs: a next one is a second resource beside this one, the
   * alias moves, and this one stays, for who wants to check that its public half was ours (infra/certificate.md).
   */
  #signingKey(): Key {
    return new Key(this, 'SigningKey', {
      alias: `${this.prefix}-certificates`,
      description: 'Signs certificates of reported signals',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  #letServicesUseTheOperationsKey(): void {
    this.operationsKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${this.region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${this.region}:${this.account}:log-group:*` },
        },
      }),
    );
    this.operationsKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    // It does not say for which account it asks the key.
    this.operationsKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
  }

  #records(): Table {
    const table = new Table(this, 'Records', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.dataKey,
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: RemovalPolicy.RETAIN,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'due',
      partitionKey: { name: 'duePk', type: AttributeType.STRING },
      sortKey: { name: 'dueAt', type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return table;
  }

  #bucket(id: string, lifecycleRules: readonly LifecycleRule[]): Bucket {
    const bucket = new Bucket(this, id, {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.dataKey,
      bucketKeyEnabled: true,
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        ...lifecycleRules,
        { id: 'leftovers', expiredObjectDeleteMarker: true, abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    // On the resource itself: the property of the construct brings a helper function with a role over all buckets.
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    // A sender who says nothing gets our key; one who asks for another key is refused (R-PRI-6).
    bucket.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: {
          StringNotEqualsIfExists: { 's3:x-amz-server-side-encryption-aws-kms-key-id': this.dataKey.keyArn },
          Null: { 's3:x-amz-server-side-encryption': 'false' },
        },
      }),
    );
    return bucket;
  }

  #alarmTopic(): Topic {
    const topic = new Topic(this, 'Alarms', {
      topicName: `${this.prefix}-alarms`,
      masterKey: this.operationsKey,
      enforceSSL: true,
    });
    // A policy of one's own (TLS only) takes the place of the default one, which let alarms in.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': this.account },
          ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${this.region}:${this.account}:alarm:*` },
        },
      }),
    );
    if (this.stage.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(this.stage.alarmEmail));
    return topic;
  }

  #mail(): Mail {
    const configurationSetName = `${this.prefix}-mail`;
    const set = new ConfigurationSet(this, 'MailSettings', {
      configurationSetName,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
    });
    // R-FEE-6: feedback/record-mail-event hears them. Not of delays: SES goes on trying until a delivery or a bounce.
    // Nor of templates, which we do not use.
    set.addEventDestination('Returned', {
      configurationSetEventDestinationName: `${this.prefix}-mail-returned`,
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    const identity = new EmailIdentity(this, 'MailDomain', { identity: Identity.domain(this.stage.mailDomain) });
    identity.applyRemovalPolicy(RemovalPolicy.RETAIN);
    for (const [id, metricName, threshold, section, says] of [
      // The rates at which AWS starts a review are 5 % and 0.1 %: be earlier.
      ['Bounces', 'Reputation.BounceRate', 0.03, 'mail-bounces', 'Three of a hundred mails or more bounce.'],
      ['Complaints', 'Reputation.ComplaintRate', 0.0005, 'mail-gets-complaints', 'Receivers mark our mail as spam.'],
    ] as const) {
      alarm(this, id, this.topic, {
        name: `${this.prefix}-${section}`,
        says,
        section,
        metric: new Metric({
          namespace: 'AWS/SES',
          metricName,
          dimensionsMap: { 'ses:configuration-set': configurationSetName },
          period: Duration.hours(1),
          statistic: 'Average',
        }),
        threshold,
      });
    }
    const day = Duration.days(1);
    const recorded = (metricName: string) => ownMetric('feedback/record-mail-event', metricName, Duration.hours(1));
    alarm(this, 'Returned', this.topic, {
      name: `${this.prefix}-mail-came-back`,
      says: 'A mail bounced: an office does not know that a file lies ready.',
      section: 'mail-bounces',
      metric: recorded('MailsBounced'),
      threshold: 1,
    });
    alarm(this, 'Unwelcome', this.topic, {
      name: `${this.prefix}-mail-was-not-welcome`,
      says: 'An office marked our mail as spam and is not mailed any more.',
      section: 'mail-gets-complaints',
      metric: recorded('MailComplaints'),
      threshold: 1,
    });
    alarm(this, 'Stopped', this.topic, {
      name: `${this.prefix}-mail-is-stopped`,
      says: 'There is news for an office that is not mailed any more.',
      section: 'mail-is-stopped',
      metric: sumOf(
        {
          worklists: ownMetric('casework/publish-worklists', 'MailsStopped', day),
          feedback: ownMetric('feedback/publish-feedback', 'MailsStopped', day),
          reminders: ownMetric('upkeep/remind-partners', 'MailsStopped', day),
        },
        day,
      ),
      threshold: 1,
    });
    alarm(this, 'Refusals', this.topic, {
      name: `${this.prefix}-mail-is-refused`,
      says: 'SES refused mail of ours: somebody does not know that a file lies ready.',
      section: 'mail-bounces',
      metric: sumOf(
        {
          deliveries: ownMetric('intake/close-delivery', 'MailsRefused', day),
          checks: ownMetric('intake/check-delivery', 'MailsRefused', day),
          outcomes: ownMetric('casework/receive-outcomes', 'MailsRefused', day),
          worklists: ownMetric('casework/publish-worklists', 'MailsRefused', day),
          feedback: ownMetric('feedback/publish-feedback', 'MailsRefused', day),
          reminders: ownMetric('upkeep/remind-partners', 'MailsRefused', day),
        },
        day,
      ),
      threshold: 1,
    });
    return {
      from: `meldpunt@${this.stage.mailDomain}`,
      identityArn: identity.emailIdentityArn,
      configurationSetName: set.configurationSetName,
      configurationSetArn: this.formatArn({
        service: 'ses',
        resource: 'configuration-set',
        resourceName: configurationSetName,
      }),
    };
  }
}

const ends = (prefix: string, days: number, noncurrentDays: number): LifecycleRule => ({
  id: prefix.replace('/', ''),
  prefix,
  expiration: Duration.days(days),
  noncurrentVersionExpiration: Duration.days(noncurrentDays),
});
