import { describe, expect, it } from 'vitest';
import { Agreement } from '#domain/agreement/configuration.ts';
import { lostToMergers } from '#domain/agreement/merging.ts';
import { IsoDate } from '#domain/ids.ts';
import { configuration } from '#test/support/configuration.ts';

const [first] = configuration.agreements;
const agreement = (id: string, over: object = {}): Agreement => Agreement.parse({ ...first, id, ...over });
const wijdemeren = agreement('wijdemeren', { municipality: '1696' });
const hilversum = { municipality: '0402', validFrom: '2026-01-01' };
const lost = (on: string, ...agreements: Agreement[]) =>
  lostToMergers({ agreements, meldpunt: 'meldpunt' }, IsoDate.parse(on));

describe('[R-ROU-2][R-AGR-2] agreements with a municipality that becomes part of another', () => {
  const WHY =
    'Wijdemeren is vanaf 1 januari 2027 deel van Hilversum (aangekondigd); daarmee heeft deze partner dan geen overeenkomst';

  it('are named when the partner has none with that one on the day', () => {
    expect(lost('2026-11-22', wijdemeren)).toEqual({ wijdemeren: WHY });
    expect(lost('2027-03-01', wijdemeren)).toEqual({ wijdemeren: WHY });
    expect(lost('2026-11-22', wijdemeren, agreement('h', { ...hilversum, partner: 'ymere' }))).toEqual({
      wijdemeren: WHY,
    });
    const late = { ...hilversum, validFrom: '2027-01-02' };
    expect(lost('2026-11-22', wijdemeren, agreement('h', late))).toEqual({ wijdemeren: WHY });
    expect(lost('2027-01-02', wijdemeren, agreement('h', late))).toEqual({});
  });

  it('are not when it has, or when they end before', () => {
    expect(lost('2026-11-22', wijdemeren, agreement('h', hilversum))).toEqual({});
    expect(lost('2026-11-22', agreement('w', { municipality: '1696', validTo: '2026-12-31' }))).toEqual({});
    expect(lost('2026-11-22', ...configuration.agreements)).toEqual({});
  });
});
