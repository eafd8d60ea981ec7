import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { delivery } from '../constructs/arrival.ts';
import { Handler } from '../constructs/lambda.ts';
import { Rights } from '../constructs/rights.ts';
import { Schedules } from '../constructs/schedule.ts';
import type { RoomProps } from './casework.ts';

/** What partners hear: files every day, one mail at most; and what comes back of any mail of ours. */
export class FeedbackStack extends Stack {
  /** The signal's workflow calls it where a partner hears at once. */
  readonly publishFeedback: Handler<'feedback/publish-feedback'>;

  constructor(scope: Construct, id: string, { data, code, ...props }: RoomProps) {
    super(scope, id, props);
    const publishFeedback = new Handler(this, 'feedback/publish-feedback', {
      data,
      code,
      description: 'Writes the feedback and suspension files of partners and mails that they are there',
      asynchronous: true,
      memoryMiB: 1024,
      timeout: Duration.minutes(15),
      environment: {
        TABLE_NAME: data.table.tableName,
        EXCHANGE_BUCKET: data.exchange.bucketName,
        MAIL_FROM: data.mail.from,
        MAIL_CONFIGURATION_SET: data.mail.configurationSetName,
      },
      rights: new Rights(data)
        .records(['SP#*', 'CONFIG'], ['Query'])
        .records(['MARK#*'], ['GetItem', 'PutItem'])
        .writes(data.exchange, 'partners/')
        .mails(),
    });
    new Schedules(this, 'PublishFeedbackSchedule', publishFeedback, [
      { name: 'digest', expression: 'cron(0 17 * * ? *)', input: { mail: true } },
      // What became ready in the evening still carries the date of that day.
      { name: 'end-of-day', expression: 'cron(50 23 * * ? *)', input: { mail: false } },
      // A suspension whose last day was yesterday leaves the partner's list, also when nothing else happens.
      { name: 'start-of-day', expression: 'cron(10 0 * * ? *)', input: { mail: false } },
    ]);
    this.publishFeedback = publishFeedback;
    const recordMailEvent = new Handler(this, 'feedback/record-mail-event', {
      data,
      code,
      description: 'Keeps which mails bounced or were complained about, so that digests are told again or stop',
      asynchronous: true,
      memoryMiB: 512,
      timeout: Duration.seconds(30),
      environment: { TABLE_NAME: data.table.tableName },
      rights: new Rights(data).records(['MARK#*'], ['GetItem', 'PutItem']),
    });
    new Rule(this, 'MailReturned', {
      eventPattern: {
        source: ['aws.ses'],
        detailType: ['Email Bounced', 'Email Complaint Received', 'Email Rejected'],
        // The bus is the account's: others may send mail too.
        detail: { mail: { tags: { 'ses:configuration-set': [data.mail.configurationSetName] } } },
      },
      targets: [delivery(recordMailEvent)],
    });
    new CfnOutput(this, 'PublishFeedbackFunction', { value: publishFeedback.function.functionName });
  }
}
