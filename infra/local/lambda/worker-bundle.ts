import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** The worker's start-up code as plain JavaScript: a worker knows no TypeScript, whatever loader the host runs under. */
export const bundleWorker = (): string => {
  const built = buildSync({
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  });
  const [file] = built.outputFiles;
  if (file === undefined) throw new Error('esbuild made no worker bundle');
  return file.text;
};
