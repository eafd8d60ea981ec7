import { describe, expect, it } from 'vitest';
import type { Governing } from '#domain/agreement/governing.ts';
import type { Finding, RowRejectionCode, WarningCode } from '#domain/delivery/delivery.ts';
import {
  addsUp,
  checkReceiptOf,
  NO_DELIVERY,
  NO_ROWS,
  partReceiptOf,
  promisedBy,
  type Receipt,
  receiptOf,
  refusalOf,
} from '#domain/delivery/receipt.ts';
import { deliveredForMail, deliveryMail } from '#domain/delivery/receipt-mail.ts';
import { receiptPage } from '#domain/delivery/receipt-page.ts';
import { DeliveringPartyId, DeliveryId, Instant, MunicipalityCode, PartnerId } from '#domain/ids.ts';
import { configuration } from '../../support/configuration.ts';

const source = {
  deliveryId: DeliveryId.parse('0123456789ABCDEFGHJKMNPQRS'),
  party: DeliveringPartyId.parse('elan-wonen'),
  receivedAt: Instant.parse('2026-04-01T08:00:00.000Z'),
};
const closedAt = Instant.parse('2026-04-01T08:05:00.000Z');
const finding = <C extends string>(
  code: C,
  column: string | undefined,
  lines: readonly number[],
  count = lines.length,
) => ({ code, ...(column && { column }), count, lines }) satisfies Finding<C>;

const refusals: readonly Finding<RowRejectionCode>[] = [
  finding('TOO_EARLY', 'vervaldatum', [9]),
  finding('VALUE_MISSING', 'postcode', [2, 3, 4, 5, 6, 7, 8, 10, 11, 12], 1_012),
  finding('VALUE_MISSING', 'bedrag', [13, 14]),
];
const warnings: readonly Finding<WarningCode>[] = [finding('PHONE_UNUSABLE', undefined, [20])];
const counts = { ...NO_ROWS, read: 1_020, accepted: 3, corrected: 1, refused: 1_015, unchanged: 1, withdrawn: 1 };
const [lcv] = configuration.policies;
const rules = (over: object = {}): Governing => ({ ...lcv, ...over }) as unknown as Governing;
const receipt = receiptOf(
  source,
  'ab',
  { counts, refusals, warnings },
  { terms: promisedBy(source.receivedAt, [rules()]) },
  closedAt,
);

