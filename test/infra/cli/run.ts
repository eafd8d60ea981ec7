import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const BIN = resolve('infra/cli/bin.js');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** The real command as npx starts it, from a folder that is not the project's. */
export const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  new Promise((done) => {
    const child = spawn(BIN, args, { cwd: tmpdir(), env: { ...process.env, ...env } });
    let [out, error] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      error += chunk;
    });
    child.once('close', (code) => done({ code, out, error }));
  });

/** Outputs as a deployment writes them, for the time of `use`. */
export const withOutputs = async <T>(outputs: object, use: (path: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'meldpunt-cli-'));
  try {
    const path = join(folder, 'outputs.json');
    await writeFile(path, JSON.stringify(outputs));
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
};
