import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessLog } from '#adapters/dynamodb/access.ts';
import { certificateChain } from '#adapters/dynamodb/chain.ts';
import { configurationStore } from '#adapters/dynamodb/configuration.ts';
import { deliveryStore } from '#adapters/dynamodb/deliveries.ts';
import { feedbackStore } from '#adapters/dynamodb/feedback.ts';
import { markStore } from '#adapters/dynamodb/marks.ts';
import { matchStore } from '#adapters/dynamodb/matches.ts';
import { signalStore } from '#adapters/dynamodb/signals.ts';
import { keyedHash, matchingKeyStore } from '#adapters/kms/matching-key.ts';
import { signer } from '#adapters/kms/signer.ts';
import { objectStore } from '#adapters/s3/objects.ts';
import { configuration } from '../support/configuration.ts';
import { Meldpunt } from '../support/meldpunt.ts';
import { portsContract } from './contract.ts';

/** The same contract on the AWS adapters, against the deployed template's own table, bucket and key. */
let meldpunt: Meldpunt;

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

it('a container that did not find a partner looks again', async () => {
  const [container, operator] = [0, 1].map(() => configurationStore(meldpunt.output('Table')));
  const [partner] = configuration.partners;
  if (!container || !operator || !partner) throw new Error('nothing to test with');
  await operator.replace({ ...configuration, partners: [] });
  expect(await container.partner(partner.id)).toBeUndefined();
  await operator.replace(configuration);
  expect(await container.partner(partner.id)).toEqual(partner);
});

portsContract('ports on AWS', async () => {
  const table = meldpunt.output('Table');
  const documents = DynamoDBDocumentClient.from(meldpunt.dynamodb);
  for (const { pk, sk } of await meldpunt.items())
    await documents.send(new DeleteCommand({ TableName: table, Key: { pk, sk } }));
  const keyId = 'alias/meldpunt-dev-matching';
  return {
    deliveries: deliveryStore(table),
    signals: signalStore(table),
    matches: matchStore(table),
    configuration: configurationStore(table),
    feedback: feedbackStore(table),
    access: accessLog(table),
    accesses: async () => (await meldpunt.items()).filter(({ pk }) => String(pk).startsWith('ACCESS#0392')),
    marks: markStore(table),
    objects: objectStore,
    hash: keyedHash(table, keyId),
    matchingKey: matchingKeyStore(table, keyId),
    chain: certificateChain(table),
    signer: signer(meldpunt.output('CertificateKey')),
    bucket: meldpunt.output('ExchangeBucket'),
    put: async (Key, Body) => {
      const Bucket = meldpunt.output('ExchangeBucket');
      return String((await meldpunt.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId);
    },
  };
});
