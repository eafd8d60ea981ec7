import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { MarkStore } from '#domain/ports.ts';
import { conditional, documents } from './table.ts';

const key = (owner: string, name: string) => ({
  pk: `MARK#${owner}`,
  sk: name,
});

/** Marks of work done once. */
export const markStore = (table: string): MarkStore => ({
  get: async (owner, name) => {
    const { Item } = await documents().send(
      new GetCommand({
        TableName: table,
        Key: key(owner, name),
        ConsistentRead: true,
      }),
    );
    return Item?.value;
  },
  set: (owner, name, value, previous, until) =>
    conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          // DynamoDB's own clock: seconds since 1970 (`timeToLiveAttribute` of the table).
          Item: { ...key(owner, name), value, ...(until && { expiresAt: Math.ceil(Date.parse(until) / 1000) }) },
          ...(previous === undefined
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: '#value = :previous',
                ExpressionAttributeNames: { '#value': 'value' },
                ExpressionAttributeValues: { ':previous': previous },
              }),
        }),
      ),
    ),
});
