import { z } from 'zod';
import { DeliveryId } from '#domain/ids.ts';
import { type Answer, type Command, Refusal, UsageError } from './command.ts';
import { invoke } from './invoke.ts';

const TEXT = {
  started: (id: string) =>
    `Levering ${id} gaat door. De aanleverende partij krijgt een nieuwe ontvangstbevestiging en een mail.`,
  erased: (id: string) =>
    `Het bestand van levering ${id} is gewist. De aanleverende partij wist al dat er niets is gemeld.`,
  'not held': (id: string) => `Levering ${id} staat niet in quarantaine. Er is niets veranderd.`,
  gone: (id: string) =>
    `Het bestand van levering ${id} is er niet meer. Vraag de partij om het opnieuw aan te leveren.`,
} as const;

const answered = z.object({ outcome: z.enum(['started', 'erased', 'not held', 'gone']) });

/** Lets an upload go on that the malware scan holds, or takes its bytes away (runbook, Uploads are in quarantine). */
export const release: Command = {
  help: `release LEVERING [--wissen]

Laat een bestand doorgaan dat in quarantaine staat. Kijk eerst of het veilig is. Met --wissen gaat het niet door: het bestand
wordt gewist en kan niet meer terugkomen.`,
  options: { wissen: { type: 'boolean' } },
  run: async ({ positionals, values, installation }): Promise<Answer> => {
    const [given, ...more] = positionals;
    const id = DeliveryId.safeParse(given?.toUpperCase());
    if (!id.success || more.length > 0)
      throw new UsageError('Noem één levering: de 26 tekens uit het alarm, de mail of de ontvangstbevestiging.');
    const order = values.wissen === true ? { erase: id.data } : { release: id.data };
    const result = await invoke(installation(), 'ReceiveUploadFunction', order);
    if ('failure' in result)
      throw new Refusal(`Dit is mislukt: ${result.failure}. Er kan iets half zijn gedaan: probeer het opnieuw.`);
    const { outcome } = answered.parse(result.answer);
    return { ok: outcome === 'started' || outcome === 'erased', data: result.answer, text: TEXT[outcome](id.data) };
  },
};
