import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AssetCode } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleHandlers, handlersIn } from '#infra/constructs/bundle.ts';
import { functionNames } from '#runtime/environment.ts';

const root = resolve(import.meta.dirname, '../..');
let directories: Readonly<Record<string, string>> = {};

beforeAll(() => {
  const code = bundleHandlers();
  directories = Object.fromEntries(functionNames.map((name) => [name, (code(name) as AssetCode).path]));
});

// Vitest ends its processes without the exit at which the bundles go by themselves.
afterAll(() => {
  for (const directory of Object.values(directories))
    rmSync(resolve(directory, '../..'), { recursive: true, force: true });
});

describe('bundles', () => {
  it('only folders with a handler are functions, and all of them are', () => {
    expect(handlersIn(join(root, 'functions'))).toEqual([...functionNames].sort());
  });

  it('load on plain Node and answer a handler', () => {
    const script = `
      const answers = {};
      for (const [name, directory] of Object.entries(JSON.parse(process.argv[1])))
        answers[name] = typeof (await import('file://' + directory + '/index.mjs')).handler;
      console.log(JSON.stringify(answers));`;
    const answer = execFileSync(process.execPath, ['--input-type=module', '-e', script, JSON.stringify(directories)], {
      encoding: 'utf8',
      env: {},
    });
    expect(JSON.parse(answer)).toEqual(Object.fromEntries(functionNames.map((name) => [name, 'function'])));
  });

  it('hold no path of this machine, no source text in maps, and leave the SDK to Lambda', () => {
    for (const [name, directory] of Object.entries(directories)) {
      const text = readFileSync(join(directory, 'index.mjs'), 'utf8');
      const map = readFileSync(join(directory, 'index.mjs.map'), 'utf8');
      expect(text.includes(root) || map.includes(root), name).toBe(false);
      expect(JSON.parse(map).sourcesContent, name).toBeUndefined();
      expect(text, name).not.toMatch(/\/\/ (?:\.\.\/)*node_modules\/@(?:aws-sdk|smithy)\//);
    }
  });
});
