import { z } from 'zod';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { matchStore } from '#adapters/dynamodb/matches.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { systemClock } from '#adapters/system/system.ts';
import { Cents, MunicipalityCode, Period } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import { simulatePolicy, Version } from './simulate-policy.ts';

/** For who makes policy: by invoking it. Reads only. */
export const handler = lambda({
  name: 'casework/simulate-policy',
  input: z.strictObject({
    municipality: MunicipalityCode,
    period: Period.optional(),
    thresholds: z.array(Cents).min(1).max(12).optional(),
    compare: z.strictObject({ from: Version.optional(), to: z.unknown() }).optional(),
  }),
  ports: ({ TABLE_NAME }) => ({
    signals: signalStore(TABLE_NAME),
    matches: matchStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    clock: systemClock,
  }),
  work: simulatePolicy,
  log: (answer) => ({ problems: 'problems' in answer ? answer.problems.length : 0 }),
});
