import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import type { ClassicLevel } from 'classic-level';
import { ACCOUNT, AwsError, type JsonService, type LocalClock, type Millis, REGION } from '../contract.ts';

type Input = Readonly<Record<string, unknown>>;
type Output = Readonly<Record<string, unknown>>;

/** The kinds of key there are here, with what each is for. */
const KINDS = {
  SYMMETRIC_DEFAULT: {
    usage: 'ENCRYPT_DECRYPT',
    describe: { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] },
    make: () => randomBytes(32),
  },
  ECC_NIST_P256: {
    usage: 'SIGN_VERIFY',
    describe: { SigningAlgorithms: ['ECDSA_SHA_256'] },
    make: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' }),
  },
} as const;
export type KeySpec = keyof typeof KINDS;

type Key = {
  readonly id: string;
  readonly description: string;
  readonly created: Millis;
  /** Absent in keys of before there were others. */
  readonly spec?: KeySpec;
  /**
   * 256 bits or a PKCS #8 private key, base64. It lies in the database as it is: this KMS keeps data readable on one
   * machine, it does not keep it secret.
   */
  readonly material: string;
};

const specOf = ({ spec = 'SYMMETRIC_DEFAULT' }: Key): KeySpec => spec;

export type Kms = JsonService & {
  /** Creates a key under this id (a fresh one when none is given); an id that is there keeps its material. */
  createKey(key: { keyId?: string; description?: string; spec?: KeySpec }): Promise<{ keyId: string; arn: string }>;
  /** Points `alias/…` at a key, by id or ARN; an alias that is there moves. */
  createAlias(alias: string, key: string): Promise<void>;
};

const arnOf = (resource: string): string => `arn:aws:kms:${REGION}:${ACCOUNT}:${resource}`;

/**
 * KMS with symmetric keys (AES-256-GCM, the encryption context as additional authenticated data) and keys that sign
 * (ECDSA on P-256 with SHA-256).
 */
