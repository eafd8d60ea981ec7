import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodRow, Meldpunt } from '#test/support/meldpunt.ts';
import { type Ran, run, withOutputs } from './run.ts';

describe('npx meldpunt against the embedded cloud', () => {
  let meldpunt: Meldpunt;
  let [caseId, signalId, executionArn] = ['', '', ''];

  const command = (...args: readonly string[]): Promise<Ran> =>
    withOutputs(meldpunt.cloud.outputs, (path) =>
      run([...args, '--outputs', path], {
        AWS_ENDPOINT_URL: meldpunt.cloud.endpoint,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      }),
    );
  const outcome = (...args: readonly string[]) =>
    command('outcome', caseId, '--gemeente', '0392', '--door', 'w17', ...args);
  const accepted = [
    ...['--resultaat', 'Vervolghulp en/of verwijzing financieel', '--datum', '03-03-2026'],
    ...['--plan-van-aanpak', '03-03-2026', '--betaling-hervat', '01-04-2026', '--schuldenrust', 'j'],
  ];

  beforeAll(async () => {
    meldpunt = await Meldpunt.open('2026-03-02T08:00:00.000Z');
    await meldpunt.upload('elan-wonen', [goodRow()]);
    const [signal] = await meldpunt.signals('HC-1');
    [caseId, signalId] = [String(signal?.caseId), String(signal?.signalId)];
    executionArn = (await meldpunt.executions('SignalStateMachine'))[0]?.executionArn ?? '';
    await meldpunt.advanceTo('2026-03-03T09:00:00.000Z');
  });
  afterAll(() => meldpunt.close());

  it('loads a configuration, and says what is wrong with one', async () => {
    const loaded = await command('configure', `${process.cwd()}/infra/config/sample-configuration.json`);
    expect([loaded.code, loaded.error]).toEqual([0, '']);
    expect(JSON.parse(loaded.out)).toMatchObject({ loaded: { municipalities: expect.any(Number) } });
    const wrong = await command('configure', `${process.cwd()}/package.json`);
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.out).problems.length).toBeGreaterThan(0);
  });

  it('refuses what a file would be refused for', async () => {
    const { code, out } = await outcome('--resultaat', 'hulp', '--datum', '03-03-2026');
    expect(code).toBe(1);
    expect(out).toMatch(/^Afgekeurd: er is niets vastgelegd\.\n {2}uitleg {5}Dit resultaat staat niet in/);
    expect(out).toContain('  gaat over  --resultaat\n');
    const late = await outcome('--resultaat', 'Inwoner is overleden');
    expect([late.code, late.out]).toEqual([1, expect.stringContaining('  gaat over  --datum\n')]);
    const other = await command('outcome', caseId, '--gemeente', '0473', '--door', 'w17', '--fase', 'incasso');
    expect([other.code, other.out]).toEqual([1, expect.stringContaining('Deze zaak is niet van uw gemeente.')]);
  });

  it('[R-FEE-3] previews what the partner would read, and stores nothing', async () => {
    const before = await meldpunt.signals('HC-1');
    const { code, out, error } = await outcome(...accepted, '--voorbeeld');
    expect([code, error]).toEqual([0, '']);
    expect(out).toMatch(/^Voorbeeld: er is niets vastgelegd\. Zo zou het verwerkt worden\.\n/);
    expect(out).toContain('  elan-wonen HC-1  uitkomst: hulp geaccepteerd');
    await meldpunt.settle();
    expect(await meldpunt.signals('HC-1')).toEqual(before);
  });

  it('[R-FLO-6] takes an outcome, and knows it the second time', async () => {
    const taken = await outcome(...accepted);
    expect([taken.code, taken.error, taken.out.split('\n')[0]]).toEqual([0, '', 'Verwerkt.']);
    await meldpunt.settle();
    const [signal] = await meldpunt.signals('HC-1');
    expect(signal).toMatchObject({
      status: 'SUSPENDED',
      outcome: { result: 'Vervolghulp en/of verwijzing financieel', date: '2026-03-03', actionPlanOn: '2026-03-03' },
    });
    const again = await outcome(...accepted, '--json');
    expect([again.code, JSON.parse(again.out).answers]).toEqual([
      0,
      [expect.objectContaining({ line: 2, verdict: 'al bekend' })],
    ]);
  });

  it('[R-PRI-5] shows the signal without the person, by id and by execution, and with the person when asked why', async () => {
    const [byId, byArn] = [await command('signal', signalId), await command('signal', executionArn)];
    expect([byId.code, byId.error]).toEqual([0, '']);
    expect(byArn.out).toBe(byId.out);
    expect(byId.out).toContain('  stand       schuldenrust\n');
    expect(byId.out).toContain(executionArn);
    expect(byId.out).toMatch(/uitkomst vastgelegd.*, door w17/);
    expect(byId.out).not.toContain('Vreugdenhil');
    const person = await command('signal', signalId, '--door', 'w17', '--doel', 'inwoner belt terug');
    expect(person.out).toContain('  naam           P. van der Vreugdenhil\n');
    const unknown = await command('signal', '0000000000000000-2603');
    expect([unknown.code, unknown.error]).toEqual([1, 'Dit signaal is er niet, of niet meer.\n']);
  });
});
