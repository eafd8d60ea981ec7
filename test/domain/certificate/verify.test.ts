import { beforeAll, describe, expect, it } from 'vitest';
import { certificateOn, certificatePage } from '#domain/certificate/page.ts';
import { lowS } from '#domain/certificate/signature.ts';
import { type Chain, checkChain, checker, type Trusted } from '#domain/certificate/verify.ts';
import { canonicalJson } from '#domain/matching/keys.ts';
import { cryptography } from '#infra/cli/certificates.ts';
import {
  accepted,
  anew,
  certificateLines,
  certificatesOf,
  certifyRows,
  chainLines,
  type Signer,
  signer,
  twinOf,
} from '../../support/certificates.ts';
import { configuration } from '../../support/configuration.ts';
import { memoryPorts } from '../../support/memory/ports.ts';

const lines = (n: number) => certificateLines(ports, n);
const ports = memoryPorts({ configuration });
let chain: readonly string[];
const check = (line: string, against: { trusted?: Trusted; chain?: Chain } = {}) =>
  checker(cryptography, against)(line).problems;
const whole = () => checkChain(chain, cryptography);

beforeAll(async () => {
  for (const n of [1, 2, 3, 4]) {
    ports.clock.set(`2026-04-01T08:00:0${n}.000Z`);
    await certifyRows(
      ports,
      n,
      [1, 2, 3, 4, 5].map((row) => accepted(10 * n + row)),
    );
  }
  chain = chainLines(ports);
});

/** Every place in a value, with the value there. */
const places = (value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]))
    : [path];
