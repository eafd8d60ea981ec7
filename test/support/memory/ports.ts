import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { sha256 } from '#adapters/system/system.ts';
import type { Access } from '#domain/access.ts';
import type { Configuration } from '#domain/agreement/configuration.ts';
import { governing } from '#domain/agreement/governing.ts';
import type { Link } from '#domain/certificate/certificate.ts';
import { lowS } from '#domain/certificate/signature.ts';
import type { ArrearRecord, Delivery, DeliverySource } from '#domain/delivery/delivery.ts';
import type { Hash } from '#domain/delivery/reading.ts';
import { type Feedback, inOrder } from '#domain/feedback/feedback.ts';
import { grouped } from '#domain/grouped.ts';
import {
  type ArrearId,
  type CaseId,
  DeliveryId,
  HouseholdKey,
  Instant,
  type IsoDate,
  type MunicipalityCode,
  type PartnerId,
  type Period,
  partsOfCaseId,
  RunId,
  type SignalRef,
} from '#domain/ids.ts';
import type { MatchDecision, StoredDecision } from '#domain/matching/decision.ts';
import type {
  AccessLog,
  CertificateChain,
  Clock,
  ConfigurationStore,
  DeliveryStore,
  FeedbackStore,
  KeyedHash,
  Mail,
  Mailer,
  MarkStore,
  MatchingKeyStore,
  MatchStore,
  ObjectIds,
  ObjectStore,
  RunIds,
  SignalStore,
  Signer,
  WorkflowStarter,
  Written,
} from '#domain/ports.ts';
import { dueAt } from '#domain/signal/due.ts';
import { executionName } from '#domain/signal/execution-name.ts';
import type { Signal, SignalStatus } from '#domain/signal/signal.ts';
import { amsterdamDate } from '#domain/term/calendar.ts';

/**
 * Memory versions of every port, with the conditions of the real ones. Values are copied on the way in and out, so that
 * a use case cannot change what is stored by changing what it read.
 */
const copy = <T>(value: T): T => structuredClone(value);

export class MemoryClock implements Clock {
  private at: Instant;
  constructor(at: string) {
    this.at = Instant.parse(at);
  }
  now(): Instant {
    return this.at;
  }
  set(at: string): void {
    this.at = Instant.parse(at);
  }
}

export class MemoryDeliveries implements DeliveryStore {
  readonly items = new Map<DeliveryId, Delivery>();
  async create(source: DeliverySource, status: 'RECEIVED' | 'QUARANTINED' = 'RECEIVED'): Promise<'created' | 'exists'> {
    if (this.items.has(source.deliveryId)) return 'exists';
    this.items.set(source.deliveryId, copy({ ...source, status } as Delivery));
    return 'created';
  }
  async get(id: DeliveryId): Promise<Delivery | undefined> {
    return copy(this.items.get(id));
  }
  async save(delivery: Delivery, allowed: readonly Delivery['status'][]): Promise<Written> {
    const stored = this.items.get(delivery.deliveryId);
    if (!stored || !allowed.includes(stored.status)) return 'conflict';
    this.items.set(delivery.deliveryId, copy(delivery));
    return 'written';
  }
  async judge(delivery: Delivery, before: Delivery): Promise<Written> {
    const stored = this.items.get(delivery.deliveryId);
    const same = stored?.status === before.status && JSON.stringify(stored.scan) === JSON.stringify(before.scan);
    if (!same || (stored.status === 'QUARANTINED' && stored.erased)) return 'conflict';
    this.items.set(delivery.deliveryId, copy(delivery));
    return 'written';
  }
}

const refKey = (ref: SignalRef): string => `${ref.caseId}#${ref.signalId}`;

export class MemorySignals implements SignalStore {
  readonly items = new Map<string, Signal>();
  readonly arrears = new Map<ArrearId, ArrearRecord>();

