import { PutCommand, paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Link } from '#domain/certificate/certificate.ts';
import type { CertificateChain } from '#domain/ports.ts';
import { conditional, documents } from './table.ts';

const PK = 'CHAIN';
const sortKey = (sequence: number): string => `LINK#${String(sequence).padStart(10, '0')}`;

const linkOf = ({ pk: _pk, sk: _sk, ...link }: Record<string, unknown>): Link => link as Link;

/** The chain of certified deliveries: an item per link. A number is taken once; nothing of ours changes or removes one. */
export const certificateChain = (table: string): CertificateChain => {
  const behind = (sequence: number) => ({
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND sk > :after',
    ExpressionAttributeValues: { ':pk': PK, ':after': sortKey(sequence) },
    ConsistentRead: true,
  });
  return {
    last: async () => {
      const { Items = [] } = await documents().send(
        new QueryCommand({ ...behind(0), ScanIndexForward: false, Limit: 1 }),
      );
      return Items[0] && linkOf(Items[0]);
    },
    after: async function* (sequence) {
      for await (const { Items = [] } of paginateQuery({ client: documents() }, behind(sequence)))
        yield* Items.map(linkOf);
    },
    append: (link) =>
      conditional(
        documents().send(
          new PutCommand({
            TableName: table,
            Item: { pk: PK, sk: sortKey(link.statement.sequence), ...link },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      ),
  };
};
