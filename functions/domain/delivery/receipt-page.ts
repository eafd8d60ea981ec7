import type { DeliveryId, Instant, IsoDate } from '../ids.ts';
import { type Html, html, page } from '../page.ts';
import { amsterdamDate, amsterdamTime } from '../term/calendar.ts';
import { dutchDate } from '../term/explain.ts';
import { type Finding, LINES_SHOWN } from './delivery.ts';
import { type Explained, NO_DELIVERY, type Receipt, type ReceiptTerms } from './receipt.ts';
import { whereToLook } from './rejection.ts';

/** `1.234`. */
const dutchNumber = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '.');
const rows = (count: number): string => (count === 1 ? '1 regel' : `${dutchNumber(count)} regels`);
const areOrIs = (count: number): string => `${rows(count)} ${count === 1 ? 'is' : 'zijn'}`;

const TITLES = {
  verwerkt: 'Ontvangstbevestiging',
  geweigerd: 'Bestand geweigerd',
  gecontroleerd: 'Proef: controle van uw bestand',
} as const satisfies Record<Receipt['verdict'], string>;

/** `3 regels zijn aangenomen, van de 8.` */
const howMany = (count: number, what: string, read: number): string =>
  count === 0 ? `Geen enkele regel is ${what}.` : `${areOrIs(count)} ${what}, van de ${dutchNumber(read)}.`;

const taken = ({ counts: { read, accepted, refused }, partner }: Receipt): string => {
  if (read === 0)
    return partner === undefined
      ? 'Het bestand heeft geen regels: geen achterstanden.'
      : 'In deze levering staan geen regels voor u.';
  return accepted === 0 && refused < read ? 'Er zijn geen nieuwe meldingen.' : howMany(accepted, 'aangenomen', read);
};

const verdict = (receipt: Receipt): Html => {
  const { verdict, counts, file } = receipt;
  const { read, refused } = counts;
  if (file !== undefined)
    return html`<div class="verdict bad">
<p><strong>Geweigerd.</strong> Er is niets gemeld.</p>
<p>${[file.explanation, ...whereToLook(file)].join(' ')}</p>
</div>`;
  const bad =
    refused === 0
      ? undefined
      : html`<p>${areOrIs(refused)} afgekeurd en ${refused === 1 ? 'telt' : 'tellen'} niet als melding.</p>`;
  if (verdict === 'gecontroleerd')
    return html`<div class="verdict">
<p><strong>Proef.</strong> Er is niets gemeld. Van uw bestand wordt niets bewaard.</p>
<p>${read === 0 ? 'Het bestand heeft geen regels.' : howMany(read - refused, 'in orde', read)}</p>
${refused === 0 ? undefined : html`<p>${rows(refused)} zouden wij afkeuren.</p>`}
</div>`;
  return html`<div class="verdict">
<p><strong>Verwerkt.</strong> ${taken(receipt)}</p>
${bad}
</div>`;
};

const received = (deliveryId: DeliveryId, at: Instant): Html =>
  deliveryId === NO_DELIVERY
    ? html`<dt>Nagekeken alsof aangeleverd op</dt><dd>${dutchDate(amsterdamDate(at))}</dd>`
    : html`<dt>Ontvangen</dt><dd>${dutchDate(amsterdamDate(at))} om ${amsterdamTime(at).slice(0, 5)} uur</dd>`;

const about = ({ deliveryId, trial, party, partner, deliveredBy, receivedAt, sha256 }: Receipt): Html => html`<dl>
${deliveryId === NO_DELIVERY ? undefined : html`<dt>Kenmerk van de ${trial ? 'proef' : 'levering'}</dt><dd class="code">${deliveryId}</dd>`}
<dt>Aangeleverd door</dt><dd>${deliveredBy ?? party}</dd>
${partner === undefined ? undefined : html`<dt>Voor</dt><dd>${partner}</dd>`}
${received(deliveryId, receivedAt)}
${sha256 === undefined ? undefined : html`<dt>Controlegetal van het bestand (SHA-256)</dt><dd class="code">${sha256}</dd>`}
</dl>`;

const counts = ({ counts, verdict, foreseen, partner }: Receipt): Html => {
  const row = (label: string, count: number, kind = ''): Html =>
    html`<tr${kind === '' ? undefined : html` class="${kind}"`}><th scope="row">${label}</th><td class="n">${dutchNumber(count)}</td></tr>`;
  const trial = verdict === 'gecontroleerd';
  return html`<table>
<caption>${partner === undefined ? 'Alle regels van het bestand' : 'Alle regels die voor u zijn aangeleverd'}</caption>
<thead><tr><th scope="col">Wat ermee ${trial ? 'zou gebeuren' : 'gebeurde'}</th><th scope="col" class="n">Regels</th></tr></thead>
<tbody>
${row(trial ? (foreseen ? 'Zouden wij aannemen' : 'In orde') : 'Aangenomen', counts.accepted)}
${counts.corrected === 0 ? undefined : row('waarvan in plaats van een eerdere melding', counts.corrected, 'part')}
${row(trial && !foreseen ? 'Dubbel in het bestand' : 'Onveranderd (was al gemeld of al ingetrokken)', counts.unchanged)}
${trial && !foreseen ? undefined : row(trial ? 'Zouden wij intrekken' : 'Ingetrokken', counts.withdrawn)}
${row(trial ? 'Zouden wij afkeuren' : 'Afgekeurd', counts.refused)}
${row('Samen: gelezen', counts.read, 'sum')}
</tbody>
</table>`;
};