describe('a receipt', () => {
  it('[R-DEL-1] says each problem once, most first, and its counts add up', () => {
    expect(receipt.refusals.map(({ code, column, count }) => [code, column, count])).toEqual([
      ['VALUE_MISSING', 'postcode', 1_012],
      ['VALUE_MISSING', 'bedrag', 2],
      ['TOO_EARLY', 'vervaldatum', 1],
    ]);
    expect(receipt.refusals[0]).toMatchObject({
      lines: [2, 3, 4, 5, 6, 7, 8, 10, 11, 12],
      explanation: 'Er is niets ingevuld in de kolom postcode. Dat moet wel.',
      remedy: 'Vul de waarde in.',
    });
    expect(receipt.refusals.reduce((sum, { count }) => sum + count, 0)).toBe(counts.refused);
    expect(addsUp(counts)).toBe(true);
    expect(addsUp({ ...counts, unchanged: 2 })).toBe(false);
  });

  it('[R-FLO-2][R-FLO-3] says until when, counted from the day of receipt', () => {
    expect(receipt.terms).toEqual({
      treatedPreferably: '2026-04-15',
      treatedAtLatest: '2026-04-29',
      // Good Friday and Easter Monday do not count: Thursday 2, Tuesday 7, Wednesday 8 April.
      crisisConversation: '2026-04-08',
      redelivery: '2026-04-30',
      filesKept: '2026-12-27',
    });
    const said = receipt.nextSteps.join(' ');
    expect(said).toContain('liefst uiterlijk op 15 april 2026, en op zijn laatst op 29 april 2026');
    expect(said).toContain('Een afgekeurde regel is geen melding.');
    expect(said).toContain('Wat uiterlijk op 30 april 2026 binnen is, telt nog voor april 2026.');
    expect(said).toContain('bewaar de meldbewijzen');
  });

  it('names the last day only where municipalities agreed on different terms, or none is known', () => {
    const shorter = rules({ terms: { ...lcv?.terms, reminderDays: 7, escalationDays: 21 } });
    const terms = promisedBy(source.receivedAt, [rules(), shorter]);
    expect(terms).toEqual({ treatedAtLatest: '2026-04-29', crisisConversation: '2026-04-08' });
    const said = receiptOf(source, 'ab', { counts, refusals, warnings }, { terms }, closedAt).nextSteps.join(' ');
    expect(said).toContain('uiterlijk op 29 april 2026. Sommige gemeenten hebben een kortere termijn.');
    expect(promisedBy(source.receivedAt, [])).toEqual({});
  });

  it('[R-DEL-1] counts for the month in which it came in, Europe/Amsterdam', () => {
    const late = { ...source, receivedAt: Instant.parse('2026-01-31T23:30:00.000Z') };
    expect(receiptOf(late, 'ab', { counts, refusals, warnings }, { terms: {} }, closedAt).terms.redelivery).toBe(
      '2026-02-28',
    );
  });

  it('[R-DEL-8] of a header without rows says that there are no arrears', () => {
    const empty = receiptOf(source, 'ab', { counts: NO_ROWS, refusals: [], warnings: [] }, { terms: {} }, closedAt);
    expect(empty.nextSteps).toEqual(['Het bestand bevat geen regels. Wij noteren dat u geen achterstanden heeft.']);
    expect(empty.files).toEqual([]);
    expect(empty.terms).toEqual({});
  });

  it('a refused file says why, where, and that nothing was reported', () => {
    const refused = refusalOf(source, undefined, { code: 'QUOTE_NEVER_CLOSED', line: 12 }, closedAt);
    expect(refused).toMatchObject({ verdict: 'geweigerd', counts: NO_ROWS, file: { line: 12 } });
    expect(deliveryMail('x@example.nl', refused).text).toMatch(/niets gemeld.*regel 12/s);
    expect(receiptPage(refused)).toMatch(/Geweigerd.*niets gemeld.*Het gaat om regel 12\..*30 april 2026/s);
  });

  it('[R-DEL-11] of a dry run says that nothing was reported, and gives no terms and no certificates', () => {
    const findings = { whole: { read: 5, refused: 2, duplicates: 1, refusals: [], warnings }, partners: {} };
    const layout = { format: 'csv', delimiter: ';', header: [] } as const;
    const examined = { verdict: 'READ', sha256: 'ab', layout, mustErase: false, findings } as const;
    const checked = checkReceiptOf(source, examined, closedAt);
    expect(checked).toMatchObject({
      verdict: 'gecontroleerd',
      counts: { read: 5, accepted: 2, refused: 2, unchanged: 1 },
    });
    expect(checked.files.map(({ name }) => name)).toEqual(['rejected.csv']);
    expect(checked.terms).not.toHaveProperty('treatedAtLatest');
    const trial =
      'Dit was een proef: er is niets gemeld. Van uw bestand bewaren wij niets; dit antwoord staat klaar tot en met 28 april 2026.';
    expect(checked.nextSteps[0]).toBe(trial);
    const page = receiptPage(checked);
    expect(page).toMatch(/Er is niets gemeld\. Van uw bestand wordt niets bewaard\..*Zouden wij afkeuren/s);
    expect(page).toContain('<dt>Kenmerk van de proef</dt>');
    expect(page).toContain('<th scope="row">Dit antwoord staat klaar</th><td class="d">28 april 2026</td>');
    expect(page).not.toMatch(/Uw bestanden staan klaar|Kenmerk van de levering/);
    const refused = checkReceiptOf(source, { verdict: 'REFUSED', rejection: { code: 'BSN_COLUMN' } }, closedAt);
    expect(refused.nextSteps[1]).toBe(trial);
    expect(receiptPage(refused)).toContain('<dt>Kenmerk van de proef</dt>');
    const atHome = checkReceiptOf({ ...source, deliveryId: NO_DELIVERY }, examined, closedAt);
    expect(atHome.nextSteps[0]).toBe('Dit was een proef: er is niets gemeld en niets bewaard.');
    expect(atHome.terms).toEqual({});
  });

  it.each([
    [
      'all can be mended',
      ['VALUE_MISSING'],
      '2026-04-30',
      'Verbeter de regels in rejected.csv en lever alleen dat bestand opnieuw aan. De andere regels hoeven niet nog een keer. Wat uiterlijk op 30 april 2026 binnen is, telt nog voor april 2026.',
    ],
    [
      'some must be taken out first, some must wait',
      ['TOO_EARLY', 'SIGNAL_WITHDRAWN', 'VALUE_MISSING', 'RESIDENT_OBJECTED', 'ROW_IS_HEADER'],
      '2026-04-30',
      'Haal eerst deze regels uit rejected.csv: inwoners die bezwaar hebben gemaakt, extra kopregels en meldingen die deze maand zijn ingetrokken. Verbeter daarin de rest en lever alleen dat bestand opnieuw aan. De andere regels hoeven niet nog een keer. Wat uiterlijk op 30 april 2026 binnen is, telt nog voor april 2026. Sommige regels kunnen pas later opnieuw worden aangeleverd. Wat daarvoor nodig is, staat bij het probleem.',
    ],
    [
      'none can',
      ['RESIDENT_OBJECTED', 'ROW_IS_HEADER'],
      undefined,
      'Lever niet opnieuw aan: inwoners die bezwaar hebben gemaakt en extra kopregels.',
    ],
    [
      'all must wait',
      ['SIGNAL_WITHDRAWN', 'NO_AGREEMENT'],
      undefined,
      'De afgekeurde regels kunnen pas later opnieuw worden aangeleverd. Wat daarvoor nodig is, staat bij het probleem.',
    ],
  ] as const)('[R-DEL-1] of refused rows says what fits them: %s', (_what, codes, redelivery, words) => {
    const found = codes.map((code, i) => finding(code, undefined, [i + 2]));
    const refused = { ...NO_ROWS, read: codes.length, refused: codes.length };
    const said = receiptOf(source, 'ab', { counts: refused, refusals: found, warnings: [] }, { terms: {} }, closedAt);
    expect(said.nextSteps).toEqual([`Een afgekeurde regel is geen melding. ${words}`]);
    expect(said.terms.redelivery).toBe(redelivery);
    expect(deliveryMail('x@example.nl', said).text).toContain(words);
    const page = receiptPage(said);
    expect(page).toContain('<strong>Verwerkt.</strong> Geen enkele regel is aangenomen.');
    expect(page.includes('30 april 2026')).toBe(redelivery !== undefined);
  });

  it('[R-DEL-11] of a dry run never says to deliver what may not come', () => {
    const said = (codes: readonly RowRejectionCode[]) => {
      const found = codes.map((code, i) => finding(code, undefined, [i + 2]));
      const whole = { read: codes.length + 1, refused: codes.length, duplicates: 0, refusals: found, warnings: [] };
      const layout = { format: 'csv', delimiter: ';', header: [] } as const;
      const findings = { whole, partners: {} };
      const examined = { verdict: 'READ', sha256: 'ab', layout, mustErase: false, findings } as const;
      return checkReceiptOf(source, examined, closedAt).nextSteps.slice(1);
    };
    const inbox = 'Zet het bestand in inbox/elan-wonen/ om het echt aan te leveren.';
    const also = 'U kunt ook zo aanleveren: de goede regels nemen wij dan aan, de andere krijgt u terug.';
    expect(said(['VALUE_MISSING'])).toEqual([`Verbeter de afgekeurde regels in uw bestand. ${also}`, inbox]);
    expect(said(['RESIDENT_OBJECTED'])).toEqual([
      'Haal deze regels uit uw bestand: inwoners die bezwaar hebben gemaakt.',
      inbox,
    ]);
    expect(said(['BSN_IN_FIELD'])).toEqual(['Verbeter de afgekeurde regels in uw bestand.', inbox]);
    expect(said([])).toEqual([inbox]);
  });

  it('[R-AGR-2] says apart with which municipalities there is no agreement', () => {
    const none = (municipality: string, lines: readonly number[]) => ({
      ...finding<RowRejectionCode>('NO_AGREEMENT', undefined, lines),
      reason: 'AGREEMENT_NONE' as const,
      municipality: MunicipalityCode.parse(municipality),
    });
    const found = [none('0402', [2, 4]), none('0392', [3])];
    const refused = { ...NO_ROWS, read: 3, refused: 3 };
    const said = receiptOf(source, 'ab', { counts: refused, refusals: found, warnings: [] }, { terms: {} }, closedAt);
    const page = receiptPage(said);
    expect(page).toContain('<h3>2 regels: Er is geen overeenkomst met de gemeente Hilversum.</h3>');
    expect(page).toContain('<h3>1 regel: Er is geen overeenkomst met de gemeente Haarlem.</h3>');
  });

  it('[R-DEL-7][R-DEL-9] says that what did not change was reported or withdrawn before', () => {
    const same = { ...NO_ROWS, read: 2, unchanged: 2 };
    const said = receiptOf(source, 'ab', { counts: same, refusals: [], warnings: [] }, { terms: {} }, closedAt);
    expect(said.nextSteps).toEqual([
      'Onveranderde regels waren al gemeld of al ingetrokken. U hoeft daarvoor niets te doen.',
    ]);
    expect(receiptPage(said)).toContain('<strong>Verwerkt.</strong> Er zijn geen nieuwe meldingen.');
  });

  it('[R-DEL-8][R-AGR-5] a partner without rows in the file hears that it counts as no arrears', () => {
    const partner = PartnerId.parse('particulier');
    const none = { counts: NO_ROWS, refusals: [], warnings: [] };
    const part = partReceiptOf(source, partner, none, { terms: {}, deliveredBy: 'Incassobureau West' }, closedAt);
    expect(part.nextSteps).toEqual([
      'In deze levering staan geen regels voor u. Wij noteren dat u daarin geen achterstanden meldt. Wat eerder is gemeld, blijft staan.',
      'Klopt dat niet? Neem dan contact op met Incassobureau West.',
    ]);
    expect(receiptPage(part)).toContain('<strong>Verwerkt.</strong> In deze levering staan geen regels voor u.');
    const mail = deliveredForMail('x@example.nl', partner, 'Incassobureau West', part);
    expect(mail.subject).toBe('Levering 0123456789ABCDEFGHJKMNPQRS: geen regels voor u');
    expect(mail.text).toContain('In deze levering staan geen regels voor u.');
    expect(mail.text).not.toContain('Gelezen regels');
  });

  it('[R-AGR-5] the part of a partner names who delivered and not the file; its mail has counts only', () => {
    const partner = PartnerId.parse('particulier');
    const own = { counts: { ...NO_ROWS, read: 3, accepted: 1, refused: 2 }, refusals: refusals.slice(2), warnings: [] };
    const part = partReceiptOf(source, partner, own, { terms: {}, deliveredBy: 'Incassobureau West' }, closedAt);
    expect(part).toMatchObject({ partner, place: 'partners/particulier/deliveries/0123456789ABCDEFGHJKMNPQRS/' });
    expect(part).not.toHaveProperty('sha256');
    const mail = deliveredForMail('x@example.nl', partner, 'Incassobureau West', part);
    expect(mail.subject).toContain('er is voor u aangeleverd');
    expect(mail.text).toMatch(/Gelezen regels: 3.*niets ingevuld in de kolom bedrag/s);
    expect(mail.about).toEqual({ owner: 'partner#particulier', kind: 'delivery' });
  });
});

