import { cp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { openDynamoDb, type TableDefinition } from '#infra/local/dynamodb/dynamodb.ts';
import { cleanUp, cleanups, temporary } from './fixture.ts';

afterEach(cleanUp);

const TableName = 'records';
const key = (name: string, kind: string) => ({ AttributeName: name, KeyType: kind });
const table: TableDefinition = {
  TableName,
  AttributeDefinitions: ['pk', 'sk', 'duePk', 'dueAt'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'due',
      KeySchema: [key('duePk', 'HASH'), key('dueAt', 'RANGE')],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

const open = async (directory: string) => {
  const dynamodb = await openDynamoDb(directory);
  await dynamodb.ensureTable(table);
  const server = createServer((req, res) => void dynamodb.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  cleanups.push(async () => {
    client.destroy();
    server.closeAllConnections();
    server.close();
    await dynamodb.close();
  });
  return { dynamodb, client };
};

const itemKey = (n: number) => ({ pk: { S: `p${n % 5}` }, sk: { S: `s${n}` } });
const due = (at: number) => ({ duePk: { S: 'due' }, dueAt: { S: String(at).padStart(6, '0') } });

/** What the index says is due against what the items say. */
const compare = async (client: DynamoDBClient) => {
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  const { Items: index = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'due',
      KeyConditionExpression: 'duePk = :due',
      ExpressionAttributeValues: { ':due': { S: 'due' } },
    }),
  );
  const line = (item: Record<string, { S?: string }>) => [item.pk?.S, item.sk?.S, item.dueAt?.S].join(' ');
  return {
    fromItems: items
      .filter(({ dueAt }) => dueAt !== undefined)
      .map((item) => line(item as never))
      .sort(),
    fromIndex: index.map((item) => line(item as never)).sort(),
  };
};

describe('DynamoDB', () => {
  it('writes an item and its index entries together: a copy of the disk at any moment agrees with itself', async () => {
    const directory = await temporary();
    const { client } = await open(directory);
    let writing = true;
    const writer = async (from: number): Promise<void> => {
      for (let n = from; writing && n < 4_000; n += 4) {
        const Key = itemKey(n % 60);
        if (n % 7 === 0) await client.send(new DeleteItemCommand({ TableName, Key }));
        else if (n % 5 === 0) {
          const PutRequest = (m: number) => ({ PutRequest: { Item: { ...itemKey(m % 60), ...due(n) } } });
          await client.send(
            new BatchWriteItemCommand({ RequestItems: { [TableName]: [PutRequest(n), PutRequest(n + 1)] } }),
          );
        } else {
          await client.send(
            new UpdateItemCommand({
              TableName,
              Key,
              UpdateExpression: 'SET duePk = :pk, dueAt = :at',
              ExpressionAttributeValues: { ':pk': { S: 'due' }, ':at': due(n).dueAt },
            }),
          );
        }
      }
    };
    const writers = [0, 1, 2, 3].map(writer);
    for (let copy = 0; copy < 4; copy += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      const left = await temporary();
      await cp(directory, left, { recursive: true });
      const { fromItems, fromIndex } = await compare((await open(left)).client);
      expect(fromItems.length).toBeGreaterThan(0);
      expect(fromIndex).toEqual(fromItems);
    }
    writing = false;
    await Promise.all(writers);
    const { fromItems, fromIndex } = await compare(client);
    expect(fromIndex).toEqual(fromItems);
  });

  it('of writers that race for one condition one wins', async () => {
    const { client } = await open(await temporary());
    const put = (n: number) =>
      client.send(
        new PutItemCommand({
          TableName,
          Item: { ...itemKey(1), who: { N: String(n) } },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(put));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ name: 'ConditionalCheckFailedException' });
    }
  });

  it('names an action or a parameter it does not know instead of passing it over', async () => {
    const { client } = await open(await temporary());
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toThrow(
      /TransactWriteItems is not supported/,
    );
    await expect(
      client.send(new PutItemCommand({ TableName, Item: itemKey(1), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })),
    ).rejects.toThrow(/ReturnValuesOnConditionCheckFailure is not supported/);
    await expect(client.send(new GetItemCommand({ TableName: 'nobody', Key: itemKey(1) }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('finds its tables again, also one that was half made, and refuses other keys', async () => {
    const directory = await temporary();
    const first = await openDynamoDb(directory);
    await first.ensureTable(table);
    await first.ensureTable(table);
    const [index] = table.GlobalSecondaryIndexes ?? [];
    await expect(
      first.ensureTable({ ...table, GlobalSecondaryIndexes: [{ ...index, IndexName: 'other' }] }),
    ).rejects.toThrow(/records on disk has other keys or indexes/);
    await first.close();
    const { client } = await open(directory);
    await client.send(new PutItemCommand({ TableName, Item: itemKey(3) }));
    expect((await client.send(new GetItemCommand({ TableName, Key: itemKey(3), ConsistentRead: true }))).Item).toEqual(
      itemKey(3),
    );
  });
});
