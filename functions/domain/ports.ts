import type { Access } from './access.ts';
import type {
  Agreement,
  Configuration,
  DeliveringParty,
  ExecutingOrganisation,
  Municipality,
  PartnerTypeRule,
  SignalPartner,
  UploadLimits,
} from './agreement/configuration.ts';
import type { Governing } from './agreement/governing.ts';
import type { Link } from './certificate/certificate.ts';
import type { ArrearRecord, Delivery, DeliverySource } from './delivery/delivery.ts';
import type { Feedback } from './feedback/feedback.ts';
import type { MailAbout } from './feedback/mail-about.ts';
import type {
  ArrearId,
  CaseId,
  DeliveringPartyId,
  DeliveryId,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  OrganisationId,
  PartnerId,
  Period,
  RunId,
  SignalId,
  SignalRef,
} from './ids.ts';
import type { MatchDecision, StoredDecision } from './matching/decision.ts';
import type { RankingPolicy } from './ranking/policy.ts';
import type { Signal, SignalFacts, SignalStatus } from './signal/signal.ts';

/**
 * What the use cases ask of the world. Each use case takes exactly the members it needs (`Pick`).
 * One contract suite runs against the memory versions (`test/support/memory`) and the AWS adapters.
 * A method rejects only when the call itself failed (throttled, unreachable): the Lambda is then retried.
 */
export interface Clock {
  now(): Instant;
}

/** Answer of a conditional write: a lost race is a value, and carries nothing else: read the truth and go on. */
export type Written = 'written' | 'conflict';

export interface DeliveryStore {
  /** Registers an upload once; one that the scan holds from the start as `QUARANTINED`. */
  create(source: DeliverySource, status?: 'RECEIVED' | 'QUARANTINED'): Promise<'created' | 'exists'>;
  get(id: DeliveryId): Promise<Delivery | undefined>;
  /** Moves a delivery on, when it is in one of `allowed`. */
  save(delivery: Delivery, allowed: readonly Delivery['status'][]): Promise<Written>;
  /** Stores what was decided of a delivery, when status and scan still are as they were read and it was not erased. */
  judge(delivery: Delivery, before: Delivery): Promise<Written>;
}

export interface SignalStore {
  /** Claims the month for this case in one atomic write; answers the record as it then is (the first claim wins). */
  claim(arrearId: ArrearId, period: Period, caseId: CaseId): Promise<ArrearRecord>;
  /** Points the month at another case: only after the signal there is written. */
  repoint(arrearId: ArrearId, period: Period, from: CaseId, to: CaseId): Promise<Written>;
  /** Strongly consistent; undefined when the arrear was never reported. */
  arrear(arrearId: ArrearId): Promise<ArrearRecord | undefined>;
  /** Writes a signal that does not exist yet. */
  create(signal: Signal): Promise<Written>;
  /** Strongly consistent. */
  get(ref: SignalRef): Promise<Signal | undefined>;
  /**
   * Replaces a signal when it still has version `signal.version - 1` and one of the `allowed` statuses:
   * the transition's own list is the condition.
   */
  replace(signal: Signal, allowed: readonly SignalStatus[]): Promise<Written>;
  /** Stores where the execution waits, when version and status are still as read. Increments the version. */
  storeTaskToken(
    ref: SignalRef,
    version: number,
    taskToken: string,
    allowed: readonly SignalStatus[],
  ): Promise<Written>;
  /** Signals of one household in every month. Strongly consistent. */
  ofHousehold(municipality: MunicipalityCode, household: HouseholdKey): Promise<readonly Signal[]>;
  /** Everything the municipality holds, in no order. */
  ofMunicipality(code: MunicipalityCode): AsyncIterable<Signal>;
  /** Signals whose workflow should have moved them before `before`, oldest first. */
  overdue(before: Instant): AsyncIterable<SignalRef & { readonly dueAt: Instant }>;
}

/** What was decided about who belongs together (R-MAT-4): keyed ids, no personal data. Only ever added to. */
export interface MatchStore {
  /** Adds a copy of a decision under a household it speaks of; `conflict` when one is there already, which stays. */
  add(decision: MatchDecision, household: HouseholdKey): Promise<Written>;
  /** The decisions that speak of a household. Strongly consistent. */
  ofHousehold(municipality: MunicipalityCode, household: HouseholdKey): Promise<readonly MatchDecision[]>;
  /** All of a municipality, each once, in no order, with the households it is stored under. */
  ofMunicipality(code: MunicipalityCode): AsyncIterable<StoredDecision>;
}

export interface ConfigurationStore {
  /** Replaces what is stored; entries that are gone are removed. */
  replace(configuration: Configuration): Promise<void>;
  /** All that is stored, as it is now; undefined before the first load. */
  stored(): Promise<Configuration | undefined>;
  meldpunt(): Promise<string>;
  uploadLimits(): Promise<UploadLimits>;
  deliveringParty(id: DeliveringPartyId): Promise<DeliveringParty | undefined>;
  partner(id: PartnerId): Promise<SignalPartner | undefined>;
  partners(): Promise<readonly SignalPartner[]>;
  agreementsOf(partner: PartnerId): Promise<readonly Agreement[]>;
  partnerTypeRules(): Promise<readonly PartnerTypeRule[]>;
  municipality(code: MunicipalityCode): Promise<Municipality | undefined>;
  municipalities(): Promise<readonly Municipality[]>;
  /** Ranking policies of the configuration, beside the shipped ones. */
  rankings(): Promise<readonly RankingPolicy[]>;
  organisation(id: OrganisationId): Promise<ExecutingOrganisation | undefined>;
  /**
   * The rules that count for a signal on a day (default: its day of receipt), with the clause that says so;
   * undefined when its base text is not stored.
   */
  governing(
    signal: Pick<SignalFacts, 'policy' | 'agreement' | 'municipality' | 'receivedAt'>,
    on?: IsoDate,
  ): Promise<Governing | undefined>;
}

