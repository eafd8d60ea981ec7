import { z } from 'zod';
import { deliveryStore } from '#adapters/dynamodb/deliveries.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { workflowStarter } from '#adapters/stepfunctions/workflows.ts';
import { objectIds, systemClock } from '#adapters/system/system.ts';
import { DeliveryId } from '#domain/ids.ts';
import { UploadArrived } from '#runtime/events.ts';
import { lambda } from '#runtime/lambda.ts';
import { receiveUpload } from './receive-upload.ts';

/**
 * EventBridge: an object was created under `inbox/`, or scanned. Or invoked by an operator with `{ "release": "<id>" }` or
 * `{ "erase": "<id>" }`.
 */
export const handler = lambda({
  name: 'intake/receive-upload',
  input: z.union([UploadArrived, z.strictObject({ release: DeliveryId }), z.strictObject({ erase: DeliveryId })]),
  ports: ({ TABLE_NAME, DELIVERY_STATE_MACHINE_ARN }) => ({
    deliveries: deliveryStore(TABLE_NAME),
    objects: objectStore,
    workflows: workflowStarter({ delivery: DELIVERY_STATE_MACHINE_ARN }),
    ids: objectIds,
    clock: systemClock,
  }),
  work: receiveUpload,
  about: (input) => ({
    deliveryId:
      'release' in input
        ? input.release
        : 'erase' in input
          ? input.erase
          : objectIds.deliveryId(input.bucket, input.key, input.versionId),
  }),
  log: ({ outcome }) => ({ quarantined: outcome === 'quarantined', tooLate: outcome === 'too late' }),
  metrics: ({ outcome }) => ({ UploadsQuarantined: outcome === 'quarantined' || outcome === 'too late' ? 1 : 0 }),
});
