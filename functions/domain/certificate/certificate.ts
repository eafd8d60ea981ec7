import { z } from 'zod';
import type { Delivery, RowResult } from '../delivery/delivery.ts';
import { DeliveringPartyId, DeliveryId, Instant, IsoDate, MunicipalityCode, PartnerId, SignalId } from '../ids.ts';
import { canonicalJson } from '../matching/keys.ts';
import { municipalityName } from '../reference/reference.ts';
import { Hash, hashOf, Proof, type Sha256 } from './tree.ts';

/** Meldbewijs (R-DEL-10). How it is checked without us stands in infra/certificate.md: what changes here changes there. */

const Step = z.union([IsoDate, z.literal('attested')]);
const name = z.string().min(1).max(120);

/**
 * What is proved: that a partner reported an arrear, when, to which municipality, and what it attested. No outcome, no
 * person, no address, no amount, and not what kind of signal it is. The signal's id is a keyed hash of 80 bits, so that
 * the report's own hash cannot be guessed at by who sees it in the proof of another.
 */
export const Report = z.strictObject({
  signalId: SignalId,
  partner: z.strictObject({ id: PartnerId, name }),
  /** Who delivered, when the partner did not do so itself (R-AGR-5). */
  party: z.strictObject({ id: DeliveringPartyId, name }).exactOptional(),
  /** The partner's own reference of the arrear. */
  reference: z.string().min(1).max(200),
  municipality: z.strictObject({ code: MunicipalityCode, name }),
  receivedAt: Instant,
  socialCollection: z.strictObject({
    reminder: Step,
    contactAttempt: Step,
    pointedAtDebtHelp: Step,
    announced: Step,
  }),
  deliveryId: DeliveryId,
});
export type Report = z.infer<typeof Report>;

export const STATEMENT_SCHEMA = 'meldpunt/certificate/1';

/**
 * What is signed, once per delivery with accepted rows: the root over its reports, and the place in the chain. Every
 * certificate of the delivery carries it and it is published, so it names neither party nor partner nor a number of rows.
 */
export const Statement = z.strictObject({
  schema: z.literal(STATEMENT_SCHEMA),
  meldpunt: z.string().min(1).max(60),
  /** 1, 2, 3 … over all deliveries of the meldpunt. */
  sequence: z.int().min(1),
  /** SHA-256 of the statement before it; null of the first. */
  previous: Hash.nullable(),
  deliveryId: DeliveryId,
  receivedAt: Instant,
  /** Never earlier than that of the statement before it. */
  signedAt: Instant,
  root: Hash,
  /** SHA-256 of the public key it is signed with. */
  key: Hash,
});
export type Statement = z.infer<typeof Statement>;

/** Base 64 without loose ends: bytes have one spelling. */
const Base64 = z.base64().refine((text) => /^[^=]*(?:[AQgw]==|[AEIMQUYcgkosw048]=)?$/.test(text));

/** One link of the chain, as it is published. */
export const Link = z.strictObject({
  statement: Statement,
  /** ECDSA on P-256 with SHA-256 over the statement, in DER, with the low s. */
  signature: Base64,
  /** SubjectPublicKeyInfo, in DER. */
  publicKey: Base64,
});
export type Link = z.infer<typeof Link>;

export const ReportCertificate = Link.extend({ report: Report, proof: Proof });
export type ReportCertificate = z.infer<typeof ReportCertificate>;

type Accepted = Extract<RowResult, { result: 'accepted' | 'corrected' }>;

/** Names by id, as they were when the delivery was first certified. */
export type Names = Readonly<Record<string, string>>;

const owner = <T extends string>(id: T, names: Names): { readonly id: T; readonly name: string } => ({
  id,
  name: names[id] ?? id,
});

/** What stands of one accepted row. */
export const reportOf = (
  { signalId, partner, reference, municipality, socialCollection }: Accepted,
  { deliveryId, receivedAt, party }: Pick<Delivery, 'deliveryId' | 'receivedAt' | 'party'>,
  names: Names,
): Report => ({
  signalId,
  partner: owner(partner, names),
  ...(String(party) === String(partner) ? {} : { party: owner(party, names) }),
  reference,
  municipality: { code: municipality, name: municipalityName(municipality) },
  receivedAt,
  socialCollection,
  deliveryId,
});

/** What a statement is known by in the next one. */
export const statementHash = (statement: Statement, sha256: Sha256): string => hashOf(canonicalJson(statement), sha256);

/** The statement that comes behind `last`. */
export const statementAfter = (
  last: Statement | undefined,
  facts: Pick<Statement, 'meldpunt' | 'deliveryId' | 'receivedAt' | 'root' | 'key'>,
  now: Instant,
  sha256: Sha256,
): Statement => ({
  ...facts,
  schema: STATEMENT_SCHEMA,
  sequence: (last?.sequence ?? 0) + 1,
  previous: last === undefined ? null : statementHash(last, sha256),
  // Clocks of two machines differ by a little.
  signedAt: last !== undefined && last.signedAt > now ? last.signedAt : now,
});

/** The one spelling of a certificate, from the one spelling of its report. */
export const certificateLine = ({
  statement,
  signature,
  publicKey,
}: Link): ((report: string, proof: Proof) => string) => {
  const [signed, rest] = [canonicalJson(statement), `"signature":${JSON.stringify(signature)}`];
  const key = JSON.stringify(publicKey);
  return (report, proof) =>
    `{"proof":${JSON.stringify(proof)},"publicKey":${key},"report":${report},${rest},"statement":${signed}}`;
};

/** Where a link of the chain lies in the exchange bucket: anybody may read it, and it stays. */
export const CHAIN_FOLDER = 'public/chain/';
export const linkKey = (sequence: number): string => `${CHAIN_FOLDER}${String(sequence).padStart(10, '0')}.json`;
