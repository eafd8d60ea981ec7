import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { REMINDER_DAY } from '#domain/delivery/silence.ts';
import { alarm, ownMetric } from '../constructs/alarms.ts';
import { Handler } from '../constructs/lambda.ts';
import { Rights, type Startable } from '../constructs/rights.ts';
import { Schedules } from '../constructs/schedule.ts';
import type { RoomProps } from './casework.ts';

/** At nine, when somebody reads it; on the 25th, when there are days left in the month to deliver in. */
const REMINDERS = `cron(0 9 ${REMINDER_DAY} * ? *)`;

/** Configuration, reminders, and the look, four times a day, at what should have moved. */
export class UpkeepStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { data, code, signalMachine, ...props }: RoomProps & { readonly signalMachine: Startable },
  ) {
    super(scope, id, props);
    const TABLE_NAME = data.table.tableName;
    const loadConfiguration = new Handler(this, 'upkeep/load-configuration', {
      data,
      code,
      description: 'Checks and stores partners, agreements, municipalities and policies; makes the matching key once',
      memoryMiB: 1024,
      timeout: Duration.minutes(5),
      environment: { TABLE_NAME, MATCHING_KEY_ID: data.matchingKey.keyArn },
      rights: new Rights(data)
        .records(['CONFIG'], ['Query', 'BatchWriteItem'])
        .records(['KEY#matching'], ['GetItem', 'PutItem'])
        .matchingKey('GenerateDataKeyWithoutPlaintext'),
    });
    const sweepSignals = new Handler(this, 'upkeep/sweep-signals', {
      data,
      code,
      description: 'Starts the workflows of signals that have none and counts those that stand still',
      asynchronous: true,
      memoryMiB: 512,
      timeout: Duration.minutes(15),
      environment: { TABLE_NAME, SIGNAL_STATE_MACHINE_ARN: signalMachine.arn },
      rights: new Rights(data).dueIndex().records(['GM#*'], ['GetItem']).starts(signalMachine),
    });
    new Schedules(this, 'SweepSignalsSchedule', sweepSignals, [
      // Terms are days long, and a failed execution alarms at once: four times a day finds what neither shows.
      { name: 'sweep', expression: 'cron(15 0/6 * * ? *)', input: {} },
    ]);
    const remindPartners = new Handler(this, 'upkeep/remind-partners', {
      data,
      code,
      description: 'Mails partners for which nothing was delivered this month',
      asynchronous: true,
      memoryMiB: 512,
      timeout: Duration.minutes(15),
      environment: {
        TABLE_NAME,
        MAIL_FROM: data.mail.from,
        MAIL_CONFIGURATION_SET: data.mail.configurationSetName,
      },
      rights: new Rights(data).records(['CONFIG'], ['Query']).records(['MARK#*'], ['GetItem', 'PutItem']).mails(),
    });
    new Schedules(this, 'RemindPartnersSchedule', remindPartners, [
      { name: 'monthly', expression: REMINDERS, input: {} },
    ]);
    alarm(this, 'SignalsStandStill', data.topic, {
      name: `${data.prefix}-signals-stand-still`,
      says: 'Signals passed the moment at which their workflow should have moved them.',
      section: 'signals-stand-still',
      metric: ownMetric('upkeep/sweep-signals', 'SignalsStuck', Duration.hours(6)),
      threshold: 1,
    });
    alarm(this, 'CalendarEnds', data.topic, {
      name: `${data.prefix}-calendar-ends`,
      says: 'Within half a year business-day terms can no longer be counted.',
      section: 'the-calendar-ends',
      metric: ownMetric('upkeep/sweep-signals', 'CalendarEnds', Duration.hours(6)),
      threshold: 1,
    });
    new CfnOutput(this, 'RemindPartnersFunction', { value: remindPartners.function.functionName });
    new CfnOutput(this, 'LoadConfigurationFunction', { value: loadConfiguration.function.functionName });
  }
}
