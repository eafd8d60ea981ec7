import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { html, PAGE_STYLE, PAGE_STYLE_HASH, page } from '#domain/page.ts';

describe('a page', () => {
  const whole = page({ title: 'Proef', main: html`<h1>Proef</h1>`, footer: html`<p>Bewaar deze pagina.</p>` });

  it('escapes every value, in text and in attributes, and leaves pieces as they are', () => {
    const evil = `<script>alert("x")</script> & 'y'`;
    const same = '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;';
    expect(html`<p title="${evil}">${evil}</p>`.text).toBe(`<p title="${same}">${same}</p>`);
    expect(html`<ul>${[html`<li>${'<'}</li>`, html`<li>${2}</li>`]}</ul>${undefined}`.text).toBe(
      '<ul><li>&lt;</li><li>2</li></ul>',
    );
  });

  it('may use its own style and nothing else: no script, nothing from elsewhere', () => {
    const hash = `sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}`;
    expect(PAGE_STYLE_HASH).toBe(hash);
    expect(whole).toContain(`content="default-src 'none'; style-src '${hash}'; base-uri 'none'; form-action 'none'"`);
    expect(whole).not.toMatch(/<script|<link|<img|src=|url\(|https?:|@import|\son[a-z]+=/i);
  });

  it('says its language and its title, and has one h1 in main', () => {
    expect(whole).toMatch(/^<!DOCTYPE html>\n<html lang="nl">/);
    expect(whole).toContain('<title>Proef – Meldpunt Vroegsignalering</title>');
    expect(whole.match(/<h1/g)).toHaveLength(1);
    expect(whole).toMatch(/<main>\s*<h1>Proef<\/h1>\s*<\/main>\s*<footer>\s*<p>Bewaar deze pagina\.<\/p>/);
  });
});