describe('the receipt as a page', () => {
  const page = receiptPage(receipt);

  it('[R-DEL-1] shows counts that add up, each problem with where and what to do, and the days', () => {
    for (const text of [
      '<strong>Verwerkt.</strong> 3 regels zijn aangenomen, van de 1.020.',
      '1.015 regels zijn afgekeurd en tellen niet als melding.',
      '<h3>1.012 regels: Er is niets ingevuld in de kolom postcode. Dat moet wel.</h3>',
      'De eerste regels: 2, 3, 4, 5, 6, 7, 8, 10, 11, 12. Daarna nog 1.002.',
      '<h3>2 regels: Er is niets ingevuld in de kolom bedrag. Dat moet wel.</h3>',
      'Het gaat om de regels 13 en 14.',
      'Het gaat om regel 9.',
      '<th scope="row">Samen: gelezen</th><td class="n">1.020</td>',
      'Aangenomen, maar controleer dit',
      '<dd>1 april 2026 om 10:00 uur</dd>',
      '<td class="d">29 april 2026</td>',
      '<code>rejected.csv</code>',
    ])
      expect(page).toContain(text);
  });

  it('can be read by everybody: headings in order, tables with a caption and scopes, nothing by colour alone', () => {
    const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    const tables = page.match(/<table>.*?<\/table>/gs) ?? [];
    expect(tables).toHaveLength(2);
    for (const table of tables) {
      expect(table).toMatch(/^<table>\s*<caption>/);
      expect(table.match(/<th /g)?.length).toBe(table.match(/<th scope="(?:col|row)"/g)?.length);
    }
    expect(page).toMatch(/<html lang="nl">/);
    expect(page).toMatch(/<title>Ontvangstbevestiging 0123456789ABCDEFGHJKMNPQRS/);
  });

  it('[R-PRI-3] writes nothing that is not escaped', () => {
    const evil = '<img src=x onerror=alert(1)>';
    const nasty = { ...receipt, nextSteps: [evil], deliveredBy: evil, place: evil } satisfies Receipt;
    expect(receiptPage(nasty)).not.toContain('<img');
  });
});
