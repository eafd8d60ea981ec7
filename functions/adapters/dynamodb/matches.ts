import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { grouped } from '#domain/grouped.ts';
import { ArrearId, HouseholdKey, Instant, MunicipalityCode, WorkerId } from '#domain/ids.ts';
import { FIELDS } from '#domain/matching/comparison.ts';
import { type MatchDecision, MERGE_REASONS, SPLIT_REASONS } from '#domain/matching/decision.ts';
import type { MatchStore } from '#domain/ports.ts';
import { conditional, documents, everything } from './table.ts';

const members = z.array(z.strictObject({ household: HouseholdKey, arrearId: ArrearId }));

const evidence = z.strictObject({
  decision: z.enum(['SAME', 'POSSIBLE', 'DIFFERENT']),
  score: z.number(),
  probability: z.number(),
  agreements: z.array(z.strictObject({ field: z.enum(FIELDS), level: z.string(), weight: z.number() })),
  model: z.string(),
});

/** A stored decision as it is read back: ids and levels, so that nothing of a person can slip in. */
const record = z.strictObject({
  decisionId: z.string(),
  municipality: MunicipalityCode,
  kind: z.enum(['APART', 'TOGETHER', 'SAME_PERSON']),
  one: members,
  other: members,
  at: Instant,
  decided: z.union([
    z.strictObject({ by: WorkerId, reason: z.enum([...SPLIT_REASONS, ...MERGE_REASONS]), source: z.string() }),
    z.strictObject({ model: z.string(), evidence }),
  ]),
}) satisfies z.ZodType<MatchDecision>;

const decisionOf = ({ pk: _pk, sk: _sk, ...decision }: Record<string, unknown>): MatchDecision =>
  record.parse(decision);

const householdOf = ({ sk }: Record<string, unknown>): HouseholdKey => HouseholdKey.parse(String(sk).split('#', 1)[0]);

/** Beside the partitions of the signals, so that who may add decisions need not be able to change signals. */
const partition = (municipality: MunicipalityCode): string => `GM#${municipality}#MATCH`;

/** Decisions about who belongs together: a copy under each household, so that one query finds all that concern it. */
export const matchStore = (table: string): MatchStore => ({
  add: (decision, household) =>
    conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          Item: {
            pk: partition(decision.municipality),
            sk: `${household}#${decision.decisionId}`,
            ...record.parse(decision),
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    ),
  ofHousehold: async (municipality, household) => {
    const items = await everything({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': partition(municipality), ':prefix': `${household}#` },
      ConsistentRead: true,
    });
    return items.map(decisionOf);
  },
  ofMunicipality: async function* (code) {
    const items = await everything({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition(code) },
    });
    for (const [first, ...more] of grouped(items, ({ decisionId }) => decisionId).values())
      if (first) yield { decision: decisionOf(first), under: [first, ...more].map(householdOf) };
  },
});
