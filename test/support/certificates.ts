import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { Link, ReportCertificate } from '#domain/certificate/certificate.ts';
import { lowS } from '#domain/certificate/signature.ts';
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

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature of the pair, which anybody can make: (r, n − s), by hand. Base 64 to base 64. */
export const twinOf = (signature: string): string => {
  const der = Buffer.from(signature, 'base64');
  const [, rest, , length = 0] = der;
  const r = der.subarray(4, 4 + length);
  const low = BigInt(`0x${der.subarray(6 + length).toString('hex')}`);
  let s = Buffer.from((N - low).toString(16).padStart(64, '0'), 'hex');
  while (s[0] === 0 && (s[1] ?? 0) < 128) s = s.subarray(1);
  if ((s[0] ?? 0) >= 128) s = Buffer.concat([Buffer.of(0), s]);
  if (rest !== der.length - 2) throw new Error('no signature');
  return Buffer.concat([Buffer.of(48, 4 + r.length + s.length, 2, r.length), r, Buffer.of(2, s.length), s]).toString(
    'base64',
  );
};

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
      const signature = lowS(sign('sha256', Buffer.from(canonicalJson(statement)), privateKey));
      return { statement, signature: Buffer.from(signature).toString('base64'), publicKey: der.toString('base64') };
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
