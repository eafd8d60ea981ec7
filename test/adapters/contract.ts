import { createPublicKey, verify } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Access } from '#domain/access.ts';
import type { Configuration } from '#domain/agreement/configuration.ts';
import type { Link } from '#domain/certificate/certificate.ts';
import type { Feedback } from '#domain/feedback/feedback.ts';
import {
  ArrearId,
  CaseId,
  DeliveringPartyId,
  DeliveryId,
  HouseholdKey,
  Instant,
  IsoDate,
  MunicipalityCode,
  PartnerId,
  Period,
  PolicyId,
  partsOfCaseId,
  SignalId,
  type SignalRef,
  TeamId,
  WorkerId,
} from '#domain/ids.ts';
import type { MatchDecision } from '#domain/matching/decision.ts';
import type {
  AccessLog,
  CertificateChain,
  ConfigurationStore,
  DeliveryStore,
  FeedbackStore,
  KeyedHash,
  MarkStore,
  MatchingKeyStore,
  MatchStore,
  ObjectStore,
  SignalStore,
  Signer,
} from '#domain/ports.ts';
import { CORRECTED, type Signal } from '#domain/signal/signal.ts';
import { configuration } from '../support/configuration.ts';
import { signal } from '../support/signal.ts';

/** The stores a use case may ask for; both the memory versions and the AWS adapters must pass the same suite. */
export interface Stores {
  readonly deliveries: DeliveryStore;
  readonly signals: SignalStore;
  readonly matches: MatchStore;
  readonly configuration: ConfigurationStore;
  readonly feedback: FeedbackStore;
  readonly access: AccessLog;
  /** What the access log holds: nothing of ours may read it, so the test looks where it lies. */
  readonly accesses: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly marks: MarkStore;
  readonly objects: ObjectStore;
  readonly hash: KeyedHash;
  readonly matchingKey: MatchingKeyStore;
  readonly bucket: string;
  /** Puts an object on 1 April 2026 at eight in Amsterdam; answers its version. */
  readonly put: (key: string, body: string) => Promise<string>;
  readonly chain: CertificateChain;
  readonly signer: Signer;
}

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

const text = async (body: AsyncIterable<Uint8Array> | undefined): Promise<string | undefined> =>
  body && Buffer.concat(await collect(body)).toString('utf8');

const source = {
  deliveryId: DeliveryId.parse('0123456789ABCDEFGHJKMNPQRS'),
  party: DeliveringPartyId.parse('elan-wonen'),
  bucket: 'landing',
  key: 'inbox/elan-wonen/april lijst +%é.csv',
  versionId: 'v1',
  sizeBytes: 12,
  receivedAt: Instant.parse('2026-04-01T08:00:00.000Z'),
};

