import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
} from '@aws-sdk/client-kms';
import { ClassicLevel } from 'classic-level';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AwsError } from '../../../infra/local/contract.ts';
import { type Kms, openKms } from '../../../infra/local/kms/kms.ts';
import { testClock } from '../s3/clock.ts';

const KEY = '6f1ce1a2-6d4b-4d4e-9a57-0c7f4e2a9d01';
const OTHER = '6f1ce1a2-6d4b-4d4e-9a57-0c7f4e2a9d02';
const SIGNING = '6f1ce1a2-6d4b-4d4e-9a57-0c7f4e2a9d03';
const ARN = `arn:aws:kms:eu-west-1:000000000000:key/${KEY}`;
let home: string;
let db: ClassicLevel;
let kms: Kms;
let server: Server;
let client: KMSClient;

const open = async () => {
  db = new ClassicLevel(join(home, 'db'));
  kms = await openKms({ db, clock: testClock() });
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meldpunt-kms-'));
  await open();
  await kms.createKey({ keyId: KEY, description: 'table' });
  await kms.createKey({ keyId: OTHER });
  await kms.createAlias('alias/table', KEY);
  await kms.createKey({ keyId: SIGNING, spec: 'ECC_NIST_P256' });
  await kms.createAlias('alias/certificates', SIGNING);
  server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const action = String(req.headers['x-amz-target']).split('.')[1] ?? '';
    const answer = await kms.handle(action, JSON.parse(Buffer.concat(chunks).toString())).then(
      (body) => ({ status: 200, body }),
      (error: AwsError) => ({ status: error.status, body: { __type: error.code, message: error.message } }),
    );
    res.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new KMSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await db.close();
  await rm(home, { recursive: true });
});

it('encrypts and decrypts under id, ARN, alias and alias ARN (property)', async () => {
  const names = fc.constantFrom(KEY, ARN, 'alias/table', 'arn:aws:kms:eu-west-1:000000000000:alias/table');
  const context = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 4, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(
      names,
      fc.uint8Array({ minLength: 1, maxLength: 4096 }),
      context,
      async (KeyId, Plaintext, EncryptionContext) => {
        const sealed = await client.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
        expect(sealed.KeyId).toBe(ARN);
        const reversed = Object.fromEntries(Object.entries(EncryptionContext).reverse());
        const opened = await client.send(
          new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: reversed }),
        );
        expect(opened).toMatchObject({ KeyId: ARN, Plaintext });
      },
    ),
    { numRuns: 40 },
  );
});

it('refuses another context, another key and any changed byte', async () => {
  const EncryptionContext = { purpose: 'matching' };
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: KEY, Plaintext: Buffer.from('secret'), EncryptionContext }),
  );
  const blob = Buffer.from(CiphertextBlob ?? []);
  const decrypt = (more: object) =>
    client.send(new DecryptCommand({ CiphertextBlob: blob, EncryptionContext, ...more }));
  await expect(decrypt({ EncryptionContext: { purpose: 'else' } })).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
  await expect(decrypt({ EncryptionContext: undefined })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  await expect(decrypt({ KeyId: OTHER })).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  for (let i = 0; i < blob.length; i++) {
    const changed = Buffer.from(blob);
    changed[i] = (changed[i] ?? 0) ^ 1;
    await expect(decrypt({ CiphertextBlob: changed })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  }
  await expect(decrypt({ CiphertextBlob: Buffer.from([1]) })).rejects.toMatchObject({
    name: 'InvalidCiphertextException',
  });
});

