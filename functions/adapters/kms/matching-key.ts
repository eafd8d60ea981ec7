import { createHmac } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyWithoutPlaintextCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { base32 } from '#domain/base32.ts';
import { failure } from '#domain/failure.ts';
import type { KeyedHash, MatchingKeyStore } from '#domain/ports.ts';
import { conditional, documents } from '../dynamodb/table.ts';

let shared: KMSClient | undefined;
const client = (): KMSClient => {
  shared ??= new KMSClient({ maxAttempts: 5 });
  return shared;
};

const KEY = { pk: 'KEY#matching', sk: 'KEY' };
const EncryptionContext = { purpose: 'matching' };

/** Makes the data key for matching, wrapped by KMS, once; a second one would break every match. */
export const matchingKeyStore = (table: string, keyId: string): MatchingKeyStore => ({
  ensure: async () => {
    const { Item } = await documents().send(new GetCommand({ TableName: table, Key: KEY, ConsistentRead: true }));
    if (Item !== undefined) return 'exists';
    const { CiphertextBlob } = await client().send(
      new GenerateDataKeyWithoutPlaintextCommand({
        KeyId: keyId,
        KeySpec: 'AES_256',
        EncryptionContext,
      }),
    );
    const written = await conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          Item: { ...KEY, wrapped: CiphertextBlob },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
    return written === 'written' ? 'created' : 'exists';
  },
});

/** HMAC-SHA-256 with the matching key, which KMS unwraps once per container (R-MAT-5). */
export const keyedHash = (table: string, keyId: string): KeyedHash => {
  let key: Promise<Uint8Array> | undefined;
  const unwrap = async (): Promise<Uint8Array> => {
    const { Item } = await documents().send(new GetCommand({ TableName: table, Key: KEY, ConsistentRead: true }));
    if (Item === undefined) throw failure('ConfigurationMissing');
    const { Plaintext } = await client().send(
      new DecryptCommand({
        CiphertextBlob: Item.wrapped,
        KeyId: keyId,
        EncryptionContext,
      }),
    );
    if (Plaintext === undefined) throw failure('MatchingKeyUnreadable');
    return Plaintext;
  };
  return {
    digest: async (length, ...parts) => {
      key ??= unwrap().catch((error: unknown) => {
        key = undefined;
        throw error;
      });
      return base32(
        createHmac('sha256', await key)
          .update(JSON.stringify(parts))
          .digest(),
        length,
      );
    },
  };
};
