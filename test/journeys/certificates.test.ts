import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Link } from '#domain/certificate/certificate.ts';
import { canonicalJson } from '#domain/matching/keys.ts';
import { type Ran, run, withOutputs } from '../infra/cli/run.ts';
import { anew, signer, twinOf } from '../support/certificates.ts';
import { goodRow, Meldpunt } from '../support/meldpunt.ts';

/** From the upload to the judge: certificates as the pipeline makes them, checked by the real command, and tampered with. */
describe('certificates', () => {
  let meldpunt: Meldpunt;
  let folder: string;
  let deliveries: readonly string[];
  let key: Ran;
  let chain: Ran;
  const row = (n: number, over = {}) => goodRow({ referentie: `HC-${n}`, huisnummer: String(n), ...over });
  const at = (name: string): string => join(folder, name);
  const certificates = async (deliveryId = ''): Promise<string> =>
    (await meldpunt.read(`partners/elan-wonen/deliveries/${deliveryId}/certificates.ndjson`)) ?? '';
  const operator = (...args: readonly string[]) =>
    withOutputs({ ...meldpunt.cloud.outputs, endpoint: meldpunt.cloud.endpoint }, (path) =>
      run([...args, '--outputs', path]),
    );
  /** What anybody does, without the installation. */
  const verify = (...args: readonly string[]) => run(['verify', ...args]);
  const against = () => ['--key', at('public.pem'), '--chain', at('keten.ndjson')];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meldpunt-certificates-'));
    meldpunt = await Meldpunt.open('2026-03-02T09:00:00+01:00');
    const first = await meldpunt.upload('elan-wonen', [row(1), row(2), row(3), row(4, { bedrag: 'veel' })]);
    await meldpunt.advanceTo('2026-03-02T10:00:00+01:00');
    // The second row is corrected, the others are unchanged.
    const second = await meldpunt.upload('elan-wonen', [row(1), row(2, { bedrag: '2.000,00' }), row(3)]);
    deliveries = [first, second].map(({ deliveryId }) => deliveryId);
    await writeFile(at('eerste.ndjson'), await certificates(deliveries[0]));
    await writeFile(at('tweede.ndjson'), await certificates(deliveries[1]));
    key = await operator('public-key');
    await writeFile(at('public.pem'), key.out);
    chain = await operator('chain', '--uit', at('keten.ndjson'));
  });
  afterAll(async () => {
    await meldpunt.close();
    await rm(folder, { recursive: true });
  });

  it('[R-DEL-10] every accepted signal has a certificate, a corrected one a new one, that anybody checks offline', async () => {
    expect([key.code, key.error]).toEqual([0, '']);
    expect([chain.code, chain.error]).toEqual([0, '']);
    expect(chain.out).toContain('leveringen  2\n');
    expect(chain.out).toContain('Van binnen is zij heel');
    const first = await verify(at('eerste.ndjson'), ...against());
    expect([first.code, first.error]).toEqual([0, '']);
    expect(first.out).toMatch(/^Alle 3 meldbewijzen kloppen\.\n/);
    expect(first.out).toContain('  HC-3  Elan Wonen meldde bij Haarlem, ontvangen 2 maart 2026 om 09:00:00 uur\n');
    expect(first.out).toContain('Zij is heel tot en met nummer 2: er is niets tussengevoegd, weggehaald of veranderd.');
    const second = await verify(at('tweede.ndjson'), ...against());
    expect([second.code, second.out.split('\n')[0]]).toEqual([0, 'Dit meldbewijs klopt.']);
    expect(second.out).toMatch(/Kenmerk van de melder {2}HC-2\n/);
    expect(second.out).toMatch(/Schriftelijke herinnering gestuurd +gedaan op 10 januari 2026\n/);
    expect(second.out).toMatch(/Nummer in de keten +2\n/);
    // Without a key nothing is proven, and it says what is left to do; the fingerprint is the one the meldpunt shows.
    const keyless = await verify(at('tweede.ndjson'), '--chain', at('keten.ndjson'));
    expect([keyless.code, keyless.out.split('\n')[0]]).toEqual([
      1,
      'Van binnen klopt dit. Wie het ondertekende, is nog niet nagegaan.',
    ]);
    expect(keyless.out).toContain('LET OP: u gaf geen sleutel.');
    const [fingerprint = 'none'] = /(?:[0-9a-f]{8} ){7}[0-9a-f]{8}/.exec(key.out) ?? [];
    expect(keyless.out).toContain(fingerprint);
    const published = await verify(at('tweede.ndjson'), '--vingerafdruk', fingerprint);
    expect([published.code, published.out.split('\n')[0]]).toEqual([0, 'Dit meldbewijs klopt.']);
  });

  it('[R-DEL-10] one letter changed, a link left out, another key: refused with what fails, exit code 1', async () => {
    const text = await certificates(deliveries[0]);
    for (const [from, to, says] of [
      ['"HC-2"', '"HC-8"', 'De melding hoort niet bij de ondertekende verklaring'],
      ['"reminder":"2026-01-10"', '"reminder":"2026-01-09"', 'De melding hoort niet bij de ondertekende verklaring'],
      ['"sequence":1', '"sequence":3', 'De handtekening klopt niet'],
      ['"name":"Haarlem"', '"name":"Heemstede"', 'De melding hoort niet bij de ondertekende verklaring'],
    ] as const) {
      expect(text).toContain(from);
      await writeFile(at('vervalst.ndjson'), text.replace(from, to));
      const { code, out } = await verify(at('vervalst.ndjson'), '--key', at('public.pem'));
      expect([code, out.split('\n')[0]]).toEqual([1, 'Van 3 meldbewijzen klopt er 1 NIET.']);
      expect(out.replaceAll(/\s+/g, ' ')).toContain(says);
    }
    const links = (await operator('chain')).out.trimEnd().split('\n');
    expect(links).toHaveLength(2);
    await writeFile(at('kort.ndjson'), `${links[1]}\n`);
    const gap = await verify(at('tweede.ndjson'), '--key', at('public.pem'), '--chain', at('kort.ndjson'));
    expect(gap.code).toBe(1);
    expect(gap.out).toContain('KLOPT NIET  nummer 1: Hier hoort een ander nummer te staan');
    await writeFile(at('ander.pem'), signer().pem);
    const other = await verify(at('tweede.ndjson'), '--key', at('ander.pem'));
    expect([other.code, other.out.split('\n')[0]]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
    expect(other.out).toContain('met een andere sleutel ondertekend');
    const json = await verify(at('vervalst.ndjson'), '--key', at('public.pem'), '--json');
    expect([json.code, JSON.parse(json.out)]).toMatchObject([
      1,
      { checked: 3, valid: 2, problems: [{ line: 1, problem: 'REPORT_CHANGED' }] },
    ]);
  });

  it('[R-DEL-10] who signs certificates and a whole chain with a key of their own convinces nobody', async () => {
    const forger = signer();
    const links = anew((await readFile(at('keten.ndjson'), 'utf8')).trimEnd().split('\n'), [forger, forger]);
    await writeFile(at('valse-keten.ndjson'), links.map((link) => `${link}\n`).join(''));
    const { report, proof } = JSON.parse(await certificates(deliveries[1]));
    const made = canonicalJson({ ...(JSON.parse(links[1] ?? '') as Link), report, proof });
    await writeFile(at('vals.ndjson'), `${made}\n`);
    const keyless = await verify(at('vals.ndjson'), '--chain', at('valse-keten.ndjson'), '--json');
    expect([keyless.code, JSON.parse(keyless.out)]).toMatchObject([1, { keyChecked: false, valid: 0, proven: [] }]);
    const certificate = await verify(at('vals.ndjson'), '--key', at('public.pem'));
    expect([certificate.code, certificate.out.split('\n')[0]]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
    const forged = await verify('--chain', at('valse-keten.ndjson'), '--key', at('public.pem'));
    expect([forged.code, forged.out.split('\n')[0]]).toEqual([1, 'De keten die u gaf klopt NIET.']);
    expect(forged.out).toContain('KLOPT NIET  nummer 1: Dit is met een andere sleutel ondertekend dan u gaf.');
  });

  it('[R-DEL-10] a page to print is checked like the line it was made of, and other words on it are found', async () => {
    const made = await run(['certificate', at('eerste.ndjson'), '--referentie', 'HC-2', '--uit', at('hc-2.html')]);
    expect([made.code, made.error]).toEqual([0, '']);
    const held = await verify(at('hc-2.html'), '--key', at('public.pem'));
    expect([held.code, held.out.split('\n')[0]]).toEqual([0, 'Dit meldbewijs klopt.']);
    const page = await readFile(at('hc-2.html'), 'utf8');
    expect(page).toContain('<h2>Wat de melder verklaarde</h2>');
    await writeFile(at('vervalst.html'), page.replace('2 maart 2026 om', '2 februari 2026 om'));
    const forged = await verify(at('vervalst.html'), '--key', at('public.pem'));
    expect([forged.code, forged.out.split('\n')[0]]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
    expect(forged.out.replaceAll(/\s+/g, ' ')).toContain('De tekst op deze pagina is niet die van het bewijs');
    // Nor does a real line help on a page of one's own, wherever the page starts and whatever is asked of it.
    const [line = ''] = (await certificates(deliveries[0])).split('\n');
    await writeFile(at('vals.html'), `${'\n'.repeat(20)}<h1>Meldbewijs</h1><p>Jan Jansen, 9.999 euro</p>\n${line}\n`);
    const own = await verify(at('vals.html'), ...against(), '--referentie', JSON.parse(line).report.reference);
    expect([own.code, own.out.split('\n')[0]]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
    const none = await run(['certificate', at('eerste.ndjson'), '--referentie', 'HC-4', '--uit', at('x.html')]);
    expect([none.code, none.error]).toEqual([1, 'In dit bestand staat geen meldbewijs met dit kenmerk.\n']);
  });

  it('[R-DEL-10] the signature is the one with the low s, and the other that anybody makes of it is refused', async () => {
    const text = await certificates(deliveries[1]);
    const { signature } = JSON.parse(text) as Link;
    await writeFile(at('omgerekend.ndjson'), text.replace(signature, twinOf(signature)));
    const { code, out } = await verify(at('omgerekend.ndjson'), ...against());
    expect([code, out.split('\n')[0]]).toEqual([1, 'Dit meldbewijs klopt NIET.']);
    expect(out).toContain('De handtekening is omgerekend (hoge s)');
  });

  it('[R-DEL-10] closing again gives the same certificates, and the same delivery gets no second link', async () => {
    const before = await Promise.all(deliveries.map(certificates));
    const close = meldpunt.cloud.plan.functions.find(({ name }) => name.includes('close-delivery'))?.name ?? '';
    for (const deliveryId of deliveries)
      expect(await meldpunt.cloud.invoke(close, { deliveryId })).toMatchObject({ ok: true });
    expect(await Promise.all(deliveries.map(certificates))).toEqual(before);
    expect((await meldpunt.items()).filter(({ pk }) => pk === 'CHAIN')).toHaveLength(2);
  });

  it('[R-DEL-10] a certificate and the chain hold no name, address, date of birth, contact or amount', async () => {
    const { referentie: _, woonplaats, ...personal } = row(1);
    const said = [await certificates(deliveries[0]), (await operator('chain')).out].join('\n');
    for (const value of [
      personal.achternaam,
      personal.straat,
      personal.postcode,
      '2011SN',
      '1981',
      '1.234',
      '123456',
      '5678',
    ])
      expect(said).not.toContain(value);
    expect(said).not.toMatch(/Vreugdenhil|example\.nl/);
    expect(woonplaats).toBe('Haarlem');
  });
});
