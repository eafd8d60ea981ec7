import type { z } from 'zod';
import { canonicalJson } from '../matching/keys.ts';
import { Link, ReportCertificate, type Statement, statementHash } from './certificate.ts';
import { isLowS } from './signature.ts';
import { rootWith, type Sha256 } from './tree.ts';

/** What the one who checks brings along. Bytes are in base 64. */
export interface Cryptography {
  readonly sha256: Sha256;
  /** SHA-256 of these bytes, in hexadecimal. */
  readonly fingerprint: (bytes: string) => string;
  readonly bytes: (base64: string) => Uint8Array;
  /** Whether this is an ECDSA signature with SHA-256 (DER) over the text, by this key on P-256 (SubjectPublicKeyInfo). */
  readonly verifies: (publicKey: string, text: string, signature: string) => boolean;
}

/** What can be wrong with a certificate, with a link of the chain, and between the two. */
export const PROBLEMS = [
  'UNREADABLE',
  'KEY_DIFFERS',
  'SIGNATURE_WRONG',
  'SIGNATURE_TWIN',
  'REPORT_CHANGED',
  'OTHER_DELIVERY',
  'OTHER_KEY',
  'CHAIN_TOO_SHORT',
  'NOT_IN_CHAIN',
  'LINK_MISSING',
  'LINK_CHANGED',
  'TIME_RUNS_BACK',
  'DELIVERY_TWICE',
] as const;
export type Problem = (typeof PROBLEMS)[number];

/**
 * One line as we wrote it, to the letter: any other spelling (a key twice, loose ends) could be read in another way
 * elsewhere.
 */
const readLine = <T>(schema: z.ZodType<T>, line: string): T | undefined => {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(given);
  return parsed.success && canonicalJson(parsed.data) === line ? parsed.data : undefined;
};

/**
 * Fingerprints of the keys that are known to be the meldpunt's. Without them anybody's signature will do: what is found
 * whole is then whole in itself, and no more.
 */
export type Trusted = ReadonlySet<string> | undefined;

/** A signature needs not be checked again for each of the thousands of certificates of a delivery. */
const signedProblems = (cryptography: Cryptography, trusted: Trusted): ((link: Link) => readonly Problem[]) => {
  let last: { readonly text: string; readonly problems: readonly Problem[] } | undefined;
  return ({ statement, signature, publicKey }) => {
    const text = canonicalJson({ statement, signature, publicKey });
    if (last?.text !== text) {
      const fingerprint = cryptography.fingerprint(publicKey);
      const isKey = fingerprint === statement.key;
      const isTrusted = trusted === undefined || trusted.has(fingerprint);
      const isSigned = cryptography.verifies(publicKey, canonicalJson(statement), signature);
      last = {
        text,
        problems: [
          ...(isKey ? [] : ['KEY_DIFFERS' as const]),
          ...(isSigned ? [] : ['SIGNATURE_WRONG' as const]),
          ...(isSigned && !isLowS(cryptography.bytes(signature)) ? ['SIGNATURE_TWIN' as const] : []),
          ...(isTrusted ? [] : ['OTHER_KEY' as const]),
        ],
      };
    }
    return last.problems;
  };
};

export interface ChainProblem {
  /** Which link, 1 = first; of a link that is missing the number it should have. */
  readonly sequence: number;
  readonly problem: Problem;
}

export interface Chain {
  readonly links: number;
  readonly problems: readonly ChainProblem[];
  /** Hash of each statement, by its number less one. */
  readonly hashes: readonly string[];
  /** Fingerprints of the keys, each with the first link it signed. */
  readonly keys: ReadonlyMap<string, number>;
  readonly last: Statement | undefined;
}

/**
 * The whole chain from its first link: none is missing, changed, moved or added, each is signed, by a trusted key when those
 * are given, time never runs back and no delivery stands in it twice. Stops at the first link that is not what it must be: what comes behind it hangs on it.
 */
export const checkChain = (lines: Iterable<string>, cryptography: Cryptography, trusted?: Trusted): Chain => {
  const hashes: string[] = [];
  const keys = new Map<string, number>();
  const deliveries = new Set<string>();
  const problemsOf = signedProblems(cryptography, trusted);
  let last: Statement | undefined;
  const chain = (...problems: readonly Problem[]): Chain => ({
    links: hashes.length,
    problems: problems.map((problem) => ({ sequence: hashes.length + 1, problem })),
    hashes,
    keys,
    last,
  });
  for (const line of lines) {
    const link = readLine(Link, line);
    if (link === undefined) return chain('UNREADABLE');
    const { statement } = link;
    const wrong: Problem[] = [...problemsOf(link)];
    if (statement.sequence !== hashes.length + 1) wrong.push('LINK_MISSING');
    else if (statement.previous !== (hashes.at(-1) ?? null)) wrong.push('LINK_CHANGED');
    if (last !== undefined && statement.signedAt < last.signedAt) wrong.push('TIME_RUNS_BACK');
    if (deliveries.has(statement.deliveryId)) wrong.push('DELIVERY_TWICE');
    if (wrong.length > 0) return chain(...wrong);
    deliveries.add(statement.deliveryId);
    if (!keys.has(statement.key)) keys.set(statement.key, statement.sequence);
    hashes.push(statementHash(statement, cryptography.sha256));
    last = statement;
  }
  return chain();
};

export interface Checked {
  /** Absent when it could not be read as one. */
  readonly certificate?: ReportCertificate;
  readonly problems: readonly Problem[];
}

/**
 * Checks certificates, line by line: against the keys that were published when they are given, and against the chain when
 * that is given.
 */
export const checker = (
  cryptography: Cryptography,
  { trusted, chain }: { readonly trusted?: Trusted; readonly chain?: Chain | undefined },
): ((line: string) => Checked) => {
  const problemsOf = signedProblems(cryptography, trusted);
  const inChain = ({ statement }: Link): readonly Problem[] => {
    if (chain === undefined) return [];
    const stands = chain.hashes[statement.sequence - 1];
    if (stands === undefined) return ['CHAIN_TOO_SHORT'];
    return stands === statementHash(statement, cryptography.sha256) ? [] : ['NOT_IN_CHAIN'];
  };
  return (line) => {
    const certificate = readLine(ReportCertificate, line);
    if (certificate === undefined) return { problems: ['UNREADABLE'] };
    const { report, proof, statement } = certificate;
    const isUnderRoot = rootWith(canonicalJson(report), proof, cryptography.sha256) === statement.root;
    const isOfDelivery = report.deliveryId === statement.deliveryId && report.receivedAt === statement.receivedAt;
    return {
      certificate,
      problems: [
        ...(isUnderRoot ? [] : ['REPORT_CHANGED' as const]),
        ...(isOfDelivery ? [] : ['OTHER_DELIVERY' as const]),
        ...problemsOf(certificate),
        ...inChain(certificate),
      ],
    };
  };
};
