import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Delivery } from '#domain/delivery/delivery.ts';
import type { DeliveryId } from '#domain/ids.ts';
import type { DeliveryStore } from '#domain/ports.ts';
import { conditional, documents, statusIn } from './table.ts';

const key = (id: DeliveryId) => ({ pk: `DELIVERY#${id}`, sk: 'DELIVERY' });

/** Deliveries: one item each. */
export const deliveryStore = (table: string): DeliveryStore => ({
  create: async (source, status = 'RECEIVED') => {
    const written = await conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          Item: { ...key(source.deliveryId), ...source, status },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
    return written === 'written' ? 'created' : 'exists';
  },
  get: async (id) => {
    const { Item } = await documents().send(new GetCommand({ TableName: table, Key: key(id), ConsistentRead: true }));
    if (Item === undefined) return undefined;
    const { pk: _pk, sk: _sk, ...delivery } = Item;
    return delivery as Delivery;
  },
  save: (delivery, allowed) => {
    const { condition, values } = statusIn(allowed);
    return conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          Item: { ...key(delivery.deliveryId), ...delivery },
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: values,
        }),
      ),
    );
  },
  judge: (delivery, { status, scan }) =>
    conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          Item: { ...key(delivery.deliveryId), ...delivery },
          ConditionExpression: `#status = :status AND attribute_not_exists(erased) AND ${
            scan ? '#scan.verdict = :verdict AND #scan.#at = :at' : 'attribute_not_exists(#scan)'
          }`,
          ExpressionAttributeNames: { '#status': 'status', '#scan': 'scan', ...(scan && { '#at': 'at' }) },
          ExpressionAttributeValues: { ':status': status, ...(scan && { ':verdict': scan.verdict, ':at': scan.at }) },
        }),
      ),
    ),
});
