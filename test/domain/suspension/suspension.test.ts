import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Governing } from '#domain/agreement/governing.ts';
import { Instant, IsoDate } from '#domain/ids.ts';
import type { CollectionSuspension, Outcome, Signal } from '#domain/signal/signal.ts';
import {
  suspensionConditions,
  suspensionOf,
  suspensionOverAt,
  suspensionTerms,
} from '#domain/suspension/suspension.ts';
import { addDays, amsterdamDate, daysBetween } from '#domain/term/calendar.ts';
import { CalendarDays } from '#domain/term/days.ts';
import { governingOf } from '#test/support/governing.ts';
import { play, steps } from '#test/support/history.ts';
import { signal } from '#test/support/signal.ts';

const haarlem = governingOf(signal());
const date = (text: string): IsoDate => IsoDate.parse(text);
const lasting = (days: number, reminderDaysBefore = 5): Governing => ({
  ...haarlem,
  suspension: {
    days: days as CalendarDays,
    reminderDaysBefore: CalendarDays.parse(reminderDaysBefore),
  },
});
const accepted: Outcome = {
  result: 'Vervolghulp en/of verwijzing',
  date: date('2026-04-10'),
  actionPlanOn: date('2026-04-12'),
  paymentResumes: { from: date('2026-05-01') },
  maySuspend: true,
  forCase: true,
};
/** Paying again from that day. */
const acceptedOn = (on: IsoDate): Outcome => ({ ...accepted, date: on, paymentResumes: { from: on } });
const fedBackOn = date('2026-04-13');
const answered: Signal = {
  ...signal(),
  status: 'OUTCOME_KNOWN',
  outcome: accepted,
  history: [
    ...signal().history,
    { kind: 'OUTCOME_RECORDED', at: Instant.parse('2026-04-13T09:00:00.000Z'), source: '7777777777ABCDEFGHJKMNPQRS' },
  ],
};
const { actionPlanOn: _plan, ...unplanned } = accepted;
const { paymentResumes: _resumes, ...silent } = accepted;
const lacking = (reported: Signal, outcome: Outcome, on: IsoDate | undefined) =>
  suspensionConditions(reported, outcome, haarlem, on).flatMap(({ condition, holds }) => (holds ? [] : [condition]));

