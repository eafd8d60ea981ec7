import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { grouped } from '#domain/certificate/page.ts';
import { cryptography } from './certificates.ts';
import { type Command, Refusal, UsageError } from './command.ts';

const HELP = `public-key

Toont de openbare sleutel waarmee meldbewijzen zijn ondertekend, met zijn vingerafdruk. Maak beide openbaar op een plaats die
het meldpunt beheert, zoals de website, en laat oude sleutels daar staan: oude meldbewijzen blijven ermee controleerbaar.

  npx meldpunt public-key > public.pem`;

/** The public half of the key that signs, as PEM; what stands before it is a remark to every reader of PEM. */
export const publicKey: Command = {
  help: HELP,
  options: {},
  run: async ({ positionals, installation }) => {
    if (positionals.length > 0) throw new UsageError('Deze opdracht vraagt geen bestand.');
    const { output, client } = installation();
    const { PublicKey } = await new KMSClient(client).send(
      new GetPublicKeyCommand({ KeyId: output('CertificateKey') }),
    );
    if (PublicKey === undefined) throw new Refusal('Het meldpunt gaf geen sleutel.');
    const der = Buffer.from(PublicKey);
    const pem = String(
      createPublicKey({ key: der, format: 'der', type: 'spki' }).export({ format: 'pem', type: 'spki' }),
    );
    const fingerprint = cryptography.fingerprint(der.toString('base64'));
    return {
      ok: true,
      data: { fingerprint, pem },
      text: `Vingerafdruk (SHA-256): ${grouped(fingerprint)}\n${pem.trimEnd()}`,
    };
  },
};
