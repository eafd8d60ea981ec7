import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { alarm, ownMetric, sumOf } from '../constructs/alarms.ts';
import { arrival } from '../constructs/arrival.ts';
import { Handler } from '../constructs/lambda.ts';
import { watchTheScan } from '../constructs/malware-scan.ts';
import { Rights, type Startable } from '../constructs/rights.ts';
import { Workflow } from '../constructs/workflow.ts';
import type { RoomProps } from './casework.ts';

/** From an upload to signals: the delivery's workflow. */
export class IntakeStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { data, code, signalMachine, ...props }: RoomProps & { readonly signalMachine: Startable },
  ) {
    super(scope, id, props);
    const TABLE_NAME = data.table.tableName;
    const LANDING_BUCKET = data.landing.bucketName;
    const EXCHANGE_BUCKET = data.exchange.bucketName;

    const validateDelivery = new Handler(this, 'intake/validate-delivery', {
      data,
      code,
      description: 'Streams an upload: good rows to chunks, bad rows apart, each run in a folder of its own',
      memoryMiB: 1769,
      timeout: Duration.minutes(15),
      environment: { TABLE_NAME, LANDING_BUCKET },
      rights: new Rights(data)
        .records(['DELIVERY#*'], ['GetItem', 'PutItem'])
        .records(['CONFIG'], ['GetItem', 'Query'])
        .reads(data.landing, 'inbox/', 'by version')
        .writes(data.landing, 'work/')
        .erases(data.landing, 'work/', 'folders'),
    });
    const routeSignals = new Handler(this, 'intake/route-signals', {
      data,
      code,
      description: 'Makes signals of one chunk of rows and starts their workflows',
      memoryMiB: 1024,
      timeout: Duration.minutes(5),
      environment: {
        TABLE_NAME,
        LANDING_BUCKET,
        MATCHING_KEY_ID: data.matchingKey.keyArn,
        SIGNAL_STATE_MACHINE_ARN: signalMachine.arn,
      },
      rights: new Rights(data)
        .records(['DELIVERY#*', 'KEY#matching'], ['GetItem'])
        .records(['ARREAR#*'], ['GetItem', 'UpdateItem'])
        .records(['GM#*'], ['GetItem', 'PutItem'])
        .reads(data.landing, 'work/')
        .writes(data.landing, 'work/')
        .matchingKey('Decrypt')
        .starts(signalMachine)
        .wakes(signalMachine),
    });
    const closeDelivery = new Handler(this, 'intake/close-delivery', {
      data,
      code,
      description: 'Checks the counts; writes receipt, rejection file and certificates; mails that they are there',
      memoryMiB: 1769,
      timeout: Duration.minutes(15),
      environment: {
        TABLE_NAME,
        LANDING_BUCKET,
        EXCHANGE_BUCKET,
        MAIL_FROM: data.mail.from,
        MAIL_CONFIGURATION_SET: data.mail.configurationSetName,
        SIGNING_KEY_ID: data.signingKey.keyArn,
      },
      rights: new Rights(data)
        .records(['DELIVERY#*', 'MARK#*'], ['GetItem', 'PutItem'])
        .records(['CONFIG'], ['GetItem', 'Query'])
        .reads(data.landing, 'work/')
        .erases(data.landing, 'work/', 'folders')
        .erases(data.landing, 'inbox/')
        .reads(data.exchange, 'partners/')
        .writes(data.exchange, 'partners/')
        .records(['CHAIN'], ['PutItem', 'Query'])
        .writes(data.exchange, 'public/')
        .signsCertificates()
        .mails(),
    });

    const workflow = new Workflow(this, 'Delivery', {
      data,
      machine: 'delivery',
      section: 'delivery-executions-fail',
      functions: {
        ValidateDeliveryFunction: validateDelivery.function,
        RouteSignalsFunction: routeSignals.function,
        CloseDeliveryFunction: closeDelivery.function,
      },
    });

    // Between the event and the workflow, because an EventBridge target cannot name the execution it starts (ADR 0001).
    const receiveUpload = new Handler(this, 'intake/receive-upload', {
      data,
      code,
      description:
        'Registers an uploaded object version once and starts its workflow, or holds what is not found clean',
      asynchronous: true,
      memoryMiB: 512,
      timeout: Duration.seconds(30),
      environment: { TABLE_NAME, LANDING_BUCKET, DELIVERY_STATE_MACHINE_ARN: workflow.arn },
      rights: new Rights(data)
        .records(['DELIVERY#*'], ['GetItem', 'PutItem'])
        // Its size and moment, which the scan does not tell.
        .reads(data.landing, 'inbox/', 'by version')
        .erases(data.landing, 'inbox/')
        .starts(workflow),
    });
    arrival(this, 'DeliveryArrived', { bucket: data.landing, key: { prefix: 'inbox/' }, target: receiveUpload });

    // R-DEL-11. Of the records it may only read, and it writes nowhere but among the answers to dry runs.
    const checkDelivery = new Handler(this, 'intake/check-delivery', {
      data,
      code,
      description: 'Dry run: says what would become of a delivery, stores nothing and erases the upload',
      asynchronous: true,
      memoryMiB: 1769,
      timeout: Duration.minutes(15),
      environment: {
        TABLE_NAME,
        EXCHANGE_BUCKET,
        MATCHING_KEY_ID: data.matchingKey.keyArn,
        MAIL_FROM: data.mail.from,
        MAIL_CONFIGURATION_SET: data.mail.configurationSetName,
      },
      rights: new Rights(data)
        .records(['CONFIG'], ['GetItem', 'Query'])
        .records(['ARREAR#*', 'GM#*', 'KEY#matching'], ['GetItem'])
        .records(['MARK#*'], ['GetItem', 'PutItem'])
        .matchingKey('Decrypt')
        .reads(data.landing, 'check/', 'by version')
        .erases(data.landing, 'check/')
        .reads(data.exchange, 'checks/')
        .writes(data.exchange, 'checks/')
        .erases(data.exchange, 'checks/', 'folders')
        .mails(),
    });
    arrival(this, 'CheckArrived', { bucket: data.landing, key: { prefix: 'check/' }, target: checkDelivery });

    if (data.stage.malwareScan) {
      alarm(this, 'UploadsQuarantined', data.topic, {
        name: `${data.prefix}-uploads-are-in-quarantine`,
        says: 'The malware scan did not find an upload clean: it is held, or was opened before that was known.',
        section: 'uploads-are-in-quarantine',
        metric: sumOf(
          {
            deliveries: ownMetric('intake/receive-upload', 'UploadsQuarantined', Duration.hours(1)),
            checks: ownMetric('intake/check-delivery', 'UploadsQuarantined', Duration.hours(1)),
          },
          Duration.hours(1),
        ),
        threshold: 1,
      });
      watchTheScan(this, data);
    }

    new CfnOutput(this, 'DeliveryStateMachine', { value: workflow.arn });
    new CfnOutput(this, 'ReceiveUploadFunction', { value: receiveUpload.function.functionName });
  }
}
