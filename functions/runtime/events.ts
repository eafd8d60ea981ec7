import { z } from 'zod';

/** S3 "Object Created" as EventBridge delivers it: keys come as they are, not URL-encoded. */
export const ObjectCreated = z
  .object({
    source: z.literal('aws.s3'),
    'detail-type': z.literal('Object Created'),
    time: z.string(),
    detail: z.object({
      bucket: z.object({ name: z.string() }),
      object: z.object({
        key: z.string(),
        size: z.number().int().nonnegative(),
        'version-id': z.string().optional(),
      }),
    }),
  })
  .transform(({ time, detail }) => ({
    bucket: detail.bucket.name,
    key: detail.object.key,
    versionId: detail.object['version-id'] ?? 'null',
    sizeBytes: detail.object.size,
    eventTime: time,
  }));
export type ObjectCreated = z.infer<typeof ObjectCreated>;
