import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Configuration } from '#domain/agreement/configuration.ts';
import { checkSuccession } from '#domain/agreement/succession.ts';
import { IsoDate } from '#domain/ids.ts';
import { addDays } from '#domain/term/calendar.ts';
import { configuration as sample } from '#test/support/configuration.ts';

const today = IsoDate.parse('2026-04-01');
type Item = Record<string, unknown>;
const changed = (over: Partial<Record<keyof Configuration, readonly unknown[]>>): Configuration =>
  Configuration.parse({ ...sample, ...over });
/** The problems of loading `over` after `before`, on 1 April 2026. */
const problems = (over: Parameters<typeof changed>[0], before: Parameters<typeof changed>[0] = {}) =>
  checkSuccession(changed(before), changed(over), today);
const [lcv] = sample.policies;
const [haarlem, zandvoort] = sample.deviations;
if (!lcv || !haarlem || !zandvoort) throw new Error('sample without policies or deviations');

const annex = (over: Item = {}): Item => ({
  id: 'bijlage',
  title: 'Bijlage',
  municipality: '0392',
  validFrom: '2026-04-02',
  phases: [],
  changes: [{ subject: 'closing', clause: 'art. 1', value: { result: 'Niet opgepakt: andere reden' } }],
  ...over,
});
const withAnnex = (over: Item = {}) => ({ deviations: [haarlem, zandvoort, annex(over)] });
const agreements = (id: string, over: Item | undefined): { agreements: readonly unknown[] } => ({
  agreements: sample.agreements.flatMap((each) => (each.id !== id ? [each] : over ? [{ ...each, ...over }] : [])),
});

