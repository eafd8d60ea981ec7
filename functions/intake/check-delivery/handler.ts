import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { keyedHash } from '#adapters/kms/matching-key.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { mailer } from '#adapters/ses/mailer.ts';
import { objectIds, sha256, systemClock } from '#adapters/system/system.ts';
import { UploadArrived } from '#runtime/events.ts';
import { lambda } from '#runtime/lambda.ts';
import { checkDelivery } from './check-delivery.ts';

/** EventBridge: an object was created under `check/`, or scanned. */
export const handler = lambda({
  name: 'intake/check-delivery',
  input: UploadArrived,
  ports: ({ TABLE_NAME, EXCHANGE_BUCKET, MATCHING_KEY_ID, MAIL_FROM, MAIL_CONFIGURATION_SET }) => ({
    configuration: configurationStore(TABLE_NAME),
    signals: signalStore(TABLE_NAME),
    hash: keyedHash(TABLE_NAME, MATCHING_KEY_ID),
    sha256,
    objects: objectStore,
    exchangeBucket: EXCHANGE_BUCKET,
    marks: markStore(TABLE_NAME),
    mailer: mailer(MAIL_FROM, MAIL_CONFIGURATION_SET),
    ids: objectIds,
    clock: systemClock,
  }),
  work: checkDelivery,
  about: ({ bucket, key, versionId }) => ({ deliveryId: objectIds.deliveryId(bucket, key, versionId) }),
  log: ({ outcome, read, refused }) => ({
    done: outcome === 'gone',
    fileRefused: outcome === 'refused',
    read,
    refused,
  }),
  metrics: ({ outcome, mail }) => ({
    UploadsQuarantined: outcome === 'quarantined' ? 1 : 0,
    MailsRefused: mail === 'refused' ? 1 : 0,
  }),
});
