import { z } from 'zod';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { matchingKeyStore } from '#adapters/kms/matching-key.ts';
import { systemClock } from '#adapters/system/system.ts';
import { lambda } from '#runtime/lambda.ts';
import { loadConfiguration } from './load-configuration.ts';

/** Invoked by an operator with `{ "configuration": … }`. */
export const handler = lambda({
  name: 'upkeep/load-configuration',
  input: z.object({ configuration: z.unknown() }),
  ports: ({ TABLE_NAME, MATCHING_KEY_ID }) => ({
    configuration: configurationStore(TABLE_NAME),
    matchingKey: matchingKeyStore(TABLE_NAME, MATCHING_KEY_ID),
    clock: systemClock,
  }),
  work: loadConfiguration,
  log: (answer) => ({ loaded: 'loaded' in answer, problems: 'problems' in answer ? answer.problems.length : 0 }),
});
