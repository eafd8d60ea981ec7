import { activeAgreement } from '../agreement/active.ts';
import type { Configuration, DeliveringParty, SignalPartner } from '../agreement/configuration.ts';
import { mailOf } from '../feedback/mail.ts';
import type { MailOwner } from '../feedback/mail-about.ts';
import { type DeliveringPartyId, type IsoDate, Period } from '../ids.ts';
import type { Mail } from '../ports.ts';
import { lastDayOf } from '../term/calendar.ts';
import { dutchDate, dutchMonth } from '../term/explain.ts';

/**
 * Day of the month from which a partner is reminded (R-DEL-8): most lists are made in the first weeks, and what still comes
 * counts for this month.
 */
export const REMINDER_DAY = 25;

/** Owner of the marks of who delivered in a month; each is named after the party. */
export const deliveredIn = (period: Period): string => `delivered-${period}`;

/** A partner for which nobody delivered this month, and who might have. */
export interface Silent {
  readonly partner: SignalPartner;
  readonly parties: readonly DeliveringParty[];
}

/**
 * Partners that may report somewhere today, and for which no party delivered. A party delivers for all its partners at
 * once: a list of an agency without rows of one of them says that this one has no arrears.
 */
export const silentPartners = (
  { partners, deliveringParties, agreements, meldpunt }: Configuration,
  today: IsoDate,
  delivered: ReadonlySet<DeliveringPartyId>,
): readonly Silent[] =>
  partners.flatMap((partner) => {
    const own = agreements.filter((agreement) => agreement.partner === partner.id);
    if (!own.some(({ municipality }) => activeAgreement(own, municipality, today, meldpunt).ok)) return [];
    const parties = deliveringParties.filter((party) => party.partners.includes(partner.id));
    return parties.some(({ id }) => delivered.has(id)) ? [] : [{ partner, parties }];
  });

export interface Reminder {
  readonly owner: MailOwner;
  readonly mail: Mail;
}

const listing = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} en ${names.at(-1)}`;

/** One mail to each silent partner, and one to each other party that delivers for some of them. No personal data. */
export const remindersFor = (silent: readonly Silent[], today: IsoDate): readonly Reminder[] => {
  const month = dutchMonth(today);
  const end = dutchDate(lastDayOf(Period.parse(today.slice(0, 7))));
  const reminder = (
    owner: MailOwner,
    to: string,
    intro: string,
    inbox: string | undefined,
    closing: readonly string[],
  ) => ({
    owner,
    mail: mailOf({
      to,
      about: { owner, kind: 'reminder' },
      subject: `Nog geen bestand voor ${month}`,
      intro,
      counts: [],
      closing: [
        `Zijn er achterstanden om te melden? Lever het bestand dan uiterlijk op ${end} aan.${inbox === undefined ? '' : ` Zet het in de map inbox/${inbox}/.`}`,
        'Zijn er geen achterstanden? Lever dan een bestand aan met alleen de kopregel. Dan weten wij dat er niets vergeten is.',
        ...closing,
        'Heeft u het bestand net aangeleverd? Dan hoeft u niets te doen.',
      ],
    }),
  });
  const byParty = new Map<DeliveringParty, SignalPartner[]>();
  const toPartners = silent.map(({ partner, parties }) => {
    const others = parties.filter(({ id }) => String(id) !== String(partner.id));
    for (const party of others) byParty.set(party, [...(byParty.get(party) ?? []), partner]);
    const names = listing(others.map(({ name }) => name));
    return reminder(
      `partner#${partner.id}`,
      partner.contact.email,
      `Voor ${partner.name} hebben wij in ${month} nog geen bestand gekregen dat wij konden verwerken.`,
      parties.length > others.length ? partner.id : undefined,
      others.length === 0 ? [] : [`Wij hebben dit ook gemaild naar wie voor u aanlevert: ${names}.`],
    );
  });
  return [
    ...toPartners,
    ...[...byParty].map(([party, partners]) =>
      reminder(
        `party#${party.id}`,
        party.contact.email,
        `In ${month} hebben wij van u nog geen bestand gekregen dat wij konden verwerken. U levert aan voor ${listing(partners.map(({ name }) => name))}.`,
        party.id,
        [],
      ),
    ),
  ];
};
