import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Governing } from '#domain/agreement/governing.ts';
import { Instant } from '#domain/ids.ts';
import type { Signal } from '#domain/signal/signal.ts';
import { amsterdamDate, daysBetween } from '#domain/term/calendar.ts';
import { BusinessDays, CalendarDays } from '#domain/term/days.ts';
import { openTerms, reopenedTerms, termsOf } from '#domain/term/terms.ts';
import { governingOf } from '#test/support/governing.ts';
import { signal as invented } from '#test/support/signal.ts';

const instant = (text: string): Instant => Instant.parse(text);
const days = (n: number): CalendarDays => CalendarDays.parse(n);
const clauses = { document: 'Afspraak', clause: 'art. 3' };
const base = governingOf(invented());

/** LCV: calendar days only, and the crisis lane. */
const LCV: Governing = {
  ...base,
  terms: { reminderDays: days(14), warningDays: days(25), escalationDays: days(28), closingDays: days(60) },
  crisisTerm: { businessDays: BusinessDays.parse(3), decreeDays: true },
  because: { ...base.because, terms: clauses, feedbackTerm: clauses, crisisTerm: clauses },
};
delete (LCV as { feedbackTerm?: unknown }).feedbackTerm;

const within = (n: number) => BusinessDays.parse(n);
/** Haarlem: feedback in 10 business days, 5 from the collection agency on. */
const HAARLEM: Governing = {
  ...LCV,
  feedbackTerm: {
    businessDays: { achterstand: within(10), incasso: within(5), deurwaarder: within(5) },
    decreeDays: true,
  },
};

const at = (receivedAt: string, over: Partial<Signal> = {}): Signal =>
  ({ ...invented({ receivedAt: instant(receivedAt) }), ...over }) as Signal;
const must = (terms: ReturnType<typeof termsOf>) => {
  if (!terms.ok) throw new Error(terms.error);
  return terms.value;
};
const list = (terms: ReturnType<typeof termsOf>) => must(terms).map(({ kind, on }) => [kind, on]);

