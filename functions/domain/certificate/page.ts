import type { SocialCollection } from '../delivery/delivery.ts';
import type { Instant } from '../ids.ts';
import { canonicalJson } from '../matching/keys.ts';
import { escaped, Html, html, page, unescaped } from '../page.ts';
import { amsterdamDate, daysBetween } from '../term/calendar.ts';
import { dutchDate, dutchMoment } from '../term/explain.ts';
import type { ReportCertificate } from './certificate.ts';

type Facts = readonly (readonly [label: string, says: string])[];

const office = ({ id, name }: { readonly id: string; readonly name: string }): string =>
  name === id ? id : `${name} (${id})`;

/** What was reported, in the words of the page and of the command line. */
export const reportFacts = ({ report }: ReportCertificate): Facts => {
  const { partner, party, reference, municipality, receivedAt, signalId, deliveryId } = report;
  return [
    ['Melder', office(partner)],
    ...(party === undefined ? [] : [['Aangeleverd door', `${office(party)}, voor de melder`] as const]),
    ['Kenmerk van de melder', reference],
    ['Gemeente', `${municipality.name} (${municipality.code})`],
    ['Ontvangen', dutchMoment(receivedAt)],
    ['Signaal', signalId],
    ['Levering', deliveryId],
  ];
};

const STEPS: Readonly<Record<keyof SocialCollection, string>> = {
  reminder: 'Schriftelijke herinnering gestuurd',
  contactAttempt: 'Geprobeerd persoonlijk contact te krijgen',
  pointedAtDebtHelp: 'Gewezen op hulp bij schulden',
  announced: 'Verteld dat gegevens naar de gemeente gaan',
};

/** The four steps before a report (R-DEL-2), as the partner attested them. */
export const stepFacts = ({ report: { socialCollection } }: ReportCertificate): Facts =>
  (Object.keys(STEPS) as (keyof SocialCollection)[]).map((step) => {
    const said = socialCollection[step];
    return [STEPS[step], said === 'attested' ? 'gedaan, zonder datum' : `gedaan op ${dutchDate(said)}`];
  });

/** R-DEL-2 lets a partner attest per row or once per file, and a report keeps what was attested, not how. */
export const ONCE_FOR_ALL =
  'De melder mag de stappen per melding verklaren, of één keer voor een heel bestand. Welk van de twee het was, staat er niet in.';

/** In groups that can be read out and compared. */
export const grouped = (hash: string): string => hash.replace(/(.{8})(?=.)/g, '$1 ');

/** How long after the receipt it was signed: soon, unless it was held or somebody came back to it. */
const later = (receivedAt: Instant, signedAt: Instant): string => {
  const days = daysBetween(amsterdamDate(receivedAt), amsterdamDate(signedAt));
  return days === 0 ? '' : `, ${days === 1 ? 'een dag' : `${days} dagen`} na ontvangst`;
};

/** How it was sealed. */
export const sealFacts = ({ statement: { meldpunt, sequence, signedAt, receivedAt } }: ReportCertificate): Facts => [
  ['Meldpunt', meldpunt],
  ['Nummer in de keten', String(sequence)],
  ['Ondertekend', `${dutchMoment(signedAt)}${later(receivedAt, signedAt)}`],
];

const table = (facts: Facts) =>
  html`<table><tbody>
${facts.map(
  ([label, says]) => html`<tr><th scope="row">${label}</th><td>${says}</td></tr>
`,
)}</tbody></table>`;

const OPEN = '<p class="code" id="meldbewijs">';
const CLOSE = '</p>';

/**
 * The certificate as a page to print, with the certificate itself on it, so that the page can be checked like the line
 * it was made of. The same certificate always gives the same page.
 */
export const certificatePage = (certificate: ReportCertificate): string => {
  const { partner, municipality, receivedAt, reference } = certificate.report;
  return page({
    title: `Meldbewijs ${reference}`,
    main: html`<h1>Meldbewijs</h1>
<div class="verdict"><p><strong>${partner.name}</strong> heeft een betalingsachterstand gemeld bij de gemeente
<strong>${municipality.name}</strong>. Het meldpunt ontving de melding op <strong>${dutchMoment(receivedAt)}</strong> en
nam de melding aan.</p></div>

<h2>De melding</h2>
${table(reportFacts(certificate))}

<h2>Wat de melder verklaarde</h2>
<p>Wie een achterstand meldt, moet eerst vier stappen zetten. De melder verklaarde daarover:</p>
<table>
<thead><tr><th scope="col">Stap</th><th scope="col">Verklaring van de melder</th></tr></thead>
<tbody>
${stepFacts(certificate).map(
  ([step, said]) => html`<tr><th scope="row">${step}</th><td>${said}</td></tr>
`,
)}</tbody>
</table>

<h2>Wat dit bewijs zegt, en wat niet</h2>
<ul>
<li>Klopt de controle hieronder? Dan is deze melding, met deze verklaring, op dit moment ontvangen en aangenomen, en daarna
niet veranderd.</li>
<li>Het bewijs zegt niet dat de stappen echt zijn gezet. Dat laat de melder zelf zien, bijvoorbeeld met brieven.</li>
<li>${ONCE_FOR_ALL}</li>
<li>Er staat met opzet niet in wie de inwoner is, hoe hoog de achterstand was en wat de gemeente heeft gedaan. De melder
laat met het kenmerk zien over welke inwoner het gaat.</li>
</ul>

<h2>Het zegel</h2>
${table([...sealFacts(certificate), ['Vingerafdruk van de sleutel', grouped(certificate.statement.key)]])}

<h2>Zelf controleren</h2>
<p>Een afdruk op papier kan nagemaakt zijn. Controleer daarom het bestand: deze pagina als html-bestand, of de regel uit
<span class="code">certificates.ndjson</span>. Iedereen kan dat doen, zonder internet.</p>
<ol>
<li>Haal de openbare sleutel en de keten bij het meldpunt zelf, niet bij wie u dit bewijs gaf. Ze zijn voor iedereen.</li>
<li>Vergelijk de vingerafdruk hierboven met de vingerafdruk die het meldpunt openbaar heeft gemaakt.</li>
<li>Geef de opdracht <span class="code">npx meldpunt verify BESTAND --key SLEUTEL --chain KETEN</span>. In plaats van
<span class="code">--key SLEUTEL</span> mag ook <span class="code">--vingerafdruk VINGERAFDRUK</span>, zoals het meldpunt die
openbaar heeft gemaakt. Zonder een van beide zegt de controle niet wie dit bewijs ondertekende: iedereen kan zelf een sleutel
maken. Zonder onze software kan het ook: <span class="code">infra/certificate.md</span> bij de software beschrijft elke stap.</li>
</ol>

<h2>Gegevens voor de controle</h2>
${new Html(`${OPEN}${escaped(canonicalJson(certificate))}${CLOSE}`)}`,
  });
};

/** The certificate on a page, as the line it was made of; undefined when there is not exactly one. */
export const certificateOn = (text: string): string | undefined => {
  const [, behind, ...more] = text.split(OPEN);
  if (behind === undefined || more.length > 0) return undefined;
  const end = behind.indexOf(CLOSE);
  return end < 0 ? undefined : unescaped(behind.slice(0, end));
};
