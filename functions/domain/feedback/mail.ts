import type { Mail } from '../ports.ts';

/** What a mail of ours says: words without personal data, counts, and where the rest lies (R-FEE-5). */
export interface Notice {
  readonly to: string;
  readonly subject: string;
  readonly intro: string;
  readonly counts: readonly { readonly label: string; readonly count: number }[];
  /** Folder or file in the reader's own protected place. */
  readonly place?: string;
  readonly closing?: string;
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const SENDER = 'Meldpunt Vroegsignalering';
const NO_REPLY = 'Deze mail is automatisch gemaakt. In deze mail staan geen persoonsgegevens.';

/** The notice as a mail: the same words as plain text and as HTML. */
export const mailOf = ({ to, subject, intro, counts, place, closing }: Notice): Mail => {
  const where = place === undefined ? [] : [`U vindt het hier: ${place}`];
  const after = [...where, ...(closing === undefined ? [] : [closing])];
  const lines = counts.map(({ label, count }) => `- ${label}: ${count}`);
  const text = ['Goedendag,', intro, lines.join('\n'), ...after, NO_REPLY, `Met vriendelijke groet,\n${SENDER}`]
    .filter((part) => part !== '')
    .join('\n\n');
  const rows = counts.map(
    ({ label, count }) => `<tr><th scope="row" align="left">${escaped(label)}</th><td align="right">${count}</td></tr>`,
  );
  const paragraph = (words: string): string => `<p>${escaped(words)}</p>`;
  const html = [
    '<!DOCTYPE html>',
    `<html lang="nl"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body>`,
    paragraph('Goedendag,'),
    paragraph(intro),
    ...(rows.length > 0 ? [`<table><tbody>${rows.join('')}</tbody></table>`] : []),
    ...after.map(paragraph),
    paragraph(NO_REPLY),
    `<p>Met vriendelijke groet,<br>${SENDER}</p>`,
    '</body></html>',
  ].join('\n');
  // A line break in a subject would start a header of its own.
  return { to, subject: subject.replace(/[\r\n]+/g, ' '), text: `${text}\n`, html: `${html}\n` };
};