  async claim(arrearId: ArrearId, period: Period, caseId: CaseId): Promise<ArrearRecord> {
    const cases = { [period]: caseId, ...this.arrears.get(arrearId)?.cases };
    const record: ArrearRecord = { arrearId, cases };
    this.arrears.set(arrearId, record);
    return copy(record);
  }
  async repoint(arrearId: ArrearId, period: Period, from: CaseId, to: CaseId): Promise<Written> {
    const record = this.arrears.get(arrearId);
    const current = record?.cases[period];
    if (!record || (current !== from && current !== to)) return 'conflict';
    this.arrears.set(arrearId, { arrearId, cases: { ...record.cases, [period]: to } });
    return 'written';
  }
  async arrear(arrearId: ArrearId): Promise<ArrearRecord | undefined> {
    return copy(this.arrears.get(arrearId));
  }
  async create(signal: Signal): Promise<Written> {
    if (this.items.has(refKey(signal))) return 'conflict';
    this.items.set(refKey(signal), copy(signal));
    return 'written';
  }
  async get(ref: SignalRef): Promise<Signal | undefined> {
    return copy(this.items.get(refKey(ref)));
  }
  async replace(signal: Signal, allowed: readonly SignalStatus[]): Promise<Written> {
    const stored = this.items.get(refKey(signal));
    if (!stored || stored.version !== signal.version - 1 || !allowed.includes(stored.status)) return 'conflict';
    this.items.set(refKey(signal), copy(signal));
    return 'written';
  }
  async storeTaskToken(
    ref: SignalRef,
    version: number,
    taskToken: string,
    allowed: readonly SignalStatus[],
  ): Promise<Written> {
    const stored = this.items.get(refKey(ref));
    if (!stored || stored.version !== version || !allowed.includes(stored.status)) return 'conflict';
    this.items.set(refKey(ref), { ...stored, version: version + 1, taskToken });
    return 'written';
  }
  async ofHousehold(municipality: MunicipalityCode, household: HouseholdKey): Promise<readonly Signal[]> {
    return copy(
      [...this.items.values()].filter(({ caseId }) => {
        const place = partsOfCaseId(caseId);
        return place.municipality === municipality && place.household === household;
      }),
    );
  }
  async *ofMunicipality(code: MunicipalityCode): AsyncIterable<Signal> {
    for (const signal of [...this.items.values()]) if (signal.municipality === code) yield copy(signal);
  }
  async *overdue(before: Instant): AsyncIterable<SignalRef & { dueAt: Instant }> {
    const due = [...this.items.values()].flatMap((signal) => {
      const at = dueAt(signal);
      const { caseId, signalId } = signal;
      return at !== undefined && at < before ? [{ caseId, signalId, dueAt: at }] : [];
    });
    yield* due.sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
  }
}

export class MemoryMatches implements MatchStore {
  readonly items = new Map<string, MatchDecision>();
  async add(decision: MatchDecision, household: HouseholdKey): Promise<Written> {
    const key = `${decision.municipality}#${household}#${decision.decisionId}`;
    if (this.items.has(key)) return 'conflict';
    this.items.set(key, copy(decision));
    return 'written';
  }
  async ofHousehold(municipality: MunicipalityCode, household: HouseholdKey): Promise<readonly MatchDecision[]> {
    const prefix = `${municipality}#${household}#`;
    return copy([...this.items].filter(([key]) => key.startsWith(prefix)).map(([, decision]) => decision));
  }
  async *ofMunicipality(code: MunicipalityCode): AsyncIterable<StoredDecision> {
    const ours = [...this.items].filter(([, { municipality }]) => municipality === code);
    for (const copies of grouped(ours, ([, { decisionId }]) => decisionId).values())
      for (const [, decision] of copies.slice(0, 1))
        yield copy({ decision, under: copies.map(([key]) => HouseholdKey.parse(key.split('#')[1])) });
  }
}

const NOTHING: Configuration = {
  meldpunt: '',
  uploadLimits: { maxBytes: 100_000_000, maxRows: 250_000 },
  partnerTypeRules: [],
  policies: [],
  rankings: [],
  deviations: [],
  organisations: [],
  municipalities: [],
  partners: [],
  deliveringParties: [],
  agreements: [],
};

