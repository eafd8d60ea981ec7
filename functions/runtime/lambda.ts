import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { z } from 'zod';
import { failure as failureNamed } from '#domain/failure.ts';
import type { CaseId, DeliveryId, SignalId } from '#domain/ids.ts';
import { type Environment, environments, type FunctionName } from './environment.ts';
import { safeFailure, withoutMessage } from './failure.ts';

/** Metrics that alarms and dashboards read; a closed list, numbers only. */
export const METRIC_NAMES = [
  'RowsRead',
  'RowsAccepted',
  'RowsRefused',
  'DeliveriesRefused',
  'UploadsQuarantined',
  'PartnersSilent',
  'SignalsRestarted',
  'SignalsStuck',
  'CalendarEnds',
  'OutcomeFilesRefused',
  'OutcomeLinesRefused',
  'MailsRefused',
  'MailsBounced',
  'MailComplaints',
  'MailsStopped',
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** What may be logged of an answer: counts, flags, our own ids and closed codes; never a value of a row. */
export type Loggable = Readonly<Record<string, number | boolean | undefined>>;

/** Ids of ours: they name a record and say nothing of a person. */
export type About = Readonly<Record<string, DeliveryId | CaseId | SignalId>>;

interface Definition<N extends FunctionName, P, I, O> {
  readonly name: N;
  /** Shape of the event; what does not fit is refused by name, its content is not repeated. */
  readonly input: z.ZodType<I>;
  readonly ports: (environment: Environment<N>) => P;
  readonly work: (ports: P, input: I) => Promise<O>;
  /** Which record it is about, so that a log line leads to its execution. */
  readonly about?: (input: I) => About;
  readonly log?: (output: O) => Loggable;
  readonly metrics?: (output: O) => Partial<Readonly<Record<MetricName, number>>>;
}

/**
 * The edge of every Lambda: parses environment and event, builds the ports once per container, writes one log line per
 * invocation and lets a failure leave with its name only.
 */
export const lambda = <N extends FunctionName, P, I, O>(definition: Definition<N, P, I, O>) => {
  const logger = new Logger({ serviceName: definition.name });
  const metrics = new Metrics({
    namespace: 'Meldpunt',
    serviceName: definition.name,
  });
  let ports: P | undefined;

  return async (event: unknown, context: Context): Promise<O> => {
    const started = performance.now();
    let about: About | undefined;
    const line = { requestId: context.awsRequestId, cold: ports === undefined };
    try {
      ports ??= definition.ports(environments[definition.name].parse(process.env) as Environment<N>);
      const input = definition.input.safeParse(event);
      if (!input.success) throw failureNamed('InvalidInput');
      about = definition.about?.(input.data);
      const output = await definition.work(ports, input.data);
      logger.info('done', {
        ...line,
        ...about,
        ms: Math.round(performance.now() - started),
        ...definition.log?.(output),
      });
      for (const [name, value] of Object.entries(definition.metrics?.(output) ?? {}))
        if (value > 0) metrics.addMetric(name, MetricUnit.Count, value);
      return output;
    } catch (error) {
      const failure = safeFailure(error);
      logger.error('failed', {
        ...line,
        ...about,
        ms: Math.round(performance.now() - started),
        failure,
      });
      throw withoutMessage(failure);
    } finally {
      // Publishing nothing writes a warning, on every invocation.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
};