it('makes data keys of the asked size that it alone can unwrap', async () => {
  const made = await client.send(new GenerateDataKeyCommand({ KeyId: 'alias/table', KeySpec: 'AES_256' }));
  expect(made.Plaintext).toHaveLength(32);
  const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
  expect(Plaintext).toEqual(made.Plaintext);
  const blind = await client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: KEY, NumberOfBytes: 7 }));
  expect((await client.send(new DecryptCommand({ CiphertextBlob: blind.CiphertextBlob }))).Plaintext).toHaveLength(7);
  await expect(client.send(new GenerateDataKeyCommand({ KeyId: KEY }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

const signed = (Message: Uint8Array, more: object = {}) =>
  client.send(
    new SignCommand({
      KeyId: 'alias/certificates',
      Message,
      MessageType: 'RAW',
      SigningAlgorithm: 'ECDSA_SHA_256',
      ...more,
    }),
  );

it('signs what anyone can verify with the public key, over a reopening too', async () => {
  const message = Buffer.from('vastgelegd');
  const { Signature, KeyId, SigningAlgorithm } = await signed(message);
  expect([KeyId, SigningAlgorithm]).toEqual([ARN.replace(KEY, SIGNING), 'ECDSA_SHA_256']);
  await db.close();
  await open();
  await kms.createKey({ keyId: SIGNING, spec: 'ECC_NIST_P256' });
  const publicKey = await client.send(new GetPublicKeyCommand({ KeyId: SIGNING }));
  expect(publicKey).toMatchObject({
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: ['ECDSA_SHA_256'],
  });
  const key = createPublicKey({ key: Buffer.from(publicKey.PublicKey ?? []), format: 'der', type: 'spki' });
  expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect(verify('sha256', message, key, Signature ?? Buffer.alloc(0))).toBe(true);
  expect(verify('sha256', Buffer.from('Vastgelegd'), key, Signature ?? Buffer.alloc(0))).toBe(false);
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: SIGNING }));
  expect(KeyMetadata).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  expect(KeyMetadata).not.toHaveProperty('EncryptionAlgorithms');
});

it('refuses a key for what it was not made for, by the names of AWS', async () => {
  const Plaintext = Buffer.from('x');
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: KEY, Plaintext }));
  const wrongUse = { name: 'InvalidKeyUsageException' };
  await expect(client.send(new EncryptCommand({ KeyId: SIGNING, Plaintext }))).rejects.toMatchObject(wrongUse);
  await expect(client.send(new DecryptCommand({ KeyId: SIGNING, CiphertextBlob }))).rejects.toMatchObject(wrongUse);
  await expect(client.send(new GenerateDataKeyCommand({ KeyId: SIGNING, KeySpec: 'AES_256' }))).rejects.toMatchObject(
    wrongUse,
  );
  await expect(signed(Plaintext, { KeyId: KEY })).rejects.toMatchObject(wrongUse);
  await expect(signed(Plaintext, { SigningAlgorithm: 'ECDSA_SHA_384' })).rejects.toMatchObject(wrongUse);
  await expect(client.send(new GetPublicKeyCommand({ KeyId: KEY }))).rejects.toMatchObject({
    name: 'UnsupportedOperationException',
  });
  const invalid = { name: 'ValidationException' };
  await expect(signed(Plaintext, { MessageType: 'DIGEST' })).rejects.toMatchObject(invalid);
  await expect(signed(Buffer.alloc(4097))).rejects.toMatchObject(invalid);
  await expect(kms.createKey({ keyId: SIGNING })).rejects.toThrow('cannot become SYMMETRIC_DEFAULT');
});

it('keeps its keys over a reopening and a second creation', async () => {
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId: KEY, Plaintext: Buffer.from('kept') }));
  await db.close();
  await open();
  expect(await kms.createKey({ keyId: KEY, description: 'renamed' })).toEqual({ keyId: KEY, arn: ARN });
  const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
  expect(Buffer.from(Plaintext ?? []).toString()).toBe('kept');
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/table' }));
  expect(KeyMetadata).toMatchObject({
    Arn: ARN,
    KeyState: 'Enabled',
    Description: 'renamed',
    CreationDate: new Date('2026-03-02T09:00:00.500Z'),
  });
});

it('names what it does not know', async () => {
  const describe = (KeyId: string) => client.send(new DescribeKeyCommand({ KeyId }));
  await expect(describe('alias/none')).rejects.toMatchObject({
    name: 'NotFoundException',
    message: expect.stringContaining('alias/none'),
  });
  await expect(describe('6f1ce1a2')).rejects.toMatchObject({ name: 'NotFoundException' });
  const grant = new CreateGrantCommand({ KeyId: KEY, GranteePrincipal: 'x', Operations: [] });
  await expect(client.send(grant)).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('CreateGrant'),
  });
  const dryRun = new EncryptCommand({ KeyId: KEY, Plaintext: Buffer.from('x'), DryRun: true });
  await expect(client.send(dryRun)).rejects.toMatchObject({ message: expect.stringContaining('DryRun') });
  await expect(kms.handle('toString', {})).rejects.toBeInstanceOf(AwsError);
});
