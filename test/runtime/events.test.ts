import { describe, expect, it } from 'vitest';
import { UploadArrived } from '#runtime/events.ts';

/** As the user guide of GuardDuty shows it. */
const scanned = (scanStatus: string, scanResultDetails: unknown, object: object = {}) => ({
  version: '0',
  id: '72c7d362-737a-6dce-fc78-9e27a0171419',
  'detail-type': 'GuardDuty Malware Protection Object Scan Result',
  source: 'aws.guardduty',
  account: '111122223333',
  time: '2026-04-01T08:00:05Z',
  region: 'eu-west-1',
  resources: ['arn:aws:guardduty:eu-west-1:111122223333:malware-protection-plan/b4c7f464ab3a4EXAMPLE'],
  detail: {
    schemaVersion: '1.0',
    scanStatus,
    resourceType: 'S3_OBJECT',
    s3ObjectDetails: {
      bucketName: 'landing',
      objectKey: 'inbox/elan-wonen/april lijst +%é.csv',
      eTag: 'ASIAI44QH8DHBEXAMPLE',
      versionId: 'd41d8cd98f00b204e9800998eEXAMPLE',
      s3Throttled: false,
      ...object,
    },
    scanResultDetails,
  },
});
const result = (scanResultStatus: unknown, more: object = {}) => ({ scanResultStatus, threats: null, ...more });

describe('an upload arrives', () => {
  it('by S3, with its size and moment', () => {
    expect(
      UploadArrived.parse({
        source: 'aws.s3',
        'detail-type': 'Object Created',
        time: '2026-04-01T08:00:00Z',
        detail: {
          bucket: { name: 'landing' },
          object: { key: 'inbox/x/é+%.csv', size: 12, etag: 'e', 'version-id': 'v1', sequencer: '00' },
        },
      }),
    ).toEqual({
      bucket: 'landing',
      key: 'inbox/x/é+%.csv',
      versionId: 'v1',
      sizeBytes: 12,
      eventTime: '2026-04-01T08:00:00Z',
    });
  });

  it.each([
    ['COMPLETED', result('NO_THREATS_FOUND'), 'NO_THREATS_FOUND'],
    ['COMPLETED', result('THREATS_FOUND', { threats: [{ name: 'EICAR-Test-File (not a virus)' }] }), 'THREATS_FOUND'],
    ['SKIPPED', result('UNSUPPORTED', { statusReasons: ['PASSWORD_PROTECTED'] }), 'UNSUPPORTED'],
    ['SKIPPED', result('ACCESS_DENIED'), 'ACCESS_DENIED'],
    ['FAILED', result('FAILED'), 'FAILED'],
    ['SKIPPED', result('NO_THREATS_FOUND'), 'FAILED'],
    ['COMPLETED', result(null), 'FAILED'],
    ['COMPLETED', null, 'FAILED'],
    ['COMPLETED', undefined, 'FAILED'],
    ['COMPLETED', result('CLEAN'), 'FAILED'],
    ['COMPLETED', result('RELEASED'), 'FAILED'],
    ['COMPLETED', result('toString'), 'FAILED'],
  ])('[R-PRI-6] by the scan: %s with %o is %s', (status, details, verdict) => {
    expect(UploadArrived.parse(scanned(status, details))).toEqual({
      bucket: 'landing',
      key: 'inbox/elan-wonen/april lijst +%é.csv',
      versionId: 'd41d8cd98f00b204e9800998eEXAMPLE',
      scan: { verdict, at: '2026-04-01T08:00:05.000Z' },
    });
  });

  it('nothing else is taken for one', () => {
    const clean = scanned('COMPLETED', result('NO_THREATS_FOUND'));
    for (const event of [
      { ...clean, source: 'aws.s3' },
      { ...clean, 'detail-type': 'GuardDuty Malware Protection Resource Status Active' },
      { ...clean, time: 'yesterday' },
      { ...clean, detail: { ...clean.detail, scanStatus: undefined } },
      { ...clean, detail: { ...clean.detail, s3ObjectDetails: {} } },
    ])
      expect(UploadArrived.safeParse(event).success).toBe(false);
  });
});
