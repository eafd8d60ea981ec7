import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '#domain/delivery/receipt.ts';
import type { Scan } from '#domain/delivery/scan.ts';
import { Instant } from '#domain/ids.ts';
import { type Checked, checkDelivery } from '#functions/intake/check-delivery/check-delivery.ts';
import { csvOf, goodRow, Pipeline, type Row } from './pipeline.ts';

/** Passes the 11-proof. */
const BSN = '123456782';
const AT = '2026-04-01T09:30:00Z';

/** Drops a file under `check/` and lets it be answered. */
class Trial {
  readonly pipeline = new Pipeline();
  private key = '';
  private versionId = '';

  async drop(body: string | readonly Row[], party = 'elan-wonen', name = 'proef.csv'): Promise<void> {
    this.key = `check/${party}/${name}`;
    const text = typeof body === 'string' ? body : csvOf(body);
    this.versionId = await this.pipeline.ports.objects.put('landing', this.key, text);
  }

  answer(scan?: Scan): Promise<Checked> {
    const { key, versionId } = this;
    return checkDelivery(this.pipeline.ports, {
      bucket: 'landing',
      key,
      versionId,
      ...(scan ? { scan } : { eventTime: AT }),
    });
  }

  async run(body: string | readonly Row[], party?: string): Promise<Checked> {
    await this.drop(body, party);
    return this.answer();
  }

  get files(): readonly string[] {
    return this.pipeline.ports.objects.keys('exchange').filter((key) => key.startsWith('checks/'));
  }

  read(name: string): string | undefined {
    const key = this.files.findLast((each) => each.endsWith(`/${name}`));
    return key && this.pipeline.ports.objects.text('exchange', key);
  }

  get receipt(): Receipt {
    return JSON.parse(this.read('receipt.json') ?? 'null') as Receipt;
  }

  /** All that is stored but the answers and the mark of the mail. */
  get stored(): unknown {
    const { signals, deliveries, feedback, chain, workflows, objects } = this.pipeline.ports;
    return structuredClone({
      signals: [...signals.items],
      arrears: [...signals.arrears],
      deliveries: [...deliveries.items],
      feedback: [...feedback.items],
      chain: chain.items,
      started: [...workflows.signals.keys(), ...workflows.deliveries, ...workflows.woken],
      landing: objects.keys('landing'),
      exchange: objects.keys('exchange').filter((key) => !key.startsWith('checks/')),
    });
  }
}

const row = (referentie: string, over: Row = {}): Row => goodRow({ referentie, ...over });
const withdrawal = (referentie: string): Row => ({ referentie, actie: 'intrekken', reden: 'betaald' });