export async function openKms({ db, clock }: { db: ClassicLevel<string, string>; clock: LocalClock }): Promise<Kms> {
  const keys = db.sublevel<string, Key>('kms-keys', { valueEncoding: 'json' });
  const aliases = db.sublevel<string, string>('kms-aliases', { valueEncoding: 'utf8' });

  /** By id, key ARN, alias or alias ARN. */
  async function find(name: string): Promise<Key> {
    const plain = name.startsWith(arnOf('')) ? name.slice(arnOf('').length) : name;
    const id = plain.startsWith('alias/') ? await aliases.get(plain) : plain.replace(/^key\//, '');
    const key = id === undefined ? undefined : await keys.get(id);
    if (key !== undefined) return key;
    throw new AwsError(
      'NotFoundException',
      plain.startsWith('alias/') ? `Alias ${arnOf(plain)} is not found.` : `Key '${arnOf(`key/${id}`)}' does not exist`,
    );
  }

  /** The key, when it is made for what the action does. */
  async function findFor(action: string, usage: string, input: Input): Promise<Key> {
    const key = await find(text(input, 'KeyId'));
    const made = KINDS[specOf(key)].usage;
    if (made === usage) return key;
    throw new AwsError(
      'InvalidKeyUsageException',
      `${arnOf(`key/${key.id}`)} key usage is ${made} which is not valid for ${action}.`,
    );
  }

  const describe = (key: Key): Output => ({
    AWSAccountId: ACCOUNT,
    KeyId: key.id,
    Arn: arnOf(`key/${key.id}`),
    CreationDate: key.created / 1000,
    Enabled: true,
    Description: key.description,
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    MultiRegion: false,
    ...kindOf(key),
  });

  async function dataKey(action: string, input: Input): Promise<{ plaintext: Buffer; answer: Output }> {
    const key = await findFor(action, 'ENCRYPT_DECRYPT', input);
    const plaintext = randomBytes(dataKeySize(input));
    const blob = seal(key, plaintext, input.EncryptionContext);
    return { plaintext, answer: { CiphertextBlob: blob.toString('base64'), KeyId: arnOf(`key/${key.id}`) } };
  }

  const actions: Readonly<Record<string, { fields: readonly string[]; run(input: Input): Promise<Output> }>> = {
    DescribeKey: {
      fields: ['KeyId'],
      run: async (input) => ({ KeyMetadata: describe(await find(text(input, 'KeyId'))) }),
    },
    Encrypt: {
      fields: ['KeyId', 'Plaintext', 'EncryptionContext', 'EncryptionAlgorithm'],
      async run(input) {
        const plaintext = bytes(input, 'Plaintext');
        if (plaintext.length < 1 || plaintext.length > 4096) throw invalid('Plaintext must have length 1 to 4096');
        const key = await findFor('Encrypt', 'ENCRYPT_DECRYPT', input);
        return {
          CiphertextBlob: seal(key, plaintext, input.EncryptionContext).toString('base64'),
          KeyId: arnOf(`key/${key.id}`),
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        };
      },
    },
    Decrypt: {
      fields: ['KeyId', 'CiphertextBlob', 'EncryptionContext', 'EncryptionAlgorithm'],
      async run(input) {
        const blob = bytes(input, 'CiphertextBlob');
        const sealed = keyIdOf(blob);
        const key = sealed === undefined ? undefined : await keys.get(sealed);
        const named = input.KeyId === undefined ? undefined : await findFor('Decrypt', 'ENCRYPT_DECRYPT', input);
        if (named !== undefined && named.id !== sealed && key !== undefined) {
          throw new AwsError(
            'IncorrectKeyException',
            'The key ID in the request does not identify a CMK that can perform this operation.',
          );
        }
        const plaintext = key && unseal(key, blob, input.EncryptionContext);
        if (key === undefined || plaintext === undefined)
          throw new AwsError('InvalidCiphertextException', 'The ciphertext is not valid');
        return {
          KeyId: arnOf(`key/${key.id}`),
          Plaintext: plaintext.toString('base64'),
          EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        };
      },
    },
    GenerateDataKey: {
      fields: ['KeyId', 'KeySpec', 'NumberOfBytes', 'EncryptionContext'],
      async run(input) {
        const { plaintext, answer } = await dataKey('GenerateDataKey', input);
        return { ...answer, Plaintext: plaintext.toString('base64') };
      },
    },
    GenerateDataKeyWithoutPlaintext: {
      fields: ['KeyId', 'KeySpec', 'NumberOfBytes', 'EncryptionContext'],
      run: async (input) => (await dataKey('GenerateDataKeyWithoutPlaintext', input)).answer,
    },
    Sign: {
      fields: ['KeyId', 'Message', 'MessageType', 'SigningAlgorithm'],
      async run(input) {
        const message = bytes(input, 'Message');
        if (message.length > 4096) throw invalid('Message must have length 1 to 4096');
        const { MessageType = 'RAW' } = input;
        if (MessageType !== 'RAW') throw invalid(`The local KMS does not know MessageType ${String(MessageType)}`);
        const key = await findFor('Sign', 'SIGN_VERIFY', input);
        const SigningAlgorithm = text(input, 'SigningAlgorithm');
        if (SigningAlgorithm !== 'ECDSA_SHA_256')
          throw new AwsError(
            'InvalidKeyUsageException',
            `Algorithm ${SigningAlgorithm} and key spec ${specOf(key)} are incompatible.`,
          );
        const signature = sign('sha256', message, privateKeyOf(key)).toString('base64');
        return { KeyId: arnOf(`key/${key.id}`), Signature: signature, SigningAlgorithm };
      },
    },
    GetPublicKey: {
      fields: ['KeyId'],
      async run(input) {
        const key = await find(text(input, 'KeyId'));
        if (specOf(key) === 'SYMMETRIC_DEFAULT')
          throw new AwsError('UnsupportedOperationException', `${arnOf(`key/${key.id}`)} has no public key.`);
        const publicKey = createPublicKey(privateKeyOf(key)).export({ format: 'der', type: 'spki' });
        return { KeyId: arnOf(`key/${key.id}`), PublicKey: publicKey.toString('base64'), ...kindOf(key) };
      },
    },
  };

  return {
    scope: 'kms',
    async handle(action, input) {
      const known = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (known === undefined) throw new AwsError('UnknownOperationException', `The local KMS does not know ${action}`);
      const unknown = Object.keys(input).find((field) => !known.fields.includes(field));
      if (unknown !== undefined) throw invalid(`The local KMS does not know ${action}.${unknown}`);
      const algorithm = input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT';
      if (algorithm !== 'SYMMETRIC_DEFAULT')
        throw invalid(`The local KMS does not know EncryptionAlgorithm ${String(algorithm)}`);
      return known.run(input);
    },
    async createKey({ keyId = randomUUID(), description = '', spec = 'SYMMETRIC_DEFAULT' }) {
      const old = await keys.get(keyId);
      if (old !== undefined && specOf(old) !== spec)
        throw invalid(`Key ${keyId} is ${specOf(old)} and cannot become ${spec}`);
      const material = old?.material ?? KINDS[spec].make().toString('base64');
      // Without its material everything sealed with it is lost, so this one write is forced to disk.
      const value: Key = { id: keyId, description, created: old?.created ?? clock.now(), spec, material };
      await keys.put(keyId, value, { sync: true } as object);
      return { keyId, arn: arnOf(`key/${keyId}`) };
    },
    async createAlias(alias, key) {
      if (!/^alias\/[\w/-]+$/.test(alias)) throw invalid(`Alias name must begin with alias/: ${alias}`);
      await aliases.put(alias, (await find(key)).id);
    },
  };
}

const kindOf = (key: Key): Output => {
  const spec = specOf(key);
  const { usage, describe } = KINDS[spec];
  return { KeyUsage: usage, KeySpec: spec, CustomerMasterKeySpec: spec, ...describe };
};

const privateKeyOf = ({ material }: Key) =>
  createPrivateKey({ key: Buffer.from(material, 'base64'), format: 'der', type: 'pkcs8' });

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Format, length of the key's id, id, IV, tag, ciphertext. */
function seal(key: Key, plaintext: Buffer, context: unknown): Buffer {
  const id = Buffer.from(key.id);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), iv).setAAD(contextBytes(context));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([FORMAT, id.length]), id, iv, cipher.getAuthTag(), sealed]);
}

