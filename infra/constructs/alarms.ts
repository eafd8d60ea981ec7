import type { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { FunctionName } from '#runtime/environment.ts';

/** Sections of infra/runbook.md, by their anchor. An alarm without a section cannot be made. */
export type RunbookSection =
  | 'failed-events-are-waiting'
  | 'delivery-executions-fail'
  | 'uploads-are-in-quarantine'
  | 'signal-executions-fail'
  | 'a-function-fails'
  | 'signals-stand-still'
  | 'the-calendar-ends'
  | 'mail-bounces'
  | 'mail-is-stopped'
  | 'mail-gets-complaints';

export interface AlarmProps {
  readonly name: string;
  /** What it means in one sentence. */
  readonly says: string;
  readonly section: RunbookSection;
  readonly metric: IMetric;
  /** Alarms when the metric is this or more in one period. */
  readonly threshold: number;
}

/** An alarm that tells the operations topic, and where to read what to do. Silence is good: missing data is no breach. */
export const alarm = (scope: Construct, id: string, topic: ITopic, props: AlarmProps): Alarm => {
  const made = new Alarm(scope, id, {
    alarmName: props.name,
    alarmDescription: `${props.says} What to do: infra/runbook.md#${props.section}`,
    metric: props.metric,
    threshold: props.threshold,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  made.addAlarmAction(new SnsAction(topic));
  return made;
};

/** The sum of counting metrics, so that one alarm watches all of them. */
export const sumOf = (metrics: Readonly<Record<string, Metric>>, period: Duration): MathExpression =>
  new MathExpression({
    expression: Object.keys(metrics).join(' + '),
    usingMetrics: Object.fromEntries(
      Object.entries(metrics).map(([name, metric]) => [name, metric.with({ statistic: 'Sum' })]),
    ),
    period,
  });

/** A metric the functions write themselves (functions/runtime/lambda.ts): counts, per function. */
export const ownMetric = (service: FunctionName, metricName: string, period: Duration): Metric =>
  new Metric({ namespace: 'Meldpunt', metricName, dimensionsMap: { service }, period, statistic: 'Sum' });
