/**
 * What has no meaning on one machine and is accepted without effect: the one list. Anything else that the embedded cloud
 * does not use is an error. `npm start -- --show-ignored` prints it.
 */
export const typesWithoutEffect: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'tells AWS which constructs were used',
  'AWS::CloudWatch::Alarm': 'no metrics here; look at the logs and queues',
  'AWS::CloudWatch::CompositeAlarm': 'no metrics here',
  'AWS::CloudWatch::Dashboard': 'no metrics here',
  'AWS::IAM::ManagedPolicy': 'no access control on one machine; test/infra checks the policies',
  'AWS::IAM::Policy': 'no access control on one machine; test/infra checks the policies',
  'AWS::IAM::Role': 'no access control on one machine; test/infra checks the policies',
  'AWS::Lambda::Permission': 'no access control on one machine',
  'AWS::Logs::LogGroup': 'each function logs to a file of its own',
  'AWS::Logs::MetricFilter': 'no metrics here',
  'AWS::Logs::ResourcePolicy': 'no access control on one machine',
  'AWS::S3::BucketPolicy': 'no access control on one machine; loopback only',
  'AWS::SNS::Subscription': 'alarms are not sent',
  'AWS::SNS::Topic': 'alarms are not sent',
  'AWS::SNS::TopicPolicy': 'no access control on one machine',
  'AWS::SQS::QueuePolicy': 'no access control on one machine',
  'AWS::Scheduler::ScheduleGroup': 'groups only name schedules',
};

/**
 * What this machine cannot do and must not pass over either: whoever asks for it would believe it is done.
 */
export const refusedTypes: Readonly<Record<string, string>> = {
  'AWS::GuardDuty::MalwareProtectionPlan':
    'nothing on this machine looks for malware, and a verdict that says so would be made up: use a stage with malwareScan false',
};

const TAGS = 'labels for bills and searches';
const ENCRYPTION = 'the disk of this machine encrypts, or not';
const TRACING = 'no X-Ray here';
const ACCESS = 'no access control on one machine';

/** Property paths by resource type; `*` stands for every entry of a list. */
export const propertiesWithoutEffect: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::DynamoDB::GlobalTable': {
    BillingMode: 'nothing is billed',
    'Replicas.*.ContributorInsightsSpecification': 'no metrics here',
    'Replicas.*.DeletionProtectionEnabled': 'DeleteTable is not supported at all',
    'Replicas.*.PointInTimeRecoverySpecification': 'back up the data directory',
    'Replicas.*.ResourcePolicy': ACCESS,
    'Replicas.*.SSESpecification': ENCRYPTION,
    'Replicas.*.TableClass': 'nothing is billed',
    'Replicas.*.Tags': TAGS,
    SSESpecification: ENCRYPTION,
    TimeToLiveSpecification: 'garbage collection only: nothing expires here',
    WriteOnDemandThroughputSettings: 'nothing is throttled',
  },
  'AWS::DynamoDB::Table': {
    BillingMode: 'nothing is billed',
    ContributorInsightsSpecification: 'no metrics here',
    DeletionProtectionEnabled: 'DeleteTable is not supported at all',
    OnDemandThroughput: 'nothing is throttled',
    PointInTimeRecoverySpecification: 'back up the data directory',
    ResourcePolicy: ACCESS,
    SSESpecification: ENCRYPTION,
    TableClass: 'nothing is billed',
    Tags: TAGS,
    TimeToLiveSpecification: 'garbage collection only: nothing expires here',
  },
  'AWS::Events::Rule': {
    Description: 'a remark',
    RoleArn: ACCESS,
    'Targets.*.RoleArn': ACCESS,
    Tags: TAGS,
  },
  'AWS::KMS::Key': {
    EnableKeyRotation: 'keys live as long as the data directory',
    KeyPolicy: ACCESS,
    PendingWindowInDays: 'keys are never deleted',
    RotationPeriodInDays: 'keys live as long as the data directory',
    Tags: TAGS,
  },
  'AWS::Lambda::Function': {
    Architectures: 'the machine is what it is',
    EphemeralStorage: 'the machine has the disk it has',
    KmsKeyArn: ENCRYPTION,
    'LoggingConfig.SystemLogLevel': 'the log file has one line per invocation',
    RecursiveLoop: 'no loop detection here',
    Role: ACCESS,
    RuntimeManagementConfig: 'runs on the Node.js of this machine',
    Tags: TAGS,
    TracingConfig: TRACING,
  },
  'AWS::S3::Bucket': {
    BucketEncryption: ENCRYPTION,
    LifecycleConfiguration: 'garbage collection only: nothing expires here',
    LoggingConfiguration: 'no access log on one machine',
    OwnershipControls: ACCESS,
    PublicAccessBlockConfiguration: 'loopback only',
    Tags: TAGS,
  },
  'AWS::SES::ConfigurationSet': {
    DeliveryOptions: 'mails are files: no TLS to ask for',
    ReputationOptions: 'no metrics here',
    SendingOptions: 'sending is always on',
    SuppressionOptions: 'no list: only addresses of the mailbox simulator bounce',
    Tags: TAGS,
    VdmOptions: 'no metrics here',
  },
  'AWS::SES::EmailIdentity': {
    ConfigurationSetAttributes: 'the product names its configuration set in every call',
    DkimAttributes: 'mails are files: nobody checks a signature',
    DkimSigningAttributes: 'mails are files: nobody checks a signature',
    FeedbackAttributes: 'bounces are events, never mails',
    MailFromAttributes: 'mails are files: no server sees where they come from',
    Tags: TAGS,
  },
  'AWS::SQS::Queue': {
    KmsDataKeyReusePeriodSeconds: ENCRYPTION,
    KmsMasterKeyId: ENCRYPTION,
    MessageRetentionPeriod: 'messages stay until somebody takes them',
    RedriveAllowPolicy: ACCESS,
    SqsManagedSseEnabled: ENCRYPTION,
    Tags: TAGS,
  },
  'AWS::Scheduler::Schedule': {
    Description: 'a remark',
    KmsKeyArn: ENCRYPTION,
    'Target.RoleArn': ACCESS,
  },
  'AWS::StepFunctions::StateMachine': {
    EncryptionConfiguration: ENCRYPTION,
    LoggingConfiguration: 'get-execution-history tells all',
    RoleArn: ACCESS,
    Tags: TAGS,
    TracingConfiguration: TRACING,
  },
};

/** The list as `--show-ignored` prints it: one line each. */
export const describeWithoutEffect = (): string => {
  const types = Object.entries(typesWithoutEffect);
  const properties = Object.entries(propertiesWithoutEffect).flatMap(([type, paths]) =>
    Object.entries(paths).map(([path, reason]) => [`${type} ${path}`, reason] as const),
  );
  return [...types, ...properties].map(([name, reason]) => `${name}: ${reason}`).join('\n');
};
