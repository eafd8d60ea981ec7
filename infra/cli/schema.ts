import { deliverySchema, deliveryTemplate } from '#domain/delivery/column-schema.ts';
import { Instant } from '#domain/ids.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';
import { type Command, UsageError } from './command.ts';

const HELP = `schema [--csv [--voorbeeld]]

Toont de kolommen van een levering als JSON Schema (2020-12), voor wie een export maakt: namen, wat verplicht is, lengtes
en waarden. Met --csv een leeg bestand met alle kolommen, om in Excel in te vullen.

  --csv               de kopregel als CSV
  --voorbeeld         met twee voorbeeldregels eronder; haal ze weg voor u aanlevert`;

/** The columns of a delivery, for machines (DOMAIN section 12). */
export const schema: Command = {
  help: HELP,
  offline: true,
  options: { csv: { type: 'boolean' }, voorbeeld: { type: 'boolean' } },
  run: async ({ positionals, values: { csv, voorbeeld, json } }) => {
    if (positionals.length > 0) throw new UsageError('schema heeft geen bestand nodig.');
    if (csv && json) throw new UsageError('Kies --csv of --json.');
    if (voorbeeld && !csv) throw new UsageError('--voorbeeld hoort bij --csv.');
    const today = amsterdamDate(Instant.parse(new Date().toISOString()));
    const data = deliverySchema();
    const text = csv ? deliveryTemplate(voorbeeld ? today : undefined).trimEnd() : JSON.stringify(data, null, 2);
    return { ok: true, data, text };
  },
};
