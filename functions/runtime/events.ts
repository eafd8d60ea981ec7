import { z } from 'zod';
import { SCAN_VERDICTS, type ScanVerdict } from '#domain/delivery/scan.ts';
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

const instant = z.iso.datetime().transform((text) => Instant.parse(new Date(text).toISOString()));

/** Clean only when both words say so; whatever we do not know is no clean verdict. */
const scanVerdict = (status: string, result: string | null | undefined): ScanVerdict => {
  if (result === 'NO_THREATS_FOUND') return status === 'COMPLETED' ? result : 'FAILED';
  return SCAN_VERDICTS.find((verdict) => verdict === result && verdict !== 'RELEASED') ?? 'FAILED';
};

/** What GuardDuty Malware Protection for S3 found in an object. It tells neither its size nor when it came. */
export const ObjectScanned = z
  .object({
    source: z.literal('aws.guardduty'),
    'detail-type': z.literal('GuardDuty Malware Protection Object Scan Result'),
    time: instant,
    detail: z.object({
      scanStatus: z.string(),
      s3ObjectDetails: z.object({
        bucketName: z.string(),
        objectKey: z.string(),
        versionId: z.string().nullish(),
      }),
      scanResultDetails: z.object({ scanResultStatus: z.string().nullish() }).nullish(),
    }),
  })
  .transform(({ time, detail: { scanStatus, s3ObjectDetails, scanResultDetails } }) => ({
    bucket: s3ObjectDetails.bucketName,
    key: s3ObjectDetails.objectKey,
    versionId: s3ObjectDetails.versionId ?? 'null',
    scan: { verdict: scanVerdict(scanStatus, scanResultDetails?.scanResultStatus), at: time },
  }));

/** An upload arrived: told by S3 where nothing is scanned, by the scan where it is (`infra/constructs/arrival.ts`). */
export const UploadArrived = z.union([ObjectCreated, ObjectScanned]);
export type UploadArrived = z.infer<typeof UploadArrived>;

const mail = z.object({
  timestamp: instant,
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
