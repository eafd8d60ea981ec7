import { GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Feedback } from '#domain/feedback/feedback.ts';
import type { PartnerId, SignalId } from '#domain/ids.ts';
import type { FeedbackStore } from '#domain/ports.ts';
import { conditional, documents } from './table.ts';

const partition = (partner: PartnerId) => `SP#${partner}#FEEDBACK`;
const key = (partner: PartnerId, signalId: SignalId, kind: Feedback['kind']) => ({
  pk: partition(partner),
  sk: `${signalId}#${kind}`,
});

const feedbackOf = ({ pk: _pk, sk: _sk, ...feedback }: Record<string, unknown>): Feedback =>
  feedback as unknown as Feedback;

/** Feedback lies under its partner: one item per signal and kind. */
export const feedbackStore = (table: string): FeedbackStore => ({
  add: (feedback) =>
    conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          Item: {
            ...feedback,
            ...key(feedback.partner, feedback.signalId, feedback.kind),
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    ),
  get: async (partner, signalId, kind) => {
    const { Item } = await documents().send(
      new GetCommand({
        TableName: table,
        Key: key(partner, signalId, kind),
        ConsistentRead: true,
      }),
    );
    return Item && feedbackOf(Item);
  },
  // A partner's feedback of half a year is a few hundred kilobytes: a filter costs less than an index that every write pays for.
  between: async (partner, from, to) => {
    const found: Feedback[] = [];
    const pages = paginateQuery(
      { client: documents() },
      {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        FilterExpression: '#date BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#date': 'date' },
        ExpressionAttributeValues: {
          ':pk': partition(partner),
          ':from': from,
          ':to': to,
        },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) for (const item of Items) found.push(feedbackOf(item));
    return found;
  },
});
