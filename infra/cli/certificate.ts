import { writeFileSync } from 'node:fs';
import type { ReportCertificate } from '#domain/certificate/certificate.ts';
import { certificatePage } from '#domain/certificate/page.ts';
import { checker } from '#domain/certificate/verify.ts';
import { canonicalJson } from '#domain/matching/keys.ts';
import { cryptography, linesOf, PROBLEM_WORDS } from './certificates.ts';
import { type Command, Refusal, textOf, UsageError } from './command.ts';

const HELP = `certificate BESTAND --referentie KENMERK [--partner ID] [--uit pagina.html]

Maakt van een meldbewijs een pagina om te printen of te mailen. Het bewijs zelf staat erop: wie de pagina als bestand
heeft, kan haar controleren met npx meldpunt verify.

  --referentie TEKST  kenmerk van de melder
  --partner ID        van welke melder, als er in het bestand meer zijn met dit kenmerk
  --uit BESTAND       waar de pagina komt; anders staat zij hieronder`;

/** R-DEL-10: a certificate as a page. One that does not hold is not made into a page. */
export const certificate: Command = {
  help: HELP,
  offline: true,
  options: { referentie: { type: 'string' }, partner: { type: 'string' }, uit: { type: 'string' } },
  run: async (call) => {
    const [file, ...more] = call.positionals;
    const [reference, partner, out] = [textOf(call, 'referentie'), textOf(call, 'partner'), textOf(call, 'uit')];
    if (file === undefined || more.length > 0) throw new UsageError('Noem één bestand met meldbewijzen.');
    if (reference === undefined) throw new UsageError('Zeg met --referentie welk meldbewijs.');
    const check = checker(cryptography, {});
    // By the text of the report: the same one twice is one.
    const found = new Map<string, ReportCertificate>();
    for await (const { line } of linesOf(file)) {
      const { certificate: each, problems } = check(line);
      if (each && each.report.reference !== reference) continue;
      const [problem] = problems;
      if (problem !== undefined) throw new Refusal(PROBLEM_WORDS[problem]);
      if (each && (partner === undefined || each.report.partner.id === partner))
        found.set(canonicalJson(each.report), each);
    }
    const [one, ...others] = found.values();
    if (one === undefined) throw new Refusal('In dit bestand staat geen meldbewijs met dit kenmerk.');
    if (others.length > 0)
      throw new Refusal(
        `Dit kenmerk staat er vaker in. Noem met --partner welke melder: ${[one, ...others].map(({ report }) => report.partner.id).join(', ')}.`,
      );
    const page = certificatePage(one);
    if (out !== undefined) writeFileSync(out, page);
    return { ok: true, data: { report: one.report, page }, text: out === undefined ? page : `Gemaakt: ${out}` };
  },
};