const at = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
const put = (value: unknown, path: readonly (string | number)[], leaf: unknown): unknown => {
  const copy = structuredClone(value);
  const parent = at(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  parent[path.at(-1) ?? ''] = leaf;
  return copy;
};
/** The same with one character changed for another of its kind: digits stay digits, so that the form stays right. */
const otherwise = (text: string, place: number): string => {
  const char = text[place] ?? '';
  const next = /\d/.test(char)
    ? String((Number(char) + 1) % 10)
    : char === 'a'
      ? 'b'
      : char === 'A'
        ? 'B'
        : char === 'b'
          ? 'c'
          : 'a';
  return text.slice(0, place) + next + text.slice(place + 1);
};

describe('[R-DEL-10] a certificate', () => {
  it('holds as it was written, by itself, with the key and in the chain', () => {
    const trusted = new Set(whole().keys.keys());
    for (const n of [1, 2, 3, 4])
      for (const line of lines(n)) expect(check(line, { trusted, chain: whole() })).toEqual([]);
  });

  it('does not hold when any character of any value is another', () => {
    const line = lines(2)[2] ?? '';
    const certificate: unknown = JSON.parse(line);
    let tried = 0;
    for (const path of places(certificate)) {
      const value = at(certificate, path);
      const changed =
        typeof value === 'string'
          ? Array.from({ length: value.length }, (_, i) => otherwise(value, i))
          : [typeof value === 'number' ? value + 1 : 'x'];
      for (const other of changed) {
        tried += 1;
        const tampered = canonicalJson(put(certificate, path, other));
        expect(check(tampered), `${path.join('.')} = ${other}`).not.toEqual([]);
      }
    }
    expect(tried).toBeGreaterThan(800);
  });

  it('does not hold with a field added, taken away, or written in another way', () => {
    const line = lines(2)[2] ?? '';
    const certificate = JSON.parse(line);
    for (const path of places(certificate)) {
      const less = structuredClone(certificate);
      delete (at(less, path.slice(0, -1)) as Record<string | number, unknown>)[path.at(-1) ?? ''];
      expect(check(canonicalJson(less)), `without ${path.join('.')}`).not.toEqual([]);
    }
    const { report, ...rest } = certificate;
    for (const other of [
      canonicalJson({ ...certificate, outcome: 'hulp' }),
      canonicalJson({ ...rest, report: { ...report, amount: 12 } }),
      JSON.stringify(certificate, undefined, 1),
      JSON.stringify({ statement: certificate.statement, ...certificate }),
      line.replace('"report":{', '"report":{"reference":"X",'),
      `${line} `,
      '{}',
      'null',
      '',
      '[',
    ])
      expect(check(other)).toEqual(['UNREADABLE']);
  });

  it('does not hold with the proof, the statement or the key of another', async () => {
    const [one, two] = certificatesOf(ports, 2);
    const [other] = certificatesOf(ports, 3);
    if (!one || !two || !other) throw new Error('nothing to test with');
    expect(check(canonicalJson({ ...one, proof: two.proof }))).toEqual(['REPORT_CHANGED']);
    expect(check(canonicalJson({ ...one, proof: [] }))).toEqual(['REPORT_CHANGED']);
    const { statement, signature } = other;
    expect(check(canonicalJson({ ...one, statement, signature }))).toEqual(['REPORT_CHANGED', 'OTHER_DELIVERY']);
    expect(check(canonicalJson({ ...one, signature }))).toEqual(['SIGNATURE_WRONG']);
    // A key of somebody else with a signature of their own under our words.
    const { generateKeyPairSync, sign } = await import('node:crypto');
    const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const der = theirs.publicKey.export({ format: 'der', type: 'spki' });
    const forged = (signed: object) => ({
      ...one,
      statement: signed,
      signature: Buffer.from(lowS(sign('sha256', Buffer.from(canonicalJson(signed)), theirs.privateKey))).toString(
        'base64',
      ),
      publicKey: der.toString('base64'),
    });
    expect(check(canonicalJson(forged(one.statement)))).toEqual(['KEY_DIFFERS']);
    const key = cryptography.fingerprint(der.toString('base64'));
    const whole = canonicalJson(forged({ ...one.statement, key }));
    // Whoever compares no fingerprint is fooled: that is why the command asks for it.
    expect(check(whole)).toEqual([]);
    expect(check(whole, { trusted: new Set([one.statement.key]) })).toEqual(['OTHER_KEY']);
    // Nor does it help to name our key above a signature of theirs.
    expect(check(canonicalJson(forged(one.statement)), { trusted: new Set([one.statement.key]) })).toEqual([
      'KEY_DIFFERS',
      'OTHER_KEY',
    ]);
    expect(check(whole, { trusted: new Set() })).toEqual(['OTHER_KEY']);
    expect(check(whole, { chain: checkChain(chainLines(ports), cryptography) })).toEqual(['NOT_IN_CHAIN']);
    const large = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const largeKey = large.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const signed = { ...one.statement, key: cryptography.fingerprint(largeKey) };
    const signature384 = sign('sha256', Buffer.from(canonicalJson(signed)), large.privateKey).toString('base64');
    expect(check(canonicalJson({ ...one, statement: signed, signature: signature384, publicKey: largeKey }))).toEqual([
      'SIGNATURE_WRONG',
    ]);
  });

  it('does not hold with the other signature that anybody can make of ours', () => {
    for (const n of [1, 2, 3, 4])
      for (const certificate of certificatesOf(ports, n)) {
        const signature = twinOf(certificate.signature);
        // It is one: by the mathematics it holds, as any tool will say.
        expect(cryptography.verifies(certificate.publicKey, canonicalJson(certificate.statement), signature)).toBe(
          true,
        );
        expect(check(canonicalJson({ ...certificate, signature }))).toEqual(['SIGNATURE_TWIN']);
      }
    const [first = '', ...more] = chain;
    const link = JSON.parse(first);
    const twin = canonicalJson({ ...link, signature: twinOf(link.signature) });
    expect(checkChain([twin, ...more], cryptography).problems).toEqual([{ sequence: 1, problem: 'SIGNATURE_TWIN' }]);
  });

  it('does not stand in a chain that ends before it', () => {
    const [line = ''] = lines(4);
    expect(check(line, { chain: checkChain(chain.slice(0, 3), cryptography) })).toEqual(['CHAIN_TOO_SHORT']);
  });
});

describe('[R-DEL-10] the chain', () => {
  const problems = (of: readonly string[]) => checkChain(of, cryptography).problems;

  it('is whole as it was published', () => {
    expect(whole()).toMatchObject({ links: 4, problems: [] });
    expect([...whole().keys.values()]).toEqual([1]);
  });

  it('shows a link that is missing, added, moved or changed', () => {
    const [one = '', two = '', three = '', four = ''] = chain;
    expect(problems([one, two, four])).toEqual([{ sequence: 3, problem: 'LINK_MISSING' }]);
    expect(problems([two, three, four])).toEqual([{ sequence: 1, problem: 'LINK_MISSING' }]);
    expect(problems([one, two, two, three, four])).toEqual([
      { sequence: 3, problem: 'LINK_MISSING' },
      { sequence: 3, problem: 'DELIVERY_TWICE' },
    ]);
    expect(problems([one, three, two, four])).toEqual([{ sequence: 2, problem: 'LINK_MISSING' }]);
    expect(problems([one, two, three.replace('08:00:03', '08:00:04'), four])).toEqual([
      { sequence: 3, problem: 'SIGNATURE_WRONG' },
    ]);
    expect(problems([one, '', three])).toEqual([{ sequence: 2, problem: 'UNREADABLE' }]);
  });

  it('shows a link that the meldpunt itself put in the place of another later', async () => {
    // Another history, signed with the real key.
    const rewritten = memoryPorts({ configuration, now: '2026-04-01T08:00:00.000Z' });
    await certifyRows(rewritten, 1, [accepted(99)]);
    const [, two = '', three = '', four = ''] = chain;
    const [other = ''] = chainLines(rewritten);
    expect(problems([other, two, three, four])).toEqual([{ sequence: 2, problem: 'LINK_CHANGED' }]);
    // And when it signs all that comes behind it anew, whoever holds a certificate of then sees it.
    await certifyRows(rewritten, 2, [accepted(21)]);
    const later = checkChain(chainLines(rewritten), cryptography);
    expect(later.problems).toEqual([]);
    for (const line of lines(2)) expect(check(line, { chain: later })).toEqual(['NOT_IN_CHAIN']);
  });

  it('of which a link is signed with a key that is not trusted is not whole, however well it hangs together', () => {
    const [ours, next, theirs] = [signer(), signer(), signer()];
    const by = (...signers: readonly Signer[]) => anew(chain, signers);
    const trusting = (...trusted: readonly Signer[]) => ({
      of: (links: readonly string[]) =>
        checkChain(links, cryptography, new Set(trusted.map(({ fingerprint }) => fingerprint))),
    });
    const forged = by(theirs, theirs, theirs, theirs);
    // Who trusts nobody sees no more than that it hangs together.
    expect(problems(forged)).toEqual([]);
    expect(trusting(ours).of(forged)).toMatchObject({ links: 0, problems: [{ sequence: 1, problem: 'OTHER_KEY' }] });
    // A chain goes on with a next key; whoever knows both finds it whole.
    const succeeded = by(ours, ours, next, next);
    expect(trusting(ours, next).of(succeeded).problems).toEqual([]);
    expect([...trusting(ours, next).of(succeeded).keys]).toEqual([
      [ours.fingerprint, 1],
      [next.fingerprint, 3],
    ]);
    expect(trusting(ours).of(succeeded).problems).toEqual([{ sequence: 3, problem: 'OTHER_KEY' }]);
    expect(trusting(ours, next).of(by(ours, next, theirs, next)).problems).toEqual([
      { sequence: 3, problem: 'OTHER_KEY' },
    ]);
  });

  it('never runs back in time, also when two clocks differ', async () => {
    const late = memoryPorts({ configuration, now: '2026-04-01T08:00:05.000Z' });
    await certifyRows(late, 1, [accepted(1)]);
    late.clock.set('2026-04-01T08:00:04.900Z');
    await certifyRows(late, 2, [accepted(2)]);
    expect(late.chain.items.map(({ statement }) => statement.signedAt)).toEqual([
      '2026-04-01T08:00:05.000Z',
      '2026-04-01T08:00:05.000Z',
    ]);
  });
});

describe('[R-DEL-10] the page', () => {
  it('carries the certificate to the letter, whatever the reference is', async () => {
    const odd = memoryPorts({ configuration });
    const references = [
      '</p><script>alert(1)</script>',
      '&lt;&amp;"\'',
      '<p class="code" id="meldbewijs">',
      'é\u2028😀',
    ];
    await certifyRows(
      odd,
      1,
      references.map((reference, n) => accepted(n + 1, { reference })),
    );
    for (const [i, certificate] of certificatesOf(odd, 1).entries()) {
      const page = certificatePage(certificate);
      expect(page).not.toContain('<script');
      expect(certificateOn(page)).toBe(certificateLines(odd, 1)[i]);
      expect(check(certificateOn(page) ?? '')).toEqual([]);
    }
    expect(certificateOn('<html></html>')).toBeUndefined();
    const [page = ''] = certificatesOf(odd, 1).map(certificatePage);
    expect(certificateOn(page + page)).toBeUndefined();
  });

  it('says in plain Dutch what was reported and what was attested', () => {
    const [certificate] = certificatesOf(ports, 1);
    const page = certificate ? certificatePage(certificate) : '';
    expect(page).not.toContain('vooraf deed');
    const text = page.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
    for (const words of [
      'Elan Wonen heeft een betalingsachterstand gemeld bij de gemeente Haarlem .',
      'Het meldpunt ontving de melding op 1 april 2026 om 09:59:58 uur',
      'Kenmerk van de melder HC-11',
      'Schriftelijke herinnering gestuurd gedaan op 10 januari 2026',
      'Gewezen op hulp bij schulden gedaan, zonder datum',
      'Nummer in de keten 1',
      'Wat de melder verklaarde Wie een achterstand meldt',
      'één keer voor een heel bestand. Welk van de twee het was, staat er niet in.',
      'bij het meldpunt zelf, niet bij wie u dit bewijs gaf.',
    ])
      expect(text).toContain(words);
    expect(page).not.toContain('Aangeleverd door');
  });
});
