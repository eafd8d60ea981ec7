import { mailOf } from '../feedback/mail.ts';
import type { PartnerId } from '../ids.ts';
import type { Mail } from '../ports.ts';
import { dutchDate } from '../term/explain.ts';
import type { Receipt } from './receipt.ts';
import { whereToLook } from './rejection.ts';

const withoutPeriod = (text: string): string => text.replace(/\.$/, '');

const rows = ({ counts }: Receipt) => [
  { label: 'Gelezen regels', count: counts.read },
  { label: 'Aangenomen', count: counts.accepted },
  { label: 'Waarvan verbeterd', count: counts.corrected },
  { label: 'Onveranderd', count: counts.unchanged },
  { label: 'Ingetrokken', count: counts.withdrawn },
  { label: 'Afgekeurd', count: counts.refused },
];

const refused = ({ refusals }: Receipt) => ({
  heading: 'Waarom regels zijn afgekeurd',
  counts: refusals.map(({ explanation, count }) => ({ label: withoutPeriod(explanation), count })),
});

const OPEN = 'Open receipt.html: daarin staat per probleem wat u kunt doen.';

/** "Your delivery was processed", with counts only; the files lie in the party's own folder. */
export const deliveryMail = (to: string, receipt: Receipt): Mail => {
  const { deliveryId, party, verdict, counts, file, terms, place } = receipt;
  const about = { owner: `party#${party}`, kind: 'delivery' } as const;
  if (verdict === 'geweigerd')
    return mailOf({
      to,
      about,
      subject: `Levering ${deliveryId} is geweigerd`,
      intro: [
        'Wij konden uw bestand niet verwerken. Er is niets gemeld.',
        ...(file ? [file.explanation, ...whereToLook(file), file.remedy] : []),
      ].join(' '),
      counts: [],
      place,
    });
  const again =
    terms.redelivery === undefined
      ? ''
      : `Een afgekeurde regel is geen melding. Verbeter de regels in rejected.csv en lever dat bestand opnieuw aan, uiterlijk op ${dutchDate(terms.redelivery)}. ${OPEN}`;
  return mailOf({
    to,
    about,
    subject: `Levering ${deliveryId} is verwerkt`,
    intro: 'Wij hebben uw bestand verwerkt.',
    counts: rows(receipt),
    details: refused(receipt),
    place,
    ...(counts.refused > 0 && { closing: again }),
  });
};

/** "Your dry run was looked at" (R-DEL-11): the same counts, and nothing was stored. */
export const checkMail = (to: string, receipt: Receipt): Mail => {
  const { deliveryId, party, verdict, counts, file, place } = receipt;
  const isRefused = verdict === 'geweigerd';
  return mailOf({
    to,
    about: { owner: `party#${party}`, kind: 'check' },
    subject: `Uw proef ${deliveryId} is nagekeken`,
    intro: isRefused
      ? [
          'Wij konden uw proefbestand niet lezen. Er is niets gemeld en niets bewaard.',
          ...(file ? [file.explanation, ...whereToLook(file), file.remedy] : []),
        ].join(' ')
      : 'Wij hebben uw proefbestand nagekeken. Er is niets gemeld en niets bewaard. Dit zou er met de regels gebeuren:',
    counts: isRefused ? [] : rows(receipt),
    details: refused(receipt),
    place,
    ...(counts.refused > 0 && { closing: `Verbeter de afgekeurde regels in uw bestand. ${OPEN}` }),
  });
};

/** To a partner another party delivered for (R-AGR-2, R-AGR-5): what became of its own rows. */
export const deliveredForMail = (to: string, partner: PartnerId, deliveredBy: string, receipt: Receipt): Mail =>
  mailOf({
    to,
    about: { owner: `partner#${partner}`, kind: 'delivery' },
    subject: `Levering ${receipt.deliveryId}: er is voor u aangeleverd`,
    intro: `${deliveredBy} heeft meldingen voor u aangeleverd. Wij hebben ze verwerkt.`,
    counts: rows(receipt),
    details: refused(receipt),
    place: receipt.place,
    ...(receipt.counts.refused > 0 && {
      closing: `Een afgekeurde regel is geen melding. Spreek met ${deliveredBy} af wie de regels verbetert. ${OPEN}`,
    }),
  });
