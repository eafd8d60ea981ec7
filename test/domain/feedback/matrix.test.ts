import { describe, expect, it } from 'vitest';
import { feedbackFile } from '#domain/feedback/file.ts';
import { previewOf } from '#domain/feedback/outcome.ts';
import { AgreementId, Cents, IsoDate, MunicipalityCode } from '#domain/ids.ts';
import { END_RESULTS, type EndResult } from '#domain/signal/ddas.ts';
import type { Outcome } from '#domain/signal/signal.ts';
import { governingOf } from '#test/support/governing.ts';
import { signal } from '#test/support/signal.ts';

/**
 * Every DDAS end result under both agreements: what the partner reads, written out from R-FEE-2 to R-FEE-4, R-SUS-6 and S4
 * art. 5.5. Columns: uitkomst; schuldenrust; van; tot; betaling_hervat; regeling_bedrag; regeling_vanaf; vervangt_eerdere.
 * `-` is: the partner reads nothing.
 *
 * "full": accepted on 9 April with a plan, payment from 1 May, 75 euro a month from 1 May, collection may be suspended.
 * "cannot": the same, but payment cannot resume. "bare": nothing but the result.
 */
interface Row {
  readonly lcv: { readonly full: string; readonly cannot: string; readonly bare: string };
  readonly haarlem: { readonly full: string; readonly cannot: string; readonly bare: string };
}

const MATRIX: Readonly<Record<EndResult, Row>> = {
  '(Budget)advies en/of quick fix': {
    lcv: {
      full: 'hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;;;nee',
      cannot: 'hulp geaccepteerd;nee;;;kan niet;;;nee',
      bare: 'hulp geaccepteerd;nee;;;;;;nee',
    },
    haarlem: {
      full: 'hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'hulp geaccepteerd;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'hulp geaccepteerd;nee;;;;;;nee',
    },
  },
  'Definitief geen contact kunnen krijgen': {
    lcv: { full: '-', cannot: '-', bare: '-' },
    haarlem: {
      full: 'geen hulp tot stand gekomen;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'geen hulp tot stand gekomen;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'geen hulp tot stand gekomen;nee;;;;;;nee',
    },
  },
  'Geen reactie na eerder contact': {
    lcv: { full: '-', cannot: '-', bare: '-' },
    haarlem: {
      full: 'geen hulp tot stand gekomen;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'geen hulp tot stand gekomen;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'geen hulp tot stand gekomen;nee;;;;;;nee',
    },
  },
  'Inwoner al bekend bij schuldhulpverlening': {
    lcv: {
      full: 'al bekend bij schuldhulpverlening;;;;;;;nee',
      cannot: 'al bekend bij schuldhulpverlening;;;;;;;nee',
      bare: 'al bekend bij schuldhulpverlening;;;;;;;nee',
    },
    haarlem: {
      full: 'al bekend bij schuldhulpverlening;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'al bekend bij schuldhulpverlening;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'al bekend bij schuldhulpverlening;nee;;;;;;nee',
    },
  },
  'Inwoner heeft al een ander lopend traject': {
    lcv: { full: '-', cannot: '-', bare: '-' },
    haarlem: {
      full: 'geen hulp tot stand gekomen;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'geen hulp tot stand gekomen;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'geen hulp tot stand gekomen;nee;;;;;;nee',
    },
  },
  'Inwoner heeft zelf al betaald/betalingsregeling getroffen': {
    lcv: { full: '-', cannot: '-', bare: '-' },
    haarlem: {
      full: 'geen hulp tot stand gekomen;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'geen hulp tot stand gekomen;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'geen hulp tot stand gekomen;nee;;;;;;nee',
    },
  },
  'Inwoner is overleden': {
    lcv: {
      full: 'inwoner is overleden;;;;;;;nee',
      cannot: 'inwoner is overleden;;;;;;;nee',
      bare: 'inwoner is overleden;;;;;;;nee',
    },
    haarlem: {
      full: 'inwoner is overleden;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'inwoner is overleden;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'inwoner is overleden;nee;;;;;;nee',
    },
  },
  'Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering': {
    lcv: { full: '-', cannot: '-', bare: '-' },
    haarlem: {
      full: 'geen hulp tot stand gekomen;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'geen hulp tot stand gekomen;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'geen hulp tot stand gekomen;nee;;;;;;nee',
    },
  },
  'Niet opgepakt: andere reden': {
    lcv: { full: 'niet opgepakt;;;;;;;nee', cannot: 'niet opgepakt;;;;;;;nee', bare: 'niet opgepakt;;;;;;;nee' },
    haarlem: {
      full: 'niet opgepakt;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'niet opgepakt;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'niet opgepakt;nee;;;;;;nee',
    },
  },
  'Niet opgepakt: herhaalde melding': {
    lcv: {
      full: 'niet opgepakt: herhaalde melding;;;;;;;nee',
      cannot: 'niet opgepakt: herhaalde melding;;;;;;;nee',
      bare: 'niet opgepakt: herhaalde melding;;;;;;;nee',
    },
    haarlem: {
      full: 'niet opgepakt: herhaalde melding;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'niet opgepakt: herhaalde melding;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'niet opgepakt: herhaalde melding;nee;;;;;;nee',
    },
  },
  'Niet opgepakt: onterecht signaal': {
    lcv: {
      full: 'niet opgepakt: onterecht signaal;;;;;;;nee',
      cannot: 'niet opgepakt: onterecht signaal;;;;;;;nee',
      bare: 'niet opgepakt: onterecht signaal;;;;;;;nee',
    },
    haarlem: {
      full: 'niet opgepakt: onterecht signaal;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'niet opgepakt: onterecht signaal;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'niet opgepakt: onterecht signaal;nee;;;;;;nee',
    },
  },
  'Persoon is geen inwoner (meer) in de gemeente': {
    lcv: {
      full: 'geen inwoner (meer) van de gemeente;;;;;;;nee',
      cannot: 'geen inwoner (meer) van de gemeente;;;;;;;nee',
      bare: 'geen inwoner (meer) van de gemeente;;;;;;;nee',
    },
    haarlem: {
      full: 'geen inwoner (meer) van de gemeente;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'geen inwoner (meer) van de gemeente;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'geen inwoner (meer) van de gemeente;nee;;;;;;nee',
    },
  },
  'Vervolghulp en/of verwijzing': {
    lcv: {
      full: 'hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;;;nee',
      cannot: 'hulp geaccepteerd;nee;;;kan niet;;;nee',
      bare: 'hulp geaccepteerd;nee;;;;;;nee',
    },
    haarlem: {
      full: 'hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'hulp geaccepteerd;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'hulp geaccepteerd;nee;;;;;;nee',
    },
  },
  'Vervolghulp en/of verwijzing financieel': {
    lcv: {
      full: 'hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;;;nee',
      cannot: 'hulp geaccepteerd;nee;;;kan niet;;;nee',
      bare: 'hulp geaccepteerd;nee;;;;;;nee',
    },
    haarlem: {
      full: 'hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'hulp geaccepteerd;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'hulp geaccepteerd;nee;;;;;;nee',
    },
  },
  'Vervolghulp en/of verwijzing niet financieel': {
    lcv: {
      full: 'hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;;;nee',
      cannot: 'hulp geaccepteerd;nee;;;kan niet;;;nee',
      bare: 'hulp geaccepteerd;nee;;;;;;nee',
    },
    haarlem: {
      full: 'hulp geaccepteerd;ja;2026-04-09;2026-05-09;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'hulp geaccepteerd;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'hulp geaccepteerd;nee;;;;;;nee',
    },
  },
  'Verwijzing zonder tussenkomst inwoner': {
    lcv: { full: '-', cannot: '-', bare: '-' },
    haarlem: {
      full: 'geen hulp tot stand gekomen;nee;;;2026-05-01;"75,00";2026-05-01;nee',
      cannot: 'geen hulp tot stand gekomen;nee;;;kan niet;"75,00";2026-05-01;nee',
      bare: 'geen hulp tot stand gekomen;nee;;;;;;nee',
    },
  },
};

