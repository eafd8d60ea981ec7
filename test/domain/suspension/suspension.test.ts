import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsoDate } from '#domain/ids.ts';
import type { Outcome } from '#domain/signal/signal.ts';
import { checkSuspension, suspensionEnd, suspensionOf, suspensionTerms } from '#domain/suspension/suspension.ts';
import { addDays, amsterdamDate, daysBetween } from '#domain/term/calendar.ts';
import { configuration } from '#test/support/configuration.ts';
import { signal } from '#test/support/signal.ts';

const [lcv] = configuration.policies;
if (!lcv) throw new Error('no policy');
const date = (text: string): IsoDate => IsoDate.parse(text);
const accepted: Outcome = {
  result: 'Vervolghulp en/of verwijzing',
  date: date('2026-03-10'),
  actionPlanOn: date('2026-03-12'),
  paymentResumes: { from: date('2026-04-01') },
  maySuspend: true,
};
const fedBackOn = date('2026-03-13');
const { actionPlanOn: _plan, ...unplanned } = accepted;
const { paymentResumes: _resumes, ...silent } = accepted;

describe('schuldenrust', () => {
  it('[R-SUS-1] starts when the four conditions hold, the municipality agrees and its last day is still ahead', () => {
    expect(checkSuspension(signal(), accepted, lcv, fedBackOn)).toEqual({
      holds: ['PASSED_ON', 'ACCEPTED_IN_PLAN', 'FED_BACK', 'PAYMENTS_RESUMED', 'MUNICIPALITY_AGREES', 'LAST_DAY_AHEAD'],
      lacks: [],
    });
    expect(suspensionOf(signal(), accepted, lcv, fedBackOn)).toEqual({
      startsOn: '2026-03-10',
      lastDay: '2026-04-09',
      acceptedOn: '2026-03-10',
      actionPlanOn: '2026-03-12',
      paymentResumesOn: '2026-04-01',
      fedBackOn: '2026-03-13',
    });
  });

  it.each([
    ['PASSED_ON', { ...signal(), history: [] }, accepted],
    ['ACCEPTED_IN_PLAN', signal(), unplanned],
    ['ACCEPTED_IN_PLAN', signal(), { ...accepted, result: 'Inwoner is overleden' }],
    ['PAYMENTS_RESUMED', signal(), silent],
    ['PAYMENTS_RESUMED', signal(), { ...accepted, paymentResumes: 'cannot' }],
    ['MUNICIPALITY_AGREES', signal(), { ...accepted, maySuspend: false }],
    ['LAST_DAY_AHEAD', signal(), { ...accepted, date: date('2026-02-10') }],
  ] as const)('[R-SUS-1] [R-SUS-6] does not start without %s', (lack, reported, outcome) => {
    expect(checkSuspension(reported, outcome, lcv, fedBackOn).lacks).toEqual([lack]);
    expect(suspensionOf(reported, outcome, lcv, fedBackOn)).toBeUndefined();
  });

  it('[R-SUS-1] does not start when the partner is not told', () => {
    expect(checkSuspension(signal(), accepted, lcv, undefined).lacks).toEqual(['FED_BACK', 'LAST_DAY_AHEAD']);
  });

  it('[R-SUS-2] lasts to the end of the thirtieth day in Amsterdam, over the change to summer time', () => {
    const suspension = suspensionOf(signal(), accepted, lcv, fedBackOn);
    expect(suspension && suspensionTerms(suspension, lcv)).toEqual([
      { kind: 'SUSPENSION_REMINDER', on: '2026-04-03', at: '2026-04-03T22:00:00.000Z' },
      { kind: 'SUSPENSION_END', on: '2026-04-09', at: '2026-04-09T22:00:00.000Z' },
    ]);
  });

  it('[R-SUS-2] never lasts longer than the policy says nor than thirty days, and ends at a midnight', () => {
    const days = fc.integer({ min: 0, max: 3000 }).map((n) => addDays(date('2024-01-01'), n));
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 40 }), (on, length, lag) => {
        const policy = { ...lcv, suspension: { days: length, reminderDaysBefore: 0 } };
        const most = Math.min(length, 30);
        const suspension = suspensionOf(signal(), { ...accepted, date: on }, policy, addDays(on, lag));
        if (lag > most) return suspension === undefined;
        if (!suspension) return false;
        const { at } = suspensionEnd(suspension);
        return (
          daysBetween(suspension.startsOn, suspension.lastDay) === most && amsterdamDate(at) === addDays(on, most + 1)
        );
      }),
    );
  });

  it('[R-SUS-3] the reminder comes the agreed number of days before the last', () => {
    const lastDay = date('2026-10-28');
    const policy = { suspension: { days: 30, reminderDaysBefore: 3 } };
    const [reminder] = suspensionTerms({ lastDay }, policy);
    expect(reminder?.at).toBe('2026-10-24T22:00:00.000Z');
  });
});
