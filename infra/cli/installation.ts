import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { Refusal, UsageError } from './command.ts';

/** Where `npm start` writes its outputs. */
export const LOCAL_OUTPUTS = join(resolve(import.meta.dirname, '../..'), '.meldpunt', 'data', 'outputs.json');

const entry = z.union([z.string(), z.record(z.string(), z.string())]);

/** What the outputs of a deployment name, and how it is reached. */
export interface Installation {
  /** The value of an output; throws a `Refusal` when this deployment has none. */
  readonly output: (name: string) => string;
  /** Set when it runs on this machine. */
  readonly endpoint?: string;
  /** For the clients of the AWS SDK; empty on AWS, where the environment says who and where. */
  readonly client: {
    readonly endpoint?: string;
    readonly region?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

/** Reads what `npm start` or `cdk deploy --outputs-file` wrote: outputs by name, or by stack and name. */
export const readInstallation = (path: string): Installation => {
  let outputs: Readonly<Record<string, z.infer<typeof entry>>>;
  try {
    outputs = z.record(z.string(), entry).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new UsageError(
      `Ik kan ${relative(process.cwd(), path)} niet lezen. Start het meldpunt met npm start, of noem met --outputs het bestand dat cdk deploy --outputs-file schreef.`,
    );
  }
  const flat: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : Object.entries(value),
    ),
  );
  const { endpoint } = flat;
  return {
    output: (name) => {
      const value = flat[name];
      if (value === undefined) throw new Refusal(`Dit meldpunt heeft geen ${name}. Is het al bijgewerkt?`);
      return value;
    },
    ...(endpoint !== undefined && { endpoint }),
    client:
      endpoint === undefined
        ? {}
        : { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
  };
};
