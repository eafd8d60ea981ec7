import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '#domain/agreement/check.ts';
import { Configuration } from '#domain/agreement/configuration.ts';
import { configuration as sample } from '#test/support/configuration.ts';

type Loose = { [K in keyof Configuration]: Configuration[K] extends string ? string : Record<string, unknown>[] };

/** The sample with something changed in it. */
const spoilt = (change: (loose: Loose) => void): Configuration => {
  const loose = structuredClone(sample) as unknown as Loose;
  change(loose);
  return Configuration.parse(loose);
};
const problems = (change: (loose: Loose) => void, known: (code: string) => boolean = () => true) => {
  const checked = checkConfiguration(spoilt(change), known);
  return checked.ok ? [] : checked.error;
};
const at = (list: Record<string, unknown>[], i: number): Record<string, unknown> => list[i] ?? {};

describe('a configuration that hangs together', () => {
  it('the sample does', () => {
    expect(problems(() => {})).toEqual([]);
  });

  it.each([
    ['policies[1].id', (c: Loose) => Object.assign(at(c.policies, 1), { id: 'lcv' })],
    ['partners[1].id', (c: Loose) => Object.assign(at(c.partners, 1), { id: 'elan-wonen' })],
    [
      'municipalities[0].organisation',
      (c: Loose) => Object.assign(at(c.municipalities, 0), { organisation: 'niemand' }),
    ],
    [
      'deliveringParties[0].partners[0]',
      (c: Loose) => Object.assign(at(c.deliveringParties, 0), { partners: ['wie'] }),
    ],
    ['agreements[0].partner', (c: Loose) => Object.assign(at(c.agreements, 0), { partner: 'wie' })],
    ['agreements[0].policy', (c: Loose) => Object.assign(at(c.agreements, 0), { policy: 'geen' })],
    ['agreements[0].municipality', (c: Loose) => Object.assign(at(c.agreements, 0), { municipality: '9999' })],
    ['agreements[0].lcvVersion', (c: Loose) => c.partnerTypeRules.splice(0, 1)],
    ['agreements[0].validTo', (c: Loose) => Object.assign(at(c.agreements, 0), { validTo: '2021-03-31' })],
    [
      'partnerTypeRules[1].maximumDaysOverdue',
      (c: Loose) => Object.assign(at(c.partnerTypeRules, 1), { maximumDaysOverdue: 3 }),
    ],
    [
      'policies[0].terms',
      (c: Loose) =>
        Object.assign(at(c.policies, 0), { terms: { reminderDays: 28, escalationDays: 14, closingDays: 60 } }),
    ],
    [
      'policies[0].closingResult',
      (c: Loose) => Object.assign(at(c.policies, 0), { closingResult: 'Vervolghulp en/of verwijzing' }),
    ],
    [
      'policies[0].suspension.reminderDaysBefore',
      (c: Loose) => Object.assign(at(c.policies, 0), { suspension: { days: 5, reminderDaysBefore: 5 } }),
    ],
    [
      'policies[0].ranking',
      (c: Loose) => Object.assign(at(c.policies, 0), { ranking: { ruleSet: 'geheim', version: 1 } }),
    ],
  ] as const)('names %s', (path, change) => {
    expect(problems(change).map((problem) => problem.path)).toContain(path);
  });

  it('[R-FEE-1] refuses a policy that keeps an acceptance from the partner', () => {
    expect(problems((c) => Object.assign(at(c.policies, 0), { feedbackOn: [] }))).toMatchObject([
      { path: 'policies[0].feedbackOn' },
    ]);
  });

  it('[R-AGR-1] refuses two agreements of the same two that overlap, not two that follow each other', () => {
    const again = (from: string, to: string) => (c: Loose) => {
      Object.assign(at(c.agreements, 0), { validTo: to });
      c.agreements.push({ ...at(c.agreements, 0), id: 'opvolger', validFrom: from, validTo: undefined });
    };
    expect(problems(again('2026-07-01', '2026-06-30'))).toEqual([]);
    expect(problems(again('2026-07-01', '2026-07-01'))).toMatchObject([
      { path: `agreements[${sample.agreements.length}]`, text: 'loopt tegelijk met overeenkomst haarlem-elan-wonen' },
    ]);
  });

  it('[R-WOR-2] refuses that partners of one municipality are ranked by different rules', () => {
    const unequal = (c: Loose) => {
      const policy = {
        ...at(c.policies, 1),
        id: 'streng',
        ranking: { ruleSet: 'LCV', version: 1, thresholdCents: 10_000 },
      };
      c.policies.push(policy);
      Object.assign(at(c.agreements, 0), { policy: 'streng' });
    };
    expect(problems(unequal).some(({ text }) => text.includes('R-WOR-2'))).toBe(true);
  });

  it('[R-ROU-2] refuses a municipality that does not exist now', () => {
    expect(
      problems(
        () => {},
        (code) => code !== '0473',
      ),
    ).toMatchObject([{ path: 'municipalities[1].code' }]);
  });
});
