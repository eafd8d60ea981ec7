import { describe, expect, it } from 'vitest';
import type { Configuration } from '#domain/agreement/configuration.ts';
import { deliveredIn } from '#domain/delivery/silence.ts';
import { type DeliveringPartyId, Period } from '#domain/ids.ts';
import { remindPartners } from '#functions/upkeep/remind-partners/remind-partners.ts';
import { configuration as sample } from '#test/support/configuration.ts';
import { type MemoryPorts, memoryPorts } from '#test/support/memory/ports.ts';
import { survivesEveryCrash } from '#test/support/memory/replay.ts';

const [partner] = sample.partners;
const [agreement] = sample.agreements;
if (!partner || !agreement) throw new Error('the sample is empty');

interface World {
  /** Agreements by partner; each differs from a running one as said. */
  readonly agreements: Readonly<Record<string, object>>;
  /** Partners by party. */
  readonly parties: Readonly<Record<string, readonly string[]>>;
}

const worldOf = ({ agreements, parties }: World): Configuration =>
  ({
    ...sample,
    partners: Object.keys(agreements).map((id) => ({
      ...partner,
      id,
      name: `Stichting ${id}`,
      contact: { name: 'x', email: `${id}@partner.example.nl` },
    })),
    deliveringParties: Object.entries(parties).map(([id, partners]) => ({
      id,
      name: `Bureau ${id}`,
      partners,
      contact: { name: 'x', email: `${id}@party.example.nl` },
    })),
    agreements: Object.entries(agreements).map(([id, over]) => ({
      ...agreement,
      id: `haarlem-${id}`,
      partner: id,
      signedByMunicipality: '2021-04-01',
      signedByPartner: '2021-04-01',
      validFrom: '2021-04-01',
      validTo: undefined,
      meldpunt: sample.meldpunt,
      ...over,
    })),
  }) as unknown as Configuration;

const NOON = '2026-04-25T10:00:00.000Z';
const world = (given: World, now = NOON): MemoryPorts => memoryPorts({ now, configuration: worldOf(given) });
const delivered = (ports: MemoryPorts, party: string, month = '2026-04'): Promise<unknown> =>
  ports.marks.set(deliveredIn(Period.parse(month)), party as DeliveringPartyId, 'id', undefined);
const addressees = ({ mailer }: MemoryPorts): readonly string[] => mailer.sent.map(({ to }) => to).sort();

const one: World = { agreements: { elan: {} }, parties: { elan: ['elan'] } };

