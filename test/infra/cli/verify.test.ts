import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Link } from '#domain/certificate/certificate.ts';
import { canonicalJson } from '#domain/matching/keys.ts';
import { meldpunt } from '#infra/cli/meldpunt.ts';
import { accepted, anew, certificatesOf, certifyRows, chainLines, signer } from '../../support/certificates.ts';
import { configuration } from '../../support/configuration.ts';
import { memoryPorts } from '../../support/memory/ports.ts';

/**
 * What a judge types, with files of a meldpunt that took a second key, and of a forger who made key, certificates and chain
 * of one's own: all of them hang together, and only a key or fingerprint from elsewhere tells them apart.
 */
describe('npx meldpunt verify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meldpunt-verify-'));
  const at = (name: string): string => join(folder, name);
  const [first, second, forger] = [signer(), signer(), signer()];

  beforeAll(async () => {
    const ports = memoryPorts({ configuration });
    for (const n of [1, 2]) {
      ports.clock.set(`2026-04-01T08:00:0${n}.000Z`);
      await certifyRows(ports, n, [accepted(10 * n)]);
    }
    await certifyRows(ports, 3, [accepted(30), accepted(31)]);
    const write = (name: string, lines: readonly string[]) =>
      writeFileSync(at(name), lines.map((line) => `${line}\n`).join(''));
    const world = (name: string, ...signers: readonly (typeof first)[]) => {
      const chain = anew(chainLines(ports), signers);
      write(`${name}-keten.ndjson`, chain);
      const of = (n: number) =>
        certificatesOf(ports, n).map(({ report, proof }) =>
          canonicalJson({ ...(JSON.parse(chain[n - 1] ?? '') as Link), report, proof }),
        );
      for (const n of [1, 2, 3]) write(`${name}-${n}.ndjson`, of(n));
    };
    world('echt', first, second, second);
    world('vals', forger, forger, forger);
    for (const [name, { pem }] of Object.entries({ first, second, forger })) writeFileSync(at(`${name}.pem`), pem);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const verify = async (...args: readonly string[]) => {
    const {
      code,
      out = '',
      error = '',
    } = await meldpunt(['verify', ...args.map((arg) => (/\.(ndjson|pem)$/.test(arg) ? at(arg) : arg))]);
    return { code, out, error, head: out.split('\n')[0], text: out.replaceAll(/\s+/g, ' ') };
  };
  const json = async (...args: readonly string[]) => {
    const { code, out } = await verify(...args, '--json');
    return [code, JSON.parse(out)];
  };

  it.each(['echt-1.ndjson', 'vals-1.ndjson'])(
    '[R-DEL-10] proves nothing without a key, whoever made it: %s',
    async (file) => {
      const { code, head, text } = await verify(file);
      expect([code, head]).toEqual([1, 'Van binnen klopt dit. Wie het ondertekende, is nog niet nagegaan.']);
      expect(text).toContain('LET OP: u gaf geen sleutel.');
      expect(text).toContain(' Wat erin staat ');
      expect(text).not.toMatch(/bewezen|Dit meldbewijs klopt/);
      expect(await json(file)).toMatchObject([
        1,
        { keyChecked: false, checked: 1, valid: 0, problems: [], proven: [], keys: [{ isGiven: false }] },
      ]);
    },
  );

  it('[R-DEL-10] with the key it says what is proven, and finds what somebody else signed', async () => {
    const held = await verify('echt-1.ndjson', '--key', 'first.pem');
    expect([held.code, held.head]).toEqual([0, 'Dit meldbewijs klopt.']);
    expect(held.text).toContain(' Wat is bewezen Melder Elan Wonen (elan-wonen) ');
    expect(held.text).toContain('Ondertekend met de sleutel die u gaf.');
    expect(held.text).toContain(
      'De melder mag de stappen per melding verklaren, of één keer voor een heel bestand. Welk van de twee het was, staat er niet in.',
    );
    expect(await json('echt-1.ndjson', '--key', 'first.pem')).toMatchObject([
      0,
      { keyChecked: true, checked: 1, valid: 1, problems: [], proven: [{ report: { reference: 'HC-10' } }] },
    ]);
    const forged = await verify('vals-1.ndjson', '--key', 'first.pem');
    expect([forged.code, forged.head]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
    expect(forged.text).toContain('Dit is met een andere sleutel ondertekend dan u gaf.');
    expect(await json('vals-1.ndjson', '--key', 'first.pem')).toMatchObject([
      1,
      { keyChecked: true, valid: 0, problems: [{ line: 1, problem: 'OTHER_KEY' }], proven: [] },
    ]);
  });

  it('[R-DEL-10] a chain of which every link is signed with another key is not whole', async () => {
    const forged = await verify('--chain', 'vals-keten.ndjson', '--key', 'first.pem', '--key', 'second.pem');
    expect([forged.code, forged.head]).toEqual([1, 'De keten die u gaf klopt NIET.']);
    expect(forged.text).toContain('KLOPT NIET nummer 1: Dit is met een andere sleutel ondertekend dan u gaf.');
    expect(forged.text).not.toContain('heel');
    expect(await json('--chain', 'vals-keten.ndjson', '--key', 'first.pem')).toMatchObject([
      1,
      { keyChecked: true, chain: { links: 0, problems: [{ sequence: 1, problem: 'OTHER_KEY' }] } },
    ]);
    // It is not held against a certificate that is real.
    const real = await verify('echt-1.ndjson', '--key', 'first.pem', '--chain', 'vals-keten.ndjson');
    expect([real.code, real.head]).toEqual([1, 'Dit meldbewijs klopt. De keten die u gaf klopt NIET.']);
    expect(real.text).not.toContain('in de keten die u gaf.');
  });

  it('[R-DEL-10] without a key a chain is not called whole but in itself', async () => {
    for (const chain of ['echt-keten.ndjson', 'vals-keten.ndjson']) {
      const { code, head, text } = await verify('--chain', chain);
      expect([code, head]).toEqual([1, 'Van binnen klopt dit. Wie het ondertekende, is nog niet nagegaan.']);
      expect(text).toContain('Van binnen is zij heel: elke verklaring sluit aan op de vorige. Wie haar ondertekende');
      expect(text).not.toContain('niets tussengevoegd');
    }
    const both = await verify('vals-3.ndjson', '--chain', 'vals-keten.ndjson');
    expect([both.code, both.head]).toEqual([1, 'Van binnen klopt dit. Wie het ondertekende, is nog niet nagegaan.']);
  });

  it('[R-DEL-10] after a key came another: all of them together prove the chain, one of them does not', async () => {
    const keys = ['--key', 'first.pem', '--key', 'second.pem'];
    const chain = await verify('--chain', 'echt-keten.ndjson', ...keys);
    expect([chain.code, chain.head]).toEqual([0, 'Deze keten klopt.']);
    expect(chain.text).toContain(
      'Zij is heel tot en met nummer 3: er is niets tussengevoegd, weggehaald of veranderd.',
    );
    const both = await verify('echt-3.ndjson', '--chain', 'echt-keten.ndjson', ...keys);
    expect([both.code, both.head]).toEqual([0, 'Alle 2 meldbewijzen kloppen.']);
    expect(both.text).toContain('Deze meldbewijzen staan in de keten die u gaf.');
    const half = await verify('--chain', 'echt-keten.ndjson', '--key', 'first.pem');
    expect(half.code).toBe(1);
    expect(half.text).toContain('KLOPT NIET nummer 2: Dit is met een andere sleutel ondertekend dan u gaf.');
    expect(half.text).toContain('Geef dan elke sleutel die het openbaar heeft gemaakt.');
  });

  it('[R-DEL-10] a fingerprint as it was published does what a key does', async () => {
    const groups = first.fingerprint.match(/.{8}/g)?.join(' ').toUpperCase() ?? '';
    for (const fingerprint of [first.fingerprint, groups])
      expect(await verify('echt-1.ndjson', '--vingerafdruk', fingerprint)).toMatchObject({
        code: 0,
        head: 'Dit meldbewijs klopt.',
      });
    expect((await verify('vals-1.ndjson', '--vingerafdruk', groups)).code).toBe(1);
    const two = ['--vingerafdruk', first.fingerprint, '--vingerafdruk', second.fingerprint];
    expect((await verify('--chain', 'echt-keten.ndjson', ...two)).code).toBe(0);
    expect((await verify('--chain', 'echt-keten.ndjson', ...two, '--key', 'second.pem')).code).toBe(0);
    // A key that came along with the certificate cannot slip in beside the fingerprint that was published.
    const slipped = await verify('vals-1.ndjson', '--vingerafdruk', first.fingerprint, '--key', 'forger.pem');
    expect([slipped.code, slipped.out]).toEqual([1, '']);
    expect(slipped.error).toBe(
      `De sleutel in ${at('forger.pem')} heeft niet de vingerafdruk die u gaf. Vertrouw hem niet.`,
    );
  });

  it.each(['', 'bcd7', `${'0'.repeat(63)}g`, '0'.repeat(65)])('refuses %j as a fingerprint', async (given) => {
    const { code, error } = await verify('echt-1.ndjson', `--vingerafdruk=${given}`);
    expect([code, error.split(':')[0]]).toEqual([2, '--vingerafdruk is een vingerafdruk (SHA-256)']);
  });

  it('takes only what may be given more often more than once', async () => {
    const { code, error } = await verify('--chain', 'echt-keten.ndjson', '--chain', 'vals-keten.ndjson');
    expect([code, error.split('\n')[0]]).toEqual([2, 'De optie --chain staat er twee keer.']);
  });
});
