import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];
/** COMPOSITE: over the checksums of the parts (base64 plus `-<parts>`). FULL_OBJECT: over the bytes. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';
export type Checksum = { readonly algorithm: ChecksumAlgorithm; readonly value: string; readonly type: ChecksumType };

export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

export const isChecksumAlgorithm = (text: string): text is ChecksumAlgorithm =>
  (CHECKSUM_ALGORITHMS as readonly string[]).includes(text);

/** A running digest over the bytes it is fed. */
export interface Digest {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

/** A digest of the given kind; the CRCs come out in big-endian order, as S3 writes them. */
export function openDigest(algorithm: ChecksumAlgorithm | 'MD5'): Digest {
  switch (algorithm) {
    case 'CRC32':
      return crc(4, (chunk, state) => [crc32(chunk, state[0]), 0]);
    case 'CRC32C':
      return crc(4, (chunk, state) => [crc32c(chunk, state[0]), 0]);
    case 'CRC64NVME':
      return crc(8, crc64);
    default: {
      const hash = createHash(algorithm);
      return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
    }
  }
}

/** Low and high 32 bits, both unsigned. */
type Words = readonly [low: number, high: number];

function crc(bytes: 4 | 8, step: (chunk: Uint8Array, state: Words) => Words): Digest {
  let state: Words = [0, 0];
  return {
    update(chunk) {
      state = step(chunk, state);
    },
    digest() {
      const out = Buffer.alloc(bytes);
      out.writeUInt32BE(state[0], bytes - 4);
      if (bytes === 8) out.writeUInt32BE(state[1], 0);
      return out;
    },
  };
}

// Castagnoli, reflected.
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(chunk: Uint8Array, previous: number): number {
  let value = ~previous;
  for (let i = 0; i < chunk.length; i++) {
    value = (value >>> 8) ^ (CRC32C_TABLE[(value ^ (chunk[i] as number)) & 0xff] as number);
  }
  return ~value >>> 0;
}

// CRC-64/NVME, reflected polynomial 0x9a6c9329ac4bc9b5, in two 32-bit halves: BigInt is a hundred times slower.
const LOW = new Uint32Array(256);
const HIGH = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let low = byte;
  let high = 0;
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (carry) {
      low ^= 0xac4bc9b5;
      high ^= 0x9a6c9329;
    }
  }
  LOW[byte] = low;
  HIGH[byte] = high;
}

function crc64(chunk: Uint8Array, state: Words): Words {
  let low = ~state[0];
  let high = ~state[1];
  for (let i = 0; i < chunk.length; i++) {
    const index = (low ^ (chunk[i] as number)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (LOW[index] as number);
    high = (high >>> 8) ^ (HIGH[index] as number);
  }
  return [~low >>> 0, ~high >>> 0];
}
