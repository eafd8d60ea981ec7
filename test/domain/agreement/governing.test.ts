import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '#domain/agreement/check.ts';
import { type Agreement, Configuration, type Deviation, SUBJECTS } from '#domain/agreement/configuration.ts';
import { governing } from '#domain/agreement/governing.ts';
import { IsoDate } from '#domain/ids.ts';
import { addDays } from '#domain/term/calendar.ts';
import { configuration } from '#test/support/configuration.ts';

const date = (text: string): IsoDate => IsoDate.parse(text);
const agreementOf = (id: string): Agreement => {
  const found = configuration.agreements.find((each) => each.id === id);
  if (!found) throw new Error(`no agreement ${id}`);
  return found;
};
/** The rules for a signal under an agreement, received on a day, looked at on that day or a later one. */
const rules = (
  agreement: string,
  receivedOn: string,
  on = receivedOn,
  deviations: readonly Deviation[] = configuration.deviations,
) => {
  const { policy, municipality } = agreementOf(agreement);
  const base = configuration.policies.find(({ id }) => id === policy);
  if (!base) throw new Error(`no policy ${policy}`);
  const governed = { policy, agreement: agreementOf(agreement).id, municipality, receivedOn: date(receivedOn) };
  return governing(base, deviations, governed, date(on));
};
/** The sample's configuration with other deviations, as it would be loaded. */
const withDeviations = (deviations: readonly Record<string, unknown>[]): Configuration =>
  Configuration.parse({ ...configuration, deviations });

