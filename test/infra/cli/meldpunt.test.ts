import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OUTCOME_COLUMNS } from '#domain/signal/outcome-line.ts';
import { meldpunt } from '#infra/cli/meldpunt.ts';
import { BIN, run, withOutputs } from './run.ts';

const CASE = '0392-2604-0123456789AB';
const SIGNAL = '0123456789ABCDEF-2604';

describe('npx meldpunt', () => {
  it('is the bin of this package, and can be run', () => {
    const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: Record<string, string> };
    expect(bin).toEqual({ meldpunt: 'infra/cli/bin.js' });
    expect(statSync(BIN).mode & 0o111).toBe(0o111);
  });

  it('starts from any folder, lists its commands, and uses no colour where nobody looks', async () => {
    const { code, out, error } = await run(['--help'], { FORCE_COLOR: '' });
    expect([code, error]).toEqual([0, '']);
    for (const name of ['configure', 'outcome', 'release', 'signal'])
      expect(out).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
    expect(out).not.toContain('\u001B');
  });

  it('ends with the code of what it says', async () => {
    const { code, out, error } = await run(['nonsense']);
    expect([code, out]).toEqual([2, '']);
    expect(error).toMatch(/^Die opdracht ken ik niet\./);
  });

  it.each(['configure', 'outcome', 'release', 'signal'])(
    'explains %s, with the options all commands have',
    async (name) => {
      const { code, out = '' } = await meldpunt([name, '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`^npx meldpunt ${name} `));
      expect(out).toContain('--json');
      expect(out).toContain('--outputs');
    },
  );

  it('has an option for every column of a file with outcomes', async () => {
    const { out = '' } = await meldpunt(['outcome', '--help']);
    const options = OUTCOME_COLUMNS.map((column) => `--${column.replaceAll('_', '-')}`);
    expect(options).toContain('--betaling-hervat');
    expect(options.filter((option) => !new RegExp(`^ +${option}$`, 'm').test(out))).toEqual([]);
  });

  const outcome = (...args: string[]) => ['outcome', CASE, '--gemeente', '0392', '--door', 'w17', ...args];
  it.each([
    [[], 'Noem een opdracht.'],
    [['constructor'], 'Die opdracht ken ik niet.'],
    [['configure'], 'Noem één bestand.'],
    [['release'], 'Noem één levering'],
    [['release', 'lijst.csv'], 'Noem één levering'],
    [['release', '0123456789ABCDEFGHJKMNPQRS', '--wissen=ja'], 'Achter --wissen hoort geen waarde.'],
    [['configure', '/nowhere.json'], 'Ik kan /nowhere.json niet lezen als JSON.'],
    [outcome('--resultat', 'x'), 'De optie --resultat ken ik niet.'],
    [outcome('--resultaat'), 'Achter --resultaat hoort een waarde.'],
    [outcome('--voorbeeld=ja'), 'Achter --voorbeeld hoort geen waarde.'],
    [outcome('--datum', '-1'), 'Schrijf dan --datum=waarde.'],
    [outcome('--door', 'w18'), 'De optie --door staat er twee keer.'],
    [outcome('--medewerker', 'w18'), 'U geeft twee keer medewerker.'],
    [outcome('--zaak', CASE), 'U geeft twee keer zaak.'],
    [outcome('Vervolghulp'), 'Noem één zaak of signaal'],
    [outcome('--wacht', 'lang'), '--wacht is een aantal seconden'],
    [['outcome', 'Jansen', '--gemeente', '0392', '--door', 'w17'], 'Dit is geen nummer van een zaak of signaal.'],
    [['outcome', '--gemeente', '0392', '--door', 'w17'], 'Noem een zaak of signaal van de werklijst.'],
    [['outcome', CASE, '--door', 'w17'], 'Zeg met --gemeente van welke gemeente het is'],
    [['outcome', CASE, '--gemeente', 'Haarlem', '--door', 'w17'], 'Zeg met --gemeente van welke gemeente het is'],
    [['outcome', CASE, '--gemeente', '0392'], 'Zeg met --door wie het deed.'],
    [['signal'], 'Noem één signaal'],
    [['signal', CASE], 'Noem één signaal'],
    [['signal', SIGNAL, SIGNAL], 'Noem één signaal'],
    [['signal', SIGNAL, '--doel', 'inwoner belt'], 'Geef --door en --doel samen'],
    [['signal', SIGNAL, '--door', 'w17'], 'Geef --door en --doel samen'],
    [['signal', SIGNAL, '--door', 'Piet Jansen', '--doel', 'inwoner belt'], 'Geef --door en --doel samen'],
    [['signal', SIGNAL, '--outputs', '/nowhere.json'], 'npm start'],
  ])('refuses %j as wrong use, before anything is sent', async (args, problem) => {
    const { code, out, error = '' } = await meldpunt(args);
    expect([code, out]).toEqual([2, undefined]);
    expect(error).toContain(problem);
  });

  it('repeats no value that was typed: it could be a name', async () => {
    const { error = '' } = await meldpunt(['outcome', 'Jansen', '--gemeente', 'Jansen', '--door', 'w17']);
    expect(error).not.toContain('Jansen');
  });

  it('says what is wrong to a machine too', async () => {
    const { code, error = '' } = await meldpunt(['signal', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(error)).toEqual({ error: 'Noem één signaal, of de naam of ARN van zijn uitvoering.' });
  });

  it('says plainly that nothing answers, or that the deployment has no such output', async () => {
    const nobody = { endpoint: 'http://127.0.0.1:9', ShowSignalFunction: 'f', SignalStateMachine: 'arn' };
    const ask = (outputs: object) => withOutputs(outputs, (path) => meldpunt(['signal', SIGNAL, '--outputs', path]));
    expect(await ask(nobody)).toEqual({ code: 1, error: 'Het meldpunt antwoordt niet. Draait npm start nog?' });
    expect(await ask({ 'meldpunt-test-Data': { Table: 't' } })).toEqual({
      code: 1,
      error: 'Dit meldpunt heeft geen ShowSignalFunction. Is het al bijgewerkt?',
    });
  });
});