export class MemoryConfiguration implements ConfigurationStore {
  private current: Configuration | undefined;
  constructor(configuration?: Configuration) {
    this.current = configuration;
  }
  private get known(): Configuration {
    return this.current ?? NOTHING;
  }
  async replace(configuration: Configuration): Promise<void> {
    this.current = copy(configuration);
  }
  async stored() {
    return copy(this.current);
  }
  async meldpunt() {
    if (!this.current) throw Object.assign(new Error(), { name: 'ConfigurationMissing' });
    return this.current.meldpunt;
  }
  async uploadLimits() {
    return copy(this.known.uploadLimits);
  }
  async deliveringParty(id: string) {
    return copy(this.known.deliveringParties.find((party) => party.id === id));
  }
  async partner(id: string) {
    return copy(this.known.partners.find((partner) => partner.id === id));
  }
  async partners() {
    return copy(this.known.partners);
  }
  async agreementsOf(partner: string) {
    return copy(this.known.agreements.filter((agreement) => agreement.partner === partner));
  }
  async partnerTypeRules() {
    return copy(this.known.partnerTypeRules);
  }
  async municipality(code: string) {
    return copy(this.known.municipalities.find((municipality) => municipality.code === code));
  }
  async municipalities() {
    return copy(this.known.municipalities);
  }
  async rankings() {
    return copy(this.known.rankings);
  }
  async organisation(id: string) {
    return copy(this.known.organisations.find((organisation) => organisation.id === id));
  }
  async governing(
    { policy, agreement, municipality, receivedAt }: Parameters<ConfigurationStore['governing']>[0],
    on?: IsoDate,
  ) {
    const base = this.known.policies.find(({ id }) => id === policy);
    const receivedOn = amsterdamDate(receivedAt);
    const governed = { policy, agreement, municipality, receivedOn };
    return base && copy(governing(base, this.known.deviations, governed, on ?? receivedOn));
  }
}

export class MemoryFeedback implements FeedbackStore {
  readonly items = new Map<string, Feedback>();
  async add(feedback: Feedback): Promise<Written> {
    const { partner, signalId, number, kind, municipality } = feedback;
    const key = `${partner}#${signalId}#${number}#${kind}#${municipality}`;
    if (this.items.has(key)) return 'conflict';
    this.items.set(key, copy(feedback));
    return 'written';
  }
  async ofSignal(partner: PartnerId, signalId: SignalRef['signalId']): Promise<readonly Feedback[]> {
    const found = [...this.items.values()].filter((item) => item.partner === partner && item.signalId === signalId);
    return copy(inOrder(found));
  }
  async between(partner: PartnerId, from: IsoDate, to: IsoDate): Promise<readonly Feedback[]> {
    const found = [...this.items.values()].filter(
      (item) => item.partner === partner && from <= item.date && item.date <= to,
    );
    return copy(found);
  }
}

export class MemoryMarks implements MarkStore {
  readonly items = new Map<string, string>();
  /** When a mark may go; nothing goes here. */
  readonly ends = new Map<string, Instant>();
  async get(owner: string, name: string): Promise<string | undefined> {
    return this.items.get(`${owner}#${name}`);
  }
  async set(
    owner: string,
    name: string,
    value: string,
    previous: string | undefined,
    until?: Instant,
  ): Promise<Written> {
    if (this.items.get(`${owner}#${name}`) !== previous) return 'conflict';
    this.items.set(`${owner}#${name}`, value);
    if (until === undefined) this.ends.delete(`${owner}#${name}`);
    else this.ends.set(`${owner}#${name}`, until);
    return 'written';
  }
}

/** Readings in the order in which they were recorded; the same one again is kept once. */
export class MemoryAccess implements AccessLog {
  private readonly kept = new Set<string>();
  get items(): readonly Access[] {
    return [...this.kept].map((text) => JSON.parse(text));
  }
  async record(access: Access): Promise<void> {
    this.kept.add(JSON.stringify(access));
  }
}

const bytesOf = async (body: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body.slice();
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part.slice());
  return Buffer.concat(parts);
};

/** Since when every object is there, as `stat` tells. */
export const STORED_AT = Instant.parse('2026-04-01T06:00:00.000Z');

/** Versioned objects; `chunkBytes` is how much of a body one step of a stream gives. */
export class MemoryObjects implements ObjectStore {
  readonly items = new Map<string, { versionId: string; body: Uint8Array; contentType: string }[]>();
  private readonly chunkBytes: number;
  private versions = 0;
  constructor(chunkBytes = 64 * 1024) {
    this.chunkBytes = chunkBytes;
  }

  async read(bucket: string, key: string, versionId?: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const versions = this.items.get(`${bucket}/${key}`) ?? [];
    const found = versionId === undefined ? versions.at(-1) : versions.find((item) => item.versionId === versionId);
    return found && this.stream(found.body);
  }
  private async *stream(body: Uint8Array): AsyncIterable<Uint8Array> {
    for (let at = 0; at < body.length; at += this.chunkBytes) yield body.slice(at, at + this.chunkBytes);
  }
  async write(
    bucket: string,
    key: string,
    body: string | Uint8Array | AsyncIterable<Uint8Array>,
    contentType: string,
  ): Promise<void> {
    await this.put(bucket, key, await bytesOf(body), contentType);
  }
  async stat(bucket: string, key: string, versionId: string) {
    const found = this.items.get(`${bucket}/${key}`)?.find((item) => item.versionId === versionId);
    return found && { sizeBytes: found.body.length, storedAt: STORED_AT };
  }
  async erase(bucket: string, key: string, versionId: string): Promise<void> {
    const left = (this.items.get(`${bucket}/${key}`) ?? []).filter((item) => item.versionId !== versionId);
    if (left.length > 0) this.items.set(`${bucket}/${key}`, left);
    else this.items.delete(`${bucket}/${key}`);
  }

