import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

/** The project: where the CDK app, the functions and node_modules are. */
export const projectDirectory = resolve(import.meta.dirname, '../..');

const SOURCES = ['functions', 'statemachines', 'infra', 'cdk.json', 'package-lock.json'];
const KEEP_UNUSED = 7 * 86_400_000;

const filesIn = async (path: string): Promise<string[]> => {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/** Over everything the template and the bundles are made of; not over the embedded cloud itself. */
const sourceHash = async (root: string): Promise<string> => {
  const hash = createHash('sha256');
  const all = (await Promise.all(SOURCES.map((source) => filesIn(join(root, source))))).flat();
  const names = all.map((path) => relative(root, path)).filter((name) => !/^infra[\\/]local[\\/]|\.md$/.test(name));
  for (const name of names.sort())
    hash
      .update(`${name}\0`)
      .update(await readFile(join(root, name)))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
};

const runApp = async (root: string, outdir: string): Promise<void> => {
  const child = spawn(process.execPath, ['--import', 'tsx', join('infra', 'bin', 'meldpunt.ts')], {
    cwd: root,
    // The checks of cdk-nag are `npm run synth`'s; without them this takes a sixth of the time.
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  if (code !== 0) throw new Error(`The CDK app failed:\n${Buffer.concat(output).toString('utf8').trim()}`);
};

/**
 * Synthesizes the CDK app unless its sources are the same as before. Answers the directory of the cloud assembly, inside
 * the project so that the bundles find the AWS SDK. Rejects with what the app says when it fails.
 */
export const synthesize = async (root = projectDirectory): Promise<string> => {
  const cache = join(root, '.meldpunt', 'cache');
  const directory = join(cache, await sourceHash(root));
  if (!existsSync(join(directory, 'manifest.json'))) {
    await mkdir(cache, { recursive: true });
    const part = `${directory}.${process.pid}.part`;
    await rm(part, { recursive: true, force: true });
    await runApp(root, part);
    // Two at once: the first to finish wins, the other's is the same.
    await rename(part, directory).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      await rm(part, { recursive: true, force: true });
    });
  }
  const now = new Date();
  await utimes(directory, now, now);
  for (const name of await readdir(cache)) {
    const { mtimeMs } = await stat(join(cache, name));
    if (now.getTime() - mtimeMs > KEEP_UNUSED) await rm(join(cache, name), { recursive: true, force: true });
  }
  return directory;
};
