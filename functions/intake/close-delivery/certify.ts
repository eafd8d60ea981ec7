import { createHash } from 'node:crypto';
import {
  certificateLine,
  type Link,
  linkKey,
  type Names,
  type ReportCertificate,
  reportOf,
  type Statement,
  statementAfter,
} from '#domain/certificate/certificate.ts';
import { type Sha256, type Tree, treeOf, treeOfTrees } from '#domain/certificate/tree.ts';
import type { Delivery, RowResult } from '#domain/delivery/delivery.ts';
import { deliveryFileKey, JSON_TYPE, NDJSON } from '#domain/delivery/places.ts';
import { failure, untilSettled } from '#domain/failure.ts';
import type { PartnerId } from '#domain/ids.ts';
import { canonicalJson } from '#domain/matching/keys.ts';
import type { CertificateChain, Clock, ConfigurationStore, MarkStore, ObjectStore, Signer } from '#domain/ports.ts';

interface Ports {
  readonly configuration: Pick<ConfigurationStore, 'meldpunt' | 'deliveringParty' | 'partner'>;
  readonly marks: MarkStore;
  readonly chain: CertificateChain;
  readonly signer: Signer;
  readonly objects: Pick<ObjectStore, 'write'>;
  readonly exchangeBucket: string;
  readonly clock: Clock;
}

type Certified = Pick<Delivery, 'deliveryId' | 'receivedAt' | 'party'>;

const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/**
 * R-DEL-10: one meldbewijs per accepted signal, in `certificates.ndjson`: for the party all, for each other partner it
 * delivered for its own. The results are read once; what is kept of an accepted row is the text of its report.
 *
 * A delivery gets one link of the chain, whatever happens in between. A mark holds how long the chain was when it was
 * first certified, and the names as they were then: its link, if there is one, lies behind that point, and has the same
 * root. Links are added behind the last one by a write that fails when the number is taken, so of two closings of one
 * delivery the later finds the link of the earlier. A link is signed before it is written: none in the table is without
 * its signature, and what was signed for a number that somebody else took never leaves this function.
 */
export const certify = async (ports: Ports, delivery: Certified, results: AsyncIterable<RowResult>): Promise<void> => {
  const { chainedAfter, names } = await begin(ports, delivery);
  const reports = new Map<PartnerId, string[]>();
  for await (const row of results) {
    if (row.result !== 'accepted' && row.result !== 'corrected') continue;
    const own = reports.get(row.partner) ?? [];
    own.push(canonicalJson(reportOf(row, delivery, names)));
    reports.set(row.partner, own);
  }
  if (reports.size === 0) return;
  // Partners apart, and not in an order that says who they are: the proof of one does not tell how much the others have.
  const parts = [...reports]
    .map(([partner, texts]) => ({ partner, texts, tree: treeOf(texts, sha256) }))
    .sort((a, b) => (a.tree.root < b.tree.root ? -1 : 1));
  const whole = treeOfTrees(
    parts.map(({ tree }) => tree),
    sha256,
  );
  const link = await chained(ports, delivery, whole.root, chainedAfter);
  if (link.statement.root !== whole.root) throw failure('CertificatesDiffer');
  const { objects, exchangeBucket } = ports;
  await objects.write(exchangeBucket, linkKey(link.statement.sequence), `${canonicalJson(link)}\n`, JSON_TYPE);
  const files = parts.map(({ partner, ...part }, i) => ({ partner, part: { ...part, above: whole.proof(i) } }));
  const write = (owner: string, own: readonly Part[]): Promise<void> =>
    objects.write(
      exchangeBucket,
      deliveryFileKey(owner, delivery.deliveryId, 'certificates.ndjson'),
      linesOf(link, own),
      NDJSON,
    );
  await write(
    delivery.party,
    files.map(({ part }) => part),
  );
  for (const { partner, part } of files) if (String(partner) !== String(delivery.party)) await write(partner, [part]);
};

interface Part {
  readonly texts: readonly string[];
  readonly tree: Tree;
  /** From the partner's own root to that of the delivery. */
  readonly above: ReportCertificate['proof'];
}

interface Begun {
  /** Length of the chain before this delivery was certified. */
  readonly chainedAfter: number;
  readonly names: Names;
}

const MARK = 'chain';

/** The same answer every time for one delivery. */
const begin = async ({ marks, chain, configuration }: Ports, { deliveryId, party }: Certified): Promise<Begun> => {
  const owner = `delivery-${deliveryId}`;
  return untilSettled(async () => {
    const before = await marks.get(owner, MARK);
    if (before !== undefined) return JSON.parse(before) as Begun;
    const chainedAfter = (await chain.last())?.statement.sequence ?? 0;
    const known = await configuration.deliveringParty(party);
    const named = await Promise.all((known?.partners ?? []).map((partner) => configuration.partner(partner)));
    // A party and a partner of the same id are the same office.
    const names = Object.fromEntries([known, ...named].flatMap((each) => (each ? [[each.id, each.name]] : [])));
    const begun: Begun = { chainedAfter, names };
    return (await marks.set(owner, MARK, JSON.stringify(begun), undefined)) === 'written' ? begun : undefined;
  });
};

/** The delivery's link: the one that is there, or a new one behind the last. */
const chained = async (
  { chain, signer, configuration, clock }: Ports,
  { deliveryId, receivedAt }: Certified,
  root: string,
  chainedAfter: number,
): Promise<Link> => {
  const publicKey = await signer.publicKey();
  const key = Buffer.from(sha256(publicKey)).toString('hex');
  const meldpunt = await configuration.meldpunt();
  return untilSettled(async () => {
    let last: Statement | undefined;
    // From the link before: the next one names it.
    for await (const link of chain.after(Math.max(chainedAfter - 1, 0))) {
      if (link.statement.deliveryId === deliveryId) return link;
      last = link.statement;
    }
    const statement = statementAfter(last, { meldpunt, deliveryId, receivedAt, root, key }, clock.now(), sha256);
    const signature = await signer.sign(canonicalJson(statement));
    const link: Link = { statement, signature: base64(signature), publicKey: base64(publicKey) };
    return (await chain.append(link)) === 'written' ? link : undefined;
  });
};

const encoder = new TextEncoder();
const LINES_AT_ONCE = 64;

async function* linesOf(link: Link, parts: readonly Part[]): AsyncGenerator<Uint8Array> {
  const lineOf = certificateLine(link);
  for (const { texts, tree, above } of parts)
    for (let from = 0; from < texts.length; from += LINES_AT_ONCE)
      yield encoder.encode(
        texts
          .slice(from, from + LINES_AT_ONCE)
          .map((text, i) => `${lineOf(text, [...tree.proof(from + i), ...above])}\n`)
          .join(''),
      );
}
