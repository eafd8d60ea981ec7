import { z } from 'zod';
import { certificateChain } from '#adapters/dynamodb/chain.ts';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { deliveryStore } from '#adapters/dynamodb/deliveries.ts';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { signer } from '#adapters/kms/signer.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { mailer } from '#adapters/ses/mailer.ts';
import { systemClock } from '#adapters/system/system.ts';
import { DeliveryId } from '#domain/ids.ts';
import { lambda } from '#runtime/lambda.ts';
import { closeDelivery } from './close-delivery.ts';

/** Last step of the delivery workflow; its answer is the execution's output: counts only. */
export const handler = lambda({
  name: 'intake/close-delivery',
  input: z.object({ deliveryId: DeliveryId }),
  ports: ({ TABLE_NAME, LANDING_BUCKET, EXCHANGE_BUCKET, MAIL_FROM, MAIL_CONFIGURATION_SET, SIGNING_KEY_ID }) => ({
    deliveries: deliveryStore(TABLE_NAME),
    configuration: configurationStore(TABLE_NAME),
    marks: markStore(TABLE_NAME),
    chain: certificateChain(TABLE_NAME),
    signer: signer(SIGNING_KEY_ID),
    objects: objectStore,
    landingBucket: LANDING_BUCKET,
    exchangeBucket: EXCHANGE_BUCKET,
    mailer: mailer(MAIL_FROM, MAIL_CONFIGURATION_SET),
    clock: systemClock,
  }),
  work: closeDelivery,
  about: ({ deliveryId }) => ({ deliveryId }),
  metrics: ({ read, accepted, refused, mailsRefused }) => ({
    RowsRead: read,
    RowsAccepted: accepted,
    RowsRefused: refused,
    MailsRefused: mailsRefused,
  }),
});