describe('schuldenrust', () => {
  it('[R-SUS-1] starts when the four conditions hold, each with its day and its evidence', () => {
    expect(suspensionConditions(answered, accepted, haarlem, fedBackOn)).toEqual([
      { condition: 'PASSED_ON', holds: true, on: '2026-04-01', evidence: '0123456789ABCDEFGHJKMNPQRS' },
      { condition: 'ACCEPTED_IN_PLAN', holds: true, on: '2026-04-12', evidence: '7777777777ABCDEFGHJKMNPQRS' },
      { condition: 'FED_BACK', holds: true, on: '2026-04-13', evidence: 'feedback 1' },
      { condition: 'PAYMENTS_RESUMED', holds: true, on: '2026-05-01', evidence: '7777777777ABCDEFGHJKMNPQRS' },
      { condition: 'MUNICIPALITY_AGREES', holds: true, on: '2026-04-10', evidence: '7777777777ABCDEFGHJKMNPQRS' },
      { condition: 'LAST_DAY_AHEAD', holds: true, on: '2026-05-10' },
    ]);
    expect(suspensionOf(answered, accepted, haarlem, fedBackOn)).toEqual({
      startsOn: '2026-04-10',
      lastDay: '2026-05-10',
      acceptedOn: '2026-04-10',
      actionPlanOn: '2026-04-12',
      paymentResumesOn: '2026-05-01',
      fedBackOn: '2026-04-13',
    });
  });

  it('[R-SUS-1] points at the file that corrected the outcome, and at the feedback on it', () => {
    const corrected: Signal = {
      ...answered,
      earlierOutcomes: [accepted],
      history: [...answered.history, { kind: 'OUTCOME_CORRECTED', at: answered.receivedAt, source: 'rectificatie' }],
    };
    expect(suspensionConditions(corrected, accepted, haarlem, fedBackOn)).toMatchObject([
      { evidence: '0123456789ABCDEFGHJKMNPQRS' },
      { evidence: 'rectificatie' },
      { evidence: 'feedback 2' },
      { evidence: 'rectificatie' },
      {},
      {},
    ]);
  });

  it.each([
    ['PASSED_ON', { ...signal(), history: [] }, accepted],
    ['ACCEPTED_IN_PLAN', signal(), unplanned],
    ['ACCEPTED_IN_PLAN', signal(), { ...accepted, result: 'Inwoner is overleden' }],
    ['PAYMENTS_RESUMED', signal(), silent],
    ['PAYMENTS_RESUMED', signal(), { ...accepted, paymentResumes: 'cannot' }],
    // The last day is 10 May.
    ['PAYMENTS_RESUMED', signal(), { ...accepted, paymentResumes: { from: date('2026-05-11') } }],
    ['MUNICIPALITY_AGREES', signal(), { ...accepted, maySuspend: false }],
    [
      'LAST_DAY_AHEAD',
      signal(),
      { ...accepted, date: date('2026-03-13'), paymentResumes: { from: date('2026-04-12') } },
    ],
  ] as const)('[R-SUS-1] [R-SUS-6] does not start without %s', (lack, reported, outcome) => {
    // Thirty days after 13 March was 12 April, the day before it was fed back.
    expect(lacking(reported, outcome, fedBackOn)).toEqual([lack]);
    expect(suspensionOf(reported, outcome, haarlem, fedBackOn)).toBeUndefined();
  });

  it('[R-SUS-1] starts when payment resumes on its last day', () => {
    const late = { ...accepted, paymentResumes: { from: date('2026-05-10') } };
    expect(suspensionOf(signal(), late, haarlem, fedBackOn)).toMatchObject({ paymentResumesOn: '2026-05-10' });
  });

  it('[R-SUS-1] does not start when the partner is not told', () => {
    expect(lacking(signal(), accepted, undefined)).toEqual(['FED_BACK', 'LAST_DAY_AHEAD']);
    expect(suspensionOf(signal(), accepted, haarlem, undefined)).toBeUndefined();
  });

  it('[R-SUS-2] fed back on its last day it rests for the rest of that day', () => {
    expect(suspensionOf(signal(), accepted, haarlem, date('2026-05-10'))).toMatchObject({ lastDay: '2026-05-10' });
    expect(suspensionOf(signal(), accepted, haarlem, date('2026-05-11'))).toBeUndefined();
  });

  it.each([
    ['a second acceptance', '2026-04-20', '2026-05-01'],
    ['one corrected to an earlier day', '2026-03-25', '2026-04-24'],
    ['one on the last day that is left', '2026-05-01', '2026-05-01'],
    ['one after it', '2026-05-02', undefined],
  ] as const)('[R-SUS-2] %s adds no day to the thirty since the first', (_, on, lastDay) => {
    // The first began on 1 April: 30 days on is 1 May.
    const first = { startsOn: date('2026-04-01'), lastDay: date('2026-05-01') } as CollectionSuspension;
    const before: Signal = { ...signal(), earlierSuspensions: [first] };
    const again = suspensionOf(before, acceptedOn(date(on)), haarlem, date(on));
    expect(again?.lastDay).toBe(lastDay);
  });

  it('[R-SUS-2] lasts to the end of the thirtieth day in Amsterdam, over the change to winter time, and says how it counts', () => {
    const autumn = { ...accepted, date: date('2026-10-01') };
    const suspension = suspensionOf(signal(), autumn, haarlem, date('2026-10-01'));
    expect(suspension && suspensionTerms(suspension, haarlem)).toEqual([
      {
        kind: 'SUSPENSION_REMINDER',
        on: '2026-10-25',
        at: '2026-10-25T23:00:00.000Z',
        because: '5 dagen voor 31 oktober 2026 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders art. 4)',
      },
      {
        kind: 'SUSPENSION_END',
        on: '2026-10-31',
        at: '2026-10-31T23:00:00.000Z',
        because:
          '30 dagen na 1 oktober 2026 = 31 oktober 2026 (Landelijk convenant vroegsignalering, Leeswijzer verhuurders art. 4)',
      },
    ]);
  });

  it('[R-SUS-2] never lasts longer than the policy says nor than thirty days, and ends at a midnight', () => {
    const days = fc.integer({ min: 0, max: 3000 }).map((n) => addDays(date('2024-01-01'), n));
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 40 }), (on, length, lag) => {
        const most = Math.min(length, 30);
        const suspension = suspensionOf(signal(), acceptedOn(on), lasting(length), addDays(on, lag));
        if (lag > most) return suspension === undefined;
        if (!suspension) return false;
        return (
          daysBetween(suspension.startsOn, suspension.lastDay) === most &&
          amsterdamDate(suspensionOverAt(suspension)) === addDays(on, most + 1)
        );
      }),
    );
  });

  it('[R-SUS-2] never more than thirty days in all, whatever the order of acceptances, corrections and reopenings', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 30 }), (happening, length) => {
        const story = play(signal(), lasting(length, 1), date('2026-04-02'), happening);
        const own = 'suspension' in story.signal && story.signal.suspension ? [story.signal.suspension] : [];
        const ran = [...story.signal.earlierSuspensions, ...own];
        const told = story.feedback.flatMap((each) =>
          each.kind === 'OUTCOME' && each.suspension && each.suspension !== 'none' ? [each.suspension] : [],
        );
        const [first] = told;
        for (const { startsOn, lastDay } of [...ran, ...told]) {
          expect(daysBetween(startsOn, lastDay)).toBeLessThanOrEqual(length);
          expect(first && daysBetween(first.startsOn, lastDay)).toBeLessThanOrEqual(length);
        }
        for (const each of story.feedback)
          if (each.kind === 'SUSPENSION_EXPIRED' || each.kind === 'SUSPENSION_ENDED_EARLY')
            expect(first && daysBetween(first.startsOn, each.on)).toBeLessThanOrEqual(length);
      }),
    );
  });

  it('[R-SUS-3] the reminder comes the agreed number of days before the last', () => {
    const [reminder] = suspensionTerms({ lastDay: date('2026-10-28') }, lasting(30, 3));
    expect(reminder?.at).toBe('2026-10-24T22:00:00.000Z');
    expect(reminder?.because).toContain('3 dagen voor 28 oktober 2026');
  });
});
