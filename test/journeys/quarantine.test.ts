import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meldpunt as command } from '#infra/cli/meldpunt.ts';
import { withOutputs } from '../infra/cli/run.ts';
import { csvOf, goodRow, Meldpunt } from '../support/meldpunt.ts';
import { scanningAssembly } from '../support/scanning.ts';

describe('uploads under a malware scan', () => {
  let meldpunt: Meldpunt;
  let remove: () => Promise<void>;

  /** GuardDuty tells of the newest version of an object, `at` so many minutes past nine. */
  const verdict = async (key: string, result: string, at: number): Promise<void> => {
    const Bucket = meldpunt.output('LandingBucket');
    const { VersionId } = await meldpunt.s3.send(new HeadObjectCommand({ Bucket, Key: key }));
    const called = key.startsWith('check/') ? 'check-delivery' : 'receive-upload';
    const name = meldpunt.cloud.plan.functions.find((each) => each.name.includes(called))?.name;
    const answer = await meldpunt.cloud.invoke(name ?? '', {
      source: 'aws.guardduty',
      'detail-type': 'GuardDuty Malware Protection Object Scan Result',
      time: `2026-03-02T08:${String(at).padStart(2, '0')}:00Z`,
      detail: {
        schemaVersion: '1.0',
        scanStatus: result === 'UNSUPPORTED' ? 'SKIPPED' : 'COMPLETED',
        resourceType: 'S3_OBJECT',
        s3ObjectDetails: { bucketName: Bucket, objectKey: key, eTag: 'e', versionId: VersionId, s3Throttled: false },
        scanResultDetails: { scanResultStatus: result, threats: null },
      },
    });
    if (!answer.ok) throw new Error(answer.errorType);
    await meldpunt.settle();
  };
  const put = async (name: string, reference: string, folder = 'inbox'): Promise<string> => {
    const key = `${folder}/elan-wonen/${name}`;
    await meldpunt.put('LandingBucket', key, csvOf([goodRow({ referentie: reference })]));
    await meldpunt.settle();
    return key;
  };
  const receipts = async (folder = 'deliveries'): Promise<readonly Record<string, unknown>[]> => {
    const keys = await meldpunt.keys(`partners/elan-wonen/${folder}/`);
    const found = keys.filter((key) => key.endsWith('/receipt.json'));
    return Promise.all(found.map(async (key) => JSON.parse((await meldpunt.read(key)) ?? '')));
  };
  const held = async (): Promise<string> => {
    const [receipt] = (await receipts()).filter(({ verdict: said }) => said === 'geweigerd');
    return String(receipt?.deliveryId);
  };
  const say = (...args: string[]) =>
    withOutputs({ ...meldpunt.cloud.outputs, endpoint: meldpunt.cloud.endpoint }, (path) =>
      command([...args, '--outputs', path]),
    );
  const mails = async (subject: RegExp) => (await meldpunt.mails()).filter((mail) => subject.test(mail));

  beforeAll(async () => {
    const assembly = await scanningAssembly();
    remove = assembly.remove;
    meldpunt = await Meldpunt.open('2026-03-02T09:00:00+01:00', undefined, assembly.directory);
  });
  afterAll(async () => {
    await meldpunt?.close();
    await remove?.();
  });

  it('[R-PRI-6] nothing happens before there is a verdict; clean goes on, and twice clean goes on once', async () => {
    const key = await put('schoon.csv', 'QUA-1');
    await meldpunt.advanceTo('2026-03-02T09:10:00+01:00');
    expect(await receipts()).toEqual([]);
    await verdict(key, 'NO_THREATS_FOUND', 5);
    await verdict(key, 'NO_THREATS_FOUND', 5);
    await verdict(key, 'THREATS_FOUND', 4);
    expect(await receipts()).toMatchObject([
      { verdict: 'verwerkt', receivedAt: '2026-03-02T08:00:00.000Z', counts: { read: 1, accepted: 1 } },
    ]);
    expect(await meldpunt.executions('DeliveryStateMachine')).toHaveLength(1);
    expect(await meldpunt.signals('QUA-1')).toHaveLength(1);
  });

  it('[R-DEL-1][R-PRI-6] anything else waits: the sender hears at once that nothing was reported, and what to do', async () => {
    const key = await put('wachtwoord.csv', 'QUA-2');
    await verdict(key, 'UNSUPPORTED', 15);
    await verdict(key, 'NO_THREATS_FOUND', 14);
    const id = await held();
    expect(await receipts()).toContainEqual(
      expect.objectContaining({
        deliveryId: id,
        verdict: 'geweigerd',
        file: expect.objectContaining({
          code: 'FILE_IN_QUARANTINE',
          explanation: 'Wij konden niet vaststellen dat het bestand veilig is. Daarom hebben wij het niet geopend.',
        }),
      }),
    );
    const [mail, ...more] = await mails(/geweigerd/);
    expect(more).toEqual([]);
    expect(mail).toContain('veilig');
    expect(await meldpunt.signals('QUA-2')).toEqual([]);
    expect(await meldpunt.keys('inbox/', 'LandingBucket')).toContain(key);
  });

  it('[R-PRI-6] an operator lets it go: it is reported as received on the day it came', async () => {
    const id = await held();
    await meldpunt.advanceTo('2026-03-03T10:00:00+01:00');
    expect(await say('release', id.toLowerCase())).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Levering ${id} gaat door.`),
    });
    await meldpunt.settle();
    expect(await say('release', id)).toMatchObject({ code: 1, out: expect.stringContaining('niet in quarantaine') });
    expect((await receipts()).find(({ deliveryId }) => deliveryId === id)).toMatchObject({
      verdict: 'verwerkt',
      receivedAt: '2026-03-02T08:10:00.000Z',
    });
    expect(await meldpunt.signals('QUA-2')).toMatchObject([{ receivedAt: '2026-03-02T08:10:00.000Z' }]);
    expect(await mails(/is verwerkt/)).toHaveLength(2);
    const names = (await meldpunt.executions('DeliveryStateMachine')).map(({ name = '' }) => name);
    expect(names.filter((name) => name.startsWith(id)).sort()).toEqual([id, `${id}_2`]);
    expect(await meldpunt.executions('DeliveryStateMachine', 'FAILED')).toEqual([]);
  });

  it('[R-PRI-6] a new scan lets it go as well; what is erased never comes back', async () => {
    const again = await put('opnieuw.csv', 'QUA-3');
    await verdict(again, 'FAILED', 30);
    await verdict(again, 'NO_THREATS_FOUND', 31);
    expect(await meldpunt.signals('QUA-3')).toHaveLength(1);
    const virus = await put('virus.csv', 'QUA-4');
    await verdict(virus, 'THREATS_FOUND', 40);
    const id = await held();
    expect(await say('release', id, '--wissen')).toMatchObject({ code: 0, out: expect.stringContaining('is gewist') });
    expect(await meldpunt.keys('inbox/', 'LandingBucket')).not.toContain(virus);
    expect(await say('release', id)).toMatchObject({ code: 1, out: expect.stringContaining('is er niet meer') });
    expect(await say('release', 'virus.csv')).toMatchObject({ code: 2 });
    expect(await meldpunt.signals('QUA-4')).toEqual([]);
  });

  it('[R-DEL-11][R-PRI-6] what is only tried passes the same gate', async () => {
    const clean = await put('proef.csv', 'QUA-5', 'check');
    const infected = await put('proef-2.csv', 'QUA-6', 'check');
    await meldpunt.advanceTo('2026-03-03T11:00:00+01:00');
    expect(await meldpunt.keys('checks/')).toEqual([]);
    await verdict(clean, 'NO_THREATS_FOUND', 50);
    await verdict(infected, 'THREATS_FOUND', 51);
    const files = (await meldpunt.keys('checks/')).filter((key) => key.endsWith('/receipt.json'));
    const answers = await Promise.all(files.map(async (key) => JSON.parse((await meldpunt.read(key)) ?? '')));
    expect(answers.map(({ verdict: said, file }) => [said, file?.code]).sort()).toEqual([
      ['gecontroleerd', undefined],
      ['geweigerd', 'FILE_IN_QUARANTINE'],
    ]);
    expect(await meldpunt.keys('check/', 'LandingBucket')).toEqual([]);
  });

  it('[R-PRI-3] operations see how many and which, never the name of a file', async () => {
    const folder = meldpunt.cloud.logDirectory;
    const names = (await readdir(folder)).filter((name) => name.includes('receive-upload'));
    const log = (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
    expect(log.split('"UploadsQuarantined":1').length - 1).toBe(4);
    expect(log).toContain('"quarantined":true');
    expect(log).not.toMatch(/wachtwoord|virus|schoon|opnieuw\.csv/);
  });
});
