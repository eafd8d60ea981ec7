import { describe, expect, it } from 'vitest';
import {
  FILE_REJECTION_CODES,
  REJECTION_REASONS,
  ROW_REJECTION_CODES,
  type RowRejectionCode,
  WARNING_CODES,
} from '#domain/delivery/delivery.ts';
import { addsUp, deliveryMail, NO_ROWS, receiptOf, refusalOf } from '#domain/delivery/receipt.ts';
import { adviceFor, FILE_ADVICE, ROW_ADVICE, rejectionRow, WARNING_ADVICE } from '#domain/delivery/rejection.ts';
import { DeliveringPartyId, DeliveryId, Instant } from '#domain/ids.ts';

const source = {
  deliveryId: DeliveryId.parse('0123456789ABCDEFGHJKMNPQRS'),
  party: DeliveringPartyId.parse('elan-wonen'),
  receivedAt: Instant.parse('2026-04-01T08:00:00.000Z'),
};
const closedAt = Instant.parse('2026-04-01T08:05:00.000Z');

describe('what we tell the partner', () => {
  it('[R-DEL-1] every code has a Dutch explanation and a remedy of its own', () => {
    const advice = [
      ...ROW_REJECTION_CODES.map((code) => ROW_ADVICE[code]),
      ...FILE_REJECTION_CODES.map((code) => FILE_ADVICE[code]),
      ...WARNING_CODES.map((code) => WARNING_ADVICE[code]),
    ];
    for (const { explanation, remedy } of advice) {
      expect(explanation).toMatch(/^[A-Z].+\.$/);
      expect(remedy).toMatch(/^[A-Z].+[.]$/);
      for (const sentence of explanation.split('. ')) expect(sentence.split(' ').length).toBeLessThan(25);
    }
    expect(new Set(advice.map(({ explanation }) => explanation)).size).toBe(advice.length);
    for (const reason of REJECTION_REASONS)
      expect(adviceFor({ code: 'NO_AGREEMENT', reason }).explanation).not.toBe(ROW_ADVICE.NO_AGREEMENT.explanation);
  });

  it('a refused row keeps the cells of the sender, and ours stand in their own columns', () => {
    const rejection = { line: 7, code: 'TOO_EARLY', column: 'vervaldatum', original: ['=1', 'a,b'] } as const;
    const row = rejectionRow(rejection, ',');
    expect(row).toBe(
      `7,TOO_EARLY,vervaldatum,${ROW_ADVICE.TOO_EARLY.explanation},${ROW_ADVICE.TOO_EARLY.remedy},'=1,"a,b"\r\n`,
    );
  });

  it('a receipt counts per code, most first, and says what to do next', () => {
    const counts = { ...NO_ROWS, read: 5, accepted: 2, refused: 3 };
    const rejections: Record<string, number> = { TOO_EARLY: 1, VALUE_MISSING: 2 } satisfies Partial<
      Record<RowRejectionCode, number>
    >;
    const receipt = receiptOf(source, 'ab', { counts, rejections, warnings: { ROUTE_PROBABLE: 1 } }, closedAt);
    expect(addsUp(counts)).toBe(true);
    expect(addsUp({ ...counts, unchanged: 1 })).toBe(false);
    expect(receipt.refusals.map(({ code, count }) => [code, count])).toEqual([
      ['VALUE_MISSING', 2],
      ['TOO_EARLY', 1],
    ]);
    expect(receipt.nextSteps.join(' ')).toMatch(/meldbewijzen.*rejected\.csv/s);
    const mail = deliveryMail('x@example.nl', receipt);
    expect(mail.subject).toContain('verwerkt');
    expect(mail.text).toMatch(/Gelezen regels: 5/);
    expect(mail.html).toMatch(/lang="nl"/);
  });

  it('a refused file says why, where, and that nothing was reported', () => {
    const receipt = refusalOf(source, undefined, { code: 'QUOTE_NEVER_CLOSED', line: 12 }, closedAt);
    expect(receipt).toMatchObject({ verdict: 'geweigerd', counts: NO_ROWS, file: { line: 12 } });
    expect(deliveryMail('x@example.nl', receipt).text).toMatch(/niets gemeld.*regel 12/s);
  });
});
