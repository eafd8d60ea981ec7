import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { lowS } from '#domain/certificate/signature.ts';
import { failure } from '#domain/failure.ts';
import type { Signer } from '#domain/ports.ts';

let shared: KMSClient | undefined;
const client = (): KMSClient => {
  shared ??= new KMSClient({ maxAttempts: 5 });
  return shared;
};

/** Signs with a key of KMS, named by its ARN: an alias could move between asking its public half and signing. */
export const signer = (keyId: string): Signer => {
  let key: Promise<Uint8Array> | undefined;
  const fetchKey = async (): Promise<Uint8Array> => {
    const { PublicKey } = await client().send(new GetPublicKeyCommand({ KeyId: keyId }));
    if (PublicKey === undefined) throw failure('TransientFailure');
    return PublicKey;
  };
  return {
    publicKey: async () => {
      key ??= fetchKey().catch((error: unknown) => {
        key = undefined;
        throw error;
      });
      return key;
    },
    // The whole text, which is short: the function then has no right to have a digest signed of what nobody sees.
    sign: async (text) => {
      const { Signature } = await client().send(
        new SignCommand({
          KeyId: keyId,
          Message: new TextEncoder().encode(text),
          MessageType: 'RAW',
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      );
      if (Signature === undefined) throw failure('TransientFailure');
      return lowS(Signature);
    },
  };
};
