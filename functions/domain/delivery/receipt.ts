import { mailOf } from '../feedback/mail.ts';
import type { DeliveringPartyId, DeliveryId, Instant, PartnerId } from '../ids.ts';
import type { Mail } from '../ports.ts';
import type {
  DeliveryCounts,
  DeliverySource,
  FileRejection,
  FileRejectionCode,
  RowRejectionCode,
  WarningCode,
} from './delivery.ts';
import { type Advice, adviceFor, FILE_ADVICE, WARNING_ADVICE, whereToLook } from './rejection.ts';

type Counted<C extends string> = Advice & { readonly code: C; readonly count: number };

/** Ontvangstbevestiging. Counts, codes and our own words: no personal data, no file name. */
export interface Receipt {
  readonly deliveryId: DeliveryId;
  readonly party: DeliveringPartyId;
  readonly sha256?: string;
  readonly receivedAt: Instant;
  readonly closedAt: Instant;
  readonly verdict: 'verwerkt' | 'geweigerd';
  readonly counts: DeliveryCounts;
  /** Why the whole file was refused. */
  readonly file?: Advice & FileRejection & { readonly code: FileRejectionCode };
  readonly refusals: readonly Counted<RowRejectionCode>[];
  readonly warnings: readonly Counted<WarningCode>[];
  readonly nextSteps: readonly string[];
}

export const NO_ROWS: DeliveryCounts = { read: 0, accepted: 0, corrected: 0, refused: 0, unchanged: 0, withdrawn: 0 };

/** R-DEL-1: nothing is lost between the rows read and what became of them. */
export const addsUp = ({ read, accepted, refused, unchanged, withdrawn }: DeliveryCounts): boolean =>
  read === accepted + refused + unchanged + withdrawn;

const counted = <C extends string>(counts: Readonly<Record<string, number>>, adviceOf: (code: C) => Advice) =>
  (Object.entries(counts) as [C, number][])
    .filter(([, count]) => count > 0)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([code, count]) => ({ code, count, ...adviceOf(code) }));

const nextSteps = (counts: DeliveryCounts): readonly string[] => {
  if (counts.read === 0) return ['Het bestand bevat geen regels. Wij noteren dat u geen achterstanden heeft.'];
  return [
    ...(counts.accepted > 0
      ? ['Bewaar de meldbewijzen (certificates.ndjson). De gemeenten gaan met de meldingen aan de slag.']
      : []),
    ...(counts.refused > 0
      ? ['Een afgekeurde regel is geen melding. Verbeter de regels in rejected.csv en lever dat bestand opnieuw aan.']
      : []),
    ...(counts.unchanged > 0 ? ['Onveranderde regels waren al gemeld. U hoeft daarvoor niets te doen.'] : []),
  ];
};

export interface Processed {
  readonly counts: DeliveryCounts;
  readonly rejections: Readonly<Record<string, number>>;
  readonly warnings: Readonly<Record<string, number>>;
}

type Source = Pick<DeliverySource, 'deliveryId' | 'party' | 'receivedAt'>;

/** Receipt of a delivery whose rows were all judged. */
export const receiptOf = (
  { deliveryId, party, receivedAt }: Source,
  sha256: string,
  { counts, rejections, warnings }: Processed,
  closedAt: Instant,
): Receipt => ({
  deliveryId,
  party,
  sha256,
  receivedAt,
  closedAt,
  verdict: 'verwerkt',
  counts,
  refusals: counted<RowRejectionCode>(rejections, (code) => adviceFor({ code })),
  warnings: counted<WarningCode>(warnings, (code) => WARNING_ADVICE[code]),
  nextSteps: nextSteps(counts),
});

/** Receipt of a file that was refused as a whole: no row of it counts. */
export const refusalOf = (
  { deliveryId, party, receivedAt }: Source,
  sha256: string | undefined,
  { code, column, position, line }: FileRejection,
  closedAt: Instant,
): Receipt => ({
  deliveryId,
  party,
  ...(sha256 === undefined ? {} : { sha256 }),
  receivedAt,
  closedAt,
  verdict: 'geweigerd',
  counts: NO_ROWS,
  file: {
    code,
    ...(column === undefined ? {} : { column }),
    ...(position === undefined ? {} : { position }),
    ...(line === undefined ? {} : { line }),
    ...FILE_ADVICE[code],
  },
  refusals: [],
  warnings: [],
  nextSteps: [FILE_ADVICE[code].remedy, 'Er is niets gemeld. Lever het verbeterde bestand opnieuw aan.'],
});

/** What a partner sees of a delivery that another party made for it (R-AGR-5): its own rows only. */
export interface PartnerReceipt {
  readonly deliveryId: DeliveryId;
  readonly partner: PartnerId;
  readonly party: DeliveringPartyId;
  readonly receivedAt: Instant;
  readonly closedAt: Instant;
  readonly counts: DeliveryCounts;
  readonly nextSteps: readonly string[];
}

export const partnerReceiptOf = (
  { deliveryId, party, receivedAt }: Source,
  partner: PartnerId,
  counts: DeliveryCounts,
  closedAt: Instant,
): PartnerReceipt => ({
  deliveryId,
  partner,
  party,
  receivedAt,
  closedAt,
  counts,
  nextSteps: [
    ...(counts.accepted > 0 ? ['Bewaar de meldbewijzen (certificates.ndjson).'] : []),
    ...(counts.refused > 0 ? ['Een afgekeurde regel is geen melding. De aanleverende partij weet waarom.'] : []),
  ],
});

/** "Your delivery was processed", with counts only; the files lie in the party's own folder. */
export const deliveryMail = (to: string, receipt: Receipt): Mail => {
  const { deliveryId, party, verdict, counts, file, refusals } = receipt;
  const place = `partners/${party}/deliveries/${deliveryId}/`;
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
    counts: [
      { label: 'Gelezen regels', count: counts.read },
      { label: 'Aangenomen', count: counts.accepted },
      { label: 'Waarvan verbeterd', count: counts.corrected },
      { label: 'Onveranderd', count: counts.unchanged },
      { label: 'Ingetrokken', count: counts.withdrawn },
      { label: 'Afgekeurd', count: counts.refused },
    ],
    details: {
      heading: 'Waarom regels zijn afgekeurd',
      counts: refusals.map(({ explanation, count }) => ({ label: explanation.replace(/\.$/, ''), count })),
    },
    place,
    ...(counts.refused > 0
      ? {
          closing:
            'Een afgekeurde regel is geen melding. Verbeter de regels in rejected.csv en lever dat bestand opnieuw aan.',
        }
      : {}),
  });
};
