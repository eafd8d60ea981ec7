import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inDutch, schemaProblems } from '#domain/agreement/problem.ts';

const Schema = z
  .object({
    list: z.array(z.string()).min(1),
    count: z.int().min(3).max(10),
    name: z.string().regex(/^A/),
    way: z.enum(['up', 'down']),
    own: z.string().refine((text) => text === 'x', 'dit zeggen wij zelf'),
    either: z.union([z.string(), z.object({ a: z.number() })]),
    missing: z.boolean(),
  })
  .strict();

describe('what does not fit a schema, in Dutch', () => {
  it('says what belongs there, and nothing in English', () => {
    const said = (given: unknown): readonly string[] => {
      const read = Schema.safeParse(given, { error: inDutch });
      return read.success ? [] : schemaProblems(read.error).map(({ path, text }) => `${path}: ${text}`);
    };
    expect(said({ list: 'a', count: 1.5, name: 'b', way: 'left', own: 'y', either: 7, more: 1 })).toEqual([
      'list: hier hoort een lijst',
      'count: hier hoort een heel getal',
      'name: dit staat niet in de vorm die hier hoort',
      'way: kies uit: up, down',
      'own: dit zeggen wij zelf',
      'either: dit past bij niets wat hier mag staan',
      'missing: dit ontbreekt: hier hoort true of false',
      ': onbekend: more',
    ]);
    expect(said({ list: [], count: 2, name: 'A', way: 'up', own: 'x', either: 'z', missing: true })).toEqual([
      'list: te weinig: minstens 1 in de lijst',
      'count: te weinig: minstens 3',
    ]);
    expect(said({ list: ['a'], count: 11, name: 'A', way: 'up', own: 'x', either: 'z', missing: true })).toEqual([
      'count: te veel: hoogstens 10',
    ]);
  });
});
