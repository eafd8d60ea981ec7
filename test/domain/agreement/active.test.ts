import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activeAgreement, explainEnd, lastDayOf } from '#domain/agreement/active.ts';
import { Agreement } from '#domain/agreement/configuration.ts';
import { IsoDate, MunicipalityCode } from '#domain/ids.ts';
import { addDays } from '#domain/term/calendar.ts';

const haarlem = MunicipalityCode.parse('0392');
const agreement = (over: Record<string, unknown> = {}): Agreement =>
  Agreement.parse({
    id: 'haarlem-elan',
    municipality: '0392',
    partner: 'elan-wonen',
    lcvVersion: '2020',
    signedByMunicipality: '2021-03-15',
    signedByPartner: '2021-03-22',
    validFrom: '2021-04-01',
    meldpunt: 'meldpunt',
    policy: 'lcv',
    ...over,
  });
const on = (date: string, ...agreements: Agreement[]) =>
  activeAgreement(agreements, haarlem, IsoDate.parse(date), 'meldpunt');

describe('the agreement that counts', () => {
  it('[R-AGR-1] counts from its first day, and without an end for ever: it is renewed tacitly', () => {
    expect(on('2021-04-01', agreement())).toMatchObject({ ok: true, value: { id: 'haarlem-elan' } });
    expect(on('2022-04-01', agreement())).toMatchObject({ ok: true });
    expect(on('2035-01-01', agreement())).toMatchObject({ ok: true });
  });

  it.each([
    ['NONE', '2026-04-01', { municipality: '0473' }],
    ['NOT_STARTED', '2021-03-31', {}],
    ['ENDED', '2022-04-01', { validTo: '2022-03-31' }],
    ['ENDED', '2026-04-16', { cancelled: { on: '2026-01-15', by: 'partner' } }],
    ['NOT_SIGNED', '2026-04-01', { signedByPartner: undefined }],
    ['NOT_SIGNED', '2026-04-01', { signedByMunicipality: undefined }],
    ['NOT_SIGNED', '2026-04-01', { signedByPartner: '2026-04-02' }],
    ['OTHER_MELDPUNT', '2026-04-01', { meldpunt: 'een ander' }],
  ] as const)('[R-AGR-2] %s on %s', (error, date, over) => {
    expect(on(date, agreement(over))).toEqual({ ok: false, error });
  });

  it('[R-AGR-1] counts on its last day, agreed or after notice', () => {
    expect(on('2022-03-31', agreement({ validTo: '2022-03-31' }))).toMatchObject({ ok: true });
    expect(on('2026-04-15', agreement({ cancelled: { on: '2026-01-15', by: 'partner' } }))).toMatchObject({ ok: true });
  });

  it.each([
    ['three calendar months later', { on: '2026-01-15', by: 'partner' }, '2026-04-15'],
    ['or on a later day that was named', { on: '2026-01-15', by: 'partner', lastDay: '2026-12-31' }, '2026-12-31'],
    ['never sooner', { on: '2026-01-15', by: 'municipality', lastDay: '2026-02-01' }, '2026-04-15'],
    ['on the last day of a month that is too short', { on: '2025-11-30', by: 'partner' }, '2026-02-28'],
    ['which a leap year makes longer', { on: '2027-11-30', by: 'partner' }, '2028-02-29'],
  ] as const)('[R-AGR-1] notice ends it %s', (_, cancelled, last) => {
    expect(lastDayOf(agreement({ cancelled }))).toBe(last);
  });

  it('[R-AGR-1] notice after an end was agreed does not make it longer', () => {
    const over = { validTo: '2026-03-31', cancelled: { on: '2026-02-01', by: 'partner' } };
    expect(lastDayOf(agreement(over))).toBe('2026-03-31');
  });

  it('[R-AGR-1] says when and why it ends', () => {
    expect(explainEnd(agreement())).toBeUndefined();
    expect(explainEnd(agreement({ validTo: '2026-12-31' }))).toBe('afgesproken tot en met 31 december 2026');
    expect(explainEnd(agreement({ cancelled: { on: '2026-01-15', by: 'municipality' } }))).toBe(
      'opgezegd door de gemeente op 15 januari 2026, laatste dag 15 april 2026',
    );
  });

  it('[R-AGR-2] of several names the reason that came nearest, in any order', () => {
    const ended = agreement({ id: 'a', validTo: '2022-03-31' });
    const unsigned = agreement({ id: 'b', validFrom: '2022-04-01', signedByPartner: undefined });
    for (const both of [
      [ended, unsigned],
      [unsigned, ended],
    ])
      expect(on('2026-04-01', ...both)).toEqual({ ok: false, error: 'NOT_SIGNED' });
    expect(on('2026-04-01', ended, unsigned, agreement({ id: 'c' }))).toMatchObject({ value: { id: 'c' } });
  });

  it('[R-AGR-2] in a gap between two says that the next has not begun', () => {
    const both = [
      agreement({ cancelled: { on: '2025-12-31', by: 'partner' } }),
      agreement({ id: 'opvolger', validFrom: '2026-06-01' }),
    ];
    expect(on('2026-03-31', ...both)).toMatchObject({ value: { id: 'haarlem-elan' } });
    expect(on('2026-04-01', ...both)).toEqual({ ok: false, error: 'NOT_STARTED' });
    expect(on('2026-06-01', ...both)).toMatchObject({ value: { id: 'opvolger' } });
  });

  it('[R-AGR-1] after notice of any day: active on at least 89 days more, and never after the last day', () => {
    const day = fc.integer({ min: 0, max: 3000 }).map((days) => addDays(IsoDate.parse('2021-04-01'), days));
    fc.assert(
      fc.property(day, (notice) => {
        const cancelled = agreement({ cancelled: { on: notice, by: 'partner' } });
        const last = lastDayOf(cancelled) ?? notice;
        expect(on(addDays(notice, 89), cancelled).ok).toBe(true);
        expect(on(last, cancelled).ok).toBe(true);
        expect(on(addDays(last, 1), cancelled).ok).toBe(false);
      }),
    );
  });
});
