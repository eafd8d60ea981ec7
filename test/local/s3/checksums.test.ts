import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHECKSUM_ALGORITHMS, openDigest } from '../../../infra/local/s3/checksums.ts';

it('gives the published check values of the CRCs for "123456789"', () => {
  const check = { CRC32: 'cbf43926', CRC32C: 'e3069283', CRC64NVME: 'ae8b14860a799888' } as const;
  for (const algorithm of ['CRC32', 'CRC32C', 'CRC64NVME'] as const) {
    const digest = openDigest(algorithm);
    digest.update(Buffer.from('123456789'));
    expect(digest.digest().toString('hex')).toBe(check[algorithm]);
  }
});

it('does not depend on how the bytes are cut (property)', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CHECKSUM_ALGORITHMS), fc.array(fc.uint8Array()), (algorithm, pieces) => {
      const cut = openDigest(algorithm);
      for (const piece of pieces) cut.update(piece);
      const whole = openDigest(algorithm);
      whole.update(Buffer.concat(pieces));
      expect(cut.digest()).toEqual(whole.digest());
    }),
  );
});