describe('what may take the place of what is loaded', () => {
  it('the same, also with keys and lists in another order', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, inner]) => [key, turned(inner)]),
      );
    };
    const other = turned(sample) as Configuration;
    const deviations = other.deviations.map((each) => ({ ...each, changes: each.changes.toReversed() })).toReversed();
    expect(checkSuccession(sample, { ...other, deviations }, today)).toEqual([]);
  });

  it('[R-AGR-3] never a base text with another content; a new one is no harm', () => {
    expect(problems({ policies: [{ ...lcv, suspension: { days: 29, reminderDaysBefore: 5 } }] })).toEqual([
      {
        path: 'policies[0]',
        text: 'basistekst lcv verandert niet; maak een afwijking met een datum of een nieuwe basistekst',
      },
    ]);
    expect(problems({ policies: [lcv, { ...lcv, id: 'lcv-2027' }] })).toEqual([]);
  });

  it('[R-AGR-3] a new deviation begins after today, where signals can run', () => {
    expect(problems(withAnnex())).toEqual([]);
    expect(problems(withAnnex({ validFrom: '2026-04-01' }))).toEqual([
      { path: 'deviations[2].validFrom', text: 'er lopen al signalen: een nieuwe afwijking begint na vandaag' },
    ]);
  });

  it('[R-AGR-3] a municipality that joins brings its deviation with it, from any day', () => {
    const before = {
      agreements: sample.agreements.filter(({ municipality }) => municipality !== '0473'),
      deviations: [haarlem],
    };
    expect(problems({}, before)).toEqual([]);
  });

  it('[R-AGR-3] a deviation that began only gets an end, today or later', () => {
    const ended = (validTo: string) => problems({ deviations: [{ ...haarlem, validTo }, zandvoort] });
    expect(ended('2026-04-01')).toEqual([]);
    expect(ended('2027-12-31')).toEqual([]);
    expect(ended('2026-03-31')).toEqual([
      { path: 'deviations[0]', text: 'afwijking haarlem-2021 geldt al: alleen wat na vandaag komt kan nog veranderen' },
    ]);
  });

  it.each([
    ['another value', { changes: haarlem.changes.map((each) => ({ ...each, clause: 'art. 9' })) }],
    ['a change less', { changes: haarlem.changes.slice(1) }],
    ['another first day', { validFrom: '2021-05-01' }],
    ['another municipality', { municipality: '0268' }],
    ['one agreement only', { agreement: 'haarlem-ymere' }],
  ])('[R-AGR-3] a deviation that began does not get %s', (_, over) => {
    expect(problems({ deviations: [{ ...haarlem, ...over }, zandvoort] }).map(({ path }) => path)).toEqual([
      'deviations[0]',
    ]);
  });

  it('[R-AGR-3] a deviation that did not begin may still become anything, or nothing, but not begin before it was known', () => {
    const before = withAnnex({ validFrom: '2026-06-01' });
    expect(problems(withAnnex({ validFrom: '2026-05-01', municipality: '0473' }), before)).toEqual([]);
    expect(problems({}, before)).toEqual([]);
    expect(problems(withAnnex({ validFrom: '2026-03-01' }), before)).toMatchObject([
      { path: 'deviations[2].validFrom' },
    ]);
  });

  it('[R-AGR-4] a phase that is still to come may move', () => {
    const phased = (from: string) =>
      withAnnex({
        validFrom: '2026-01-01',
        phases: [
          { phase: 'implementatiefase', from: '2026-01-01', to: addDays(IsoDate.parse(from), -1) },
          { phase: 'reguliere fase', from },
        ],
        changes: [
          { subject: 'threshold', clause: 'art. 1', phase: 'implementatiefase', value: null },
          { subject: 'threshold', clause: 'art. 1', phase: 'reguliere fase', value: { cents: 5000 } },
        ],
      });
    expect(problems(phased('2026-04-02'), phased('2026-07-01'))).toEqual([]);
    expect(problems(phased('2026-04-01'), phased('2026-07-01'))).toHaveLength(1);
  });

  it('a deviation stays while signals can run under it: a year and a day after its end', () => {
    const missing = (validTo: string) =>
      problems({ deviations: [zandvoort] }, { deviations: [{ ...haarlem, validTo }, zandvoort] });
    expect(missing('2025-03-31')).toEqual([
      {
        path: 'deviations',
        text: 'afwijking haarlem-2021 ontbreekt: er kunnen signalen onder lopen; geef haar een einde',
      },
    ]);
    expect(missing('2025-03-30')).toEqual([]);
  });

  it('[R-AGR-1] so does an agreement, with its municipality, partner and base text', () => {
    const gone = (over: Item) => problems(agreements('haarlem-ymere', undefined), agreements('haarlem-ymere', over));
    expect(gone({})).toEqual([
      {
        path: 'agreements',
        text: 'overeenkomst haarlem-ymere ontbreekt: er kunnen signalen onder lopen; geef haar een einde',
      },
    ]);
    expect(gone({ cancelled: { on: '2024-12-31', by: 'partner' } })).toHaveLength(1);
    expect(gone({ cancelled: { on: '2024-12-30', by: 'partner' } })).toEqual([]);
    expect(gone({ validFrom: '2026-04-02' })).toEqual([]);
    for (const over of [{ partner: 'energie' }, { municipality: '0363' }, { policy: 'anders' }])
      expect(problems(agreements('haarlem-ymere', over)).map(({ path }) => path)).toEqual(['agreements[2]']);
  });

  it('[R-AGR-1] an agreement may get notice, an end, or the signature it lacked', () => {
    expect(problems(agreements('haarlem-ymere', { cancelled: { on: '2026-04-01', by: 'partner' } }))).toEqual([]);
    expect(problems(agreements('haarlem-ymere', { validTo: '2026-12-31' }))).toEqual([]);
    expect(problems(agreements('nijmegen-elan-wonen', { signedByPartner: '2026-04-01' }))).toEqual([]);
  });

  it('[R-AGR-3] loaded any day after it began, a deviation can be ended on that day and on no day before', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), (loadedAfter, endsAfter) => {
        const on = addDays(haarlem.validFrom, loadedAfter);
        const validTo = addDays(haarlem.validFrom, endsAfter);
        const found = checkSuccession(sample, changed({ deviations: [{ ...haarlem, validTo }, zandvoort] }), on);
        expect(found.length === 0).toBe(validTo >= on);
      }),
    );
  });
});
