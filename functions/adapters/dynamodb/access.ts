import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { base32 } from '#domain/base32.ts';
import type { AccessLog } from '#domain/ports.ts';
import { conditional, documents } from './table.ts';

/** Records of readings, per municipality and in order of time. The function that writes them may not change or remove one. */
export const accessLog = (table: string): AccessLog => ({
  record: async (access) => {
    const digest = createHash('sha256').update(JSON.stringify(access)).digest();
    // Of two readings in one millisecond both are kept; the same one again, after an answer got lost, is there already.
    const sk = `${access.at}#${base32(digest, 16)}`;
    await conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          Item: { pk: `ACCESS#${access.municipality}`, sk, ...access },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
  },
});
