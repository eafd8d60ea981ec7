import { expect, it } from 'vitest';
import { certificateOf } from '#domain/certificate/certificate.ts';
import { signal } from '../../support/signal.ts';

it('[R-DEL-10] a meldbewijs proves the report and says nothing of the person', () => {
  const { signalId, caseId, municipality, partner, reference, socialCollection, delivery } = signal();
  const accepted = { line: 2, result: 'accepted', partner, reference, signalId, caseId, municipality } as const;
  const certificate = certificateOf({ ...accepted, socialCollection }, delivery);
  expect(Object.keys(certificate).sort()).toEqual([
    'deliveryId',
    'municipality',
    'partner',
    'receivedAt',
    'reference',
    'signalId',
    'socialCollection',
  ]);
  expect(certificate).toMatchObject({ signalId, reference: 'HC-1001', receivedAt: delivery.receivedAt });
});
