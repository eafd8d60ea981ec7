import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { Link, ReportCertificate } from '#domain/certificate/certificate.ts';
import type { RowResult } from '#domain/delivery/delivery.ts';
import {
  CaseId,
  DeliveringPartyId,
  DeliveryId,
  Instant,
  IsoDate,
  MunicipalityCode,
  PartnerId,
  SignalId,
} from '#domain/ids.ts';
import { canonicalJson } from '#domain/matching/keys.ts';
import { certify } from '#functions/intake/close-delivery/certify.ts';
import type { MemoryPorts } from './memory/ports.ts';

type Accepted = Extract<RowResult, { result: 'accepted' | 'corrected' }>;

/** Id of a delivery by its number. */
export const deliveryId = (n: number): DeliveryId => DeliveryId.parse(String(n).padStart(26, '0'));

/** An accepted row. */
export const accepted = (n: number, over: { readonly [K in keyof Accepted]?: Accepted[K] | string } = {}): Accepted =>
  ({
    line: n + 1,
    result: 'accepted',
    partner: PartnerId.parse('elan-wonen'),
    reference: `HC-${n}`,
    signalId: SignalId.parse(`${String(n).padStart(16, '0')}-2604`),
    caseId: CaseId.parse('0392-2604-0123456789AB'),
    municipality: MunicipalityCode.parse('0392'),
    socialCollection: {
      reminder: IsoDate.parse('2026-01-10'),
      contactAttempt: IsoDate.parse('2026-01-20'),
      pointedAtDebtHelp: 'attested',
      announced: 'attested',
    },
    ...over,
  }) as Accepted;

/** Certifies a delivery of these rows. */
export const certifyRows = (
  ports: MemoryPorts,
  n: number,
  rows: readonly RowResult[],
  party = 'elan-wonen',
): Promise<void> =>
  certify(
    ports,
    {
      deliveryId: deliveryId(n),
      party: DeliveringPartyId.parse(party),
      receivedAt: Instant.parse('2026-04-01T07:59:58.000Z'),
    },
    (async function* () {
      yield* rows;
    })(),
  );

/** Lines of a certificates file. */
export const certificateLines = (ports: MemoryPorts, n: number, owner = 'elan-wonen'): readonly string[] =>
  (ports.objects.text('exchange', `partners/${owner}/deliveries/${deliveryId(n)}/certificates.ndjson`) ?? '')
    .split('\n')
    .filter((line) => line !== '');

export const certificatesOf = (ports: MemoryPorts, n: number, owner?: string): readonly ReportCertificate[] =>
  certificateLines(ports, n, owner).map((line) => JSON.parse(line) as ReportCertificate);

/** The published chain, line by line. */
export const chainLines = (ports: MemoryPorts): readonly string[] =>
  ports.objects
    .keys('exchange')
    .filter((key) => key.startsWith('public/chain/'))
    .map((key) => (ports.objects.text('exchange', key) ?? '').trim());

export const hexOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Somebody with a key: a meldpunt, or a forger. */
export interface Signer {
  readonly pem: string;
  readonly fingerprint: string;
  readonly sign: (statement: object) => Link;
}

export const signer = (): Signer => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = publicKey.export({ format: 'der', type: 'spki' });
  const fingerprint = hexOf(der);
  return {
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    fingerprint,
    sign: (given) => {
      const statement = { ...(given as Link['statement']), key: fingerprint };
      const signature = sign('sha256', Buffer.from(canonicalJson(statement)), privateKey).toString('base64');
      return { statement, signature, publicKey: der.toString('base64') };
    },
  };
};

/** A chain of the same deliveries, made anew from the first link: link by link with these keys. */
export const anew = (chain: readonly string[], signers: readonly Signer[]): readonly string[] => {
  let previous: string | null = null;
  return chain.map((line, i) => {
    const { statement } = JSON.parse(line) as Link;
    const link = signers[i]?.sign({ ...statement, previous });
    if (link === undefined) throw new Error('a link without a signer');
    previous = hexOf(canonicalJson(link.statement));
    return canonicalJson(link);
  });
};