describe('a dry run', () => {
  it('[R-DEL-11] says of every row what would become of it, and stores nothing', async () => {
    const trial = new Trial();
    await trial.pipeline.deliver('elan-wonen', [row('A'), row('B'), row('C'), row('D'), row('E')]);
    await trial.pipeline.deliver('elan-wonen', [withdrawal('D')]);
    const before = trial.stored;
    const checked = await trial.run([
      row('A'),
      row('B', { bedrag: '99,00' }),
      withdrawal('C'),
      row('D'),
      row('E', { huisnummer: '13' }),
      row('NIEUW'),
      row('NIEUW'),
      withdrawal('NOOIT'),
      row('FOUT', { postcode: 'geen' }),
    ]);
    expect(checked).toEqual({ outcome: 'checked', read: 9, refused: 3, mail: 'sent' });
    expect(trial.receipt).toMatchObject({
      verdict: 'gecontroleerd',
      counts: { read: 9, accepted: 3, corrected: 2, refused: 3, unchanged: 2, withdrawn: 1 },
    });
    expect(trial.receipt.refusals.map(({ code, column, count, lines }) => [code, column, count, lines])).toEqual([
      ['POSTCODE_INVALID', 'postcode', 1, [10]],
      ['SIGNAL_WITHDRAWN', 'referentie', 1, [5]],
      ['WITHDRAWAL_UNKNOWN', 'referentie', 1, [9]],
    ]);
    expect(
      trial
        .read('rejected.csv')
        ?.split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(';').slice(0, 2)),
    ).toEqual([
      ['5', 'SIGNAL_WITHDRAWN'],
      ['9', 'WITHDRAWAL_UNKNOWN'],
      ['10', 'POSTCODE_INVALID'],
    ]);
    const page = trial.read('receipt.html') ?? '';
    const numbers = [...page.matchAll(/<th scope="row">([^<]+)<\/th><td class="n">(\d+)</g)].map(([, what, n]) => [
      what,
      n,
    ]);
    expect(numbers).toEqual([
      ['Zouden wij aannemen', '3'],
      ['waarvan in plaats van een eerdere melding', '2'],
      ['Onveranderd (was al gemeld of al ingetrokken)', '2'],
      ['Zouden wij intrekken', '1'],
      ['Zouden wij afkeuren', '3'],
      ['Samen: gelezen', '9'],
    ]);
    expect(trial.stored).toEqual(before);
  });

  it('[R-DEL-1][R-DEL-11] does not warn of a row that is refused after all, in the trial nor in the delivery', async () => {
    const trial = new Trial();
    await trial.pipeline.deliver('elan-wonen', [row('A'), row('B')]);
    await trial.pipeline.deliver('elan-wonen', [withdrawal('A'), withdrawal('B')]);
    const bad = { telefoon: '12', email: 'geen' };
    const file = [row('A', bad), row('B', { telefoon: '12' }), row('C', { telefoon: '12' })];
    await trial.run(file);
    const delivered = await trial.pipeline.deliver('elan-wonen', file);
    for (const receipt of [trial.receipt, delivered]) {
      expect(receipt.counts).toMatchObject({ read: 3, accepted: 1, refused: 2 });
      expect(receipt.warnings.map(({ code, count, lines }) => [code, count, lines])).toEqual([
        ['PHONE_UNUSABLE', 1, [4]],
      ]);
    }
  });

  it('[R-DEL-11] the same event again: nothing is left to do, and nobody is mailed twice', async () => {
    const trial = new Trial();
    await trial.run([row('A')]);
    const files = trial.files;
    expect(await trial.answer()).toEqual({ outcome: 'gone', read: 0, refused: 0, mail: 'none' });
    expect(trial.files).toEqual(files);
    expect(trial.pipeline.ports.mailer.sent).toHaveLength(1);
  });

  it('[R-DEL-11] stopped between mail and erasure: the same answer again, no second mail', async () => {
    const trial = new Trial();
    const { objects } = trial.pipeline.ports;
    const { erase } = objects;
    objects.erase = () => Promise.reject(new Error('stopped'));
    await expect(trial.run([row('A'), row('B', { bedrag: 'x' })])).rejects.toThrow('stopped');
    const first = trial.read('rejected.csv');
    objects.erase = erase;
    expect(await trial.answer()).toEqual({ outcome: 'checked', read: 2, refused: 1, mail: 'sent' });
    expect(trial.read('rejected.csv')).toBe(first);
    expect(trial.pipeline.ports.mailer.sent).toHaveLength(1);
    expect(objects.keys('landing')).toEqual([]);
  });

  it('[R-DEL-11] the mail says counts only, and that it was a trial', async () => {
    const trial = new Trial();
    await trial.run([row('A'), row('GEHEIM-1', { bedrag: 'x' })]);
    const [mail] = trial.pipeline.ports.mailer.sent;
    expect(mail?.subject).toMatch(/^Uw proef [0-9A-Z]{26} is nagekeken$/);
    expect(mail?.about).toEqual({ owner: 'party#elan-wonen', kind: 'check' });
    expect(mail?.text).toContain('Er is niets gemeld. Van uw bestand bewaren wij niets.');
    expect(mail?.text).toMatch(/- Aangenomen: 1\n[\s\S]*- Afgekeurd: 1\n/);
    expect(JSON.stringify(mail)).not.toMatch(/GEHEIM|Vreugdenhil|2011/);
  });

  it('[R-DEL-3][R-DEL-6][R-DEL-11] an upload with an objection or a BSN is gone too, and the number nowhere', async () => {
    const trial = new Trial();
    await trial.run([row('A', { bezwaar: 'j' }), row('B', { klantnummer: BSN })]);
    expect(trial.receipt.refusals.map(({ code }) => code).toSorted()).toEqual(['BSN_IN_FIELD', 'RESIDENT_OBJECTED']);
    const { objects } = trial.pipeline.ports;
    expect(objects.keys('landing')).toEqual([]);
    for (const key of objects.keys('exchange')) expect(objects.text('exchange', key)).not.toContain(BSN);
  });

  it.each(['geen-partij', 'Geen Partij', '..'])('[R-DEL-11] a folder %s of nobody we know', async (folder) => {
    const trial = new Trial();
    expect(await trial.run([row('A')], folder)).toEqual({ outcome: 'refused', read: 0, refused: 0, mail: 'none' });
    expect(trial.receipt).toMatchObject({ party: 'onbekend', verdict: 'geweigerd', file: { code: 'PARTY_UNKNOWN' } });
    expect(trial.files.map((key) => key.split('/')[1])).toEqual(['onbekend', 'onbekend']);
    expect(trial.pipeline.ports.objects.keys('landing')).toEqual([]);
  });

  it('[R-DEL-11] a file refused half-way has no rejection file', async () => {
    const trial = new Trial();
    const rows = Array.from({ length: 3_000 }, (_, i) => row(`F-${i}`, { bedrag: 'x' }));
    expect(await trial.run(`${csvOf(rows)}"X;y`)).toMatchObject({ outcome: 'refused' });
    expect(trial.receipt).toMatchObject({ verdict: 'geweigerd', file: { code: 'QUOTE_NEVER_CLOSED' } });
    expect(trial.read('rejected.csv')).toBeUndefined();
  });

  it('what the scan did not find clean is not read', async () => {
    const trial = new Trial();
    await trial.drop([row('A', { bedrag: 'x' })]);
    trial.pipeline.ports.objects.read = () => Promise.reject(new Error('opened'));
    expect(await trial.answer({ verdict: 'THREATS_FOUND', at: Instant.parse('2026-04-01T09:30:00.000Z') })).toEqual({
      outcome: 'quarantined',
      read: 0,
      refused: 0,
      mail: 'sent',
    });
    expect(trial.receipt).toMatchObject({ verdict: 'geweigerd', file: { code: 'FILE_IN_QUARANTINE' } });
    expect(trial.pipeline.ports.objects.keys('landing')).toEqual([]);
  });

  it('a folder made by hand is no file', async () => {
    const trial = new Trial();
    await trial.drop('', 'elan-wonen', '');
    expect(await trial.answer()).toMatchObject({ outcome: 'ignored' });
    expect(trial.files).toEqual([]);
  });

  it('[R-DEL-11] foretells what the delivery then gives, whatever was delivered before', async () => {
    const line = fc.record({
      referentie: fc.constantFrom('A', 'B', 'C', 'D'),
      what: fc.constantFrom<Row>(
        {},
        { bedrag: '10,00' },
        { huisnummer: '14' },
        { postcode: '2042 LK', woonplaats: 'Zandvoort' },
        { actie: 'intrekken', reden: 'fout' },
        { bezwaar: 'j' },
        { postcode: '1000 AA' },
        { telefoon: '12' },
      ),
    });
    const files = fc.array(fc.array(line, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(files, async (all) => {
        const trial = new Trial();
        const rowsOf = (lines: (typeof all)[number]) => lines.map(({ referentie, what }) => row(referentie, what));
        for (const lines of all.slice(0, -1)) await trial.pipeline.deliver('elan-wonen', rowsOf(lines));
        const last = rowsOf(all.at(-1) ?? []);
        const before = trial.stored;
        await trial.run(last);
        expect(trial.stored).toEqual(before);
        const foretold = trial.receipt;
        const { counts, refusals, warnings } = await trial.pipeline.deliver('elan-wonen', last);
        expect(foretold.counts).toEqual(counts);
        expect(foretold.refusals).toEqual(refusals);
        expect(foretold.warnings).toEqual(warnings);
      }),
      { numRuns: 150 },
    );
  });
});