const DAYS = [
  ['redelivery', 'Opnieuw aanleveren, als het nog voor deze maand moet tellen'],
  ['crisisConversation', 'Eerste gesprek bij dreigende ontruiming of einde van een levering'],
  ['treatedPreferably', 'De gemeente is liefst klaar'],
  ['treatedAtLatest', 'De gemeente is op zijn laatst klaar'],
  ['filesKept', 'Uw bestanden staan klaar'],
] as const satisfies readonly (readonly [keyof ReceiptTerms, string])[];

const days = ({ terms, trial }: Receipt): Html | undefined => {
  const known = DAYS.flatMap(([name, label]): readonly (readonly [string, IsoDate])[] => {
    const day = terms[name];
    return day === undefined ? [] : [[trial && name === 'filesKept' ? 'Dit antwoord staat klaar' : label, day]];
  });
  if (known.length === 0) return undefined;
  return html`<table>
<caption>Belangrijke dagen</caption>
<thead><tr><th scope="col">Wat</th><th scope="col">Tot en met</th></tr></thead>
<tbody>
${known.map(([label, day]) => html`<tr><th scope="row">${label}</th><td class="d">${dutchDate(day)}</td></tr>\n`)}</tbody>
</table>`;
};

const places = ({ count, lines }: Finding): string => {
  const shown = lines.slice(0, LINES_SHOWN);
  if (shown.length === 0) return '';
  if (count === 1) return `Het gaat om regel ${shown[0]}.`;
  const all = `${shown.slice(0, -1).join(', ')} en ${shown.at(-1)}`;
  return count > shown.length
    ? `De eerste regels: ${shown.join(', ')}. Daarna nog ${dutchNumber(count - shown.length)}.`
    : `Het gaat om de regels ${all}.`;
};

const problem = (found: Explained<string>): Html => html`<section class="problem">
<h3>${rows(found.count)}: ${found.explanation}</h3>
<p><strong>Wat u kunt doen:</strong> ${found.remedy}</p>
<p>${places(found)} <span>Code: <code>${found.code}</code></span></p>
</section>
`;

const problems = (title: string, words: string, found: readonly Explained<string>[]): Html | undefined =>
  found.length === 0
    ? undefined
    : html`<h2>${title}</h2>
<p>${words}</p>
${found.map(problem)}`;

const files = ({ files, place }: Receipt): Html | undefined =>
  files.length === 0
    ? undefined
    : html`<h2>Uw bestanden</h2>
<p>Ze staan in uw map <code>${place}</code></p>
<ul>
${files.map(({ name, about }) => html`<li><code>${name}</code>: ${about}.</li>\n`)}</ul>`;

/** The receipt as a page to read, print and keep (R-DEL-1, R-DEL-11). */
export const receiptPage = (receipt: Receipt): string => {
  const title = TITLES[receipt.verdict];
  const whole = receipt.file === undefined;
  const isTrial = receipt.verdict === 'gecontroleerd';
  const refusals = problems(
    isTrial ? 'Wat er niet in orde is' : 'Waarom regels zijn afgekeurd',
    'Elk probleem staat er een keer. De regelnummers zijn die van het bestand; de kopregel is regel 1.',
    receipt.refusals,
  );
  const warnings = problems(
    'Aangenomen, maar controleer dit',
    'Deze regels tellen wel. Controleer ze voor de volgende keer.',
    receipt.warnings,
  );
  return page({
    title: receipt.deliveryId === NO_DELIVERY ? title : `${title} ${receipt.deliveryId}`,
    main: html`<h1>${title}</h1>
${verdict(receipt)}
${about(receipt)}
<h2>${whole ? 'Wat er nu gebeurt' : 'Wat u kunt doen'}</h2>
<ul>
${receipt.nextSteps.map((step) => html`<li>${step}</li>\n`)}</ul>
${days(receipt)}
${whole ? html`<h2>${isTrial ? 'Wat er met de regels zou gebeuren' : 'Wat er met de regels is gebeurd'}</h2>\n${counts(receipt)}` : undefined}
${refusals}
${warnings}
${files(receipt)}`,
    footer: html`<p>Op deze pagina staan geen persoonsgegevens.</p>`,
  });
};
