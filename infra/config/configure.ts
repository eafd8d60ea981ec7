import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';

/**
 * `npm run configure -- FILE [--outputs FILE]`: loads partners, agreements, municipalities and policies into the table,
 * by the Lambda that checks them. Outputs: what `npm start` wrote, or `cdk deploy --outputs-file`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { outputs: { type: 'string', default: '.meldpunt/data/outputs.json' } },
});

const [file] = positionals;
if (file === undefined) {
  console.error('Gebruik: npm run configure -- BESTAND.json [--outputs outputs.json]');
  process.exit(2);
}

const entry = z.union([z.string(), z.record(z.string(), z.string())]);
const outputs = Object.entries(z.record(z.string(), entry).parse(JSON.parse(readFileSync(values.outputs, 'utf8'))));
const flat = Object.fromEntries(
  outputs.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : Object.entries(value))),
);
const { LoadConfigurationFunction, endpoint } = z
  .object({ LoadConfigurationFunction: z.string(), endpoint: z.string().optional() })
  .parse(flat);

const client = new LambdaClient(
  endpoint === undefined
    ? {}
    : { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
);
const { Payload, FunctionError } = await client.send(
  new InvokeCommand({
    FunctionName: LoadConfigurationFunction,
    Payload: JSON.stringify({ configuration: JSON.parse(readFileSync(file, 'utf8')) }),
  }),
);
const answer: unknown = JSON.parse(new TextDecoder().decode(Payload));
console.log(JSON.stringify(answer, null, 2));
const loaded = z.object({ loaded: z.unknown() }).safeParse(answer);
process.exit(FunctionError === undefined && loaded.success && loaded.data.loaded !== undefined ? 0 : 1);