describe('the rules that govern a signal', () => {
  it('without deviation are those of the base text, with its article for each', () => {
    const nijmegen = rules('nijmegen-particulier', '2026-04-01');
    expect(nijmegen).toMatchObject({
      terms: { reminderDays: 14, warningDays: 25, escalationDays: 28, closingDays: 60 },
      crisisTerm: { businessDays: 3 },
      feedback: { delivery: 'DIGEST' },
      suspension: { days: 30, reminderDaysBefore: 5 },
      ranking: { ruleSet: 'LCV', version: 1 },
      teams: { first: 'vroegsignalering' },
    });
    expect(nijmegen).not.toHaveProperty('threshold');
    expect(nijmegen).not.toHaveProperty('feedbackTerm');
    expect(nijmegen.because.suspension).toEqual({
      document: 'Landelijk convenant vroegsignalering',
      clause: 'Leeswijzer verhuurders art. 4',
    });
  });

  it.each(['haarlem-elan-wonen', 'haarlem-pre-wonen', 'haarlem-ymere', 'zandvoort-ymere'])(
    '[R-AGR-3] %s: the addendum of 2021 changes one thing at a time, with the article of each',
    (agreement) => {
      const found = rules(agreement, '2021-04-01');
      expect(found).toMatchObject({
        terms: { reminderDays: 14, escalationDays: 28 },
        suspension: { days: 30 },
        ranking: { ruleSet: 'HAARLEM', version: 1 },
        feedbackTerm: { businessDays: { achterstand: 10, incasso: 5, deurwaarder: 5 } },
        feedback: { told: { NO_HELP: ['SUSPENSION', 'PAYMENT_RESUMES', 'ARRANGEMENT'] } },
      });
      expect(found.teams.first).toBe('sdv');
      expect(found.teams.teams.map(({ id }) => id)).toEqual(['sdv', 'swt', 'budgetcoach', 'shv']);
      const addendum = { document: 'Addendum Haarlem/Zandvoort 2021', since: '2021-04-01' };
      expect(found.because).toMatchObject({
        teams: { ...addendum, clause: 'art. 2' },
        ranking: { ...addendum, clause: 'art. 5.3' },
        feedbackTerm: { ...addendum, clause: 'art. 5.4' },
        feedback: { ...addendum, clause: 'art. 5.5' },
        terms: { document: 'Landelijk convenant vroegsignalering' },
      });
    },
  );

  it('[R-AGR-3] the day before the addendum the base text counts', () => {
    expect(rules('haarlem-elan-wonen', '2021-03-31').ranking).toEqual({ ruleSet: 'LCV', version: 1 });
    expect(rules('haarlem-elan-wonen', '2021-03-31')).not.toHaveProperty('feedbackTerm');
  });

  it('[R-AGR-4] in the implementatiefase, up to and including 30 June 2021, the threshold is not set', () => {
    const last = rules('haarlem-elan-wonen', '2021-06-30');
    expect(last).not.toHaveProperty('threshold');
    expect(last.because.threshold).toMatchObject({ clause: 'art. 5.3', phase: 'implementatiefase' });
    const first = rules('haarlem-elan-wonen', '2021-07-01');
    expect(first.threshold).toEqual({ cents: 7500 });
    expect(first.because.threshold).toMatchObject({ phase: 'reguliere fase', since: '2021-07-01' });
  });

  it('[R-AGR-3] ranking and threshold count as on the day of the list, all else as on the day of receipt', () => {
    expect(rules('haarlem-elan-wonen', '2021-06-30', '2021-07-01').threshold).toEqual({ cents: 7500 });
    const before = rules('haarlem-elan-wonen', '2021-03-31', '2021-07-01');
    expect(before.ranking.ruleSet).toBe('HAARLEM');
    expect(before.teams.first).toBe('vroegsignalering');
    expect(before).not.toHaveProperty('feedbackTerm');
  });

  const terms = { reminderDays: 7, warningDays: 10, escalationDays: 14, closingDays: 30 };
  const annex = (over: Record<string, unknown>): Record<string, unknown> => ({
    id: 'bijlage',
    title: 'Bijlage',
    municipality: '0392',
    validFrom: '2026-01-01',
    phases: [],
    changes: [{ subject: 'terms', clause: 'art. 1', value: terms }],
    ...over,
  });

  it('[R-AGR-3] after its last day a deviation counts no longer, but for signals that came before', () => {
    const { deviations } = withDeviations([annex({ validTo: '2026-03-31' })]);
    expect(rules('haarlem-ymere', '2026-03-31', '2026-03-31', deviations).terms.escalationDays).toBe(14);
    expect(rules('haarlem-ymere', '2026-04-01', '2026-04-01', deviations).terms.escalationDays).toBe(28);
    expect(rules('haarlem-ymere', '2026-03-31', '2026-12-31', deviations).terms.escalationDays).toBe(14);
  });

  it("[R-AGR-3] one agreement's own annex goes before that of the municipality, also when it is older", () => {
    const wide = annex({ validFrom: '2026-02-01', changes: [{ subject: 'closing', clause: 'b', value: closed }] });
    const own = annex({
      id: 'eigen',
      agreement: 'haarlem-ymere',
      changes: [{ subject: 'closing', clause: 'a', value: open }],
    });
    const { deviations } = withDeviations([wide, own]);
    expect(rules('haarlem-ymere', '2026-03-01', '2026-03-01', deviations).closing).toEqual(open);
    expect(rules('haarlem-elan-wonen', '2026-03-01', '2026-03-01', deviations).closing).toEqual(closed);
    expect(rules('zandvoort-ymere', '2026-03-01', '2026-03-01', deviations).because.closing.clause).toBe(
      'keuze van dit meldpunt',
    );
  });
});

const closed = { result: 'Niet opgepakt: andere reden' };
const open = { result: 'Geen reactie na eerder contact' };

