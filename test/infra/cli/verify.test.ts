import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Link } from '#domain/certificate/certificate.ts';
import { certificatePage } from '#domain/certificate/page.ts';
import { canonicalJson } from '#domain/matching/keys.ts';
import { meldpunt } from '#infra/cli/meldpunt.ts';
import { accepted, anew, certificatesOf, certifyRows, chainLines, signer, twinOf } from '../../support/certificates.ts';
import { configuration } from '../../support/configuration.ts';
import { memoryPorts } from '../../support/memory/ports.ts';
import { run } from './run.ts';

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

  /** Writes a file to be verified with everything there is to hold it against, and verifies it. */
  const KEYS = ['--key', 'first.pem', '--key', 'second.pem'];
  const against = ['--chain', 'echt-keten.ndjson', ...KEYS];
  const given = (text: string, ...args: readonly string[]) => {
    writeFileSync(at('gegeven.ndjson'), text);
    return verify('gegeven.ndjson', ...against, ...args);
  };
  /** The two real certificates of the third delivery, of HC-30 and HC-31. */
  const real = () => readFileSync(at('echt-3.ndjson'), 'utf8').trimEnd().split('\n');
  const HC30 = ['--referentie', 'HC-30'];

  it.each([
    ['newlines', '\n'.repeat(20)],
    ['more white space than is read at once', ' \r\n\t'.repeat(50_000)],
    ['a mark and white space', '\uFEFF\u00A0 \n'],
    ['white space of other scripts', '\u2003\u2028\u3000'],
  ])('[R-DEL-10] a forged page is a page behind %s, whatever real line stands on it', async (_, white) => {
    const [line = ''] = real();
    for (const forged of [
      `${white}<h1>Meldbewijs</h1><p>Jan Jansen, 9.999 euro</p><pre hidden>\n${line}\n</pre>`,
      `${white}<!-- -->\n${line}\n`,
    ])
      for (const filter of [[], HC30]) {
        const { code, head, text } = await given(forged, ...filter);
        expect([code, head]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
        expect(text).toContain('regel 1 Dit is geen meldbewijs zoals het meldpunt het schreef');
        expect(text).not.toContain('Wat is bewezen');
      }
  });

  it('[R-DEL-10] a page is compared whole, with what stands before and behind it', async () => {
    const page = certificatePage(JSON.parse(real()[0] ?? ''));
    for (const same of [page, `\uFEFF${page}`, page.replaceAll('\n', '\r\n')])
      expect(await given(same, ...HC30)).toMatchObject({ code: 0, head: 'Dit meldbewijs klopt.' });
    for (const other of [
      `\n${page}`,
      `${page}\n`,
      `${page}${real()[1]}\n`,
      page.replace('<h1>', '<p>Jan Jansen</p><h1>'),
    ])
      for (const filter of [[], HC30]) {
        const { code, head, text } = await given(other, ...filter);
        expect([code, head]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
        expect(text).toContain('De tekst op deze pagina is niet die van het bewijs dat erin staat');
      }
  });

  it.each([
    'Dit bewijst dat Jan is gemeld.\n',
    '\u200B\n',
    '[]\n',
    '"reference":"HC-30"\n',
    '// \n',
    '%PDF-1.7\n',
    '\uFFFE\n',
  ])('[R-DEL-10] what is neither a page nor lines is refused: %j before a real line', async (words) => {
    for (const filter of [[], HC30]) {
      const { code, out, error } = await given(`${words}${real()[0]}\n`, ...filter);
      expect([code, out, error]).toEqual([
        1,
        '',
        `${at('gegeven.ndjson')} is geen bestand van het meldpunt: er staat iets anders in. Ga er niet op af.`,
      ]);
    }
  });

  it('[R-DEL-10] checks every line before it looks at the reference', async () => {
    const [one = '', two = ''] = real();
    const words = (line: number) => `regel ${line} Dit is geen meldbewijs zoals het meldpunt het schreef`;
    const filtered = await given(`${one}\n${two}\n`, ...HC30);
    expect([filtered.code, filtered.head]).toEqual([0, 'Dit meldbewijs klopt.']);
    expect(filtered.text).toContain('Niet meegeteld: 1 meldbewijs met een ander kenmerk.');
    for (const odd of [
      one.replace('"HC-30"', String.raw`"HC\u002d30"`),
      one.replace('"HC-30"', '"HC-30", "reference":"HC-31"'),
      'Dit bewijst dat Jan is gemeld.',
      '<h1>Meldbewijs</h1>',
      `${one} `,
      `\u2028${one}`,
      '{}',
    ])
      for (const [text, line] of [
        [`${one}\n${odd}\n`, 2],
        [`${one}\n\n${two}\r\n${odd}`, 4],
      ] as const) {
        const { code, head, text: said } = await given(text, ...HC30);
        expect([code, head]).toEqual([1, 'Van 2 meldbewijzen klopt er 1 NIET.']);
        expect(said).toContain(words(line));
      }
    // Nothing has the reference, but what could not be read may have had it.
    const none = await given(`${two}\n{\n`, ...HC30);
    expect([none.code, none.head]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
    const absent = await given(`${two}\n`, ...HC30);
    expect([absent.code, absent.error]).toEqual([1, 'In dit bestand staat geen meldbewijs met dit kenmerk.']);
    // Nor is a page made of a line while another cannot be read.
    writeFileSync(at('gegeven.ndjson'), `${one}\n${one.replace('"HC-30"', String.raw`"HC\u002d30"`)}\n`);
    expect(await meldpunt(['certificate', at('gegeven.ndjson'), ...HC30])).toMatchObject({ code: 1 });
  });

  it('[R-DEL-10] refuses the other signature that anybody can make of ours', async () => {
    const [one = ''] = real();
    const { signature } = JSON.parse(one) as Link;
    const { code, head, text } = await given(`${one.replace(signature, twinOf(signature))}\n`);
    expect([code, head]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
    expect(text).toContain('De handtekening is omgerekend (hoge s)');
  });

  it('[R-DEL-10] counts the same certificate once, and says that it came twice', async () => {
    const [one = '', two = ''] = real();
    const twice = await given(`${one}\n${one}\n`);
    expect([twice.code, twice.head]).toEqual([0, 'Dit meldbewijs klopt.']);
    expect(twice.text).toContain(
      'Staat er vaker in regel 2 HC-30 hetzelfde meldbewijs als op regel 1; het telt één keer',
    );
    const more = await given(`${one}\n${two}\n${two}\n${one}\n${two}\n`);
    expect([more.code, more.head]).toEqual([0, 'Alle 2 meldbewijzen kloppen.']);
    const { out } = await given(`${one}\n${two}\n${one}\n`, '--json');
    expect(JSON.parse(out)).toMatchObject({
      checked: 2,
      valid: 2,
      repeats: 1,
      repeated: [{ line: 3, reference: 'HC-30', before: 1 }],
      proven: [{ report: { reference: 'HC-30' } }, { report: { reference: 'HC-31' } }],
    });
    // One that does not hold is not made good by one that does.
    const spoiled = await given(`${one}\n${one.replace('"0392"', '"0393"')}\n`);
    expect([spoiled.code, spoiled.head]).toEqual([1, 'Van 2 meldbewijzen klopt er 1 NIET.']);
    writeFileSync(at('gegeven.ndjson'), `${one}\n${one}\n`);
    expect(await meldpunt(['certificate', at('gegeven.ndjson'), ...HC30])).toMatchObject({ code: 0 });
  });

  it('[R-DEL-10] reads all keys of a PEM file, with remarks between them', async () => {
    writeFileSync(at('alle.pem'), `Vingerafdruk: een\n${first.pem}\r\nVingerafdruk: twee\n${second.pem}`);
    expect((await verify('--chain', 'echt-keten.ndjson', '--key', 'alle.pem')).head).toBe('Deze keten klopt.');
    const two = ['--vingerafdruk', first.fingerprint, '--vingerafdruk', second.fingerprint];
    expect((await verify('echt-3.ndjson', ...two, '--key', 'alle.pem')).code).toBe(0);
    // The second key of a file cannot slip in beside a fingerprint either.
    writeFileSync(at('half.pem'), first.pem + forger.pem);
    const slipped = await verify('vals-1.ndjson', '--vingerafdruk', first.fingerprint, '--key', 'half.pem');
    expect([slipped.code, slipped.out]).toEqual([1, '']);
    const large = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'pem', type: 'spki' });
    for (const wrong of [
      `${first.pem}${large}`,
      `${first.pem}-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n`,
      `${first.pem}-----BEGIN PUBLIC KEY-----\n`,
      `${first.pem}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`,
      'geen sleutel',
    ]) {
      writeFileSync(at('fout.pem'), wrong);
      const { code, error } = await verify('echt-1.ndjson', '--key', 'fout.pem');
      expect([code, error.split('\n')[0]]).toEqual([
        2,
        `In ${at('fout.pem')} staat geen openbare sleutel van een meldpunt (PEM, P-256), of ook iets anders.`,
      ]);
    }
  });

  it('[R-DEL-10] reads a file of 50,000 lines as it comes', async () => {
    const [one = '', two = ''] = real();
    writeFileSync(at('groot.ndjson'), `${`${one}\n`.repeat(49_999)}${two}\n`);
    // 60 MB, in a process that has no room for it.
    const args = [
      at('groot.ndjson'),
      '--chain',
      at('echt-keten.ndjson'),
      '--key',
      at('second.pem'),
      '--key',
      at('first.pem'),
    ];
    const { code, out } = await run(['verify', ...args, '--referentie', 'HC-31'], {
      NODE_OPTIONS: '--max-old-space-size=48',
    });
    expect([code, out.split('\n')[0]]).toEqual([0, 'Dit meldbewijs klopt.']);
    expect(out).toContain('Niet meegeteld: 49999 meldbewijzen met een ander kenmerk.');
  }, 60_000);

  it('takes only what may be given more often more than once', async () => {
    const { code, error } = await verify('--chain', 'echt-keten.ndjson', '--chain', 'vals-keten.ndjson');
    expect([code, error.split('\n')[0]]).toEqual([2, 'De optie --chain staat er twee keer.']);
  });
});
