import { deliveryStore } from '#adapters/dynamodb/deliveries.ts';
import { workflowStarter } from '#adapters/stepfunctions/workflows.ts';
import { objectIds, systemClock } from '#adapters/system/system.ts';
import { ObjectCreated } from '#runtime/events.ts';
import { lambda } from '#runtime/lambda.ts';
import { receiveUpload } from './receive-upload.ts';

/** EventBridge: an object was created under `inbox/`. */
export const handler = lambda({
  name: 'intake/receive-upload',
  input: ObjectCreated,
  ports: ({ TABLE_NAME, DELIVERY_STATE_MACHINE_ARN }) => ({
    deliveries: deliveryStore(TABLE_NAME),
    workflows: workflowStarter({ delivery: DELIVERY_STATE_MACHINE_ARN }),
    ids: objectIds,
    clock: systemClock,
  }),
  work: receiveUpload,
});
