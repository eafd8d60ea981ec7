import { z } from 'zod';
import { accessLog } from '#adapters/dynamodb/access.ts';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { matchStore } from '#adapters/dynamodb/matches.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { systemClock } from '#adapters/system/system.ts';
import { Reading } from '#domain/access.ts';
import { parseSignalKey } from '#domain/signal/execution-name.ts';
import { lambda } from '#runtime/lambda.ts';
import { showSignal } from './show-signal.ts';

const SignalKey = z
  .string()
  .max(400)
  .transform((text, context) => {
    const key = parseSignalKey(text);
    if (!key) context.addIssue({ code: 'custom' });
    return key ?? z.NEVER;
  });

/** For operators: by invoking it. Who and why come together or not at all. */
export const handler = lambda({
  name: 'casework/show-signal',
  input: z
    .union([z.strictObject({ id: SignalKey }), Reading.extend({ id: SignalKey })])
    .transform(({ id: key, ...reading }) => ({ key, reading: 'by' in reading ? reading : undefined })),
  ports: ({ TABLE_NAME }) => ({
    signals: signalStore(TABLE_NAME),
    matches: matchStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    access: accessLog(TABLE_NAME),
    clock: systemClock,
  }),
  work: showSignal,
  about: ({ key: { signalId } }) => ({ signalId }),
  log: ({ personal }) => ({ personal: personal !== undefined }),
});
