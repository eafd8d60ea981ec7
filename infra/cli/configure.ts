import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Command, Refusal, UsageError } from './command.ts';
import { invoke } from './invoke.ts';

/** Loads partners, agreements, municipalities and policies into the table, by the Lambda that checks them. */
export const configure: Command = {
  help: `configure BESTAND.json

Laadt partners, gemeenten, overeenkomsten en afspraken. Het geheel wordt eerst nagekeken: klopt er iets niet, dan
verandert er niets en leest u waar het misgaat.`,
  options: {},
  run: async ({ positionals, installation }) => {
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('Noem één bestand.');
    let configuration: unknown;
    try {
      configuration = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      throw new UsageError(`Ik kan ${file} niet lezen als JSON.`);
    }
    const result = await invoke(installation(), 'LoadConfigurationFunction', { configuration });
    if ('failure' in result) throw new Refusal(`Het laden is mislukt: ${result.failure}.`);
    const ok = z.object({ loaded: z.object({}) }).safeParse(result.answer).success;
    return { ok, data: result.answer, text: JSON.stringify(result.answer, null, 2) };
  },
};
