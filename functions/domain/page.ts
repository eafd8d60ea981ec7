/**
 * Pages people read and print: pure HTML of our own words and escaped values, without scripts and without anything from
 * elsewhere, so that a page can be kept, mailed and printed as it is.
 */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | undefined | readonly (string | number | Html)[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The text as content of an element or of a quoted attribute. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');

/** The text that was escaped. */
export const unescaped = (text: string): string =>
  Object.entries(ENTITIES)
    .toReversed()
    .reduce((open, [char, entity]) => open.replaceAll(entity, char), text);

const rendered = (value: Value): string => {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  return typeof value === 'object' ? value.map(rendered).join('') : escaped(String(value));
};

/** A piece of a page. Every value is escaped, unless it is a piece itself; a list is its members; undefined is nothing. */
export const html = (words: TemplateStringsArray, ...values: readonly Value[]): Html =>
  new Html(words.reduce((text, word, i) => `${text}${rendered(values[i - 1])}${word}`));

/** Columns of text wrap at any width (400 % zoom of a small screen is 320 pixels); nothing is told by colour alone. */
export const PAGE_STYLE = [
  ':root{color-scheme:light}',
  '*{box-sizing:border-box}',
  'body{font:1.0625rem/1.55 "Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:#1a1a1a;background:#fff;' +
    'max-width:46rem;margin:0 auto;padding:1.25rem;overflow-wrap:break-word}',
  'header{border-bottom:.25rem solid #154273;margin-bottom:1.5rem;padding-bottom:.5rem;color:#154273;font-weight:700}',
  'header p,footer p{margin:0}',
  'h1{font-size:clamp(1.35rem,6vw,1.75rem);line-height:1.25;margin:0 0 1rem}',
  'h2{font-size:1.3rem;line-height:1.3;margin:2.25rem 0 .5rem;color:#154273}',
  'h3{font-size:1.0625rem;line-height:1.4;margin:0 0 .25rem}',
  'p,ul,ol,dl,table{margin:.5rem 0}',
  'ul,ol{padding-left:1.4rem}',
  'li{margin:.35rem 0}',
  'table{border-collapse:collapse;width:100%}',
  'caption{text-align:left;font-weight:700;padding:.25rem 0}',
  'th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid #767676;font-weight:400}',
  'thead th{font-weight:700}',
  'td.n,thead th.n{text-align:right;padding-right:.25rem}',
  'td.n{font-weight:700;font-variant-numeric:tabular-nums;white-space:nowrap}',
  'td.d{white-space:nowrap}',
  'tr.part th{padding-left:1.25rem}',
  'tr.sum th,tr.sum td{border-top:2px solid #1a1a1a;font-weight:700}',
  'dt{font-weight:700;margin-top:.5rem}',
  'dd{margin:0}',
  'code,.code{font-family:Consolas,"Liberation Mono",Menlo,monospace;font-size:.9375rem;overflow-wrap:anywhere}',
  '.verdict{border:2px solid #154273;border-left-width:.6rem;padding:.75rem 1rem;margin:1rem 0;font-size:1.125rem}',
  '.verdict.bad{border-color:#9b1c1c}',
  '.verdict p{margin:.25rem 0}',
  '.problem{border-left:.35rem solid #154273;padding:.1rem 0 .1rem 1rem;margin:1.25rem 0}',
  '.problem p{margin:.25rem 0}',
  '.problem span{display:inline-block}',
  'footer{border-top:1px solid #767676;margin-top:2.5rem;padding-top:.75rem;font-size:.9375rem}',
  'a{color:#154273}',
  'a:focus-visible{outline:3px solid #154273;outline-offset:2px}',
  '@page{size:A4;margin:18mm 16mm}',
  '@media print{html{font-size:10pt}body{max-width:none;padding:0}h1{font-size:1.75rem}h2,h3,caption{break-after:avoid}' +
    '.problem,.verdict,tr,li,dd{break-inside:avoid}thead{display:table-header-group}p,li{orphans:3;widows:3}}',
].join('\n');

/** SHA-256 of the style, so that a page may run under a policy that allows this style and nothing else; a test holds it true. */
export const PAGE_STYLE_HASH = 'sha256-jGR9mXo61mQ3HN+QviA/fbfzoTJE8fSOQKQklU/92Q8=';

/** A whole page. `main` starts with the one `h1`. */
export const page = ({
  title,
  main,
  footer,
}: {
  readonly title: string;
  readonly main: Html;
  readonly footer?: Html;
}): string =>
  `${
    html`<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${PAGE_STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title} – Meldpunt Vroegsignalering</title>
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
<header><p>Meldpunt Vroegsignalering</p></header>
<main>
${main}
</main>
<footer>
${footer}
<p>Deze pagina is automatisch gemaakt.</p>
</footer>
</body>
</html>
`.text
  }`;
