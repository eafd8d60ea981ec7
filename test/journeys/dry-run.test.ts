import { readFileSync } from 'node:fs';
import { ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meldpunt as command } from '#infra/cli/meldpunt.ts';
import { sampleFile } from '../support/configuration.ts';
import { csvOf, goodRow, Meldpunt, type Receipt, type Row } from '../support/meldpunt.ts';

/** Passes the 11-proof: the number everybody tests with. */
const BSN = '123456782';
const withdrawal = (referentie: string): Row => ({ referentie, actie: 'intrekken', reden: 'betaald' });

describe('a dry run', () => {
  let meldpunt: Meldpunt;
  let house = 300;
  const row = (referentie: string, over: Row = {}): Row => {
    house += 1;
    return goodRow({ referentie, huisnummer: String(house), ...over });
  };

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-04-01T09:00:00+02:00');
  });
  afterAll(() => meldpunt?.close());

  /** Every version of every object, with what is in it. */
  const objects = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const output of ['LandingBucket', 'ExchangeBucket'] as const) {
      const { Versions = [], DeleteMarkers = [] } = await meldpunt.s3.send(
        new ListObjectVersionsCommand({ Bucket: meldpunt.output(output) }),
      );
      for (const { Key, VersionId, ETag } of Versions) found.push(`${output} ${Key} ${VersionId} ${ETag}`);
      for (const { Key, VersionId } of DeleteMarkers) found.push(`${output} ${Key} ${VersionId} marker`);
    }
    return found.sort();
  };
  const executions = async () =>
    (await Promise.all([meldpunt.executions('DeliveryStateMachine'), meldpunt.executions('SignalStateMachine')]))
      .flat()
      .map(({ name, status }) => `${name} ${status}`)
      .sort();
  const stored = async () => (await meldpunt.items()).map((item) => JSON.stringify(item)).sort();
  const added = (before: readonly string[], after: readonly string[]) => after.filter((each) => !before.includes(each));

  /** Drops a file under `check/`; answers where its answer lies, and the event again. */
  const drop = async (party: string, body: string) => {
    const key = `check/${party}/proef +%é.csv`;
    const bucket = meldpunt.output('LandingBucket');
    const before = await meldpunt.keys('checks/');
    const { VersionId } = await meldpunt.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    await meldpunt.settle();
    const keys = added(before, await meldpunt.keys('checks/'));
    const folder = keys[0]?.replace(/[^/]*$/, '') ?? '';
    const name = meldpunt.cloud.plan.functions.find((each) => each.name.includes('check-delivery'))?.name ?? '';
    const again = () =>
      meldpunt.cloud.invoke(name, {
        source: 'aws.s3',
        'detail-type': 'Object Created',
        time: meldpunt.cloud.clock.iso(),
        detail: { bucket: { name: bucket }, object: { key, size: body.length, 'version-id': VersionId } },
      });
    const receipt = JSON.parse((await meldpunt.read(`${folder}receipt.json`)) ?? 'null') as Receipt;
    return { keys: keys.map((each) => each.slice(folder.length)), folder, receipt, again };
  };

  it('[R-DEL-11] the full report of every row, nothing stored, and the delivery then gives the same', async () => {
    const rows = ['GELIJK', 'ANDERS', 'BETAALD', 'TERUG', 'VERHUISD'].map((name) => row(name));
    const [same, other, , back, moved] = rows as [Row, Row, Row, Row, Row];
    await meldpunt.upload('elan-wonen', rows);
    await meldpunt.upload('elan-wonen', [withdrawal('TERUG')]);
    const before = { stored: await stored(), objects: await objects(), executions: await executions() };
    const mailsBefore = await meldpunt.mails();
    const fresh = row('NIEUW');
    const file = csvOf([
      same,
      { ...other, bedrag: '99,00' },
      withdrawal('BETAALD'),
      { ...back, telefoon: '12' },
      { ...moved, postcode: '2042 LK', woonplaats: 'Zandvoort' },
      fresh,
      fresh,
      withdrawal('NOOIT'),
      row('FOUT', { postcode: 'geen' }),
      row('BEZWAAR', { bezwaar: 'j', achternaam: 'Verzwegen' }),
      row('BSN', { klantnummer: BSN }),
    ]);
    const { keys, folder, receipt, again } = await drop('elan-wonen', file);

    expect(keys).toEqual(['receipt.html', 'receipt.json', 'rejected.csv']);
    expect(folder).toMatch(/^checks\/elan-wonen\/[0-9A-Z]{26}\/$/);
    const counts = { read: 11, accepted: 3, corrected: 2, refused: 5, unchanged: 2, withdrawn: 1 };
    expect(receipt).toMatchObject({ verdict: 'gecontroleerd', counts });
    const refused = (await meldpunt.rows(`${folder}rejected.csv`)).map(({ regel, code }) => [regel, code]);
    expect(refused).toEqual([
      ['5', 'SIGNAL_WITHDRAWN'],
      ['9', 'WITHDRAWAL_UNKNOWN'],
      ['10', 'POSTCODE_INVALID'],
      ['11', 'RESIDENT_OBJECTED'],
      ['12', 'BSN_IN_FIELD'],
    ]);
    const page = await meldpunt.read(`${folder}receipt.html`);
    expect(page).toContain('Er is niets gemeld. Van uw bestand wordt niets bewaard.');
    // 27 days after it was answered.
    expect(page).toContain('<th scope="row">Dit antwoord staat klaar</th><td class="d">28 april 2026</td>');
    // A telephone number that cannot exist, in a row that is refused because it was withdrawn.
    expect(receipt.warnings).toEqual([]);

    // Of all that is kept only the answer is new, and that its mail went out.
    const after = { stored: await stored(), objects: await objects(), executions: await executions() };
    expect(added(after.objects, before.objects)).toEqual([]);
    expect(added(before.objects, after.objects).map((each) => each.split(' ')[1])).toEqual(
      keys.map((each) => `${folder}${each}`),
    );
    expect(after.executions).toEqual(before.executions);
    expect(added(after.stored, before.stored)).toEqual([]);
    expect([...new Set(added(before.stored, after.stored).map((each) => JSON.parse(each).pk))]).toEqual([
      expect.stringMatching(/^MARK#check-[0-9A-Z]{26}$/),
    ]);
    const mails = added(mailsBefore, await meldpunt.mails());
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^Subject: Uw proef [0-9A-Z]{26} is nagekeken/m);
    expect(mails[0]).not.toMatch(/Verzwegen|Vreugdenhil|2011/);
    const kept = await Promise.all((await meldpunt.keys()).map((key) => meldpunt.read(key)));
    expect(kept.filter((text) => text?.includes(BSN))).toEqual([]);

    // EventBridge delivers at least once.
    expect(await again()).toMatchObject({ ok: true });
    expect(await objects()).toEqual(after.objects);
    expect(await stored()).toEqual(after.stored);
    expect(await meldpunt.mails()).toHaveLength(mailsBefore.length + 1);

    const real = await meldpunt.upload('elan-wonen', file, 'echt.csv');
    expect(real).toMatchObject({ verdict: 'verwerkt', counts });
    expect([real.refusals, real.warnings]).toEqual([receipt.refusals, receipt.warnings]);
    const really = await meldpunt.rows(`partners/elan-wonen/deliveries/${real.deliveryId}/rejected.csv`);
    expect(new Set(really.map(({ regel, code }) => `${regel} ${code}`))).toEqual(
      new Set(refused.map(([regel, code]) => `${regel} ${code}`)),
    );
  });

  it('[R-DEL-11] where no party is, and what is no delivery: refused, erased, and no certificate anywhere', async () => {
    const mails = (await meldpunt.mails()).length;
    const nobody = await drop('niemand', csvOf([row('X')]));
    expect(nobody.receipt).toMatchObject({ party: 'onbekend', verdict: 'geweigerd', file: { code: 'PARTY_UNKNOWN' } });
    expect(nobody.folder).toMatch(/^checks\/onbekend\//);
    expect(await meldpunt.mails()).toHaveLength(mails);
    const picture = await drop('ymere', '\u0089PNG\r\n');
    expect(picture.receipt).toMatchObject({ verdict: 'geweigerd', counts: { read: 0 } });
    expect(await meldpunt.keys('check/', 'LandingBucket')).toEqual([]);
    expect((await meldpunt.keys('checks/')).filter((key) => key.includes('certificates'))).toEqual([]);
  });

  it('[R-DEL-11] npx meldpunt check says the same, on the sender’s own machine', async () => {
    const sample = 'infra/config/sample-delivery.csv';
    const { receipt } = await drop('pre-wonen', readFileSync(sample, 'utf8'));
    expect(receipt).toMatchObject({ counts: { read: 6, accepted: 3, refused: 3 } });
    const against = ['--instellingen', sampleFile, '--partij', 'pre-wonen', '--op', '2026-04-01'];
    const { code, out = '' } = await command(['check', sample, ...against, '--json']);
    const { counts, refusals, warnings } = JSON.parse(out) as Receipt;
    expect(code).toBe(1);
    expect({ counts, refusals, warnings }).toEqual({
      counts: receipt.counts,
      refusals: receipt.refusals,
      warnings: receipt.warnings,
    });
  });
});
