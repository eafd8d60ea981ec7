import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, type Options, Refusal, textOf, UsageError, type Values } from './command.ts';
import { LOCAL_OUTPUTS, readInstallation } from './installation.ts';

interface Entry {
  readonly does: string;
  /** Loaded when asked for: the SDK takes longer to read than most commands to run. */
  readonly load: () => Promise<Command>;
}

/** Everything `npx meldpunt` can do. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  certificate: {
    does: 'maakt van een meldbewijs een pagina om te printen',
    load: async () => (await import('./certificate.ts')).certificate,
  },
  chain: {
    does: 'haalt de openbare keten van leveringen op',
    load: async () => (await import('./chain.ts')).chain,
  },
  check: {
    does: 'kijkt een levering na, zonder iets te versturen',
    load: async () => (await import('./check.ts')).check,
  },
  configure: {
    does: 'laadt partners, gemeenten, overeenkomsten en afspraken',
    load: async () => (await import('./configure.ts')).configure,
  },
  linkage: {
    does: 'zoekt in CSV-bestanden welke regels over dezelfde persoon gaan',
    load: async () => (await import('./linkage.ts')).linkage,
  },
  mapping: {
    does: 'stelt een indeling voor bij een bestand uit uw eigen systeem',
    load: async () => (await import('./mapping.ts')).mapping,
  },
  outcome: {
    does: 'legt vast wat er met een zaak of signaal is gebeurd',
    load: async () => (await import('./outcome.ts')).outcome,
  },
  release: {
    does: 'laat een bestand uit quarantaine doorgaan, of wist het',
    load: async () => (await import('./release.ts')).release,
  },
  postcodes: {
    does: 'ververst de tabel van postcodes met het jaarlijkse CBS-bestand',
    load: async () => (await import('./postcodes.ts')).postcodes,
  },
  'public-key': {
    does: 'toont de openbare sleutel van de meldbewijzen',
    load: async () => (await import('./public-key.ts')).publicKey,
  },
  schema: {
    does: 'toont de kolommen van een levering: JSON Schema, of een leeg CSV-bestand',
    load: async () => (await import('./schema.ts')).schema,
  },
  signal: {
    does: 'toont waar een signaal staat, en waarom',
    load: async () => (await import('./signal.ts')).signal,
  },
  simulate: {
    does: 'rekent uit wat een ander drempelbedrag of een andere rangorde doet',
    load: async () => (await import('./simulate.ts')).simulate,
  },
  verify: {
    does: 'controleert meldbewijzen, zonder internet',
    load: async () => (await import('./verify.ts')).verify,
  },
  worklist: {
    does: 'maakt de werklijst van een gemeente zoals die nu is, als CSV en als Excel',
    load: async () => (await import('./worklist.ts')).worklist,
  },
};

const HELP = `npx meldpunt <opdracht> [opties]

${Object.entries(COMMANDS)
  .map(([name, { does }]) => `  ${name.padEnd(12)} ${does}`)
  .join('\n')}

  npx meldpunt <opdracht> --help zegt meer over een opdracht.`;

const JSON_HELP = `
  --json              antwoord als JSON`;
const SHARED_HELP = `${JSON_HELP}
  --outputs BESTAND   uitvoer van cdk deploy; anders het meldpunt dat met npm start op deze machine draait`;

const SHARED = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  outputs: { type: 'string' },
} as const;

interface Said {
  readonly code: 0 | 1 | 2;
  readonly out?: string;
  readonly error?: string;
}

/** What Node says of wrong options, in Dutch: which one it is, never its value. */
const optionProblem = (error: unknown): UsageError | undefined => {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const option = /'(?:-\w, )?(--?[^\s'<=]+)/.exec(message ?? '')?.[1] ?? '';
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return new UsageError(`De optie ${option} ken ik niet.`);
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return new UsageError(
        message?.includes('does not take')
          ? `Achter ${option} hoort geen waarde.`
          : `Achter ${option} hoort een waarde. Begint die met een streepje? Schrijf dan ${option}=waarde.`,
      );
    default:
      return undefined;
  }
};

const read = (args: readonly string[], { options }: Command): { values: Values; positionals: readonly string[] } => {
  try {
    const all: Options = { ...options, ...SHARED };
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: all,
      allowPositionals: true,
      tokens: true,
    });
    const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const twice = names.find((name, index) => all[name]?.multiple !== true && names.indexOf(name) !== index);
    if (twice !== undefined) throw new UsageError(`De optie --${twice} staat er twee keer.`);
    return { values, positionals };
  } catch (error) {
    throw optionProblem(error) ?? error;
  }
};

/** A failure of AWS, or of the way there: told by name. Anything else is a fault of ours and keeps its stack. */
const outsideFailure = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const { code, $metadata } = error as { readonly code?: unknown; readonly $metadata?: unknown };
  if (code === 'ECONNREFUSED') return 'Het meldpunt antwoordt niet. Draait npm start nog?';
  if ($metadata === undefined && typeof code !== 'string' && !/^(Credentials|Token)ProviderError$/.test(error.name))
    return undefined;
  return `Dit is mislukt: ${error.name}. ${error.message}`;
};

/** Runs one command line; never throws. 0: done, 1: refused or failed, 2: used wrongly. */
export const meldpunt = async (args: readonly string[]): Promise<Said> => {
  const [name, ...rest] = args;
  if (name === '--help' || name === '-h') return { code: 0, out: HELP };
  const json = args.includes('--json');
  const problem = (code: 1 | 2, error: string, hint = ''): Said => ({
    code,
    error: json ? JSON.stringify({ error }) : `${error}${hint}`,
  });
  const entry = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!entry) return problem(2, name === undefined ? 'Noem een opdracht.' : `Die opdracht ken ik niet.`, `\n\n${HELP}`);
  try {
    const command = await entry.load();
    const { values, positionals } = read(rest, command);
    if (values.help)
      return { code: 0, out: `npx meldpunt ${command.help}\n${command.offline ? JSON_HELP : SHARED_HELP}` };
    const outputs = textOf({ values }, 'outputs');
    const answer = await command.run({
      positionals,
      values,
      installation: () => readInstallation(outputs === undefined ? LOCAL_OUTPUTS : resolve(outputs)),
    });
    return { code: answer.ok ? 0 : 1, out: json ? JSON.stringify(answer.data, null, 2) : answer.text };
  } catch (error) {
    if (error instanceof UsageError) return problem(2, error.message, `\nZie npx meldpunt ${name} --help.`);
    if (error instanceof Refusal) return problem(1, error.message);
    return problem(1, outsideFailure(error) ?? (error instanceof Error ? (error.stack ?? error.message) : 'onbekend'));
  }
};

export const main = async (args: readonly string[]): Promise<void> => {
  const { code, out, error } = await meldpunt(args);
  if (out !== undefined) console.log(out);
  if (error !== undefined) console.error(error);
  // Not process.exit: a pipe may still have to take what was written.
  process.exitCode = code;
};