describe('remind partners', () => {
  it('[R-DEL-8] nothing came this month: one mail, once, that says what to do', async () => {
    const ports = world(one);
    expect(await remindPartners(ports, {})).toEqual({ silent: ['elan'], mails: 1, mailsRefused: 0, mailsStopped: 0 });
    expect(ports.mailer.sent).toMatchObject([
      {
        to: 'elan@partner.example.nl',
        subject: 'Nog geen bestand voor april 2026',
        about: { owner: 'partner#elan', kind: 'reminder' },
        text: [
          'Goedendag,',
          'Voor Stichting elan hebben wij in april 2026 nog geen bestand gekregen dat wij konden verwerken.',
          'Zijn er achterstanden om te melden? Lever het bestand dan uiterlijk op 30 april 2026 aan. Zet het in de map inbox/elan/.',
          'Zijn er geen achterstanden? Lever dan een bestand aan met alleen de kopregel. Dan weten wij dat er niets vergeten is.',
          'Heeft u het bestand net aangeleverd? Dan hoeft u niets te doen.',
          'Deze mail is automatisch gemaakt. In deze mail staan geen persoonsgegevens.',
          'Met vriendelijke groet,\nMeldpunt Vroegsignalering\n',
        ].join('\n\n'),
      },
    ]);
    expect(await remindPartners(ports, {})).toMatchObject({ silent: ['elan'], mails: 0 });
    ports.clock.set('2026-05-25T10:00:00.000Z');
    expect(await remindPartners(ports, {})).toMatchObject({ mails: 1 });
    expect(ports.mailer.sent).toHaveLength(2);
  });

  it('[R-DEL-8] a delivery of this month is heard, one of another month is not', async () => {
    const ports = world(one);
    await delivered(ports, 'elan', '2026-03');
    await delivered(ports, 'elan', '2026-05');
    expect(await remindPartners(ports, {})).toMatchObject({ silent: ['elan'] });
    await delivered(ports, 'elan');
    expect(await remindPartners(ports, {})).toMatchObject({ silent: [], mails: 0 });
  });

  it.each([
    ['2026-04-24T21:59:59.999Z', 0],
    ['2026-04-24T22:00:00.000Z', 1],
    ['2026-04-30T21:59:59.999Z', 1],
    ['2026-04-30T22:00:00.000Z', 0],
    ['2026-12-24T22:59:59.999Z', 0],
    ['2026-12-24T23:00:00.000Z', 1],
  ])('[R-DEL-8] on the calendar of Amsterdam, %s: %i mail', async (now, mails) => {
    expect(await remindPartners(world(one, now), {})).toMatchObject({ silent: ['elan'], mails });
  });

  it.each([
    ['that runs', {}, 1],
    ['that begins today', { validFrom: '2026-04-25' }, 1],
    ['that begins tomorrow', { validFrom: '2026-04-26' }, 0],
    ['that ended yesterday', { validTo: '2026-04-24' }, 0],
    ['that ends today', { validTo: '2026-04-25' }, 1],
    ['under notice that ran out', { cancelled: { on: '2026-01-24', by: 'partner' } }, 0],
    ['signed by one side', { signedByPartner: undefined }, 0],
    ['with another meldpunt', { meldpunt: 'elders' }, 0],
  ])('[R-DEL-8][R-AGR-1] an agreement %s', async (_, over, mails) => {
    const ports = world({ agreements: { elan: over }, parties: { elan: ['elan'] } });
    expect(await remindPartners(ports, {})).toMatchObject({ silent: mails === 1 ? ['elan'] : [], mails });
  });

  describe('[R-DEL-8][R-AGR-5] who delivers for others', () => {
    const three: World = {
      agreements: { elan: {}, jansen: {}, vries: {} },
      parties: { elan: ['elan'], bureau: ['jansen', 'vries', 'elan'] },
    };

    it('each silent partner has a mail of its own, the agency one with all their names', async () => {
      const ports = world(three);
      expect(await remindPartners(ports, {})).toMatchObject({ silent: ['elan', 'jansen', 'vries'], mails: 4 });
      expect(addressees(ports)).toEqual([
        'bureau@party.example.nl',
        'elan@partner.example.nl',
        'jansen@partner.example.nl',
        'vries@partner.example.nl',
      ]);
      const [agency] = ports.mailer.sent.filter(({ to }) => to.startsWith('bureau'));
      expect(agency).toMatchObject({ about: { owner: 'party#bureau', kind: 'reminder' } });
      expect(agency?.text).toContain(
        'In april 2026 hebben wij van u nog geen bestand gekregen dat wij konden verwerken. U levert aan voor Stichting elan, Stichting jansen en Stichting vries.',
      );
      expect(agency?.text).toContain('inbox/bureau/');
      const [jansen] = ports.mailer.sent.filter(({ to }) => to.startsWith('jansen'));
      expect(jansen?.text).toContain('Wij hebben dit ook gemaild naar wie voor u aanlevert: Bureau bureau.');
      expect(jansen?.text).not.toContain('inbox/');
    });

    it('one of two parties is enough for a partner; the agency answers for all of its own', async () => {
      const ports = world(three);
      await delivered(ports, 'elan');
      expect(await remindPartners(ports, {})).toMatchObject({ silent: ['jansen', 'vries'], mails: 3 });
      const others = world(three);
      await delivered(others, 'bureau');
      expect(await remindPartners(others, {})).toMatchObject({ silent: [], mails: 0 });
    });
  });

  it('a partner for whom nobody may deliver is told all the same', async () => {
    const ports = world({ agreements: { elan: {} }, parties: {} });
    expect(await remindPartners(ports, {})).toMatchObject({ silent: ['elan'], mails: 1 });
  });

  it('[R-FEE-6] refused: tried again; complained about: left alone; both are counted', async () => {
    const ports = world(one);
    ports.mailer.refusing.add('elan@partner.example.nl');
    expect(await remindPartners(ports, {})).toMatchObject({ mails: 0, mailsRefused: 1 });
    ports.mailer.refusing.clear();
    const problem = {
      number: 1,
      what: 'COMPLAINT',
      detail: 'abuse',
      kind: 'feedback',
      messageId: 'm',
      to: 'elan@partner.example.nl',
      sentAt: NOON,
      recordedAt: NOON,
    };
    const mailbox = JSON.stringify({ problems: [problem], released: 0 });
    await ports.marks.set('mailboxes', 'partner#elan', mailbox, undefined);
    expect(await remindPartners(ports, {})).toMatchObject({ mails: 0, mailsRefused: 0, mailsStopped: 1 });
    await ports.marks.set('mailboxes', 'partner#elan', JSON.stringify({ problems: [problem], released: 1 }), mailbox);
    expect(await remindPartners(ports, {})).toMatchObject({ mails: 1 });
  });

  it('nothing was configured yet: nobody is silent', async () => {
    expect(await remindPartners(memoryPorts({ now: NOON }), {})).toMatchObject({ silent: [], mails: 0 });
  });

  it('[R-DEL-8] broken off anywhere, it goes on where it was: nobody is missed', async () => {
    const given: World = { agreements: { elan: {}, jansen: {} }, parties: { bureau: ['jansen'] } };
    // How many mails went out in the second turn depends on where the first one stopped.
    const act = async (ports: MemoryPorts) => (await remindPartners(ports, {})).silent;
    expect(await survivesEveryCrash(() => world(given), act)).toBe(14);
  });
});
