import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionNames } from '#runtime/environment.ts';

/** Reads every import of the house and holds it against the walls between its rooms. */
const root = process.cwd();
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '');
const sources = tracked.filter((file) => /^(functions|infra)\/.*\.ts$/.test(file));

const importsOf = (file: string): readonly string[] => {
  const code = readFileSync(join(root, file), 'utf8');
  return [
    ...code.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[^.\w])import\s*\(?\s*['"]([^'"]+)['"]/g,
    ),
  ]
    .map((match) => match[1] ?? match[2] ?? '')
    .map((target) => {
      if (target.startsWith('.')) return normalize(join(dirname(file), target));
      const alias = /^#(domain|adapters|runtime)\/(.*)$/.exec(target);
      if (alias) return `functions/${alias[1]}/${alias[2]}`;
      return target.replace(/^#(functions|infra|test)\//, '$1/');
    });
};

const ROOMS = ['intake', 'casework', 'feedback', 'upkeep'];
/** Libraries that compute and nothing else. */
const PURE = ['zod', 'temporal-polyfill', 'any-ascii', 'libphonenumber-js', 'fflate', 'saxes'];
const isBuiltin = (target: string): boolean => target.startsWith('node:') || builtinModules.includes(target);
const isPackage = (target: string, names: readonly string[]): boolean =>
  names.some((name) => target === name || target.startsWith(`${name}/`));

/** What is wrong with this import, or undefined. */
const breach = (file: string, target: string): string | undefined => {
  const [top, room, verb] = file.split('/');
  const local = target.startsWith('functions/') || target.startsWith('infra/') || target.startsWith('test/');
  if (target.startsWith('test/')) return 'production code imports a test';
  if (top === 'infra') {
    if (target.startsWith('infra/local/') && !file.startsWith('infra/local/'))
      return 'the app knows the embedded cloud';
    if (file.startsWith('infra/local/') && !file.startsWith('infra/local/demo/') && local)
      return target.startsWith('infra/local/') && !target.startsWith('infra/local/demo/')
        ? undefined
        : 'the embedded cloud knows the product';
    if (target.startsWith('functions/') && !/^functions\/(runtime\/environment|domain\/.*)\.ts$/.test(target))
      return 'infrastructure imports code of a room';
    return undefined;
  }
  if (target.startsWith('infra/')) return 'a function imports infrastructure';
  if (room === 'domain') {
    if (local) return target.startsWith('functions/domain/') ? undefined : 'the domain looks outside';
    return isPackage(target, PURE) ? undefined : 'the domain is pure';
  }
  if (room === 'adapters') {
    if (local) return /^functions\/(domain|adapters)\//.test(target) ? undefined : 'an adapter imports a room';
    return undefined;
  }
  if (target.startsWith('@aws-sdk/') || target.startsWith('@smithy/')) return 'only adapters speak to AWS';
  if (room === 'runtime')
    return local && !/^functions\/(domain|runtime)\//.test(target) ? 'runtime imports a room' : undefined;
  if (room !== undefined && ROOMS.includes(room)) {
    const own = `functions/${room}/${verb}/`;
    if (file.endsWith('/handler.ts'))
      return local && !target.startsWith(own) && !/^functions\/(domain|runtime|adapters)\//.test(target)
        ? 'a handler imports another function'
        : undefined;
    if (local)
      return target.startsWith(own) || target.startsWith('functions/domain/')
        ? undefined
        : 'a use case looks outside its ports';
    return isPackage(target, PURE) || isBuiltin(target) ? undefined : 'a use case uses more than pure libraries';
  }
  return 'a room that is not on the map';
};

describe('the walls of the house', () => {
  it('no import breaks a wall', () => {
    const breaches = sources.flatMap((file) =>
      importsOf(file).flatMap((target) => {
        const reason = breach(file, target);
        return reason === undefined ? [] : [`${file} → ${target}: ${reason}`];
      }),
    );
    expect(sources.length).toBeGreaterThan(20);
    expect(breaches).toEqual([]);
  });

  it('would see a broken wall', () => {
    expect(breach('functions/domain/signal/signal.ts', 'node:crypto')).toBeDefined();
    expect(breach('functions/domain/signal/signal.ts', 'functions/adapters/s3/objects.ts')).toBeDefined();
    expect(breach('functions/intake/route-signals/route-signals.ts', '@aws-sdk/client-s3')).toBeDefined();
    expect(
      breach('functions/intake/route-signals/route-signals.ts', 'functions/casework/pass-term/pass-term.ts'),
    ).toBeDefined();
    expect(breach('infra/local/cloud.ts', 'functions/domain/ids.ts')).toBeDefined();
    expect(breach('infra/stacks/data.ts', 'functions/intake/route-signals/route-signals.ts')).toBeDefined();
    expect(importsOf('functions/runtime/lambda.ts')).toContain('functions/runtime/environment.ts');
  });

  it('the domain reads no clock, no random, no environment', () => {
    const readers = sources
      .filter((file) => file.startsWith('functions/domain/'))
      .filter((file) =>
        /new Date\(\)|Date\.now\(|Math\.random\(|process\.|Temporal\.Now|crypto\./.test(
          readFileSync(join(root, file), 'utf8'),
        ),
      );
    expect(readers).toEqual([]);
  });

  it('a folder with a handler is a Lambda with an environment, and the other way round', () => {
    const handlers = sources
      .filter((file) => file.endsWith('/handler.ts'))
      .map((file) => file.slice('functions/'.length, -'/handler.ts'.length));
    expect(handlers.sort()).toEqual([...functionNames].sort());
  });

  it('handlers stay thin', () => {
    const long = sources
      .filter((file) => file.endsWith('/handler.ts'))
      .filter(
        (file) =>
          readFileSync(join(root, file), 'utf8')
            .split('\n')
            .filter((line) => line.trim() !== '').length > 40,
      );
    expect(long).toEqual([]);
  });

  it('nothing else lies at the top level', () => {
    const top = new Set(tracked.map((file) => file.split('/')[0] ?? '').filter((name) => !name.startsWith('.')));
    expect([...top].sort()).toEqual(
      [
        'LICENSE',
        'README.md',
        'cdk.json',
        'functions',
        'infra',
        'package-lock.json',
        'package.json',
        'publiccode.yml',
        'statemachines',
        'test',
        'tsconfig.json',
      ].sort(),
    );
  });
});
