import { z } from 'zod';
import { deliveryStore } from '#adapters/dynamodb/deliveries.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { keyedHash } from '#adapters/kms/matching-key.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { workflowStarter } from '#adapters/stepfunctions/workflows.ts';
import { systemClock } from '#adapters/system/system.ts';
import { DeliveryId } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import { routeSignals } from './route-signals.ts';

/** One chunk of the delivery workflow's map. */
export const handler = lambda({
  name: 'intake/route-signals',
  input: z.object({ deliveryId: DeliveryId, chunk: z.number().int().nonnegative() }),
  ports: ({ TABLE_NAME, LANDING_BUCKET, MATCHING_KEY_ID, SIGNAL_STATE_MACHINE_ARN }) => ({
    deliveries: deliveryStore(TABLE_NAME),
    signals: signalStore(TABLE_NAME),
    hash: keyedHash(TABLE_NAME, MATCHING_KEY_ID),
    objects: objectStore,
    landingBucket: LANDING_BUCKET,
    workflows: workflowStarter({ signal: SIGNAL_STATE_MACHINE_ARN }),
    clock: systemClock,
  }),
  work: routeSignals,
  about: ({ deliveryId }) => ({ deliveryId }),
  log: (counts) => counts,
});
