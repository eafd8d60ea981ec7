import type { Mail } from './ports.ts';

/** A mail in blocks: paragraphs, and rows of a label with a count. Words and numbers only; personal data has no place. */
export interface MailContent {
  readonly to: string;
  readonly subject: string;
  readonly blocks: readonly (string | readonly (readonly [label: string, value: number | string])[])[];
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The same words as plain text and as HTML, everything escaped. */
export const mailOf = ({ to, subject, blocks }: MailContent): Mail => {
  const text = blocks.map((block) =>
    typeof block === 'string' ? block : block.map(([label, value]) => `- ${label}: ${value}`).join('\n'),
  );
  const html = blocks.map((block) =>
    typeof block === 'string'
      ? `<p>${escapeHtml(block)}</p>`
      : `<table>${block
          .map(
            ([label, value]) =>
              `<tr><th scope="row" style="text-align:left">${escapeHtml(label)}</th><td style="text-align:right">${escapeHtml(String(value))}</td></tr>`,
          )
          .join('')}</table>`,
  );
  return {
    to,
    subject,
    text: `${text.join('\n\n')}\n`,
    html: `<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body>${html.join('')}</body></html>`,
  };
};