/** Every promise of `functions/domain/ports.ts` that a store can break. `make` answers empty stores. */
export const portsContract = (name: string, make: () => Promise<Stores>): void => {
  describe(name, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await make();
    });

    describe('deliveries', () => {
      it('registers an upload once', async () => {
        expect(await stores.deliveries.create(source)).toBe('created');
        expect(await stores.deliveries.create({ ...source, sizeBytes: 99 })).toBe('exists');
        expect(await stores.deliveries.get(source.deliveryId)).toEqual({ ...source, status: 'RECEIVED' });
      });
      it('answers undefined for an unknown delivery', async () => {
        expect(await stores.deliveries.get(source.deliveryId)).toBeUndefined();
      });
      it('moves a delivery only from an allowed status', async () => {
        await stores.deliveries.create(source);
        const refused = { ...source, status: 'REFUSED', rejection: { code: 'FILE_EMPTY' }, mustErase: false } as const;
        expect(await stores.deliveries.save(refused, ['VALIDATED'])).toBe('conflict');
        expect(await stores.deliveries.save(refused, ['RECEIVED'])).toBe('written');
        expect(await stores.deliveries.get(source.deliveryId)).toEqual(refused);
      });
      it('registers an upload that is held from the start', async () => {
        const scan = { verdict: 'UNSUPPORTED', at: source.receivedAt } as const;
        expect(await stores.deliveries.create({ ...source, scan }, 'QUARANTINED')).toBe('created');
        expect(await stores.deliveries.create(source)).toBe('exists');
        expect(await stores.deliveries.get(source.deliveryId)).toEqual({ ...source, scan, status: 'QUARANTINED' });
      });
      it('judges a delivery only as it was read, and never one that was erased', async () => {
        const at = source.receivedAt;
        const received = { ...source, status: 'RECEIVED' } as const;
        const held = { ...source, status: 'QUARANTINED', scan: { verdict: 'FAILED', at }, round: 2 } as const;
        const worse = { ...held, scan: { verdict: 'THREATS_FOUND', at } } as const;
        await stores.deliveries.create(source);
        expect(await stores.deliveries.judge(held, { ...held, status: 'RECEIVED' })).toBe('conflict');
        expect(await stores.deliveries.judge(held, received)).toBe('written');
        expect(await stores.deliveries.judge(worse, received)).toBe('conflict');
        expect(await stores.deliveries.judge(worse, held)).toBe('written');
        expect(await stores.deliveries.judge(received, held)).toBe('conflict');
        expect(await stores.deliveries.judge({ ...worse, erased: true }, worse)).toBe('written');
        expect(await stores.deliveries.judge(received, worse)).toBe('conflict');
        expect(await stores.deliveries.get(source.deliveryId)).toEqual({ ...worse, erased: true });
      });
    });

    describe('signals', () => {
      const one = signal();
      const ref: SignalRef = { caseId: one.caseId, signalId: one.signalId };

      it('gives a stored signal back as it was, in every status', async () => {
        const at = Instant.parse('2026-04-02T08:00:00.000Z');
        const date = IsoDate.parse('2026-04-02');
        const because = '14 dagen na 19 maart 2026 = 2 april 2026 (convenant, art. 3)';
        const terms = [{ kind: 'REMINDER', on: date, at, because } as const];
        const outcome = {
          result: 'Vervolghulp en/of verwijzing financieel',
          date,
          actionPlanOn: date,
          paymentResumes: { from: date },
          maySuspend: true,
          forCase: true,
          forPart: true,
        } as const;
        const suspension = {
          startsOn: date,
          lastDay: date,
          acceptedOn: date,
          actionPlanOn: date,
          paymentResumesOn: date,
          fedBackOn: date,
        };
        const states = [
          { status: 'RECEIVED' },
          { status: 'ASSIGNED', terms },
          { status: 'TERM_EXPIRED', terms },
          { status: 'OUTCOME_KNOWN', outcome },
          { status: 'SUSPENDED', outcome, suspension, terms },
          { status: 'CLOSED', outcome, suspension, closedAt: at },
          { status: 'WITHDRAWN', reason: 'betaald', closedAt: at },
          { status: 'WITHDRAWN', reason: 'verplaatst', closedAt: at, outcome, suspension },
        ] as const;
        const by = WorkerId.parse('swt.17');
        const later = {
          round: 2,
          team: TeamId.parse('swt'),
          correctedPhase: 'deurwaarder',
          knownAtTeam: true,
          history: [...one.history, { kind: 'REOPENED', at, source: 'uitkomsten', by, detail: 'nieuwe informatie' }],
          earlierOutcomes: [outcome],
          earlierSuspensions: [{ ...suspension, endedEarly: { on: date, reason: CORRECTED } }],
        } as const;
        for (const [i, state] of states.entries()) {
          const { status: _status, ...facts } = one;
          const stored = {
            ...facts,
            ...later,
            ...state,
            signalId: SignalId.parse(`${'0'.repeat(15)}${i}-2604`),
            arrearId: ArrearId.parse(`${'0'.repeat(15)}${i}`),
            taskToken: 'token',
          } as Signal;
          expect(await stores.signals.create(stored)).toBe('written');
          expect(await stores.signals.get(stored)).toEqual(stored);
        }
      });
      it('creates a signal once', async () => {
        expect(await stores.signals.create(one)).toBe('written');
        expect(await stores.signals.create({ ...one, reference: 'other' })).toBe('conflict');
        expect((await stores.signals.get(ref))?.reference).toBe(one.reference);
      });
      it('replaces only the version that was read, from an allowed status', async () => {
        await stores.signals.create(one);
        const next = { ...one, version: one.version + 1, reference: 'next' };
        expect(await stores.signals.replace(next, ['ASSIGNED'])).toBe('conflict');
        expect(await stores.signals.replace({ ...next, version: one.version + 2 }, ['RECEIVED'])).toBe('conflict');
        expect(await stores.signals.replace(next, ['ASSIGNED', 'RECEIVED'])).toBe('written');
        expect(await stores.signals.replace(next, ['RECEIVED'])).toBe('conflict');
      });
      it('does not replace a signal that does not exist', async () => {
        expect(await stores.signals.replace({ ...one, version: 2 }, ['RECEIVED'])).toBe('conflict');
        expect(await stores.signals.get(ref)).toBeUndefined();
      });
      it('lets one of many racing writers win', async () => {
        await stores.signals.create(one);
        const next = { ...one, version: one.version + 1 };
        const answers = await Promise.all(
          ['a', 'b', 'c', 'd'].map((reference) => stores.signals.replace({ ...next, reference }, ['RECEIVED'])),
        );
        expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
      });
      it('stores a task token as a new version, and only while the signal waits', async () => {
        await stores.signals.create(one);
        expect(await stores.signals.storeTaskToken(ref, one.version, 'token', ['ASSIGNED'])).toBe('conflict');
        expect(await stores.signals.storeTaskToken(ref, one.version + 1, 'token', ['RECEIVED'])).toBe('conflict');
        expect(await stores.signals.storeTaskToken(ref, one.version, 'token', ['RECEIVED'])).toBe('written');
        expect(await stores.signals.get(ref)).toMatchObject({ taskToken: 'token', version: one.version + 1 });
      });
      it('claims a month for the first case and answers all months', async () => {
        const march = Period.parse('2026-03');
        const april = Period.parse('2026-04');
        const here = CaseId.parse('0392-2604-0123456789AB');
        const there = CaseId.parse('0473-2604-0123456789AB');
        const before = CaseId.parse('0392-2603-0123456789AB');
        expect(await stores.signals.arrear(one.arrearId)).toBeUndefined();
        await stores.signals.claim(one.arrearId, march, before);
        expect((await stores.signals.claim(one.arrearId, april, here)).cases).toEqual({
          [march]: before,
          [april]: here,
        });
        expect((await stores.signals.claim(one.arrearId, april, there)).cases[april]).toBe(here);
        expect(await stores.signals.repoint(one.arrearId, april, before, there)).toBe('conflict');
        expect(await stores.signals.repoint(one.arrearId, april, here, there)).toBe('written');
        expect(await stores.signals.repoint(one.arrearId, april, here, there)).toBe('written');
        expect((await stores.signals.arrear(one.arrearId))?.cases).toEqual({ [march]: before, [april]: there });
      });
      it('lists a household and a municipality, and nothing of others', async () => {
        const mine = signal({ arrearId: ArrearId.parse('1'.repeat(16)) });
        const other = signal({ arrearId: ArrearId.parse('2'.repeat(16)) });
        const nextMonth = signal({ arrearId: ArrearId.parse('3'.repeat(16)), period: Period.parse('2026-05') });
        const elsewhere = signal({
          arrearId: ArrearId.parse('4'.repeat(16)),
          municipality: MunicipalityCode.parse('0473'),
        });
        for (const item of [mine, other, nextMonth, elsewhere]) await stores.signals.create(item);
        const ids = (signals: readonly Signal[]) => signals.map(({ signalId }) => signalId).sort();
        const { municipality, household } = partsOfCaseId(mine.caseId);
        expect(ids(await stores.signals.ofHousehold(municipality, household))).toEqual(ids([mine, other, nextMonth]));
        expect(await stores.signals.ofHousehold(municipality, HouseholdKey.parse('9F3K2M8QZX7D'))).toEqual([]);
        expect(ids(await collect(stores.signals.ofMunicipality(mine.municipality)))).toEqual(
          ids([mine, other, nextMonth]),
        );
        expect(ids(await collect(stores.signals.ofMunicipality(MunicipalityCode.parse('0268'))))).toEqual([]);
      });
      it('lists what is overdue and forgets what is closed', async () => {
        await stores.signals.create(one);
        const soon = Instant.parse('2026-04-01T08:30:00.000Z');
        const later = Instant.parse('2026-04-01T12:00:00.000Z');
        expect(await collect(stores.signals.overdue(soon))).toEqual([]);
        expect(await collect(stores.signals.overdue(later))).toMatchObject([ref]);
        const { status: _status, ...facts } = one;
        const closed = { ...facts, version: 2, status: 'WITHDRAWN', reason: 'fout', closedAt: later } as const;
        await stores.signals.replace(closed, ['RECEIVED']);
        expect(await collect(stores.signals.overdue(later))).toEqual([]);
      });
    });

    describe('decisions about who belongs together', () => {
      const add = async (decision: MatchDecision, ...households: readonly HouseholdKey[]) => {
        for (const each of households) expect(await stores.matches.add(decision, each)).toBe('written');
      };
      const member = (household: string, arrear: string) => ({
        household: HouseholdKey.parse(household.repeat(12)),
        arrearId: ArrearId.parse(arrear.repeat(16)),
      });
      const [one, other] = [member('1', 'A'), member('2', 'B')];
      const [here, there] = [one.household, other.household];
      const haarlem = MunicipalityCode.parse('0392');
      const apart: MatchDecision = {
        decisionId: 'W1',
        municipality: haarlem,
        kind: 'APART',
        one: [one],
        other: [other],
        at: Instant.parse('2026-04-01T08:00:00.000Z'),
        decided: { by: WorkerId.parse('w17'), reason: 'andere persoon', source: 'X' },
      };
      const linked: MatchDecision = {
        ...apart,
        decisionId: 'M1',
        kind: 'SAME_PERSON',
        decided: {
          model: 'persoon 1',
          evidence: {
            decision: 'SAME',
            score: 21.4,
            probability: 0.9999,
            agreements: [{ field: 'surname', level: 'EXACT', weight: 9.2 }],
            model: 'persoon 1',
          },
        },
      };
      const all = async () =>
        (await collect(stores.matches.ofMunicipality(haarlem))).toSorted((a, b) =>
          a.decision.decisionId < b.decision.decisionId ? -1 : 1,
        );

      it('are found under every household they speak of, and once in the municipality', async () => {
        await add(apart, here, there);
        await add(linked, here, there);
        expect(await stores.matches.ofHousehold(haarlem, here)).toHaveLength(2);
        expect(await stores.matches.ofHousehold(haarlem, there)).toHaveLength(2);
        expect(await stores.matches.ofHousehold(haarlem, HouseholdKey.parse('3'.repeat(12)))).toEqual([]);
        expect(await stores.matches.ofHousehold(MunicipalityCode.parse('0473'), here)).toEqual([]);
        expect(await all()).toEqual([
          { decision: linked, under: [here, there] },
          { decision: apart, under: [here, there] },
        ]);
      });
      it('stay as they were first said, and are no signals', async () => {
        await add(apart, here);
        expect(await stores.matches.add({ ...apart, kind: 'TOGETHER' }, here)).toBe('conflict');
        expect(await stores.matches.ofHousehold(haarlem, here)).toEqual([apart]);
        expect(await collect(stores.signals.ofMunicipality(haarlem))).toEqual([]);
      });
      it('tell under which households they lie, so that a copy that is missing is found', async () => {
        await add(apart, there);
        expect(await stores.matches.ofHousehold(haarlem, here)).toEqual([]);
        expect(await all()).toEqual([{ decision: apart, under: [there] }]);
      });
    });

    describe('configuration', () => {
      it('answers what was loaded, and forgets what a later load left out', async () => {
        await expect(stores.configuration.meldpunt()).rejects.toMatchObject({ name: 'ConfigurationMissing' });
        const [first] = configuration.partners;
        expect(first && (await stores.configuration.partner(first.id))).toBeUndefined();
        await stores.configuration.replace(configuration);
        const [partner] = configuration.partners;
        const [municipality] = configuration.municipalities;
        if (!partner || !municipality) throw new Error('sample without partner or municipality');
        expect(await stores.configuration.meldpunt()).toBe(configuration.meldpunt);
        expect(await stores.configuration.partner(partner.id)).toEqual(partner);
        expect(await stores.configuration.municipality(municipality.code)).toEqual(municipality);
        expect(await stores.configuration.organisation(municipality.organisation)).toMatchObject({
          id: municipality.organisation,
        });
        expect(await stores.configuration.partnerTypeRules()).toEqual(configuration.partnerTypeRules);
        const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
        expect(configuration.rankings).toHaveLength(1);
        expect(await stores.configuration.rankings()).toEqual(configuration.rankings);
        expect([...(await stores.configuration.partners())].sort(byId)).toEqual([...configuration.partners].sort(byId));
        expect([...(await stores.configuration.agreementsOf(partner.id))].sort(byId)).toEqual(
          configuration.agreements.filter((agreement) => agreement.partner === partner.id).sort(byId),
        );
        const fewer = { ...configuration, rankings: [], agreements: [], partners: configuration.partners.slice(1) };
        await stores.configuration.replace(fewer);
        expect(await stores.configuration.partner(partner.id)).toBeUndefined();
        expect(await stores.configuration.agreementsOf(partner.id)).toEqual([]);
        expect(await stores.configuration.rankings()).toEqual([]);
      });
      it('gives back all that is stored, in any order', async () => {
        expect(await stores.configuration.stored()).toBeUndefined();
        await stores.configuration.replace(configuration);
        const named = (item: { id?: string; code?: string }) => item.id ?? item.code ?? '';
        const sorted = (all: Configuration | undefined) =>
          Object.entries<unknown>({ ...all }).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.toSorted((a, b) => named(a).localeCompare(named(b))) : value,
          ]);
        expect(sorted(await stores.configuration.stored())).toEqual(sorted(configuration));
      });
      it('[R-AGR-3] answers the rules of a signal by base text, deviations, day of receipt and day of the list', async () => {
        await stores.configuration.replace(configuration);
        const received = (at: string) => ({
          ...signal({ receivedAt: Instant.parse(at) }),
          policy: PolicyId.parse('lcv'),
        });
        // Half an hour before and after midnight in Amsterdam.
        const before = received('2021-03-31T21:30:00.000Z');
        const after = received('2021-03-31T22:30:00.000Z');
        expect((await stores.configuration.governing(before))?.teams.first).toBe('vroegsignalering');
        const governed = await stores.configuration.governing(after);
        expect(governed?.teams.first).toBe('sdv');
        expect(governed?.because.teams).toEqual({
          document: 'Addendum Haarlem/Zandvoort 2021',
          clause: 'art. 2',
          since: '2021-04-01',
        });
        expect(governed).not.toHaveProperty('threshold');
        const later = await stores.configuration.governing(after, IsoDate.parse('2021-07-01'));
        expect(later?.threshold).toEqual({ cents: 7500 });
        const elsewhere = { ...after, municipality: MunicipalityCode.parse('0268') };
        expect((await stores.configuration.governing(elsewhere))?.teams.first).toBe('vroegsignalering');
        expect(await stores.configuration.governing({ ...after, policy: PolicyId.parse('geen') })).toBeUndefined();
      });
    });

    describe('feedback', () => {
      const day = (text: string) => IsoDate.parse(text);
      const mine = PartnerId.parse('elan-wonen');
      const a = SignalId.parse('0000000000000000-2604');
      const b = SignalId.parse('1111111111111111-2604');
      const feedback = (date: string, signalId: SignalId, over: Partial<Feedback> = {}): Feedback =>
        ({
          partner: mine,
          signalId,
          number: 1,
          reference: 'HC-1',
          municipality: MunicipalityCode.parse('0392'),
          date: day(date),
          kind: 'OUTCOME',
          outcome: 'HELP_ACCEPTED',
          replaces: false,
          suspension: { startsOn: day(date), lastDay: day('2026-05-09') },
          ...over,
        }) as Feedback;
      it('is added once per signal, outcome number and kind; the first date stays', async () => {
        expect(await stores.feedback.add(feedback('2026-04-10', a))).toBe('written');
        expect(await stores.feedback.add(feedback('2026-04-11', a))).toBe('conflict');
        expect(await stores.feedback.ofSignal(mine, a)).toEqual([feedback('2026-04-10', a)]);
      });
      it('[R-ROU-4] gives all of one signal, oldest outcome first, of every municipality that answered for it', async () => {
        const zandvoort = { municipality: MunicipalityCode.parse('0473') };
        const words = [
          feedback('2026-04-10', a, { number: 1, kind: 'SUSPENSION_ENDED_EARLY', on: day('2026-04-10') }),
          feedback('2026-05-01', a, { number: 10 }),
          feedback('2026-04-10', a, { number: 1 }),
          feedback('2026-04-30', a, { number: 2, kind: 'RETRACTED' }),
          feedback('2026-04-30', a, { number: 2, ...zandvoort }),
          feedback('2026-04-10', b),
          feedback('2026-04-10', a, { partner: PartnerId.parse('ymere') }),
        ];
        for (const each of words) expect(await stores.feedback.add(each)).toBe('written');
        const found = await stores.feedback.ofSignal(mine, a);
        expect(found.map(({ number, kind }) => `${number} ${kind}`)).toEqual([
          '1 OUTCOME',
          '1 SUSPENSION_ENDED_EARLY',
          expect.stringMatching(/^2 /),
          expect.stringMatching(/^2 /),
          '10 OUTCOME',
        ]);
        expect(await stores.feedback.ofSignal(mine, SignalId.parse('2222222222222222-2604'))).toEqual([]);
      });
      it('[R-PRI-1] is listed by partner and day', async () => {
        await stores.feedback.add(feedback('2026-04-10', a));
        await stores.feedback.add(feedback('2026-04-12', b));
        expect(await stores.feedback.between(mine, day('2026-04-10'), day('2026-04-11'))).toHaveLength(1);
        expect(await stores.feedback.between(mine, day('2026-04-10'), day('2026-04-12'))).toHaveLength(2);
        expect(await stores.feedback.between(PartnerId.parse('ymere'), day('2026-04-10'), day('2026-04-12'))).toEqual(
          [],
        );
      });
    });

    it('[R-PRI-5] access: every reading is kept, the same one once, two of one moment both', async () => {
      const one: Access = {
        by: WorkerId.parse('w-12'),
        purpose: 'vraag van de inwoner',
        municipality: MunicipalityCode.parse('0392'),
        at: Instant.parse('2026-04-01T08:00:00.000Z'),
        caseId: CaseId.parse('0392-2604-0123456789AB'),
        signalId: SignalId.parse('0000000000000000-2604'),
      };
      const other = { ...one, purpose: 'klacht over een termijn' };
      for (const access of [one, one, other]) await stores.access.record(access);
      const kept = await stores.accesses();
      expect(kept).toHaveLength(2);
      for (const access of [one, other]) expect(kept).toContainEqual(expect.objectContaining(access));
    });

    it('marks: one that may go by itself is a mark like any other', async () => {
      const until = Instant.parse('2026-05-01T00:00:00.000Z');
      expect(await stores.marks.set('owner', 'passing', 'a', undefined, until)).toBe('written');
      expect(await stores.marks.set('owner', 'passing', 'b', undefined, until)).toBe('conflict');
      expect(await stores.marks.get('owner', 'passing')).toBe('a');
    });

    it('marks: one of two racing writers wins', async () => {
      expect(await stores.marks.get('owner', 'mark')).toBeUndefined();
      const answers = await Promise.all(['a', 'b'].map((value) => stores.marks.set('owner', 'mark', value, undefined)));
      expect([...answers].sort()).toEqual(['conflict', 'written']);
      const value = await stores.marks.get('owner', 'mark');
      expect(await stores.marks.set('owner', 'mark', 'c', 'wrong')).toBe('conflict');
      expect(await stores.marks.set('owner', 'mark', 'c', value)).toBe('written');
      expect(await stores.marks.get('owner', 'mark')).toBe('c');
    });

    describe('objects', () => {
      it('keep any key and body, whole or streamed', async () => {
        const key = 'inbox/partij/ex port +%20 é.csv';
        await stores.objects.write(stores.bucket, key, 'één', 'text/csv');
        expect(await text(await stores.objects.read(stores.bucket, key))).toBe('één');
        const parts = async function* () {
          for (let i = 0; i < 100; i += 1) yield Buffer.alloc(100_000, i);
        };
        await stores.objects.write(stores.bucket, 'large', parts(), 'application/octet-stream');
        const large = await stores.objects.read(stores.bucket, 'large');
        expect(large && Buffer.concat(await collect(large)).equals(Buffer.concat(await collect(parts())))).toBe(true);
        await stores.objects.write(stores.bucket, 'empty', (async function* () {})(), 'text/csv');
        expect(await text(await stores.objects.read(stores.bucket, 'empty'))).toBe('');
      });
      it('answer undefined for what is not there', async () => {
        expect(await stores.objects.read(stores.bucket, 'nothing')).toBeUndefined();
        expect(await stores.objects.stat(stores.bucket, 'nothing', 'null')).toBeUndefined();
      });
      it('go by the folder: all versions, and nothing beside it', async () => {
        const first = await stores.put('folder/a/one', '1');
        await stores.put('folder/a/one', '2');
        await stores.put('folder/a/deep/two', '3');
        const beside = await stores.put('folder/ab', '4');
        await stores.objects.eraseFolder(stores.bucket, 'folder/a/');
        await stores.objects.eraseFolder(stores.bucket, 'folder/a/');
        expect(await stores.objects.read(stores.bucket, 'folder/a/one')).toBeUndefined();
        expect(await stores.objects.read(stores.bucket, 'folder/a/deep/two')).toBeUndefined();
        expect(await stores.objects.stat(stores.bucket, 'folder/a/one', first)).toBeUndefined();
        expect(await stores.objects.stat(stores.bucket, 'folder/ab', beside)).toMatchObject({ sizeBytes: 1 });
      });

      it('tell of a version how large it is and since when it is there, until it is erased', async () => {
        const key = 'inbox/partij/lijst ü.csv';
        const first = await stores.put(key, 'één');
        const second = await stores.put(key, 'twee!');
        expect(await stores.objects.stat(stores.bucket, key, first)).toEqual({
          sizeBytes: 5,
          storedAt: '2026-04-01T06:00:00.000Z',
        });
        expect(await stores.objects.stat(stores.bucket, key, second)).toMatchObject({ sizeBytes: 5 });
        await stores.objects.erase(stores.bucket, key, first);
        expect(await stores.objects.stat(stores.bucket, key, first)).toBeUndefined();
        expect(await stores.objects.stat(stores.bucket, key, second)).toMatchObject({ sizeBytes: 5 });
      });
    });

    describe('chain of certificates', () => {
      const link = (sequence: number, deliveryId = '0123456789ABCDEFGHJKMNPQRS'): Link => ({
        statement: {
          schema: 'meldpunt/certificate/1',
          meldpunt: 'proef',
          sequence,
          previous: sequence === 1 ? null : 'ab'.repeat(32),
          deliveryId: DeliveryId.parse(deliveryId),
          receivedAt: Instant.parse('2026-04-01T08:00:00.000Z'),
          signedAt: Instant.parse('2026-04-01T08:00:01.000Z'),
          root: 'cd'.repeat(32),
          key: 'ef'.repeat(32),
        },
        signature: 'AAAA',
        publicKey: 'BBBB',
      });
      it('[R-DEL-10] gives a number once, and its links in order', async () => {
        expect(await stores.chain.last()).toBeUndefined();
        expect(await collect(stores.chain.after(0))).toEqual([]);
        const other = link(1, '1'.repeat(26));
        const answers = await Promise.all([link(1), other].map((each) => stores.chain.append(each)));
        expect([...answers].sort()).toEqual(['conflict', 'written']);
        for (let sequence = 2; sequence <= 11; sequence += 1)
          expect(await stores.chain.append(link(sequence))).toBe('written');
        expect(await stores.chain.append(link(11))).toBe('conflict');
        expect(await stores.chain.last()).toEqual(link(11));
        expect(await collect(stores.chain.after(8))).toEqual([link(9), link(10), link(11)]);
        expect((await collect(stores.chain.after(0))).map(({ statement }) => statement.sequence)).toEqual([
          1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
        ]);
      });
      it('[R-DEL-10] signs what its public key verifies', async () => {
        const der = Buffer.from(await stores.signer.publicKey());
        expect(Buffer.from(await stores.signer.publicKey()).equals(der)).toBe(true);
        const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
        const signature = await stores.signer.sign('één tekst');
        expect(verify('sha256', Buffer.from('één tekst'), key, signature)).toBe(true);
        expect(verify('sha256', Buffer.from('een tekst'), key, signature)).toBe(false);
        // With the low s: half of all signatures would have the other.
        for (let i = 0; i < 12; i += 1) {
          const text = `tekst ${i}`;
          const each = await stores.signer.sign(text);
          expect(verify('sha256', Buffer.from(text), key, each)).toBe(true);
          const s = BigInt(`0x${Buffer.from(each.subarray(6 + (each[3] ?? 0))).toString('hex')}`);
          expect(2n * s < 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n).toBe(true);
        }
      });
    });

    describe('matching key', () => {
      it('[R-MAT-5] is made once; the same parts give the same digest, other parts another', async () => {
        expect(await stores.matchingKey.ensure()).toBe('created');
        expect(await stores.matchingKey.ensure()).toBe('exists');
        const digest = await stores.hash.digest(16, 'a', 'b');
        expect(digest).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
        expect(await stores.hash.digest(16, 'a', 'b')).toBe(digest);
        expect(await stores.hash.digest(16, 'ab', '')).not.toBe(digest);
        expect(await stores.hash.digest(12, 'a', 'b')).toBe(digest.slice(0, 12));
      });
    });
  });
};