function keyIdOf(blob: Buffer): string | undefined {
  const length = blob[1] ?? 0;
  return blob[0] === FORMAT && blob.length >= 2 + length + IV_BYTES + TAG_BYTES
    ? blob.toString('utf8', 2, 2 + length)
    : undefined;
}

function unseal(key: Key, blob: Buffer, context: unknown): Buffer | undefined {
  const iv = 2 + (blob[1] ?? 0);
  const tag = iv + IV_BYTES;
  const data = tag + TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), blob.subarray(iv, tag), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(contextBytes(context)).setAuthTag(blob.subarray(tag, data));
  try {
    return Buffer.concat([decipher.update(blob.subarray(data)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The order in which a context's pairs are given does not count. */
function contextBytes(context: unknown): Buffer {
  if (context === undefined) return Buffer.alloc(0);
  if (
    typeof context !== 'object' ||
    context === null ||
    Object.values(context).some((value) => typeof value !== 'string')
  ) {
    throw invalid('EncryptionContext must map texts to texts');
  }
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? Buffer.alloc(0) : Buffer.from(JSON.stringify(pairs));
}

function dataKeySize(input: Input): number {
  const { KeySpec, NumberOfBytes } = input;
  if (KeySpec !== undefined && NumberOfBytes === undefined) {
    if (KeySpec === 'AES_256') return 32;
    if (KeySpec === 'AES_128') return 16;
    throw invalid(`KeySpec ${String(KeySpec)} is not AES_256 or AES_128`);
  }
  const size = Number(NumberOfBytes);
  if (KeySpec === undefined && Number.isInteger(size) && size >= 1 && size <= 1024) return size;
  throw invalid('Please specify either number of bytes (1 to 1024) or key spec.');
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

function text(input: Input, field: string): string {
  const value = input[field];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${field} is missing`);
}

/** A blob, base64 in the JSON protocol. */
const bytes = (input: Input, field: string): Buffer => Buffer.from(text(input, field), 'base64');
