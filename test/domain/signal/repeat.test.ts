import { describe, expect, it } from 'vitest';
import { CaseId, Cents, caseIdOf, HouseholdKey, Instant, IsoDate, MunicipalityCode, Period } from '#domain/ids.ts';
import type { EndResult } from '#domain/signal/ddas.ts';
import { monthsToLookAt, repeatOf, repeatOutcome, repeatWords, whyClosed, whyTakeUp } from '#domain/signal/repeat.ts';
import type { Outcome, Signal } from '#domain/signal/signal.ts';
import {
  closeSettled,
  passTerms,
  receive,
  recordOutcome,
  settleRepeat,
  takeUp,
  withdraw,
} from '#domain/signal/transition.ts';
import { signal as invented } from '#test/support/signal.ts';

const at = Instant.parse('2026-04-10T10:00:00.000Z');
const on = IsoDate.parse('2026-05-02');
const rule = { repeats: { close: 'WHEN_NOT_HIGHER', withinMonths: 6 } } as const;
const month = (text: string): Period => Period.parse(text);
const euros = (amount: number): Cents => Cents.parse(amount * 100);
const must = (moved: { ok: true; value: { signal: Signal } } | { ok: false; error: string }): Signal => {
  if (!moved.ok) throw new Error(moved.error);
  return moved.value.signal;
};

const reported = (period: string, amount: number, over: Partial<Signal> = {}): Signal =>
  receive({ ...invented({ period: month(period), amountCents: euros(amount) }), ...over }, at);
const assigned = (signal: Signal): Signal => ({ ...signal, status: 'ASSIGNED', terms: [] });
const outcome = (result: EndResult, over: Partial<Outcome> = {}): Outcome => ({
  result,
  date: IsoDate.parse('2026-04-10'),
  maySuspend: false,
  forCase: false,
  ...over,
});
const answered = (signal: Signal, result: EndResult, source = 'uitkomsten', over: Partial<Outcome> = {}): Signal =>
  must(closeSettled(must(recordOutcome(assigned(signal), outcome(result, over), at, { source })), false, at));
const repeated = (signal: Signal): Signal =>
  must(closeSettled(must(settleRepeat(signal, repeatOutcome(on), at, 'waarom')), true, at));

const may = reported('2026-05', 500);
const april = reported('2026-04', 500);
const helped = answered(april, '(Budget)advies en/of quick fix');

describe('[R-DEL-5] the months to look at', () => {
  const signal = { period: month('2026-07'), earlierPeriods: ['2025-12', '2026-01', '2026-05'].map(month) };
  it('are those within the policy, newest first', () => {
    expect(monthsToLookAt(signal, rule)).toEqual(['2026-05', '2026-01']);
    expect(monthsToLookAt(signal, { repeats: { ...rule.repeats, withinMonths: 1 } })).toEqual([]);
  });
  it('are none without a policy', () => {
    expect(monthsToLookAt(signal, {})).toEqual([]);
  });
});

