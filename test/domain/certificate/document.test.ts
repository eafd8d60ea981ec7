import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkChain, checker } from '#domain/certificate/verify.ts';
import { cryptography } from '#infra/cli/certificates.ts';
import { twinOf } from '../../support/certificates.ts';

/**
 * Follows infra/certificate.md as somebody would who has nothing but that page: by hand, with Node's own SHA-256 and ECDSA
 * and nothing of the project, and by the script on the page.
 */
const page = readFileSync('infra/certificate.md', 'utf8');
const [certificate = '', chain = '', script = ''] = [...page.matchAll(/```(?:json|sh)\n([\s\S]*?)\n```/g)].map(
  ([, block = '']) => block,
);
const told = [...page.matchAll(/^\| .* \| `([0-9a-f]{64})` \|$/gm)].map(([, hash]) => hash);

const sha256 = (...parts: readonly Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** Members of ours hold texts, whole numbers, null, lists and objects. */
// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
const text = (value: any): string => {
  if (Array.isArray(value)) return `[${value.map(text).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${text(value[name])}`).join(',')}}`;
};

describe('[R-DEL-10] infra/certificate.md', () => {
  const { report, proof, statement, signature, publicKey } = JSON.parse(certificate);

  it('can be followed by hand, and comes to what it says', () => {
    expect(text(JSON.parse(certificate))).toBe(certificate);
    const hashes = [sha256(Buffer.of(0), Buffer.from(text(report)))];
    for (const { left, right } of proof) {
      const soFar = hashes.at(-1) ?? Buffer.alloc(0);
      hashes.push(
        left === undefined
          ? sha256(Buffer.of(1), soFar, Buffer.from(right, 'hex'))
          : sha256(Buffer.of(1), Buffer.from(left, 'hex'), soFar),
      );
    }
    const key = Buffer.from(publicKey, 'base64');
    const statementHash = sha256(Buffer.from(text(statement))).toString('hex');
    expect([...hashes.map((hash) => hash.toString('hex')), statementHash, sha256(key).toString('hex')]).toEqual(told);
    expect(told[2]).toBe(statement.root);
    expect([report.deliveryId, report.receivedAt]).toEqual([statement.deliveryId, statement.receivedAt]);
    expect(told[4]).toBe(statement.key);
    const p256 = createPublicKey({ key, format: 'der', type: 'spki' });
    expect(verify('sha256', Buffer.from(text(statement)), p256, Buffer.from(signature, 'base64'))).toBe(true);
    let previous: string | null = null;
    for (const [i, line] of chain.split('\n').entries()) {
      const link = JSON.parse(line);
      expect([link.statement.sequence, link.statement.previous]).toEqual([i + 1, previous]);
      expect(verify('sha256', Buffer.from(text(link.statement)), p256, Buffer.from(link.signature, 'base64'))).toBe(
        true,
      );
      previous = sha256(Buffer.from(text(link.statement))).toString('hex');
    }
    expect(JSON.parse(chain.split('\n')[statement.sequence - 1] ?? '').statement).toEqual(statement);
  });

  it('agrees with our own check', () => {
    const trusted = new Set([told[4] ?? '']);
    const checked = checkChain(chain.split('\n'), cryptography, trusted);
    expect(checked.problems).toEqual([]);
    expect(checker(cryptography, { trusted, chain: checked })(certificate).problems).toEqual([]);
  });

  const has = (tool: string, ...asked: readonly string[]): boolean => spawnSync(tool, asked).status === 0;
  it.runIf(has('python3', '--version') && has('openssl', 'version'))(
    'its script finds the example right, and one letter changed wrong',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'meldpunt-certificate-'));
      const ran = (line: string) => {
        writeFileSync(join(folder, 'certificate.json'), `${line}\n`);
        writeFileSync(join(folder, 'chain.ndjson'), `${chain}\n`);
        const { status, stdout } = spawnSync('bash', ['-e', '-c', script], { cwd: folder, encoding: 'utf8' });
        return { status, stdout };
      };
      try {
        expect(ran(certificate)).toEqual({ status: 0, stdout: `fingerprint ${statement.key}\nVerified OK\n` });
        expect(ran(certificate.replace('2026-01-10', '2026-01-11')).status).not.toBe(0);
        expect(ran(certificate.replace(signature.slice(20, 24), 'AAAA')).status).not.toBe(0);
        expect(ran(certificate.replace(signature, twinOf(signature))).status).not.toBe(0);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
