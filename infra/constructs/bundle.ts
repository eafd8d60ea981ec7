import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { type FunctionName, functionNames } from '#runtime/environment.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where the code of a function comes from. */
export type CodeOf = (name: FunctionName) => Code;

/** Folders under `functions` that hold a handler.ts, as `<room>/<verb-noun>`, sorted. */
export const handlersIn = (functions: string): readonly string[] =>
  readdirSync(functions, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(`${sep}handler.ts`))
    .map((path) => dirname(path).split(sep).join('/'))
    .sort();

/** Every name has a handler and every handler a name; throws with those that do not. */
export const checkHandlers = (found: readonly string[]): void => {
  const missing = functionNames.filter((name) => !found.includes(name));
  const unnamed = found.filter((name) => !(functionNames as readonly string[]).includes(name));
  if (missing.length === 0 && unnamed.length === 0) return;
  throw new Error(
    [
      ...missing.map(
        (name) => `functions/${name}/handler.ts is missing, though functions/runtime/environment.ts names it`,
      ),
      ...unnamed.map((name) => `functions/${name}/handler.ts is not named in functions/runtime/environment.ts`),
    ].join('\n'),
  );
};

/**
 * Bundles all handlers in one esbuild call, each into a directory of its own: `index.mjs` with its source map.
 * The AWS SDK stays outside: the Lambda runtime and the embedded cloud bring it. The directories are gone when the
 * process ends; the CDK has copied them into the assembly by then.
 */
export const bundleHandlers = (functions = join(root, 'functions')): CodeOf => {
  checkHandlers(handlersIn(functions));
  // Inside the project and always equally deep: source maps hold no path of the machine and asset hashes stay the same.
  const scratch = join(root, '.meldpunt');
  mkdirSync(scratch, { recursive: true });
  const outdir = mkdtempSync(join(scratch, 'bundle-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  buildSync({
    absWorkingDir: root,
    entryPoints: functionNames.map((name) => ({ in: join(functions, name, 'handler.ts'), out: `${name}/index` })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    // Lambda has Node 24; the embedded cloud runs the same bundle on the oldest Node the project allows.
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: ['@aws-sdk/*', '@smithy/*'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'error',
  });
  return (name) => Code.fromAsset(join(outdir, name));
};