describe('terms of a signal', () => {
  it('[R-FLO-2][R-FLO-7] day 14, 25, 28 and 60 count in full and pass at midnight in Amsterdam, over the change to summer time', () => {
    expect(must(termsOf(at('2026-03-16T22:30:00.000Z'), LCV))).toEqual([
      {
        kind: 'REMINDER',
        on: '2026-03-30',
        at: '2026-03-30T22:00:00.000Z',
        because: '14 dagen na 16 maart 2026 = 30 maart 2026 (Afspraak, art. 3)',
      },
      {
        kind: 'WARNING',
        on: '2026-04-10',
        at: '2026-04-10T22:00:00.000Z',
        because: '25 dagen na 16 maart 2026 = 10 april 2026 (Afspraak, art. 3)',
      },
      {
        kind: 'ESCALATION',
        on: '2026-04-13',
        at: '2026-04-13T22:00:00.000Z',
        because: '28 dagen na 16 maart 2026 = 13 april 2026 (Afspraak, art. 3)',
      },
      {
        kind: 'CLOSING',
        on: '2026-05-15',
        at: '2026-05-15T22:00:00.000Z',
        because: '60 dagen na 16 maart 2026 = 15 mei 2026 (Afspraak, art. 3)',
      },
    ]);
  });

  it('[R-FLO-2] late in the evening counts as the Amsterdam day, whatever UTC says', () => {
    expect(list(termsOf(at('2026-03-31T22:30:00.000Z'), LCV))[0]).toEqual(['REMINDER', '2026-04-15']);
  });

  it('[R-FLO-3] Haarlem: feedback in 10 business days, 5 when a collection agency or bailiff has it', () => {
    const feedback = (collectionPhase: Signal['collectionPhase'], correctedPhase?: Signal['collectionPhase']) =>
      must(
        termsOf(
          at('2021-04-26T09:00:00.000Z', { collectionPhase, ...(correctedPhase && { correctedPhase }) }),
          HAARLEM,
        ),
      ).find(({ kind }) => kind === 'FEEDBACK');
    expect(feedback('achterstand')).toEqual({
      kind: 'FEEDBACK',
      on: '2021-05-12',
      at: '2021-05-12T22:00:00.000Z',
      because:
        '10 werkdagen na 26 april 2021 = 12 mei 2021; Koningsdag en Bevrijdingsdag tellen niet (Afspraak, art. 3)',
    });
    expect(feedback('incasso')?.on).toBe('2021-05-04');
    expect(feedback('deurwaarder')?.on).toBe('2021-05-04');
    expect(feedback('achterstand', 'deurwaarder')?.on).toBe('2021-05-04');
    expect(list(termsOf(at('2021-04-26T09:00:00.000Z'), LCV)).map(([kind]) => kind)).not.toContain('FEEDBACK');
  });

  it('[R-DEL-12][R-FLO-3] a crisis has its first conversation in 3 business days, over Easter too', () => {
    for (const kind of ['ontruiming', 'eindelevering'] as const)
      expect(list(termsOf(at('2026-04-01T09:00:00.000Z', { kind }), LCV))[0]).toEqual([
        'FIRST_CONVERSATION',
        // Thursday 2, Good Friday and Easter Monday do not count, Tuesday 7, Wednesday 8.
        '2026-04-08',
      ]);
    for (const kind of ['vroeg', 'geactualiseerd'] as const)
      expect(list(termsOf(at('2026-04-01T09:00:00.000Z', { kind }), LCV))[0]?.[0]).toBe('REMINDER');
  });

  it('[R-FLO-3] past the last year whose holidays are known nothing is guessed', () => {
    const late = at('2028-12-28T09:00:00.000Z');
    expect(termsOf(late, HAARLEM)).toEqual({ ok: false, error: 'BEYOND_CALENDAR' });
    expect(termsOf(late, LCV).ok).toBe(true);
    expect(termsOf({ ...late, kind: 'ontruiming' }, LCV)).toEqual({ ok: false, error: 'BEYOND_CALENDAR' });
  });

  it('[R-FLO-2] a term never passes within its days nor more than a day and an hour of clock change after them', () => {
    const moments = fc
      .date({ min: new Date('2020-01-01'), max: new Date('2028-06-01'), noInvalidDate: true })
      .map((moment) => instant(moment.toISOString()));
    const HOUR = 3_600_000;
    fc.assert(
      fc.property(
        moments,
        fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 1, max: 40 }))),
        (received, steps) => {
          const [a = 1, b = 1, c = 1, d = 1] = steps;
          const wanted = [a, a + b, a + b + c, a + b + c + d];
          const [reminderDays = days(1), warningDays = days(1), escalationDays = days(1), closingDays = days(1)] =
            wanted.map(days);
          const found = must(
            termsOf(at(received), { ...LCV, terms: { reminderDays, warningDays, escalationDays, closingDays } }),
          );
          for (const [i, { on, at: passes }] of found.entries()) {
            const n = wanted[i] ?? 0;
            const passed = Date.parse(passes) - Date.parse(received);
            expect(daysBetween(amsterdamDate(received), on)).toBe(n);
            expect(passed).toBeGreaterThan(n * 24 * HOUR - HOUR);
            expect(passed).toBeLessThanOrEqual((n + 1) * 24 * HOUR + HOUR);
          }
        },
      ),
    );
  });
});

describe('terms that are left', () => {
  const received = '2026-03-02T08:00:00.000Z';
  const entry = (kind: Signal['history'][number]['kind'], when: string) => ({
    kind,
    at: instant(when),
    source: 'workflow',
  });

  it('[R-FLO-2] what was said is not said again', () => {
    const signal = at(received);
    const history = [
      ...signal.history,
      entry('REMINDED', '2026-03-16T23:00:00.000Z'),
      entry('WARNED', '2026-03-27T23:00:00.000Z'),
    ];
    expect(list(openTerms({ ...signal, history }, LCV))).toEqual([
      ['ESCALATION', '2026-03-30'],
      ['CLOSING', '2026-05-01'],
    ]);
  });

  it('[R-FLO-8] a phase that was corrected moves the feedback, also into the past', () => {
    const signal = at(received, { correctedPhase: 'incasso' });
    expect(list(openTerms(signal, HAARLEM))[0]).toEqual(['FEEDBACK', '2026-03-09']);
  });

  it('[R-FLO-6] reopened early it keeps what is ahead; the closing horizon counts anew', () => {
    expect(list(reopenedTerms(at(received), LCV, instant('2026-03-20T12:00:00.000Z')))).toEqual([
      ['WARNING', '2026-03-27'],
      ['ESCALATION', '2026-03-30'],
      ['CLOSING', '2026-05-19'],
    ]);
  });

  it('[R-FLO-6] reopened after months only the horizon is left', () => {
    expect(list(reopenedTerms(at(received), HAARLEM, instant('2026-07-01T12:00:00.000Z')))).toEqual([
      ['CLOSING', '2026-08-30'],
    ]);
  });
});
