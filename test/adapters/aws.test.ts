import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { deliveryStore } from '#adapters/dynamodb/deliveries.ts';
import { feedbackStore } from '#adapters/dynamodb/feedback.ts';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { keyedHash, matchingKeyStore } from '#adapters/kms/matching-key.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { Meldpunt } from '../support/meldpunt.ts';
import { portsContract } from './contract.ts';

/** The same contract on the AWS adapters, against the deployed template's own bucket, key and table design. */
let meldpunt: Meldpunt;
let tables = 0;

beforeAll(async () => {
  meldpunt = await Meldpunt.open('2026-04-01T08:00:00+02:00');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: meldpunt.cloud.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
});
afterAll(() => meldpunt?.close());

portsContract('ports on AWS', async () => {
  const { Table } = await meldpunt.dynamodb.send(new DescribeTableCommand({ TableName: meldpunt.output('Table') }));
  tables += 1;
  const name = `contract-${tables}`;
  await meldpunt.dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: Table?.KeySchema,
      AttributeDefinitions: Table?.AttributeDefinitions,
      GlobalSecondaryIndexes: Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      })),
    }),
  );
  const keyId = meldpunt.output('MatchingKey');
  return {
    deliveries: deliveryStore(name),
    signals: signalStore(name),
    configuration: configurationStore(name),
    feedback: feedbackStore(name),
    marks: markStore(name),
    objects: objectStore,
    hash: keyedHash(name, keyId),
    matchingKey: matchingKeyStore(name, keyId),
    bucket: meldpunt.output('ExchangeBucket'),
  };
});
