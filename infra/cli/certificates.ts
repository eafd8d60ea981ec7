import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { certificateOn } from '#domain/certificate/page.ts';
import { Hash } from '#domain/certificate/tree.ts';
import { type Chain, type Cryptography, checkChain, type Problem, type Trusted } from '#domain/certificate/verify.ts';
import { Refusal, UsageError } from './command.ts';

const CURVE = 'prime256v1';

/** Checking needs no network and nothing of ours but this: Node's own cryptography. */
export const cryptography: Cryptography = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  fingerprint: (bytes) => createHash('sha256').update(Buffer.from(bytes, 'base64')).digest('hex'),
  bytes: (base64) => Buffer.from(base64, 'base64'),
  verifies: (publicKey, text, signature) => {
    try {
      const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
      const isOurs = key.asymmetricKeyDetails?.namedCurve === CURVE;
      return isOurs && verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64'));
    } catch {
      return false;
    }
  },
};

const unreadable = (file: string): UsageError => new UsageError(`Ik kan ${file} niet lezen.`);

export interface NumberedLine {
  readonly number: number;
  readonly line: string;
  /** The page it was found on. */
  readonly page?: string;
}

/** Lines as they end in a file, with or without a carriage return; a sign that some take for the end of a line is none here. */
async function* textLinesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const piece of createReadStream(file, { encoding: 'utf8' })) {
      const [end = '', ...more] = String(piece).split('\n');
      rest += end;
      for (const next of more) {
        yield rest.replace(/\r$/, '');
        rest = next;
      }
    }
  } catch {
    throw unreadable(file);
  }
  yield rest;
}

/**
 * Lines of a file of certificates or links, or the certificate of a page; a mark in front and CRLF are no part of it. The
 * first sign says which of the two it is, however much white space stands before it: whoever opens the file sees a page
 * then. Every line comes, whatever it holds, but those that hold nothing: what is left out here is never checked.
 */
export async function* linesOf(file: string): AsyncGenerator<NumberedLine> {
  let number = 0;
  const blank: string[] = [];
  let page: string[] | undefined;
  let isLines = false;
  for await (const text of textLinesOf(file)) {
    number += 1;
    const line = number === 1 ? text.replace(/^\uFEFF/, '') : text;
    const [sign] = line.trimStart();
    if (page) page.push(line);
    else if (isLines) {
      if (sign !== undefined) yield { number, line };
    } else if (sign === undefined) blank.push(line);
    else if (sign === '<') page = [...blank, line];
    else if (sign === '{') {
      isLines = true;
      yield { number, line };
    } else throw new Refusal(`${file} is geen bestand van het meldpunt: er staat iets anders in. Ga er niet op af.`);
  }
  if (!page) return;
  const whole = page.join('\n');
  yield { number: 1, line: certificateOn(whole) ?? '', page: whole };
}

/** One block of a PEM file. */
const BLOCK = /-----BEGIN [^-]+-----[^-]*-----END [^-]+-----/g;

/** The fingerprints of the public keys in a PEM file: all of them. */
const readKeys = (file: string): readonly string[] => {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch {
    throw unreadable(file);
  }
  try {
    const blocks = pem.match(BLOCK) ?? [];
    if (/PRIVATE KEY/.test(pem) || blocks.length === 0 || blocks.length !== pem.split('-----BEGIN ').length - 1)
      throw new Error();
    return blocks.map((block) => {
      const key = createPublicKey(block);
      if (key.asymmetricKeyDetails?.namedCurve !== CURVE) throw new Error();
      return cryptography.fingerprint(key.export({ format: 'der', type: 'spki' }).toString('base64'));
    });
  } catch {
    throw new UsageError(`In ${file} staat geen openbare sleutel van een meldpunt (PEM, P-256), of ook iets anders.`);
  }
};

/** A fingerprint as it was published: in groups or not, in capitals or not. */
const readFingerprint = (given: string): string => {
  const hash = Hash.safeParse(given.replace(/[\s:]/g, '').toLowerCase());
  if (!hash.success)
    throw new UsageError(
      '--vingerafdruk is een vingerafdruk (SHA-256): 64 cijfers en letters a tot en met f. Zet er aanhalingstekens om als er spaties in staan.',
    );
  return hash.data;
};

/**
 * The keys that whoever checks takes for the meldpunt's; undefined when none were named. Fingerprints go before files: a
 * file beside them must hold no key but theirs.
 */
export const readTrusted = (files: readonly string[], given: readonly string[]): Trusted => {
  const fingerprints = new Set(given.map(readFingerprint));
  if (fingerprints.size === 0) return files.length === 0 ? undefined : new Set(files.flatMap(readKeys));
  const stranger = files.find((file) => readKeys(file).some((key) => !fingerprints.has(key)));
  if (stranger !== undefined)
    throw new Refusal(`De sleutel in ${stranger} heeft niet de vingerafdruk die u gaf. Vertrouw hem niet.`);
  return fingerprints;
};

export const readChain = async (file: string, trusted: Trusted): Promise<Chain> => {
  const lines: string[] = [];
  for await (const { line } of linesOf(file)) lines.push(line);
  if (lines.length === 0) throw new UsageError(`In ${file} staat geen keten.`);
  return checkChain(lines, cryptography, trusted);
};

/** What a problem means for who reads it. */
export const PROBLEM_WORDS: Readonly<Record<Problem, string>> = {
  UNREADABLE:
    'Dit is geen meldbewijs zoals het meldpunt het schreef: er is iets aan veranderd, of er ontbreekt een deel.',
  KEY_DIFFERS: 'De sleutel in het bewijs is niet de sleutel waar de ondertekende verklaring over spreekt.',
  SIGNATURE_WRONG:
    'De handtekening klopt niet: de verklaring is veranderd, of is niet door het meldpunt met deze sleutel ondertekend.',
  SIGNATURE_TWIN:
    'De handtekening is omgerekend (hoge s): van elke handtekening kan iedereen er zo nog een maken, maar het meldpunt geeft die nooit uit.',
  REPORT_CHANGED:
    'De melding hoort niet bij de ondertekende verklaring: de melding is veranderd, of komt uit een andere levering.',
  OTHER_DELIVERY:
    'De melding noemt een andere levering of een ander moment van ontvangst dan de ondertekende verklaring.',
  OTHER_KEY:
    'Dit is met een andere sleutel ondertekend dan u gaf. Heeft het meldpunt later een nieuwe sleutel genomen? Geef dan elke sleutel die het openbaar heeft gemaakt.',
  CHAIN_TOO_SHORT:
    'De keten die u gaf is ouder dan dit bewijs, of het bewijs hoort er niet in. Haal een nieuwe keten op bij het meldpunt.',
  NOT_IN_CHAIN: 'In de keten staat op dit nummer een andere verklaring.',
  LINK_MISSING: 'Hier hoort een ander nummer te staan: er is iets weggehaald, tussengevoegd of verplaatst.',
  LINK_CHANGED: 'Deze verklaring sluit niet aan op de vorige: er is iets veranderd, tussengevoegd of weggehaald.',
  TIME_RUNS_BACK: 'Deze verklaring is eerder ondertekend dan de vorige.',
  DELIVERY_TWICE: 'Deze levering staat al eerder in de keten.',
};
