import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Written } from '#domain/ports.ts';

/** One client per container; undefined properties are left out of items. */
let shared: DynamoDBDocumentClient | undefined;

export const documents = (): DynamoDBDocumentClient => {
  shared ??= DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 5 }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return shared;
};

/** Makes the lost race of a conditional write a value; every other failure stays a rejection. */
export const conditional = async (write: Promise<unknown>): Promise<Written> => {
  try {
    await write;
    return 'written';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'conflict';
    throw error;
  }
};

/** `IN` list for a set of allowed statuses: names and values of a condition. */
export const statusIn = (
  allowed: readonly string[],
): {
  readonly condition: string;
  readonly values: Readonly<Record<string, string>>;
} => {
  const values = Object.fromEntries(allowed.map((status, i) => [`:status${i}`, status]));
  return {
    condition: `#status IN (${Object.keys(values).join(', ')})`,
    values,
  };
};

/** All items of a query, however many pages it takes. */
export const everything = async (query: QueryCommandInput): Promise<readonly Record<string, unknown>[]> => {
  const found: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateQuery({ client: documents() }, query)) found.push(...Items);
  return found;
};
