import { describe, expect, it } from 'vitest';
import { EU_REGIONS, stageOf } from '#infra/config/stages.ts';
import { checkHandlers } from '#infra/constructs/bundle.ts';
import { checkSubstitutions, substitutionsIn } from '#infra/constructs/workflow.ts';
import { functionNames } from '#runtime/environment.ts';

const given = (context: Readonly<Record<string, unknown>>) => () => stageOf((key) => context[key]);

describe('stage', () => {
  it('is dev unless another is named, and takes what the command line gives', () => {
    expect(given({})().name).toBe('dev');
    expect(
      given({ stage: 'prod', mailDomain: 'meldpunt.gemeente.example', alarmEmail: 'wacht@gemeente.example' })(),
    ).toMatchObject({
      name: 'prod',
      mailDomain: 'meldpunt.gemeente.example',
      alarmEmail: 'wacht@gemeente.example',
    });
  });

  it.each(['us-east-1', 'eu-west-2', 'eu-central-2', 'ap-southeast-1'])(
    '[R-PRI-6] %s is not in the Union: refused',
    (region) => {
      expect(given({ region })).toThrow(/European Union \(R-PRI-6\)/);
    },
  );

  it.each(EU_REGIONS)('[R-PRI-6] %s is taken', (region) => {
    expect(given({ region })().region).toBe(region);
  });

  it.each([
    { stage: 'nowhere' },
    { stage: '__proto__' },
    { account: '12' },
    { alarmEmail: 'no address' },
    { mailDomain: 'a b' },
  ])('%o is refused', (context) => {
    expect(given(context)).toThrow();
  });
});

describe('what names each other', () => {
  it('a handler that is missing, and one nobody named, are both told', () => {
    expect(() => checkHandlers(functionNames)).not.toThrow();
    expect(() => checkHandlers([...functionNames.slice(1), 'portal/show-page'])).toThrow(
      new RegExp(`${functionNames[0]}/handler.ts is missing[\\s\\S]*portal/show-page/handler.ts is not named`),
    );
  });

  it('a substitution that is missing, and one nobody asked for, are both told', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how ASL files name what they need.
    const asked = substitutionsIn('${A} ${B} ${A}');
    expect(asked).toEqual(['A', 'B']);
    expect(() => checkSubstitutions('x.asl.json', asked, ['A', 'B'])).not.toThrow();
    expect(() => checkSubstitutions('x.asl.json', asked, ['A', 'C'])).toThrow(
      /\$\{B\}, which is not given[\s\S]*\$\{C\}, which is given/,
    );
  });
});
