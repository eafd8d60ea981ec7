import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isJourney, RULES, rulesPage, testsByRule } from './rules.ts';

describe('rules and their tests', () => {
  const tests = testsByRule();

  it('every built rule is proven through the pipeline', () => {
    const unproven = Object.entries(RULES)
      .filter(([id, { built }]) => built && !(tests.get(id) ?? []).some(isJourney))
      .map(([id]) => id);
    expect(unproven).toEqual([]);
  });

  it('no test names a rule that does not exist', () => {
    expect([...tests.keys()].filter((id) => !(id in RULES))).toEqual([]);
  });

  it('the page is up to date: npm run rules', () => {
    expect(readFileSync('infra/rules.md', 'utf8')).toBe(rulesPage());
  });
});
