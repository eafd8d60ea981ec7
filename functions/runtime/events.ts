import { z } from 'zod';
import { TaggedAbout } from '#domain/feedback/mail-about.ts';
import { Instant } from '#domain/ids.ts';

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

const mail = z.object({
  timestamp: z.iso.datetime().transform((text) => Instant.parse(new Date(text).toISOString())),
  messageId: z.string().min(1),
  destination: z.tuple([z.string()]),
  tags: TaggedAbout,
});

const Detail = z.discriminatedUnion('eventType', [
  z.object({
    eventType: z.literal('Bounce'),
    mail,
    bounce: z.object({
      bounceType: z.string(),
      bounceSubType: z.string(),
      bouncedRecipients: z.array(z.object({ action: z.string().optional() })),
    }),
  }),
  z.object({
    eventType: z.literal('Complaint'),
    mail,
    complaint: z.object({ complaintFeedbackType: z.string().nullish() }),
  }),
  z.object({ eventType: z.literal('Reject'), mail, reject: z.object({ reason: z.string() }) }),
]);

const verdictOf = (detail: z.infer<typeof Detail>) => {
  switch (detail.eventType) {
    case 'Bounce': {
      const { bounceType, bounceSubType, bouncedRecipients } = detail.bounce;
      const failed = bounceType === 'Permanent' || bouncedRecipients.some(({ action }) => action === 'failed');
      return { what: failed ? 'BOUNCE' : 'AUTOMATIC_ANSWER', detail: `${bounceType}/${bounceSubType}` } as const;
    }
    case 'Complaint':
      return { what: 'COMPLAINT', detail: detail.complaint.complaintFeedbackType ?? 'unknown' } as const;
    case 'Reject':
      return { what: 'REJECT', detail: detail.reject.reason } as const;
  }
};

/**
 * What SES tells through EventBridge of a mail that was not delivered or not welcome. A passing bounce without a failed
 * recipient is an automatic answer ("out of office"): SES tells it in the same words, but the mail arrived.
 */
export const MailReturned = z.object({ source: z.literal('aws.ses'), detail: Detail }).transform(({ detail }) => {
  const { messageId, timestamp, destination, tags } = detail.mail;
  return { ...verdictOf(detail), messageId, to: destination[0], sentAt: timestamp, about: tags };
});
