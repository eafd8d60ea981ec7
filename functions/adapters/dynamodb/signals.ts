import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { base32Value } from '#domain/base32.ts';
import type { ArrearRecord } from '#domain/delivery/delivery.ts';
import {
  ArrearId as Arrear,
  type ArrearId,
  CaseId,
  caseIdOf,
  HouseholdKey,
  Instant,
  MunicipalityCode as Municipality,
  type MunicipalityCode,
  Period,
  partsOfCaseId,
  partsOfSignalId,
  type SignalRef,
  signalIdOf,
} from '#domain/ids.ts';
import type { SignalStore } from '#domain/ports.ts';
import { dueAt } from '#domain/signal/due.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { signalRecord } from './signal-record.ts';
import { conditional, documents, everything, statusIn } from './table.ts';

/** A municipality's signals lie in four partitions, by household: a large city is no hot partition, a household stays together. */
const SHARDS = 4;

const partition = (municipality: MunicipalityCode, household: HouseholdKey): string =>
  `GM#${municipality}#${base32Value(household.slice(0, 1)) % SHARDS}`;

const keyOf = ({ caseId, signalId }: SignalRef): { pk: string; sk: string } => {
  const { municipality, period, household } = partsOfCaseId(caseId);
  const { arrearId } = partsOfSignalId(signalId);
  return {
    pk: partition(municipality, household),
    sk: `${household}#${period}#${arrearId}`,
  };
};

const refOf = (pk: string, sk: string): SignalRef => {
  const [household = '', period = '', arrearId = ''] = sk.split('#');
  const month = Period.parse(period);
  return {
    caseId: caseIdOf(Municipality.parse(pk.split('#')[1]), month, HouseholdKey.parse(household)),
    signalId: signalIdOf(Arrear.parse(arrearId), month),
  };
};

const itemOf = (signal: Signal): Record<string, unknown> => {
  const key = keyOf(signal);
  const due = dueAt(signal);
  return {
    ...signal,
    ...key,
    ...(due && { duePk: `DUE#${key.pk.slice(-1)}`, dueAt: due }),
  };
};

/** The months of an arrear are attributes `c<yyyy-mm>` of one item, so that one atomic update claims and answers them all. */
const arrearOf = (arrearId: ArrearId, item: Record<string, unknown>): ArrearRecord => ({
  arrearId,
  cases: Object.fromEntries(
    Object.entries(item)
      .filter(([name]) => /^c\d{4}-\d\d$/.test(name))
      .map(([name, value]) => [Period.parse(name.slice(1)), CaseId.parse(value)]),
  ),
});

const arrearKey = (arrearId: ArrearId) => ({
  pk: `ARREAR#${arrearId}`,
  sk: 'ARREAR',
});

/** Signals and the record that says where the signals of an arrear are. */
export const signalStore = (table: string): SignalStore => ({
  claim: async (arrearId, period, caseId) => {
    const { Attributes } = await documents().send(
      new UpdateCommand({
        TableName: table,
        Key: arrearKey(arrearId),
        UpdateExpression: 'SET #month = if_not_exists(#month, :case)',
        ExpressionAttributeNames: { '#month': `c${period}` },
        ExpressionAttributeValues: { ':case': caseId },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return arrearOf(arrearId, Attributes ?? {});
  },
  repoint: (arrearId, period, from, to) =>
    conditional(
      documents().send(
        new UpdateCommand({
          TableName: table,
          Key: arrearKey(arrearId),
          UpdateExpression: 'SET #month = :to',
          ConditionExpression: '#month = :from OR #month = :to',
          ExpressionAttributeNames: { '#month': `c${period}` },
          ExpressionAttributeValues: { ':from': from, ':to': to },
        }),
      ),
    ),
  arrear: async (arrearId) => {
    const { Item } = await documents().send(
      new GetCommand({
        TableName: table,
        Key: arrearKey(arrearId),
        ConsistentRead: true,
      }),
    );
    return Item && arrearOf(arrearId, Item);
  },
  create: (signal) =>
    conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          Item: itemOf(signal),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    ),
  get: async (ref) => {
    const { Item } = await documents().send(
      new GetCommand({
        TableName: table,
        Key: keyOf(ref),
        ConsistentRead: true,
      }),
    );
    return Item && signalRecord.parse(Item);
  },
  replace: (signal, allowed) => {
    const { condition, values } = statusIn(allowed);
    return conditional(
      documents().send(
        new PutCommand({
          TableName: table,
          Item: itemOf(signal),
          ConditionExpression: `${condition} AND #version = :read`,
          ExpressionAttributeNames: {
            '#status': 'status',
            '#version': 'version',
          },
          ExpressionAttributeValues: { ...values, ':read': signal.version - 1 },
        }),
      ),
    );
  },
  storeTaskToken: (ref, version, taskToken, allowed) => {
    const { condition, values } = statusIn(allowed);
    return conditional(
      documents().send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf(ref),
          UpdateExpression: 'SET taskToken = :token, #version = :next',
          ConditionExpression: `${condition} AND #version = :read`,
          ExpressionAttributeNames: {
            '#status': 'status',
            '#version': 'version',
          },
          ExpressionAttributeValues: {
            ...values,
            ':token': taskToken,
            ':read': version,
            ':next': version + 1,
          },
        }),
      ),
    );
  },
  ofHousehold: async (municipality, household) => {
    const items = await everything({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': partition(municipality, household), ':prefix': `${household}#` },
      ConsistentRead: true,
    });
    return items.map((item) => signalRecord.parse(item));
  },
  ofMunicipality: async function* (code) {
    const partitions = await everyShard((shard) =>
      everything({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `GM#${code}#${shard}` },
      }),
    );
    for (const items of partitions) for (const item of items) yield signalRecord.parse(item);
  },
  overdue: async function* (before) {
    const partitions = await everyShard((shard) =>
      everything({
        TableName: table,
        IndexName: 'due',
        KeyConditionExpression: 'duePk = :pk AND dueAt < :before',
        ExpressionAttributeValues: { ':pk': `DUE#${shard}`, ':before': before },
      }),
    );
    for (const items of partitions)
      for (const item of items) yield { ...refOf(String(item.pk), String(item.sk)), dueAt: Instant.parse(item.dueAt) };
  },
});

/** All partitions at once: one after the other would wait as many times. */
const everyShard = <T>(read: (shard: number) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: SHARDS }, (_, shard) => read(shard)));
