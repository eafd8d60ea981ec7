import { z } from 'zod';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { deliveryStore } from '#adapters/dynamodb/deliveries.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { runIds, sha256 } from '#adapters/system/system.ts';
import { DeliveryId } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import { validateDelivery } from './validate-delivery.ts';

/** First step of the delivery workflow. */
export const handler = lambda({
  name: 'intake/validate-delivery',
  input: z.object({ deliveryId: DeliveryId }),
  ports: ({ TABLE_NAME, LANDING_BUCKET }) => ({
    deliveries: deliveryStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    objects: objectStore,
    landingBucket: LANDING_BUCKET,
    ids: runIds,
    sha256,
  }),
  work: validateDelivery,
  about: ({ deliveryId }) => ({ deliveryId }),
  log: ({ verdict, chunks }) => ({ refused: verdict === 'REFUSED', chunks }),
  metrics: ({ verdict }) => ({ DeliveriesRefused: verdict === 'REFUSED' ? 1 : 0 }),
});
