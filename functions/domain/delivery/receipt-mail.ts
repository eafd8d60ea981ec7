import { mailOf } from '../feedback/mail.ts';
import type { PartnerId } from '../ids.ts';
import type { Mail } from '../ports.ts';
import { afterRefusing, beforeDelivering, type Receipt } from './receipt.ts';
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
  const { deliveryId, party, verdict, counts, file, place } = receipt;
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
  return mailOf({
    to,
    about,
    subject: `Levering ${deliveryId} is verwerkt`,
    intro: 'Wij hebben uw bestand verwerkt.',
    counts: rows(receipt),
    details: refused(receipt),
    place,
    ...(counts.refused > 0 && { closing: `${afterRefusing(receipt)} ${OPEN}` }),
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
          'Wij konden uw proefbestand niet lezen. Er is niets gemeld. Van uw bestand bewaren wij niets.',
          ...(file ? [file.explanation, ...whereToLook(file), file.remedy] : []),
        ].join(' ')
      : 'Wij hebben uw proefbestand nagekeken. Er is niets gemeld. Van uw bestand bewaren wij niets. Dit zou er met de regels gebeuren:',
    counts: isRefused ? [] : rows(receipt),
    details: refused(receipt),
    place,
    ...(counts.refused > 0 && { closing: [...beforeDelivering(receipt.refusals), OPEN].join(' ') }),
  });
};

/** To a partner another party delivered for (R-AGR-2, R-AGR-5): what became of its own rows, or that there are none. */
export const deliveredForMail = (to: string, partner: PartnerId, deliveredBy: string, receipt: Receipt): Mail => {
  const { deliveryId, counts, nextSteps, place } = receipt;
  const about = { owner: `partner#${partner}`, kind: 'delivery' } as const;
  if (counts.read === 0)
    return mailOf({
      to,
      about,
      subject: `Levering ${deliveryId}: geen regels voor u`,
      intro: `${deliveredBy} levert ook voor u aan. Wij hebben een bestand verwerkt.`,
      counts: [],
      place,
      closing: nextSteps,
    });
  return mailOf({
    to,
    about,
    subject: `Levering ${deliveryId}: er is voor u aangeleverd`,
    intro: `${deliveredBy} heeft meldingen voor u aangeleverd. Wij hebben ze verwerkt.`,
    counts: rows(receipt),
    details: refused(receipt),
    place,
    ...(counts.refused > 0 && {
      closing: `Een afgekeurde regel is geen melding. Spreek met ${deliveredBy} af wie de regels verbetert. ${OPEN}`,
    }),
  });
};
