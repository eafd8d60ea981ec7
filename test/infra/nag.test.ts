import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACKNOWLEDGEMENTS, ReviewedChecks } from '#infra/config/nag-acknowledgements.ts';
import { synthesized } from './synth.ts';

/** What a stage may have and the default one has not, so that it is looked at too. */
const EVERYTHING = { malwareScan: true };

describe('cdk-nag', () => {
  const before = process.env.CDK_VALIDATION;
  beforeEach(() => {
    delete process.env.CDK_VALIDATION;
  });
  afterEach(() => {
    if (before !== undefined) process.env.CDK_VALIDATION = before;
  });

  it('finds nothing but what is acknowledged, and every acknowledgement is of use', () => {
    const checks = new ReviewedChecks();
    // A finding that is not acknowledged makes the synthesis throw.
    synthesized({ checks, context: EVERYTHING }, (assembly) => expect(assembly.nestedAssemblies).toHaveLength(1));
    expect(ACKNOWLEDGEMENTS.filter((each) => !checks.used.has(each))).toEqual([]);
    for (const { reason } of ACKNOWLEDGEMENTS) expect(reason.length).toBeGreaterThan(30);
  }, 120_000);
});
