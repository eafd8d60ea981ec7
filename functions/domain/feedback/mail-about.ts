import { z } from 'zod';

/** What a mail of ours is about: a closed list. It goes along as tags, so that a bounce finds its way back (R-FEE-6). */
export const MailKind = z.enum([
  'delivery',
  'check',
  'outcomes',
  'feedback',
  'worklist-municipality',
  'worklist-organisation',
  'missed-terms',
  'reminder',
]);
export type MailKind = z.infer<typeof MailKind>;

/** The office a mail is for: organisations only, so that nothing here can point at a person (R-PRI-3). */
export const MailOwner = z.templateLiteral([
  z.enum(['partner', 'party', 'municipality']),
  '#',
  z.string().regex(/^[a-z0-9-]+$/),
]);
export type MailOwner = z.infer<typeof MailOwner>;

export const MailAbout = z.object({
  owner: MailOwner,
  kind: MailKind,
  /** Of a digest: how far the reader had been told before it; absent when not at all. ASCII. */
  since: z.string().optional(),
});
export type MailAbout = z.infer<typeof MailAbout>;

const escaped = (text: string): string =>
  text.replace(/[^A-Za-z0-9-]/g, (char) => `_${char.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** As tags of a message, which hold letters, digits, `-` and `_` only: any other character is `_` and two hex digits. */
export const tagsOf = ({ owner, kind, since }: MailAbout): Readonly<Record<string, string>> => ({
  owner: escaped(owner),
  kind,
  ...(since !== undefined && { since: escaped(since) }),
});

const untagged = z
  .string()
  .transform((tag) =>
    tag.replace(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
const tag = z.tuple([untagged]).transform(([text]) => text);

/** What `tagsOf` wrote, as the mail service gives it back: a list of one value per tag, among tags of its own. */
export const TaggedAbout = z.object({ owner: tag, kind: tag, since: tag.optional() }).pipe(MailAbout);
