import { type Day, plusDays } from './days.ts';
import { type Arrear, letter, SENDERS, type SenderName } from './letter.ts';
import { particulars } from './particular.ts';
import { type Household, households, type Municipality, neighbour } from './people.ts';
import type { PlannedDelivery, PlannedGlimpse, PlannedOutcomes, PlannedSignal, Sender } from './plan.ts';
import type { Dice } from './random.ts';

/** A file that is refused as a whole. */
const hopeless = (
  sender: Pick<Sender, 'party' | 'name'>,
  sent: { readonly name: string; readonly at: string; readonly file: string; readonly remark?: string },
  bytes: Uint8Array,
  code: string,
): PlannedDelivery => ({ ...sent, party: sender.party, sender: sender.name, bytes, rows: [], refused: code });

/** The start of an .xlsx: a zip archive. */
const XLSX = Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x06, 0x00, ...Array<number>(500).fill(0x21)]);

export interface Sent {
  readonly deliveries: readonly PlannedDelivery[];
  readonly signals: readonly PlannedSignal[];
  /** Of the lives that are told one by one. */
  readonly outcomes: readonly PlannedOutcomes[];
  readonly glimpses: readonly PlannedGlimpse[];
}

/** Everything that is sent to the meldpunt in the story, with what must become of every row. `scale` 1 gives 300 rows. */
export const sendAll = (throws: Dice, scale: number): Sent => {
  const signals: PlannedSignal[] = [];
  const deliveries: PlannedDelivery[] = [];
  const home = households(throws);
  const numbers = new Map<SenderName, number>();
  const many = (count: number): number => Math.max(1, Math.round(count * scale));

  const reference = (by: SenderName): string => {
    const next = (numbers.get(by) ?? 0) + 1;
    numbers.set(by, next);
    return `${SENDERS[by].mark}-26-${String(next).padStart(5, '0')}`;
  };
  const arrear = (by: SenderName, household: Household, on: Day, person: 0 | 1 = 0): Arrear => ({
    household,
    person,
    reference: reference(by),
    cents: by === 'energy' ? throws.int(6_500, 48_000) : throws.int(42_000, 240_000),
    dueDate: plusDays(on, -(by === 'energy' ? throws.int(52, 95) : throws.int(31, 85))),
  });
  const homes = (municipality: Municipality, count: number, wide = true): Household[] =>
    Array.from({ length: many(count) }, () => home(municipality, wide));
  /** The same arrear a month later: higher, and older. */
  const grown = (signal: PlannedSignal, on: Day): Arrear => ({
    household: signal.household,
    person: 0,
    reference: signal.reference,
    cents: signal.amountCents + throws.int(20_000, 70_000),
    dueDate: plusDays(on, -throws.int(62, 92)),
  });

  // --- March -------------------------------------------------------------------------------------------------------
  const elanHomes = [...homes('0392', 22), ...homes('0473', 8)];
  const preHomes = [...homes('0392', 13), ...homes('0473', 4)];
  const ymereHomes = [...homes('0363', 20), ...homes('0392', 5)];
  const rentedHomes = [...homes('0268', 12, false), ...homes('0363', 3, false)];
  const otherHomes = [...homes('0268', 10), ...homes('0363', 3), ...homes('0392', 3)];

  const elan = letter(signals, SENDERS.elan, {
    name: 'elan-maart',
    at: '2026-03-02T09:15',
    file: 'Huurachterstand maart 2026 (Elan + 100%).csv',
    remark: 'uit Excel, met alles wat er in een bestand mis kan zijn',
  });
  const march = '2026-03-02';
  const elanArrears = elanHomes.map((household) => arrear('elan', household, march));
  for (const each of elanArrears) elan.good(each);
  const spare = (): Arrear => arrear('elan', home('0392', true), march);

  // Rooms behind one front door are strangers to each other (R-MAT-4).
  const door = home('0392', true);
  for (const room of ['k1', 'k2', 'k3'])
    elan.good(arrear('elan', neighbour(door, room, home('0392', true).persons), march));

  elan.good(spare(), { cells: { geboortedatum: '01-01-1905' }, warnings: ['BIRTH_DATE_UNUSUAL'] });
  elan.good(spare(), { cells: { telefoon: 'bellen na 18u' }, warnings: ['PHONE_UNUSABLE'] });
  elan.good(spare(), { cells: { email: 'geen' }, warnings: ['EMAIL_UNUSABLE'] });
  elan.good(spare(), { cells: { gemeente: 'Nijmegen' }, warnings: ['MUNICIPALITY_DIFFERS'] });
  elan.good({ ...spare(), phase: 'deurwaarder' });
  elan.good({ ...spare(), phase: 'incasso' });

  // Repaired in the second file: same references, later on.
  const repairable = {
    step: spare(),
    postcode: spare(),
    date: spare(),
    amount: spare(),
    short: spare(),
  };
  elan.bad('SOCIAL_COLLECTION_INCOMPLETE', repairable.step, { aangekondigd: '' });
  elan.bad('POSTCODE_INVALID', repairable.postcode, { postcode: '20 11 A' });
  elan.bad('DATE_INVALID', repairable.date, { vervaldatum: '31-02-2026' });
  elan.bad('AMOUNT_INVALID', repairable.amount, { bedrag: '1.234' });
  elan.bad('ROW_TOO_SHORT', repairable.short, {}, (cells) => cells.slice(0, 7));
  elan.bad('RESIDENT_OBJECTED', spare(), { bezwaar: 'j' });
  elan.bad('BSN_IN_FIELD', spare(), { klantnummer: '111222333' });
  elan.bad('POSTCODE_PO_BOX', spare(), { postcode: '2003 RT', gemeente: '' });
  elan.bad('POSTCODE_UNKNOWN', spare(), { postcode: '2099 ZZ', gemeente: '' });
  elan.bad('TOO_EARLY', spare(), {
    vervaldatum: '15-02-2026',
    datum_herinnering: '20-02-2026',
    datum_contactpoging: '23-02-2026',
    aangekondigd: '26-02-2026',
  });
  elan.bad('NO_AGREEMENT', arrear('elan', home('0268', true), march), {});
  elan.bad('DATE_IN_FUTURE', spare(), { vervaldatum: '01-07-2026' });
  elan.bad('ROW_TOO_LONG', spare(), {}, (cells) => [...cells, '', '', '', 'zie brief']);
  elan.bad('HOUSE_NUMBER_INVALID', spare(), { huisnummer: 'boven' });
  elan.bad('VALUE_MISSING', spare(), { achternaam: '' });
  elan.bad('VALUE_INVALID', spare(), { fase: 'beslag' });
  elan.bad('CONTROL_CHARACTER', spare(), { straat: 'Bosuil\u0007hof' });
  elan.bad('FIELD_TOO_LONG', spare(), { klantnummer: 'K'.repeat(41) });
  const twice = elanArrears[0];
  const [firstElan, secondElan, thirdElan, fourthElan, fifthElan] = elanArrears;
  if (!twice || !firstElan || !secondElan || !thirdElan || !fourthElan || !fifthElan) throw new Error('Too few rows');
  elan.bad('REFERENCE_TWICE', { ...twice, cents: twice.cents + 100 }, {});
  elan.again(fifthElan);
  elan.withdrawnUnknown('EW-25-99999');
  deliveries.push(elan.sealed());

  const agency = letter(signals, SENDERS.agency, {
    name: 'incasso-maart',
    at: '2026-03-03T11:40',
    file: 'aanlevering_03.csv',
    remark: 'Windows-1252, voor een particuliere verhuurder',
  });
  for (const household of rentedHomes) agency.good(arrear('agency', household, '2026-03-03'));
  const rented = (): Arrear => arrear('agency', home('0268', false), '2026-03-03');
  agency.bad('PARTNER_UNKNOWN', rented(), { partner: 'verhuurder-van-ooit' });
  agency.bad('PARTNER_NOT_YOURS', rented(), { partner: SENDERS.elan.partner });
  agency.bad('SOCIAL_COLLECTION_INCOMPLETE', rented(), { sociale_incasso: '' });
  agency.bad('NO_AGREEMENT', arrear('agency', home('0392', false), '2026-03-03'), {});
  deliveries.push(agency.sealed());

  const energy = letter(signals, SENDERS.energy, {
    name: 'energie-maart',
    at: '2026-03-04T08:05',
    file: 'export-20260304.txt.csv',
    remark: 'met tabs; een deel woont bij mensen met ook huurachterstand',
  });
  const shared = [elanHomes.slice(8, 16), ymereHomes.slice(0, 9), rentedHomes.slice(4, 9), preHomes.slice(0, 4)].flat();
  for (const [i, household] of shared.entries())
    energy.good(arrear('energy', household, '2026-03-04', i % 3 === 0 ? 1 : 0), {}, 'joined');
  for (const household of otherHomes) energy.good(arrear('energy', household, '2026-03-04'), {}, 'joined');
  const metered = (): Arrear => arrear('energy', home('0268', true), '2026-03-04');
  // Very late, and still to be taken up: no agreement of the sample knows a maximum.
  energy.good(metered(), { cells: { vervaldatum: '2025-09-01' } });
  energy.bad('TOO_EARLY', metered(), { vervaldatum: '2026-02-20' });
  energy.bad('AMOUNT_INVALID', metered(), { bedrag: '1,2E+03' });
  energy.bad('BSN_IN_FIELD', metered(), { achternaam: 'Brouwenaar 123456782' });
  deliveries.push(energy.sealed());

  const nearlyGood = letter([], SENDERS.pre, { name: 'pre-zonder-kop', at: '2026-03-05T15:30', file: 'maart.csv' });
  nearlyGood.good(arrear('pre', preHomes[0] ?? door, '2026-03-05'));
  deliveries.push(
    hopeless(
      SENDERS.pre,
      { name: 'pre-excel', at: '2026-03-05T14:00', file: 'maart.csv', remark: 'een halve .xlsx die .csv heet' },
      XLSX,
      'WORKBOOK_UNREADABLE',
    ),
    hopeless(
      SENDERS.pre,
      { name: 'pre-zonder-kop', at: '2026-03-05T15:30', file: 'maart.csv', remark: 'zonder kopregel' },
      headless(nearlyGood.sealed().bytes),
      'HEADER_MISSING',
    ),
  );
  const pre = letter(signals, SENDERS.pre, {
    name: 'pre-maart',
    at: '2026-03-06T09:20',
    file: 'maart.csv',
    remark: 'nu wel goed',
  });
  for (const household of preHomes) pre.good(arrear('pre', household, '2026-03-06'));
  pre.bad('NO_AGREEMENT', arrear('pre', home('0363', true), '2026-03-06'), {});
  deliveries.push(pre.sealed());

  const ymere = letter(signals, SENDERS.ymere, {
    name: 'ymere-maart',
    at: '2026-03-06T13:45',
    file: 'vroegsignalering/2026-03.csv',
    remark: "met komma's",
  });
  for (const household of ymereHomes) ymere.good(arrear('ymere', household, '2026-03-06'));
  ymere.bad('VALUE_MISSING', arrear('ymere', home('0363', true), '2026-03-06'), { bezwaar: '' });
  const ymereMarch = ymere.sealed();
  deliveries.push(ymereMarch, {
    ...ymereMarch,
    name: 'ymere-nogmaals',
    at: '2026-03-07T10:00',
    file: 'vroegsignalering/2026-03 kopie.csv',
    rows: ymereMarch.rows.map((row) => (row.verdict === 'accepted' ? { ...row, verdict: 'unchanged' } : row)),
    remark: 'hetzelfde bestand nog eens',
  });

  const unknown = letter([], SENDERS.elan, { name: 'onbekend', at: '2026-03-09T16:10', file: 'klanten.csv' });
  unknown.good(arrear('elan', home('0392', true), '2026-03-09'));
  deliveries.push({
    ...hopeless(
      { party: 'woonfonds-oost', name: 'Woonfonds Oost' },
      { name: 'onbekend', at: '2026-03-09T16:10', file: 'klanten.csv', remark: 'kent het meldpunt niet' },
      unknown.sealed().bytes,
      'PARTY_UNKNOWN',
    ),
    stranger: true,
  });

  const repair = letter(signals, SENDERS.elan, {
    name: 'elan-herstel',
    at: '2026-03-10T10:30',
    file: 'Huurachterstand maart 2026 (herstel).csv',
    remark: 'afgekeurde regels hersteld, een bedrag gecorrigeerd, twee meldingen ingetrokken',
  });
  for (const each of Object.values(repairable)) repair.good(each);
  repair.corrected({ ...thirdElan, cents: thirdElan.cents + 12_345 });
  repair.withdrawn(firstElan.reference, 'betaald');
  repair.withdrawn(secondElan.reference, 'fout');
  repair.again(fourthElan);
  deliveries.push(repair.sealed());

  // --- April: many arrears come back (opeenvolgend), some are withdrawn ---------------------------------------------
  const open = (partner: string, from: number, count: number): readonly PlannedSignal[] =>
    signals
      .filter((signal) => signal.partner === partner && signal.period === '2026-03' && signal.turns.length === 0)
      .slice(from, from + count);

  const elanApril = letter(signals, SENDERS.elan, {
    name: 'elan-april',
    at: '2026-04-01T09:05',
    file: 'Huurachterstand april 2026.csv',
    remark: 'veel huishoudens voor de tweede maand',
  });
  const [paid, wrong, objected] = open(SENDERS.elan.partner, 4, 3);
  const elanRepeats = open(SENDERS.elan.partner, 8, many(12));
  for (const signal of elanRepeats) elanApril.good(grown(signal, '2026-04-01'));
  for (const household of [...homes('0392', 5), ...homes('0473', 2)])
    elanApril.good(arrear('elan', household, '2026-04-01'));
  if (!paid || !wrong || !objected) throw new Error('Too few rows');
  elanApril.withdrawn(paid.reference, 'betaald');
  elanApril.withdrawn(wrong.reference, 'fout');
  elanApril.withdrawn(objected.reference, 'bezwaar');
  elanApril.withdrawnUnknown('EW-26-77777');
  elanApril.bad('POSTCODE_INVALID', arrear('elan', home('0392', true), '2026-04-01'), { postcode: 'Haarlem' });
  deliveries.push(elanApril.sealed());

  const energyApril = letter(signals, SENDERS.energy, {
    name: 'energie-april',
    at: '2026-04-02T08:05',
    file: 'export-20260402.txt.csv',
  });
  const energyRepeats = open(SENDERS.energy.partner, 6, many(9));
  for (const signal of energyRepeats) energyApril.good(grown(signal, '2026-04-02'));
  for (const { household } of elanRepeats.slice(0, 5)) energyApril.good(arrear('energy', household, '2026-04-02', 1));
  for (const household of homes('0268', 6)) energyApril.good(arrear('energy', household, '2026-04-02'));
  const [settled] = open(SENDERS.energy.partner, 30, 1);
  if (settled) energyApril.withdrawn(settled.reference, 'betaald');
  deliveries.push(energyApril.sealed());

  deliveries.push(
    letter(signals, SENDERS.pre, {
      name: 'pre-april',
      at: '2026-04-03T12:00',
      file: 'april.csv',
      remark: 'alleen een kopregel: geen achterstanden',
    }).sealed(),
  );

  const ymereApril = letter(signals, SENDERS.ymere, {
    name: 'ymere-april',
    at: '2026-04-07T09:50',
    file: 'vroegsignalering/2026-04.csv',
    remark: 'na Pasen',
  });
  for (const signal of open(SENDERS.ymere.partner, 3, many(9))) ymereApril.good(grown(signal, '2026-04-07'));
  for (const household of homes('0363', 9)) ymereApril.good(arrear('ymere', household, '2026-04-07'));
  deliveries.push(ymereApril.sealed());

  const agencyApril = letter(signals, SENDERS.agency, {
    name: 'incasso-april',
    at: '2026-04-08T11:10',
    file: 'aanlevering_04.csv',
  });
  for (const signal of open(SENDERS.agency.partner, 2, many(5))) agencyApril.good(grown(signal, '2026-04-08'));
  for (const household of homes('0268', 3, false)) agencyApril.good(arrear('agency', household, '2026-04-08'));
  deliveries.push(agencyApril.sealed());

  // --- Lives that are told one by one ------------------------------------------------------------------------------
  const { outcomes, glimpses, may, ...late } = particulars(home, signals);
  deliveries.push(...late.deliveries);

  // --- May: what still waits when the story ends --------------------------------------------------------------------
  const energyMay = letter(signals, SENDERS.energy, {
    name: 'energie-mei',
    at: '2026-05-06T08:05',
    file: 'export-20260506.txt.csv',
    remark: 'wacht aan het eind van het verhaal nog op antwoord',
  });
  for (const household of [...homes('0268', 5), ...homes('0363', 5)])
    energyMay.good(arrear('energy', household, '2026-05-06'));
  for (const each of may) energyMay.good(each);
  deliveries.push(energyMay.sealed());

  return { deliveries: deliveries.sort((a, b) => (a.at < b.at ? -1 : 1)), signals, outcomes, glimpses };
};

const headless = (bytes: Uint8Array): Uint8Array => bytes.subarray(bytes.indexOf(10) + 1);
