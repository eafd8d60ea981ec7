import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import dynalite, { type Operation, type Store, type TableCallback } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { ACCOUNT, AwsError, REGION } from '../contract.ts';
import { jsonObject, readBody, sendJson, toAwsError } from '../http.ts';

type Json = Readonly<Record<string, unknown>>;
type Run = (store: Store, input: Json, callback: (error: unknown, output: unknown) => void) => void;
type Rules = { readonly types: Record<string, unknown>; readonly custom: unknown };

export type TableDefinition = {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly Json[];
  readonly KeySchema: readonly Json[];
  readonly GlobalSecondaryIndexes?: readonly Json[] | undefined;
  readonly LocalSecondaryIndexes?: readonly Json[] | undefined;
};

export type DynamoDb = {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Makes the table unless it is there; resolves when it is ACTIVE. Rejects when the one on disk has other keys. */
  ensureTable(definition: TableDefinition): Promise<void>;
  close(): Promise<void>;
};

/** What dynalite can do; streams, transactions, TTL, backups and PartiQL it cannot. */
const ACTIONS = [
  ...['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'DescribeTable', 'DescribeTimeToLive', 'GetItem', 'ListTables'],
  ...['ListTagsOfResource', 'PutItem', 'Query', 'Scan', 'UpdateItem'],
] as const;

/** dynalite does not know it, and needs not: every read here sees every write before it. */
const ALWAYS_CONSISTENT = 'Scan.ConsistentRead';

const require = createRequire(import.meta.url);
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const load = (action: string) => ({
  run: require(`dynalite/actions/${lowerFirst(action)}`) as Run,
  rules: require(`dynalite/validations/${lowerFirst(action)}`) as Rules,
});

/** An error as dynalite makes it: the body of the answer. */
const dynaliteError = (error: unknown): AwsError | undefined => {
  const body = (error as { body?: { __type?: string; message?: string; Message?: string } } | null)?.body;
  if (typeof body?.__type !== 'string') return undefined;
  return new AwsError(body.__type, body.message ?? body.Message ?? '');
};

/**
 * dynalite writes an item's index entries before the item, each on its own: killed in between, an index would miss its
 * item for good. Seen through this, they come as one batch: index entries are held back (its callbacks run at once)
 * until the write of the item that follows in the same turn.
 */
const atomic = (store: Store): Store => {
  const held: Operation[] = [];
  type Write = { readonly operations: Operation[]; readonly callback: (error?: Error | null) => void };
  let waiting: Write[] = [];
  let writing = false;
  /** What comes while a batch is being written goes together in the next one. */
  const writeNext = (): void => {
    if (writing || waiting.length === 0) return;
    const group = waiting;
    waiting = [];
    writing = true;
    store.db.batch(
      group.flatMap(({ operations }) => operations),
      (error) => {
        writing = false;
        for (const { callback } of group) callback(error);
        writeNext();
      },
    );
  };
  const flush = (operation: Operation, callback: Write['callback']): void => {
    waiting.push({ operations: [...held.splice(0), operation], callback });
    writeNext();
  };
  const tables = new Map<string, unknown>();
  return {
    ...store,
    // The definition of a table never changes here; reading it for every call costs as much as reading the item.
    getTable(name, checkStatus, callback) {
      const found = callback ?? (checkStatus as TableCallback);
      const known = tables.get(name);
      if (known !== undefined) return found(null, known);
      store.getTable(name, (error, table) => {
        if (!error && (table as { TableStatus?: string }).TableStatus === 'ACTIVE') tables.set(name, table);
        found(error, table);
      });
    },
    getIndexDb(kind, table, index) {
      const prefix = `index-${kind.toLowerCase()}~${table}~${index}~`;
      return {
        ...store.getIndexDb(kind, table, index),
        put(key, value, callback) {
          held.push({ type: 'put', key: prefix + key, value });
          callback();
        },
        del(key, callback) {
          held.push({ type: 'del', key: prefix + key });
          callback();
        },
      };
    },
    getItemDb(table) {
      const prefix = `item-${table}~`;
      return {
        ...store.getItemDb(table),
        // By the thread pool a read costs ten times as much.
        get: (key, callback) => callback(null, store.db.getSync(prefix + key)),
        put: (key, value, callback) => flush({ type: 'put', key: prefix + key, value }, callback),
        del: (key, callback) => flush({ type: 'del', key: prefix + key }, callback),
      };
    },
  };
};

/** DynamoDB by dynalite's storage and rules, on disk in `directory`, without its HTTP server. */
export const openDynamoDb = async (directory: string): Promise<DynamoDb> => {
  const store = dynalite.create({ path: directory, createTableMs: 0 });
  await store.db.open();
  store.tableDb.awsRegion = REGION;
  store.tableDb.awsAccountId = ACCOUNT;
  const view = atomic(store);
  const actions = new Map<string, ReturnType<typeof load>>(ACTIONS.map((action) => [action, load(action)]));
  const underWay = new Set<Promise<unknown>>();

  const perform = async ({ run, rules }: ReturnType<typeof load>, action: string, input: Json): Promise<unknown> => {
    for (const name of Object.keys(input)) {
      if (!Object.hasOwn(rules.types, name) && `${action}.${name}` !== ALWAYS_CONSISTENT) {
        throw new AwsError(
          'ValidationException',
          `${action}: parameter ${name} is not supported by the embedded cloud`,
        );
      }
    }
    try {
      const data = validations.checkTypes({ ...input }, rules.types);
      validations.checkValidations(data, rules.types, rules.custom, view);
      const running = new Promise<unknown>((resolve, reject) => {
        // dynalite adds counts to the definition it describes.
        const seen = action === 'DescribeTable' ? store : view;
        run(seen, data, (error, output) => (error ? reject(error) : resolve(output)));
      });
      underWay.add(running);
      try {
        return await running;
      } finally {
        underWay.delete(running);
      }
    } catch (error) {
      throw dynaliteError(error) ?? error;
    }
  };

  const describe = async (TableName: string): Promise<Json | undefined> => {
    try {
      const output = (await perform(load('DescribeTable'), 'DescribeTable', { TableName })) as { Table: Json };
      return output.Table;
    } catch (error) {
      if (error instanceof AwsError && error.code.endsWith('#ResourceNotFoundException')) return undefined;
      throw error;
    }
  };

  return {
    async handle(req, res) {
      const headers = { 'content-type': 'application/x-amz-json-1.0' };
      try {
        const name = String(req.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
        const action = actions.get(name);
        const input = jsonObject(await readBody(req));
        if (action === undefined) {
          const text = `DynamoDB: ${name} is not supported by the embedded cloud`;
          throw new AwsError('com.amazon.coral.service#UnknownOperationException', text);
        }
        sendJson(res, 200, await perform(action, name, input), headers);
      } catch (error) {
        const { code, message, status } = toAwsError(error);
        const type = code.includes('#') ? code : `com.amazonaws.dynamodb.v20120810#${code}`;
        sendJson(res, status, { __type: type, message }, headers);
      }
    },
    async ensureTable(definition) {
      const { TableName } = definition;
      const existing = await describe(TableName);
      if (existing !== undefined) {
        const shapeOf = (table: Json) => ({
          keys: table.KeySchema,
          indexes: ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].map((kind) =>
            ((table[kind] ?? []) as Json[]).map(({ IndexName, KeySchema, Projection }) => [
              IndexName,
              KeySchema,
              Projection,
            ]),
          ),
        });
        const plain = JSON.parse(JSON.stringify(shapeOf(existing))) as unknown;
        if (!isDeepStrictEqual(plain, JSON.parse(JSON.stringify(shapeOf(definition))))) {
          throw new Error(
            `Table ${TableName} on disk has other keys or indexes than the template: take a new data directory`,
          );
        }
      } else {
        await perform(load('CreateTable'), 'CreateTable', { ...definition, BillingMode: 'PAY_PER_REQUEST' });
      }
      for (let attempt = 0; attempt < 20; attempt += 1) {
        const table = await describe(TableName);
        if (table?.TableStatus === 'ACTIVE') return;
        // Killed while it was made: nobody else will finish it.
        if (existing !== undefined && table !== undefined) {
          const indexes = (table.GlobalSecondaryIndexes ?? []) as Json[];
          const active = {
            ...table,
            TableStatus: 'ACTIVE',
            ...(indexes.length === 0
              ? {}
              : { GlobalSecondaryIndexes: indexes.map((index) => ({ ...index, IndexStatus: 'ACTIVE' })) }),
          };
          await new Promise<void>((resolve, reject) => {
            store.tableDb.put(TableName, active, (error) => (error ? reject(error) : resolve()));
          });
        } else await delay(10);
      }
      throw new Error(`Table ${TableName} does not become ACTIVE`);
    },
    async close() {
      await Promise.allSettled(underWay);
      await store.db.close();
    },
  };
};