export interface FeedbackStore {
  /** Adds feedback once per signal, outcome number and kind; `conflict` when it is already there. The first date stays. */
  add(feedback: Feedback): Promise<Written>;
  /** All feedback on a signal, oldest outcome first. */
  ofSignal(partner: PartnerId, signalId: SignalId): Promise<readonly Feedback[]>;
  /** Feedback that became ready on `from` to `to`, both included. */
  between(partner: PartnerId, from: IsoDate, to: IsoDate): Promise<readonly Feedback[]>;
}

/** Who read personal data, when, of which case and why (R-PRI-5). Only ever added to. */
export interface AccessLog {
  /** Resolves once it is kept: only then may anything be shown. The same reading again is kept once. */
  record(access: Access): Promise<void>;
}

/** Marks of work done once (a mail sent, a digest published), by name. */
export interface MarkStore {
  /** The value of a mark, if set. */
  get(owner: string, name: string): Promise<string | undefined>;
  /** Sets the mark if its value still is `previous` (undefined = absent). After `until` it may be gone by itself. */
  set(owner: string, name: string, value: string, previous: string | undefined, until?: Instant): Promise<Written>;
}

/** Objects in the landing and exchange buckets. */
export interface ObjectStore {
  /** The body as a stream of bytes; undefined when there is no such object or version. */
  read(bucket: string, key: string, versionId?: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Writes a whole object, streamed; memory stays bounded. */
  write(
    bucket: string,
    key: string,
    body: string | Uint8Array | AsyncIterable<Uint8Array>,
    contentType: string,
  ): Promise<void>;
  /** Size of a version, and since when S3 has it; undefined when it is gone. Reads nothing of it. */
  stat(
    bucket: string,
    key: string,
    versionId: string,
  ): Promise<{ readonly sizeBytes: number; readonly storedAt: Instant } | undefined>;
  /** Removes one version for good. */
  erase(bucket: string, key: string, versionId: string): Promise<void>;
  /** Removes all under a prefix for good, old versions too. */
  eraseFolder(bucket: string, prefix: string): Promise<void>;
}

export interface WorkflowStarter {
  /** Starts the signal's execution of this round, named after both; one that exists already is success. */
  startSignal(ref: SignalRef, round: number): Promise<void>;
  /** Starts the delivery's execution of this round, named after both; one that exists already is success. */
  startDelivery(id: DeliveryId, round: number): Promise<void>;
  /**
   * Wakes the execution that waits with this token: `OVER`, what it waited for has come; `CHANGED`, it must look again
   * at what it waits for. A token that is no longer waited for is success.
   */
  wake(taskToken: string, news: 'OVER' | 'CHANGED'): Promise<void>;
}

/** A mail of counts: plain text and HTML of the same words. The type has no place for personal data beside the addressee's office. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Goes along as tags of the message, and comes back with a bounce. */
  readonly about: MailAbout;
}

export interface Mailer {
  /** `refused` when the mail service will not send it, now or in an hour: trying again is of no use. */
  send(mail: Mail): Promise<'sent' | 'refused'>;
}

/** Keyed hashes (R-MAT-5): HMAC-SHA-256 with the matching key, unwrapped once per container. */
export interface KeyedHash {
  /** Upper-case Crockford base 32, `length` characters, over the parts joined so that no two lists give the same text. */
  digest(length: number, ...parts: readonly string[]): Promise<string>;
}

/** Ids of uploads and outcome files: a plain hash over where the object version lies. */
export interface ObjectIds {
  deliveryId(bucket: string, key: string, versionId: string): DeliveryId;
}

/** Names of runs: another one each time. */
export interface RunIds {
  runId(): RunId;
}

/** The matching key exists once for the whole installation; without it no row can be matched. */
export interface MatchingKeyStore {
  ensure(): Promise<'created' | 'exists'>;
}

/** The chain of certified deliveries (R-DEL-10): links 1, 2, 3 …, only ever added to. */
export interface CertificateChain {
  /** Strongly consistent; undefined while there is none. */
  last(): Promise<Link | undefined>;
  /** The links with a higher number, in order. Strongly consistent. */
  after(sequence: number): AsyncIterable<Link>;
  /** Adds a link behind the last one; `conflict` when its number is taken. */
  append(link: Link): Promise<Written>;
}

/** The key that certificates are signed with: ECDSA on P-256 with SHA-256. Its private half never leaves KMS. */
export interface Signer {
  /** SubjectPublicKeyInfo, in DER. */
  publicKey(): Promise<Uint8Array>;
  /** Signature over the text in UTF-8 (at most 4096 bytes), in DER with the low s; another one each time. */
  sign(text: string): Promise<Uint8Array>;
}
