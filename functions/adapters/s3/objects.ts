import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { failure } from '#domain/failure.ts';
import { Instant } from '#domain/ids.ts';
import type { ObjectStore } from '#domain/ports.ts';

let shared: S3Client | undefined;
const client = (): S3Client => {
  shared ??= new S3Client({ maxAttempts: 5 });
  return shared;
};

/** AWS answers a version that is gone with either name. */
const isAbsent = (error: unknown): boolean =>
  error instanceof NoSuchKey || (error instanceof Error && error.name === 'NoSuchVersion');

/** Objects in the buckets; streams are sent in parts, so memory stays bounded. */
export const objectStore: ObjectStore = {
  read: async (bucket, key, versionId) => {
    try {
      const { Body } = await client().send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          VersionId: versionId,
        }),
      );
      return Body instanceof Readable ? Body : undefined;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },
  write: async (bucket, key, body, contentType) => {
    const target = { Bucket: bucket, Key: key, ContentType: contentType };
    if (typeof body === 'string' || body instanceof Uint8Array)
      await client().send(new PutObjectCommand({ ...target, Body: body }));
    else
      await new Upload({
        client: client(),
        params: { ...target, Body: Readable.from(body, { objectMode: false }) },
      }).done();
  },
  stat: async (bucket, key, versionId) => {
    try {
      const { ContentLength, LastModified } = await client().send(
        new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
      );
      return ContentLength === undefined || LastModified === undefined
        ? undefined
        : { sizeBytes: ContentLength, storedAt: Instant.parse(LastModified.toISOString()) };
    } catch (error) {
      if (isAbsent(error) || error instanceof NotFound) return undefined;
      throw error;
    }
  },
  erase: async (bucket, key, versionId) => {
    await client().send(
      new DeleteObjectCommand({
        Bucket: bucket,
        Key: key,
        VersionId: versionId,
      }),
    );
  },
  eraseFolder: async (bucket, prefix) => {
    for (let isMore = true; isMore; ) {
      // As many as one call can remove; what is removed is not listed again.
      const page = await client().send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix }));
      const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      const Objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
      isMore = page.IsTruncated ?? false;
      if (Objects.length === 0) return;
      const removed = await client().send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      );
      if (removed.Errors?.length) throw failure('TransientFailure');
    }
  },
};