describe('[R-DEL-5] the signal that a new one repeats', () => {
  const repeats = (signal: Signal, ...earlier: (Signal | undefined)[]) => repeatOf(signal, earlier, rule, on)?.period;

  it('is the one that was dealt with, when the amount is not higher', () => {
    expect(repeats(may, helped)).toBe('2026-04');
    expect(repeats(reported('2026-05', 499), helped)).toBe('2026-04');
    expect(repeats({ ...may, amountCents: Cents.parse(50_001) }, helped)).toBeUndefined();
  });

  it('there is none without a policy', () => {
    expect(repeatOf(may, [helped], {}, on)).toBeUndefined();
  });

  it.each(['eindelevering', 'ontruiming'] as const)('there is none in a crisis: %s', (kind) => {
    expect(repeats({ ...may, kind }, helped)).toBeUndefined();
  });
  it('an updated signal is a signal like any other', () => {
    expect(repeats({ ...may, kind: 'geactualiseerd' }, helped)).toBe('2026-04');
  });

  // Which results say that the municipality dealt with the resident, by hand from the DDAS list.
  const results: readonly (readonly [EndResult, boolean])[] = [
    ['(Budget)advies en/of quick fix', true],
    ['Definitief geen contact kunnen krijgen', true],
    ['Geen reactie na eerder contact', true],
    ['Inwoner al bekend bij schuldhulpverlening', true],
    ['Inwoner heeft al een ander lopend traject', true],
    ['Inwoner heeft zelf al betaald/betalingsregeling getroffen', true],
    ['Inwoner is overleden', true],
    ['Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering', true],
    ['Niet opgepakt: andere reden', false],
    ['Niet opgepakt: onterecht signaal', false],
    ['Persoon is geen inwoner (meer) in de gemeente', false],
    ['Vervolghulp en/of verwijzing', true],
    ['Vervolghulp en/of verwijzing financieel', true],
    ['Vervolghulp en/of verwijzing niet financieel', true],
    ['Verwijzing zonder tussenkomst inwoner', true],
  ];
  it.each(results)('after "%s": %s', (result, dealtWith) => {
    expect(repeats(may, answered(april, result))).toBe(dealtWith ? '2026-04' : undefined);
  });

  it('not after the closing horizon: nobody dealt with it, whatever the result', () => {
    const closing = { kind: 'CLOSING', on, at, because: '60 dagen' } as const;
    const waiting: Signal = { ...april, status: 'TERM_EXPIRED', terms: [closing] };
    const horizon = must(passTerms(waiting, 'Definitief geen contact kunnen krijgen', at));
    expect(repeats(may, horizon)).toBeUndefined();
    expect(repeats(may, must(closeSettled(horizon, false, at)))).toBeUndefined();
  });
  it('but after the answer to its case, which the workflow wrote here too', () => {
    const followed = answered(april, 'Vervolghulp en/of verwijzing', 'workflow', { forCase: true });
    expect(repeats(may, followed)).toBe('2026-04');
  });

  it('while the earlier one is in hand and in time, and not once its term has expired', () => {
    expect(repeats(may, assigned(april))).toBe('2026-04');
    expect(repeats(may, { ...april, status: 'TERM_EXPIRED', terms: [] })).toBeUndefined();
    expect(repeats(may, april)).toBeUndefined();
  });

  it('not when it was withdrawn, went elsewhere or cannot be found', () => {
    expect(repeats(may, must(withdraw(assigned(april), 'betaald', at, 'levering')))).toBeUndefined();
    expect(repeats(may, undefined)).toBeUndefined();
    const elsewhere = caseIdOf(MunicipalityCode.parse('0473'), april.period, HouseholdKey.parse('9F3K2M8QZX7C'));
    const known = outcome('Vervolghulp en/of verwijzing');
    const left = must(recordOutcome(assigned(april), known, at, { source: 'u' }, CaseId.parse(elsewhere)));
    expect(repeats(may, left)).toBeUndefined();
  });

  it('not when another municipality dealt with it, unless that has become part of this one', () => {
    const of = (code: string) => ({ municipality: MunicipalityCode.parse(code) });
    expect(repeats({ ...may, ...of('0473') }, helped)).toBeUndefined();
    const there = answered(reported('2026-12', 500, of('1696')), 'Vervolghulp en/of verwijzing');
    const here = reported('2027-01', 500, of('0402'));
    expect(repeatOf(here, [there], rule, IsoDate.parse('2027-01-02'))?.period).toBe('2026-12');
    expect(repeatOf(here, [there], rule, IsoDate.parse('2026-12-31'))).toBeUndefined();
  });

  it('not when help failed: schuldenrust ended before its time', () => {
    const suspension = {
      startsOn: on,
      lastDay: on,
      acceptedOn: on,
      actionPlanOn: on,
      paymentResumesOn: on,
      fedBackOn: on,
    };
    const quiet = { ...helped, suspension } as Signal;
    expect(repeats(may, quiet)).toBe('2026-04');
    const ended = { ...suspension, endedEarly: { on, reason: 'betaling niet hervat' } } as const;
    expect(repeats(may, { ...helped, suspension: ended } as Signal)).toBeUndefined();
  });

  it('looks through repeat signals, by policy or by a worker, to the one that was dealt with', () => {
    const june = reported('2026-06', 480);
    expect(repeats(june, repeated(reported('2026-05', 490)), helped)).toBe('2026-04');
    expect(repeats(june, answered(may, 'Niet opgepakt: herhaalde melding'), helped)).toBe('2026-04');
    expect(repeats(june, repeated(may), answered(april, 'Niet opgepakt: andere reden'))).toBeUndefined();
    // The one that was dealt with lies too far back.
    expect(repeats(june, repeated(may))).toBeUndefined();
  });
  it('an amount that fell and rose again has risen', () => {
    expect(repeats(reported('2026-06', 450), repeated(reported('2026-05', 400)), helped)).toBeUndefined();
  });

  it('not when it was answered before: a worker opened it again, or it came from elsewhere', () => {
    const open: Signal = { ...may, history: [...helped.history] };
    expect(repeats(open, helped)).toBeUndefined();
  });
});

describe('[R-DEL-5] a signal that was closed by policy', () => {
  const why = repeatWords(helped, { document: 'Bijlage Nijmegen', clause: 'art. 3' });
  const settled = must(settleRepeat(may, repeatOutcome(on), at, why));

  it('says which month it repeats and which clause closed it, and no amount', () => {
    expect(why).toBe('zelfde achterstand als in 2026-04, bedrag niet hoger (Bijlage Nijmegen, art. 3)');
    expect(whyClosed(settled)).toBe(why);
    expect(whyClosed(must(closeSettled(settled, true, at)))).toBe(why);
    expect(whyClosed(answered(may, 'Niet opgepakt: herhaalde melding'))).toBeUndefined();
    expect(whyClosed(helped)).toBeUndefined();
    expect(settled).toMatchObject({
      status: 'OUTCOME_KNOWN',
      outcome: { result: 'Niet opgepakt: herhaalde melding', date: '2026-05-02', maySuspend: false, forCase: false },
    });
  });

  it('must be taken up when a correction makes it higher or a crisis', () => {
    expect(whyTakeUp(settled, { ...may, amountCents: euros(501) })).toBe('bedrag is hoger geworden');
    expect(whyTakeUp(settled, { ...may, kind: 'ontruiming' })).toBe('nu een crisis');
    expect(whyTakeUp(settled, { ...may, amountCents: euros(499) })).toBeUndefined();
    expect(whyTakeUp(helped, { ...may, amountCents: euros(900) })).toBeUndefined();
    const byHand = answered(may, 'Niet opgepakt: herhaalde melding');
    expect(whyTakeUp(byHand, { ...may, amountCents: euros(900) })).toBeUndefined();
  });

  it('taken up it begins anew in a round of its own, and is not closed by policy again', () => {
    const open = must(takeUp(settled, at, { source: 'levering' }, 'bedrag is hoger geworden'));
    expect(open).toMatchObject({ status: 'RECEIVED', round: 2, earlierOutcomes: [repeatOutcome(on)] });
    expect(open.history.at(-1)).toMatchObject({ kind: 'REOPENED', source: 'levering' });
    expect(repeatOf(open, [helped], rule, on)).toBeUndefined();
  });
});
