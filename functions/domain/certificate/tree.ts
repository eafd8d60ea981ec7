import { z } from 'zod';

/**
 * Hash tree of RFC 6962: a leaf is SHA-256(0x00, bytes), a node SHA-256(0x01, left, right), so that no leaf can pass for a
 * node. Of an odd number the last one goes up as it is. One signature over the root covers every leaf, and a leaf is shown
 * to be under it by a hash per level, without showing another leaf.
 */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** SHA-256 in hexadecimal. */
export const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What stands beside the way from a leaf to the root, from below: on which side, and its hash. */
export const Proof = z
  .array(z.union([z.strictObject({ left: Hash }), z.strictObject({ right: Hash })]))
  .max(64)
  .readonly();
export type Proof = z.infer<typeof Proof>;

const LENGTH = 32;
const encoder = new TextEncoder();

const DIGITS = encoder.encode('0123456789abcdef');
const decoder = new TextDecoder();

export const hex = (bytes: Uint8Array): string => {
  const digits = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < digits.length; i += 1)
    digits[i] = DIGITS[((bytes[i >> 1] ?? 0) >> (i % 2 === 0 ? 4 : 0)) & 15] ?? 0;
  return decoder.decode(digits);
};

export const unhex = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));

/** SHA-256 of a text in UTF-8, in hexadecimal. */
export const hashOf = (text: string, sha256: Sha256): string => hex(sha256(encoder.encode(text)));

const leafOf = (text: string, sha256: Sha256): Uint8Array => sha256(encoder.encode(`\0${text}`));

export interface Tree {
  /** The hash over all leaves, in hexadecimal. */
  readonly root: string;
  /** The way from one leaf to the root. */
  readonly proof: (index: number) => Proof;
}

const levelAbove = (level: Uint8Array, sha256: Sha256): Uint8Array => {
  const count = level.length / LENGTH;
  const above = new Uint8Array(Math.ceil(count / 2) * LENGTH);
  const node = new Uint8Array(1 + 2 * LENGTH);
  node[0] = 1;
  for (let i = 0; i + 1 < count; i += 2) {
    node.set(level.subarray(i * LENGTH, (i + 2) * LENGTH), 1);
    above.set(sha256(node), (i / 2) * LENGTH);
  }
  if (count % 2 === 1) above.set(level.subarray(-LENGTH), above.length - LENGTH);
  return above;
};

/** A tree of hashes that lie behind each other; one at least. */
const treeOver = (hashes: Uint8Array, sha256: Sha256): Tree => {
  const levels = [hashes];
  for (let top = hashes; top.length > LENGTH; ) {
    top = levelAbove(top, sha256);
    levels.push(top);
  }
  // Written out once: every hash stands in the proofs of all leaves below the one beside it.
  const written = levels.map(hex);
  const width = 2 * LENGTH;
  return {
    root: written.at(-1) ?? '',
    proof: (index) =>
      written.flatMap((level, height) => {
        const place = index >> height;
        const at = (place ^ 1) * width;
        if (at >= level.length) return [];
        const hash = level.slice(at, at + width);
        return [place % 2 === 1 ? { left: hash } : { right: hash }];
      }),
  };
};

/** The tree of these texts; one at least. Kept as hashes only. */
export const treeOf = (texts: readonly string[], sha256: Sha256): Tree => {
  const leaves = new Uint8Array(texts.length * LENGTH);
  for (const [i, text] of texts.entries()) leaves.set(leafOf(text, sha256), i * LENGTH);
  return treeOver(leaves, sha256);
};

/** One tree over the roots of others; the proof of a leaf goes on where that in its own tree ends. */
export const treeOfTrees = (trees: readonly Tree[], sha256: Sha256): Tree => {
  const roots = new Uint8Array(trees.length * LENGTH);
  for (const [i, { root }] of trees.entries()) roots.set(unhex(root), i * LENGTH);
  return treeOver(roots, sha256);
};

/** The root that a text has with this proof. */
export const rootWith = (text: string, proof: Proof, sha256: Sha256): string => {
  let hash = leafOf(text, sha256);
  for (const step of proof) {
    const [left, right] = 'left' in step ? [unhex(step.left), hash] : [hash, unhex(step.right)];
    hash = sha256(Uint8Array.of(1, ...left, ...right));
  }
  return hex(hash);
};
