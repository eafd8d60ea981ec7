import { describe, expect, it } from 'vitest';
import { CaseId, Instant, IsoDate } from '#domain/ids.ts';
import { arrivedFrom, handedOverTo } from '#domain/signal/hand-over.ts';
import type { Outcome, Signal } from '#domain/signal/signal.ts';
import { closeSettled, correctOutcome, recordOutcome, reopen, takeOver, withdraw } from '#domain/signal/transition.ts';
import { openTerms } from '#domain/term/terms.ts';
import { governingOf } from '#test/support/governing.ts';
import { signal as invented } from '#test/support/signal.ts';

const april = Instant.parse('2026-04-09T10:00:00.000Z');
const may = Instant.parse('2026-05-11T10:00:00.000Z');
const zandvoort = CaseId.parse('0473-2604-TYZN90F3AD8C');
const gone: Outcome = {
  result: 'Persoon is geen inwoner (meer) in de gemeente',
  date: IsoDate.parse('2026-04-09'),
  maySuspend: false,
  forCase: true,
};
const u = { source: 'uitkomsten' };
const must = (moved: { ok: boolean; value?: { signal: Signal } }): Signal => {
  if (!moved.ok || !moved.value) throw new Error('not allowed');
  return moved.value.signal;
};

const here = invented();
const left = must(recordOutcome(here, gone, april, u, zandvoort));
const there = takeOver({ ...here, caseId: zandvoort, receivedAt: april }, left, gone, april, u);
const closed = must(closeSettled(left, true, april));
const leftThere = must(recordOutcome(there, { ...gone, date: IsoDate.parse('2026-05-11') }, may, u, here.caseId));
const backHere = takeOver(
  { ...here, receivedAt: may },
  leftThere,
  { ...gone, date: IsoDate.parse('2026-05-11') },
  may,
  u,
  { ...closed, taskToken: 'old' },
);

describe('where a signal is', () => {
  it('[R-ROU-4] the history tells where it went and where it came from, on both sides and back', () => {
    expect([here, left, there, leftThere, backHere].map(handedOverTo)).toEqual([
      undefined,
      zandvoort,
      undefined,
      here.caseId,
      undefined,
    ]);
    expect([here, left, there, leftThere, backHere].map(arrivedFrom)).toEqual([
      undefined,
      undefined,
      { place: here.caseId, how: 'HANDED_OVER' },
      { place: here.caseId, how: 'HANDED_OVER' },
      { place: zandvoort, how: 'HANDED_OVER' },
    ]);
  });

  it('[R-DEL-7] moved by a corrected address is another way to arrive, and leaving that way names no case', () => {
    const moved = { ...here, history: [...here.history, { kind: 'MOVED', at: april, source: zandvoort } as const] };
    expect(arrivedFrom(moved)).toEqual({ place: zandvoort, how: 'MOVED' });
    const away = must(withdraw(here, 'verplaatst', april, '0123456789ABCDEFGHJKMNPQRS'));
    expect([arrivedFrom(away), handedOverTo(away)]).toEqual([undefined, undefined]);
  });

  it('[R-ROU-4] what was handed over is not opened again or corrected here', () => {
    expect(reopen(closed, [], 'nieuwe informatie', may, u)).toEqual({ ok: false, error: 'NOT_ALLOWED' });
    const other = { ...gone, result: 'Inwoner is overleden' } as const;
    expect(correctOutcome(closed, other, may, u)).toEqual({ ok: false, error: 'NOT_ALLOWED' });
    expect(correctOutcome(left, other, may, u)).toEqual({ ok: false, error: 'NOT_ALLOWED' });
  });

  it('[R-ROU-4] coming back goes on with the record that lay there: next version and round, numbers and history go on', () => {
    expect(backHere).toMatchObject({
      status: 'RECEIVED',
      version: closed.version + 1,
      round: 2,
      receivedAt: may,
      earlierOutcomes: [{ date: '2026-04-09' }, { date: '2026-05-11' }],
    });
    expect(backHere.history.slice(0, closed.history.length)).toEqual(closed.history);
    expect(backHere).not.toHaveProperty('taskToken');
    expect(backHere).not.toHaveProperty('outcome');
  });

  it('[R-FLO-2] its terms count anew, whatever was said of it during the first stay', () => {
    const said = ['REMINDED', 'WARNED', 'TERM_EXPIRED', 'FEEDBACK_OVERDUE'] as const;
    const signal: Signal = {
      ...backHere,
      history: [...said.map((kind) => ({ kind, at: april, source: 'workflow' })), ...backHere.history],
    };
    const terms = openTerms(signal, governingOf(signal));
    expect(terms.ok && terms.value.map(({ kind, on }) => [kind, on])).toEqual([
      // Two weeks, ten business days past Ascension and Whit Monday, 25, 28 and 60 days after 11 May.
      ['REMINDER', '2026-05-25'],
      ['FEEDBACK', '2026-05-28'],
      ['WARNING', '2026-06-05'],
      ['ESCALATION', '2026-06-08'],
      ['CLOSING', '2026-07-10'],
    ]);
  });
});