const date = (text: string): IsoDate => IsoDate.parse(text);
const today = date('2026-04-10');

/** Received on 1 April 2026: Haarlem is in its regular phase, in Nijmegen the national text stands alone. */
const SIGNALS = {
  lcv: signal({
    municipality: MunicipalityCode.parse('0268'),
    agreement: AgreementId.parse('nijmegen-particulier'),
  }),
  haarlem: signal(),
};

const bare = (result: EndResult): Outcome => ({
  result,
  date: date('2026-04-09'),
  maySuspend: false,
  forCase: true,
});
const full = (result: EndResult): Outcome => ({
  ...bare(result),
  actionPlanOn: date('2026-04-09'),
  paymentResumes: { from: date('2026-05-01') },
  arrangement: { monthlyCents: Cents.parse(7500), from: date('2026-05-01') },
  maySuspend: true,
});
const cannot = (result: EndResult): Outcome => ({ ...full(result), paymentResumes: 'cannot' });

/** The row of the partner's file without what addresses it. */
const read = (agreement: keyof typeof SIGNALS, outcome: Outcome): string => {
  const reported = SIGNALS[agreement];
  const { feedback } = previewOf(reported, outcome, governingOf(reported), today, []);
  const [row = '-', ...more] = (feedbackFile(reported.partner, today, feedback, () => 'X').csv ?? '')
    .split('\r\n')
    .slice(1)
    .filter((line) => line !== '');
  expect(more).toEqual([]);
  return row.replace(/^HC-1001;2026-04-10;X;/, '').replace(`;${reported.signalId}`, '');
};

describe('every end result under both agreements', () => {
  it('the table has all sixteen', () => {
    expect(Object.keys(MATRIX)).toHaveLength(16);
    expect(Object.keys(MATRIX).sort()).toEqual([...END_RESULTS].sort());
  });

  it.each(END_RESULTS)('[R-FEE-1] [R-FEE-2] [R-FEE-3] [R-FEE-4] [R-SUS-6] %s', (result) => {
    expect({
      lcv: {
        full: read('lcv', full(result)),
        cannot: read('lcv', cannot(result)),
        bare: read('lcv', bare(result)),
      },
      haarlem: {
        full: read('haarlem', full(result)),
        cannot: read('haarlem', cannot(result)),
        bare: read('haarlem', bare(result)),
      },
    }).toEqual(MATRIX[result]);
  });
});
