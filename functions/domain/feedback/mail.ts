import { escaped } from '../page.ts';
import type { Mail } from '../ports.ts';
import type { MailAbout } from './mail-about.ts';

interface Count {
  readonly label: string;
  readonly count: number;
}

/** What a mail of ours says: words without personal data, counts, and where the rest lies (R-FEE-5). */
export interface Notice {
  readonly to: string;
  readonly about: MailAbout;
  readonly subject: string;
  readonly intro: string;
  readonly counts: readonly Count[];
  /** What some of the counts are made of. */
  readonly details?: { readonly heading: string; readonly counts: readonly Count[] };
  /** Folder or file in the reader's own protected place. */
  readonly place?: string;
  /** A paragraph, or more. */
  readonly closing?: string | readonly string[];
}

const SENDER = 'Meldpunt Vroegsignalering';
const NO_REPLY = 'Deze mail is automatisch gemaakt. In deze mail staan geen persoonsgegevens.';

/** Large enough to read, dark on white, lines that do not run on: it must be readable without a style sheet of ours. */
const BODY = 'font:16px/1.5 Arial,sans-serif;color:#1a1a1a;background:#fff;max-width:42em;margin:1em';
const LABEL = 'text-align:left;font-weight:normal;padding:2px 24px 2px 0';
const CAPTION = 'text-align:left;font-weight:bold;padding-top:1em';
const NUMBER = 'text-align:right;vertical-align:top;font-weight:bold';

const listed = (counts: readonly Count[]): string =>
  counts.map(({ label, count }) => `- ${label}: ${count}`).join('\n');

const table = (counts: readonly Count[], heading?: string): string => {
  if (counts.length === 0) return '';
  const caption = heading === undefined ? '' : `<caption style="${CAPTION}">${escaped(heading)}</caption>`;
  const rows = counts.map(
    ({ label, count }) =>
      `<tr><th scope="row" style="${LABEL}">${escaped(label)}</th><td style="${NUMBER}">${count}</td></tr>`,
  );
  return `<table style="border-collapse:collapse">${caption}<tbody>${rows.join('')}</tbody></table>`;
};

const paragraph = (words: string): string => `<p>${escaped(words)}</p>`;

/** The notice as a mail: the same words as plain text and as HTML. */
export const mailOf = ({ to, about, subject, intro, counts, details, place, closing }: Notice): Mail => {
  const after = [
    ...(place === undefined ? [] : [`U vindt het hier: ${place}`]),
    ...(closing === undefined ? [] : [closing].flat()),
  ];
  const more = details !== undefined && details.counts.length > 0 ? details : undefined;
  const text = [
    'Goedendag,',
    intro,
    listed(counts),
    ...(more ? [`${more.heading}:\n${listed(more.counts)}`] : []),
    ...after,
    NO_REPLY,
    `Met vriendelijke groet,\n${SENDER}`,
  ];
  const html = [
    '<!DOCTYPE html>',
    `<html lang="nl"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body style="${BODY}">`,
    paragraph('Goedendag,'),
    paragraph(intro),
    table(counts),
    ...(more ? [table(more.counts, more.heading)] : []),
    ...after.map(paragraph),
    paragraph(NO_REPLY),
    `<p>Met vriendelijke groet,<br>${SENDER}</p>`,
    '</body></html>',
  ];
  const parts = (lines: readonly string[], separator: string): string =>
    `${lines.filter((line) => line !== '').join(separator)}\n`;
  // A line break in a subject would start a header of its own.
  return {
    to,
    subject: subject.replace(/[\r\n]+/g, ' '),
    text: parts(text, '\n\n'),
    html: parts(html, '\n'),
    about,
  };
};
