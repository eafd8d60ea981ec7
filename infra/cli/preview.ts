import { z } from 'zod';
import { PARTNER_OUTCOMES } from '#domain/agreement/configuration.ts';
import { contentCells } from '#domain/feedback/file.ts';
import { Cents, IsoDate } from '#domain/ids.ts';
import { facts, section } from './layout.ts';

/** Feedback as the partner's own file has it. */
const Told = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('OUTCOME'),
    outcome: z.enum(PARTNER_OUTCOMES),
    replaces: z.boolean(),
    suspension: z.union([z.literal('none'), z.object({ startsOn: IsoDate, lastDay: IsoDate })]).exactOptional(),
    paymentResumes: z.union([z.literal('cannot'), z.object({ from: IsoDate })]).exactOptional(),
    arrangement: z.object({ monthlyCents: Cents, from: IsoDate }).exactOptional(),
  }),
  z.object({ kind: z.literal('RETRACTED') }),
  z
    .object({ kind: z.enum(['SUSPENSION_EXPIRED', 'SUSPENSION_ENDED_EARLY']), lastDay: IsoDate })
    .transform(({ kind, lastDay }) => ({ kind, on: lastDay })),
]);

/** What the partner of one signal would see of a line. */
export const PartnerView = z.object({
  partner: z.string(),
  reference: z.string(),
  feedback: z.array(Told),
  why: z.string().optional(),
});

const told = (content: z.infer<typeof Told>): string =>
  Object.entries(contentCells(content))
    .map(([column, value]) => `${column.replaceAll('_', ' ')}: ${value}`)
    .join(', ');

/** Per partner and reference what it would read, in the words of its feedback file. */
export const previewText = (views: readonly z.infer<typeof PartnerView>[]): string =>
  section(
    'Wat elke partner zou lezen',
    facts(
      views.flatMap(({ partner, reference, feedback, why }) => {
        const label = `${partner} ${reference}`;
        return feedback.length === 0
          ? [[label, `niets${why === undefined ? '' : `: ${why}`}`] as const]
          : feedback.map((content) => [label, told(content)] as const);
      }),
    ),
  );
