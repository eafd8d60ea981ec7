import { PutCommand, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Feedback } from '#domain/feedback/feedback.ts';
import { inOrder } from '#domain/feedback/feedback.ts';
import type { PartnerId, SignalId } from '#domain/ids.ts';
import type { FeedbackStore } from '#domain/ports.ts';
import { conditional, documents } from './table.ts';

const partition = (partner: PartnerId) => `SP#${partner}#FEEDBACK`;
/** The municipality last: after a hand-over two of them answer for one signal, each with numbers of its own. */
const sortKey = ({ signalId, number, kind, municipality }: Feedback) =>
  `${signalId}#${String(number).padStart(3, '0')}#${kind}#${municipality}`;

const feedbackOf = ({ pk: _pk, sk: _sk, ...feedback }: Record<string, unknown>): Feedback =>
  feedback as unknown as Feedback;

/** Feedback lies under its partner: one item per signal, outcome number and kind. */
export const feedbackStore = (table: string): FeedbackStore => {
  const found = async (query: Omit<QueryCommandInput, 'TableName' | 'ConsistentRead'>): Promise<Feedback[]> => {
    const items: Feedback[] = [];
    const pages = paginateQuery({ client: documents() }, { TableName: table, ConsistentRead: true, ...query });
    for await (const { Items = [] } of pages) for (const item of Items) items.push(feedbackOf(item));
    return items;
  };
  return {
    add: (feedback) =>
      conditional(
        documents().send(
          new PutCommand({
            TableName: table,
            Item: { ...feedback, pk: partition(feedback.partner), sk: sortKey(feedback) },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      ),
    ofSignal: async (partner, signalId: SignalId) =>
      inOrder(
        await found({
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :signal)',
          ExpressionAttributeValues: { ':pk': partition(partner), ':signal': `${signalId}#` },
        }),
      ),
    // A partner's feedback of half a year is a few hundred kilobytes: a filter costs less than an index that every write pays for.
    between: (partner, from, to) =>
      found({
        KeyConditionExpression: 'pk = :pk',
        FilterExpression: '#date BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#date': 'date' },
        ExpressionAttributeValues: { ':pk': partition(partner), ':from': from, ':to': to },
      }),
  };
};