  async eraseFolder(bucket: string, prefix: string): Promise<void> {
    for (const name of [...this.items.keys()]) if (name.startsWith(`${bucket}/${prefix}`)) this.items.delete(name);
  }

  /** For tests: writes an object and answers its version id. */
  async put(bucket: string, key: string, body: string | Uint8Array, contentType = 'text/csv'): Promise<string> {
    const versionId = `v${++this.versions}`;
    const versions = this.items.get(`${bucket}/${key}`) ?? [];
    this.items.set(`${bucket}/${key}`, [...versions, { versionId, body: await bytesOf(body), contentType }]);
    return versionId;
  }
  /** For tests: the newest version as text, or undefined. */
  text(bucket: string, key: string): string | undefined {
    const body = this.items.get(`${bucket}/${key}`)?.at(-1)?.body;
    return body && new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  }
  /** For tests: keys in a bucket, sorted. */
  keys(bucket: string): readonly string[] {
    const prefix = `${bucket}/`;
    return [...this.items.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .sort();
  }
}

/** Records what was started, by execution name, and woken, by token; a start that exists already is recorded once. */
export class MemoryWorkflows implements WorkflowStarter {
  readonly signals = new Map<string, SignalRef>();
  readonly deliveries = new Set<string>();
  readonly woken: string[] = [];
  async startSignal({ caseId, signalId }: SignalRef, round: number): Promise<void> {
    this.signals.set(executionName({ caseId, signalId, round }), { caseId, signalId });
  }
  async startDelivery(id: DeliveryId, round: number): Promise<void> {
    this.deliveries.add(round === 1 ? id : `${id}_${round}`);
  }
  async wake(taskToken: string, news: 'OVER' | 'CHANGED'): Promise<void> {
    this.woken.push(news === 'OVER' ? taskToken : `${taskToken} CHANGED`);
  }
}

export class MemoryMailer implements Mailer {
  readonly sent: Mail[] = [];
  /** Addresses the service refuses for good. */
  readonly refusing = new Set<string>();
  async send(mail: Mail): Promise<'sent' | 'refused'> {
    if (this.refusing.has(mail.to)) return 'refused';
    this.sent.push(copy(mail));
    return 'sent';
  }
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const base32 = (bytes: Uint8Array, length: number): string => {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[Number((bits >> BigInt(bytes.length * 8 - 5 * (i + 1))) & 31n)];
  return text;
};

/** Deterministic: the same parts give the same digest in every run. */
export class MemoryHash implements KeyedHash {
  async digest(length: number, ...parts: readonly string[]): Promise<string> {
    return base32(createHmac('sha256', 'test key').update(JSON.stringify(parts)).digest(), length);
  }
}

/** Ids made of an object version by a plain hash; runs in the order in which they are asked for. */
export class MemoryIds implements ObjectIds, RunIds {
  private runs = 0;
  runId(): RunId {
    this.runs += 1;
    return RunId.parse(String(this.runs).padStart(10, '0'));
  }
  deliveryId(bucket: string, key: string, versionId: string): DeliveryId {
    const bytes = createHash('sha256')
      .update(JSON.stringify([bucket, key, versionId]))
      .digest();
    return DeliveryId.parse(base32(bytes, 26));
  }
}

export class MemoryMatchingKey implements MatchingKeyStore {
  private made = false;
  async ensure(): Promise<'created' | 'exists'> {
    const answer = this.made ? 'exists' : 'created';
    this.made = true;
    return answer;
  }
}

export class MemoryChain implements CertificateChain {
  readonly items: Link[] = [];
  async last(): Promise<Link | undefined> {
    return copy(this.items.at(-1));
  }
  async *after(sequence: number): AsyncIterable<Link> {
    for (const link of [...this.items]) if (link.statement.sequence > sequence) yield copy(link);
  }
  async append(link: Link): Promise<Written> {
    if (this.items.some(({ statement }) => statement.sequence === link.statement.sequence)) return 'conflict';
    this.items.push(copy(link));
    return 'written';
  }
}

const KEYS = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signatures = new Map<string, Uint8Array>();

/** Signs for real; the same text gets the same signature, so that two histories can be compared. */
export class MemorySigner implements Signer {
  async publicKey(): Promise<Uint8Array> {
    return KEYS.publicKey.export({ format: 'der', type: 'spki' });
  }
  async sign(text: string): Promise<Uint8Array> {
    const signature = signatures.get(text) ?? lowS(sign('sha256', Buffer.from(text), KEYS.privateKey));
    signatures.set(text, signature);
    return signature;
  }
}

export interface MemoryPorts {
  readonly clock: MemoryClock;
  readonly deliveries: MemoryDeliveries;
  readonly signals: MemorySignals;
  readonly matches: MemoryMatches;
  readonly configuration: MemoryConfiguration;
  readonly feedback: MemoryFeedback;
  readonly access: MemoryAccess;
  readonly marks: MemoryMarks;
  readonly objects: MemoryObjects;
  readonly workflows: MemoryWorkflows;
  readonly mailer: MemoryMailer;
  readonly hash: MemoryHash;
  readonly ids: MemoryIds;
  readonly sha256: () => Hash;
  readonly matchingKey: MemoryMatchingKey;
  readonly chain: MemoryChain;
  readonly signer: MemorySigner;
  readonly landingBucket: string;
  readonly exchangeBucket: string;
}

export const memoryPorts = (
  options: { now?: string; configuration?: Configuration; chunkBytes?: number } = {},
): MemoryPorts => ({
  clock: new MemoryClock(options.now ?? '2026-04-01T08:00:00.000Z'),
  deliveries: new MemoryDeliveries(),
  signals: new MemorySignals(),
  matches: new MemoryMatches(),
  configuration: new MemoryConfiguration(options.configuration),
  feedback: new MemoryFeedback(),
  access: new MemoryAccess(),
  marks: new MemoryMarks(),
  objects: new MemoryObjects(options.chunkBytes),
  workflows: new MemoryWorkflows(),
  mailer: new MemoryMailer(),
  hash: new MemoryHash(),
  ids: new MemoryIds(),
  sha256,
  matchingKey: new MemoryMatchingKey(),
  chain: new MemoryChain(),
  signer: new MemorySigner(),
  landingBucket: 'landing',
  exchangeBucket: 'exchange',
});

/** What a throttled or unreachable service looks like to a use case. */
export class TransientFailure extends Error {
  constructor() {
    super('injected');
    this.name = 'TransientFailure';
  }
}

/**
 * The same ports, of which the `n`-th call that returns a promise or a stream (1 = first) fails: `before` it did its
 * work, or `after`, when the work is done and only the answer is lost. The clock, ids and plain hashes are not calls.
 */
export const crashAt = <P extends object>(
  ports: P,
  n: number,
  when: 'before' | 'after' = 'before',
): { readonly ports: P; readonly calls: () => number } => {
  let calls = 0;
  const wrapped = eachCall(ports, (member, answer) => {
    calls += 1;
    if (calls !== n) return answer();
    if (when === 'before') return failed(member);
    const result = answer();
    return result instanceof Promise ? result.then(() => Promise.reject(new TransientFailure())) : failed(member);
  });
  return { ports: wrapped, calls: () => calls };
};

/** The same ports, of which every call goes through `intercept`. The clock, ids and plain hashes are not calls. */
export const eachCall = <P extends object>(
  ports: P,
  intercept: (member: object, answer: () => unknown) => unknown,
): P => {
  const wrap = (port: object): object =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: readonly unknown[]): unknown => intercept(member, () => Reflect.apply(member, target, args));
      },
    });
  const entries = Object.entries(ports).map(([name, port]: [string, unknown]) =>
    typeof port === 'object' &&
    port !== null &&
    name !== 'sha256' &&
    !(port instanceof MemoryClock) &&
    !(port instanceof MemoryIds)
      ? [name, wrap(port)]
      : [name, port],
  );
  return Object.fromEntries(entries) as P;
};

/** A failing call keeps the shape of the one it replaces: a stream fails when it is read. */
const failed = (member: object): unknown => {
  if (member.constructor.name !== 'AsyncGeneratorFunction') return Promise.reject(new TransientFailure());
  return (async function* () {
    yield* [];
    throw new TransientFailure();
  })();
};
