import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Proof, rootWith, treeOf, treeOfTrees } from '#domain/certificate/tree.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const H = (...parts: readonly (string | Uint8Array)[]): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();

/** The definition of RFC 6962, section 2.1, as it stands there: split at the largest power of two below n. */
const mth = (texts: readonly string[]): Buffer => {
  if (texts.length === 1) return H(Uint8Array.of(0), texts[0] ?? '');
  let k = 1;
  while (k * 2 < texts.length) k *= 2;
  return H(Uint8Array.of(1), mth(texts.slice(0, k)), mth(texts.slice(k)));
};

const texts = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `blad ${i} é`);

it('[R-DEL-10] the tree is that of RFC 6962: the roots of its public test vectors', () => {
  const leaves = ['', '\0', '\x10', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno'];
  expect(leaves.map((_, i) => treeOf(leaves.slice(0, i + 1), sha256).root)).toEqual([
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]);
});

it('[R-DEL-10] of 1 to 70 leaves: the root is the definition, and each leaf has a proof that holds for it and no other', () => {
  for (let count = 1; count <= 70; count += 1) {
    const all = texts(count);
    const { root, proof } = treeOf(all, sha256);
    expect(root, `root of ${count}`).toBe(mth(all).toString('hex'));
    for (const [i, text] of all.entries()) {
      expect(rootWith(text, proof(i), sha256), `leaf ${i} of ${count}`).toBe(root);
      expect(proof(i).length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)));
      const other = all[(i + 1) % count] ?? '';
      if (count > 1) expect(rootWith(other, proof(i), sha256)).not.toBe(root);
      expect(rootWith(`${text}.`, proof(i), sha256)).not.toBe(root);
    }
  }
});

it('[R-DEL-10] a proof with a step changed, turned, left out or added holds for nothing', () => {
  const all = texts(13);
  const { root, proof } = treeOf(all, sha256);
  const good = proof(5);
  const turned = good.map((step) => ('left' in step ? { right: step.left } : { left: step.right }));
  const bad: Proof[] = [
    ...good.map((_, i) => good.filter((_, j) => j !== i)),
    ...good.map((_, i) => good.map((step, j) => (i === j ? (turned[j] ?? step) : step))),
    ...good.map((_, i) => good.map((step, j) => (i === j ? { left: '0'.repeat(64) } : step))),
    [...good, { left: '0'.repeat(64) }],
    [...good].reverse(),
    [],
  ];
  for (const steps of bad) expect(rootWith(all[5] ?? '', steps, sha256)).not.toBe(root);
});

it('[R-DEL-10] a node cannot pass for a leaf', () => {
  const [a = '', b = ''] = texts(2);
  const { root } = treeOf([a, b], sha256);
  const children = Buffer.concat([H(Uint8Array.of(0), a), H(Uint8Array.of(0), b)]);
  expect(H(Uint8Array.of(1), children).toString('hex')).toBe(root);
  expect(H(Uint8Array.of(0), children).toString('hex')).not.toBe(root);
});

it('[R-DEL-10][R-AGR-5] a tree over trees: a proof goes on where it ended, and its length tells nothing of the other trees', () => {
  const small = treeOf(['a'], sha256);
  for (const size of [1, 2, 70]) {
    const large = treeOf(texts(size), sha256);
    const whole = treeOfTrees([small, large], sha256);
    expect(whole.root).toBe(
      H(Uint8Array.of(1), Buffer.from(small.root, 'hex'), Buffer.from(large.root, 'hex')).toString('hex'),
    );
    const proof = [...small.proof(0), ...whole.proof(0)];
    expect(proof).toHaveLength(1);
    expect(rootWith('a', proof, sha256)).toBe(whole.root);
    for (const [i, text] of texts(size).entries())
      expect(rootWith(text, [...large.proof(i), ...whole.proof(1)], sha256)).toBe(whole.root);
  }
  expect(treeOfTrees([small], sha256).root).toBe(small.root);
});