/** Annexes of Haarlem on any days, for all agreements or one, with or without phases, changing any of three things. */
const START = date('2025-01-01');
const day = fc.integer({ min: 0, max: 120 }).map((days) => addDays(START, days));
const value = fc.constantFrom(
  { subject: 'terms', value: { reminderDays: 3, warningDays: 4, escalationDays: 5, closingDays: 6 } },
  { subject: 'closing', value: closed },
  { subject: 'feedbackTerm', value: null },
  { subject: 'repeats', value: null },
  { subject: 'repeats', value: { close: 'WHEN_NOT_HIGHER', withinMonths: 6 } },
);
const annexes = fc.array(
  fc.record({
    agreement: fc.constantFrom('haarlem-ymere', 'haarlem-energie', undefined, undefined),
    validFrom: day,
    lasts: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
    firstPhase: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    changes: fc.uniqueArray(fc.record({ ruled: value, later: fc.boolean() }), {
      minLength: 2,
      selector: ({ ruled, later }) => `${ruled.subject} ${later}`,
    }),
  }),
  { minLength: 2, maxLength: 6 },
);
const loadable = annexes.map((drawn) =>
  withDeviations(
    drawn.map(({ agreement, validFrom, lasts, firstPhase, changes }, i) => ({
      id: `bijlage-${i}`,
      title: `Bijlage ${i}`,
      municipality: '0392',
      agreement,
      validFrom,
      ...(lasts !== undefined && { validTo: addDays(validFrom, lasts) }),
      phases:
        firstPhase === undefined
          ? []
          : [
              { phase: 'implementatiefase', from: validFrom, to: addDays(validFrom, firstPhase - 1) },
              { phase: 'reguliere fase', from: addDays(validFrom, firstPhase) },
            ],
      changes: changes.map(({ ruled, later }, j) => ({
        ...ruled,
        clause: `art. ${i}.${j}`,
        ...(firstPhase !== undefined && { phase: later ? 'reguliere fase' : 'implementatiefase' }),
      })),
    })),
  ),
);
const agreements = fc.constantFrom('haarlem-ymere', 'haarlem-energie', 'haarlem-elan-wonen');

/** What counts on a day, read straight from the annexes: start and whether it is the agreement's own. */
const inForce = (deviations: readonly Deviation[], agreement: string, on: string) =>
  deviations
    .filter((each) => each.municipality === agreementOf(agreement).municipality)
    .filter((each) => each.agreement === undefined || each.agreement === agreement)
    .filter(({ validFrom, validTo }) => validFrom <= on && on <= (validTo ?? on))
    .flatMap(({ validFrom, phases, changes, agreement: own }) =>
      changes.flatMap((change) => {
        if (change.phase === undefined) return [{ change, from: validFrom, own: own !== undefined }];
        const phase = phases.find((each) => each.phase === change.phase && each.from <= on && on <= (each.to ?? on));
        return phase ? [{ change, from: phase.from, own: own !== undefined }] : [];
      }),
    );

describe('over random annexes', () => {
  it('[R-AGR-3][R-AGR-4] every subject has one clause: the nearest annex, of those the last to begin, else the base text', () => {
    fc.assert(
      fc.property(loadable, agreements, day, (loaded, agreement, on) => {
        fc.pre(checkConfiguration(loaded, () => true).ok);
        const found = rules(agreement, on, on, loaded.deviations);
        expect(Object.keys(found.because).sort()).toEqual([...SUBJECTS].sort());
        const changes = inForce(loaded.deviations, agreement, on);
        for (const subject of SUBJECTS) {
          const own = changes.filter((each) => each.change.subject === subject && each.own);
          const all = own.length > 0 ? own : changes.filter((each) => each.change.subject === subject);
          const newest = all.toSorted((a, b) => (a.from < b.from ? 1 : -1))[0];
          const { clause, since } = found.because[subject];
          if (newest === undefined) expect(since, subject).toBeUndefined();
          else expect([clause, since], subject).toEqual([newest.change.clause, newest.from]);
          if (newest !== undefined) expect(found[subject] ?? null, subject).toEqual(newest.change.value);
        }
      }),
    );
  });

  it('[R-AGR-3] whatever order they stand in', () => {
    fc.assert(
      fc.property(loadable, agreements, day, fc.infiniteStream(fc.nat()), (loaded, agreement, on, keys) => {
        fc.pre(checkConfiguration(loaded, () => true).ok);
        const shuffled = loaded.deviations
          .map((deviation) => ({ key: keys.next().value ?? 0, deviation }))
          .sort((a, b) => a.key - b.key)
          .map(({ deviation }) => ({ ...deviation, changes: deviation.changes.toReversed() }));
        expect(rules(agreement, on, on, shuffled)).toEqual(rules(agreement, on, on, loaded.deviations));
      }),
    );
  });

  it('[R-AGR-3] what was promised on the day of receipt stays on every later day', () => {
    fc.assert(
      fc.property(loadable, agreements, day, fc.nat(900), (loaded, agreement, on, later) => {
        fc.pre(checkConfiguration(loaded, () => true).ok);
        const then = rules(agreement, on, on, loaded.deviations);
        expect(rules(agreement, on, addDays(on, later), loaded.deviations)).toEqual(then);
      }),
    );
  });
});
