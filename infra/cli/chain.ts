import { writeFileSync } from 'node:fs';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { CHAIN_FOLDER } from '#domain/certificate/certificate.ts';
import { checkChain } from '#domain/certificate/verify.ts';
import { concurrently } from '#domain/concurrently.ts';
import { cryptography } from './certificates.ts';
import { type Command, textOf, UsageError } from './command.ts';
import { chainData, chainText } from './verify.ts';

const HELP = `chain [--uit keten.ndjson]

Haalt de openbare keten op: van elke levering de ondertekende verklaring, in volgorde. Er staan geen namen en geen
aantallen in. Geef haar aan wie een meldbewijs wil controleren (npx meldpunt verify --key --chain), en maak haar openbaar.

  --uit BESTAND       waar de keten komt; anders staat zij hieronder`;

const LANES = 16;

/** The published links as one file, checked on the way. */
export const chain: Command = {
  help: HELP,
  options: { uit: { type: 'string' } },
  run: async (call) => {
    if (call.positionals.length > 0) throw new UsageError('Deze opdracht vraagt geen bestand; zie --uit.');
    const out = textOf(call, 'uit');
    const { output, client } = call.installation();
    const s3 = new S3Client(client);
    const Bucket = output('ExchangeBucket');
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: CHAIN_FOLDER }))
      keys.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
    // Numbers of one length: the order of the names is that of the links.
    const lines = await concurrently(LANES, keys.sort(), async (Key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return ((await Body?.transformToString()) ?? '').trim();
    });
    const file = lines.map((line) => `${line}\n`).join('');
    // Whose keys these are is for whoever checks: a meldpunt may have had more than one.
    const checked = checkChain(lines, cryptography);
    if (out !== undefined) writeFileSync(out, file);
    return {
      ok: checked.problems.length === 0,
      data: chainData(checked),
      text: out === undefined ? file.trimEnd() : `Gemaakt: ${out}\n\n${chainText(checked, false)}`,
    };
  },
};
