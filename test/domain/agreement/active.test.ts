import { describe, expect, it } from 'vitest';
import { activeAgreement } from '#domain/agreement/active.ts';
import { Agreement } from '#domain/agreement/configuration.ts';
import { IsoDate, MunicipalityCode } from '#domain/ids.ts';

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
    policy: 'haarlem',
    ...over,
  });
const on = (date: string, ...agreements: Agreement[]) =>
  activeAgreement(agreements, haarlem, IsoDate.parse(date), 'meldpunt');

describe('the agreement that counts', () => {
  it('[R-AGR-1] counts from its first day, and without an end for ever: it is renewed tacitly', () => {
    expect(on('2021-04-01', agreement())).toMatchObject({ ok: true, value: { id: 'haarlem-elan' } });
    expect(on('2035-01-01', agreement())).toMatchObject({ ok: true });
  });

  it.each([
    ['NONE', '2026-04-01', { municipality: '0473' }],
    ['NOT_STARTED', '2021-03-31', {}],
    ['ENDED', '2022-04-01', { validTo: '2022-03-31' }],
    ['NOT_SIGNED', '2026-04-01', { signedByPartner: undefined }],
    ['NOT_SIGNED', '2026-04-01', { signedByMunicipality: undefined }],
    ['NOT_SIGNED', '2026-04-01', { signedByPartner: '2026-04-02' }],
    ['OTHER_MELDPUNT', '2026-04-01', { meldpunt: 'een ander' }],
  ] as const)('[R-AGR-2] %s on %s', (error, date, over) => {
    expect(on(date, agreement(over))).toEqual({ ok: false, error });
  });

  it('[R-AGR-1] counts on its last day', () => {
    expect(on('2022-03-31', agreement({ validTo: '2022-03-31' }))).toMatchObject({ ok: true });
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
});
