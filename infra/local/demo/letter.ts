import { type Day, monthOf, plusDays } from './days.ts';
import { ANSI, type Cells, COMMAS, cellsOf, EXCEL, EXPORT, fileOf } from './files.ts';
import type { Household } from './people.ts';
import type { ExpectedLife, PlannedDelivery, PlannedRow, PlannedSignal, Sender, Turn, Verdict } from './plan.ts';

/** One file of a party under construction: its rows as that party writes them, and what must become of each. */
export const SENDERS = {
  elan: { party: 'elan-wonen', name: 'Elan Wonen', partner: 'elan-wonen', mark: 'EW', dialect: EXCEL },
  pre: { party: 'pre-wonen', name: 'Pré Wonen', partner: 'pre-wonen', mark: 'PW', dialect: EXCEL },
  ymere: { party: 'ymere', name: 'Ymere', partner: 'ymere', mark: 'YM', dialect: COMMAS },
  energy: { party: 'energie', name: 'Zonnestroom Energie', partner: 'energie', mark: 'EN', dialect: EXPORT },
  agency: { party: 'incasso', name: 'Incassobureau', partner: 'particulier', mark: 'IB', dialect: ANSI },
} as const satisfies Record<string, Sender>;
export type SenderName = keyof typeof SENDERS;

export interface Arrear {
  readonly household: Household;
  readonly person: 0 | 1;
  readonly reference: string;
  readonly cents: number;
  readonly dueDate: Day;
  readonly phase?: PlannedSignal['phase'];
  readonly kind?: PlannedSignal['kind'];
  /** What must become of it, where the story tells it line by line. */
  readonly life?: ExpectedLife;
}

/** What a row says beside the ordinary. */
interface Spoilt {
  readonly cells?: Cells;
  readonly shape?: (cells: string[]) => string[];
  readonly verdict?: Verdict;
  readonly warnings?: readonly string[];
}

const refused = (code: string): Verdict => ({ refused: code });

/** The cells of an arrear as a sender writes them; every rule holds. */
const ordinary = (arrear: Arrear, sender: Sender, spelling: 'apart' | 'joined'): Cells => {
  const { household, reference, cents, dueDate } = arrear;
  const { dialect } = sender;
  const person = household.persons[arrear.person];
  const joined = spelling === 'joined' && household.addition === '' && household.letter !== '';
  return {
    partner: sender.partner,
    referentie: reference,
    klantnummer: `K${reference.slice(-5)}`,
    voorletters: person.initials,
    tussenvoegsel: person.prefix,
    achternaam: person.surname,
    geboortedatum: dialect.date(person.birthDate),
    straat: household.street,
    huisnummer: joined ? `${household.number}-${household.letter.toLowerCase()}` : String(household.number),
    huisletter: joined ? '' : household.letter,
    toevoeging: household.addition,
    postcode: dialect.postcode(household.postcode),
    woonplaats: household.city,
    telefoon: person.phone,
    email: person.email,
    bedrag: dialect.amount(cents),
    vervaldatum: dialect.date(dueDate),
    fase: arrear.phase ?? '',
    signaalsoort: arrear.kind ?? '',
    datum_herinnering: dialect.date(plusDays(dueDate, 8)),
    datum_contactpoging: dialect.date(plusDays(dueDate, 15)),
    gewezen_op_schuldhulp: 'j',
    aangekondigd: dialect.date(plusDays(dueDate, 21)),
    sociale_incasso: 'j',
    bezwaar: 'n',
    gemeente: household.city,
  };
};

/** `signals`: where the signals of its good rows are added, and those of earlier files are found. */
export const letter = (
  signals: PlannedSignal[],
  sender: Sender,
  sent: { readonly name: string; readonly at: string; readonly file: string; readonly remark?: string },
) => {
  const rows: PlannedRow[] = [];
  const { dialect, partner } = sender;
  const add = (cells: Cells, { shape, verdict = 'accepted', warnings = [] }: Spoilt = {}): void => {
    const plain = cellsOf(cells, dialect);
    rows.push({ cells: shape ? shape(plain) : plain, verdict, warnings });
  };
  const signalOf = (arrear: Arrear): PlannedSignal => ({
    partner,
    reference: arrear.reference,
    period: monthOf(sent.at),
    household: arrear.household,
    person: arrear.person,
    receivedAt: sent.at,
    amountCents: arrear.cents,
    ...(arrear.phase && { phase: arrear.phase }),
    ...(arrear.kind && { kind: arrear.kind }),
    ...(arrear.life && { life: arrear.life }),
    turns: [],
  });
  const found = (reference: string): PlannedSignal => {
    const last = signals.findLast((signal) => signal.partner === partner && signal.reference === reference);
    if (last === undefined) throw new Error(`The story lost ${reference}`);
    return last;
  };
  const turn = (reference: string, what: Turn): void => {
    found(reference).turns.push(what);
  };
  return {
    /** A row that must be accepted. */
    good(arrear: Arrear, spoilt: Spoilt = {}, spelling: 'apart' | 'joined' = 'apart'): void {
      add({ ...ordinary(arrear, sender, spelling), ...spoilt.cells }, spoilt);
      signals.push(signalOf(arrear));
    },
    /** A row that must be refused. */
    bad(code: string, arrear: Arrear, cells: Cells, shape?: (cells: string[]) => string[]): void {
      add(
        { ...ordinary(arrear, sender, 'apart'), ...cells },
        { verdict: refused(code), ...(shape === undefined ? {} : { shape }) },
      );
    },
    again(arrear: Arrear): void {
      add(ordinary(arrear, sender, 'apart'), { verdict: 'unchanged' });
    },
    corrected(arrear: Arrear): void {
      add(ordinary(arrear, sender, 'apart'), { verdict: 'corrected' });
      turn(arrear.reference, { kind: 'corrected', at: sent.at, amountCents: arrear.cents });
    },
    withdrawn(reference: string, reason: string): void {
      add({ partner, referentie: reference, actie: 'intrekken', reden: reason }, { verdict: 'withdrawn' });
      turn(reference, { kind: 'withdrawn', at: sent.at, reason });
    },
    withdrawnUnknown(reference: string): void {
      add(
        { partner, referentie: reference, actie: 'intrekken', reden: 'betaald' },
        { verdict: refused('WITHDRAWAL_UNKNOWN') },
      );
    },
    sealed(): PlannedDelivery {
      const bytes = fileOf(
        rows.map(({ cells }) => cells),
        dialect,
      );
      return { ...sent, party: sender.party, sender: sender.name, bytes, rows };
    },
  };
};
