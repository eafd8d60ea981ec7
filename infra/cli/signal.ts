import { Reading } from '#domain/access.ts';
import { parseSignalKey } from '#domain/signal/execution-name.ts';
import { type Call, type Command, Refusal, textOf, UsageError } from './command.ts';
import { invoke } from './invoke.ts';
import { ShownSignal, signalText } from './signal-text.ts';

const HELP = `signal <signaal|uitvoering> [--door <medewerker> --doel "<waarom>"]

Toont waar een signaal staat, welke termijnen lopen en waarom, wat er is gebeurd en waar de uitvoering op wacht. Noem het
nummer van het signaal, of de naam of ARN van de uitvoering. Er staat niets bij over de persoon, tenzij u zegt wie u bent
en waarom u het moet weten: dan wordt dat eerst vastgelegd.

  --door CODE         wie kijkt: een code zoals w17, geen naam
  --doel TEKST        waarom, in een paar woorden`;

const FAILURES: Readonly<Record<string, string>> = {
  SignalMissing: 'Dit signaal is er niet, of niet meer.',
  InvalidInput: 'Het meldpunt kan deze vraag niet lezen. Is het al bijgewerkt?',
};

/** Who looks and why: both or neither. */
export const readingOf = (call: Call): Reading | undefined => {
  const [by, purpose] = [textOf(call, 'door'), textOf(call, 'doel')];
  if (by === undefined && purpose === undefined) return undefined;
  const reading = Reading.safeParse({ by, purpose });
  if (!reading.success)
    throw new UsageError(
      'Geef --door en --doel samen: een code van kleine letters en cijfers, en in 5 tot 200 tekens waarom.',
    );
  return reading.data;
};

/** From a signal's id or execution to all that explains it (R-PRI-5). */
export const signal: Command = {
  help: HELP,
  options: { door: { type: 'string' }, doel: { type: 'string' } },
  run: async (call) => {
    const [id = '', ...more] = call.positionals;
    if (more.length > 0 || parseSignalKey(id) === undefined)
      throw new UsageError('Noem één signaal, of de naam of ARN van zijn uitvoering.');
    const reading = readingOf(call);
    const installation = call.installation();
    const result = await invoke(installation, 'ShowSignalFunction', { id, ...reading });
    if ('failure' in result)
      throw new Refusal(FAILURES[result.failure] ?? `Het meldpunt kan het niet tonen: ${result.failure}.`);
    return {
      ok: true,
      data: result.answer,
      text: signalText(ShownSignal.parse(result.answer), {
        machine: installation.output('SignalStateMachine'),
        endpoint: installation.endpoint,
      }),
    };
  },
};
