import { local } from './days.ts';

/** Reads a mail as its receiver would: headers and decoded parts. Only what the demo needs to search and count. */
export interface Eml {
  readonly to: string;
  readonly subject: string;
  /** Local moment `yyyy-mm-ddThh:mm` at which it was sent; empty when the mail does not say so. */
  readonly at: string;
  /** What it counts: `Nieuwe signalen: 3`. */
  readonly counts: readonly string[];
  /** Subject, headers and every part, decoded. */
  readonly everything: string;
}

const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=\r?\n/g, '')
      .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

const encodedWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?]+)\?([BQ])\?([^?]*)\?=/gi, (_, charset: string, kind: string, words: string) =>
      new TextDecoder(charset).decode(
        kind.toUpperCase() === 'B' ? Buffer.from(words, 'base64') : quotedPrintable(words.replaceAll('_', ' ')),
      ),
    );

const split = (raw: string): { head: string; body: string } => {
  const end = /\r?\n\r?\n/.exec(raw);
  return end ? { head: raw.slice(0, end.index), body: raw.slice(end.index + end[0].length) } : { head: raw, body: '' };
};

const header = (head: string, name: string): string =>
  new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(head)?.[1]?.replace(/\r?\n[ \t]+/g, ' ') ?? '';

const partText = (raw: string): string => {
  const { head, body } = split(raw);
  const boundary = /boundary="?([^";\r\n]+)/i.exec(header(head, 'Content-Type'))?.[1];
  if (boundary !== undefined)
    return body
      .split(`--${boundary}`)
      .slice(1, -1)
      .map((part) => partText(part.trimStart()))
      .join('\n');
  switch (header(head, 'Content-Transfer-Encoding').toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable':
      return quotedPrintable(body).toString('utf8');
    default:
      return body;
  }
};

export const readEml = (bytes: Uint8Array): Eml => {
  const raw = Buffer.from(bytes).toString('utf8');
  const { head } = split(raw);
  const subject = encodedWords(header(head, 'Subject'));
  const sent = Date.parse(header(head, 'Date'));
  const body = partText(raw);
  return {
    to: encodedWords(header(head, 'To')),
    subject,
    at: Number.isNaN(sent) ? '' : local(new Date(sent).toISOString()),
    counts: [...body.matchAll(/^- (.+: \d+)\r?$/gm)].map(([, line]) => line ?? ''),
    everything: `${encodedWords(head)}\n${body}`,
  };
};
