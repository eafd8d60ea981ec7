import { outcomesFileKey } from '#domain/delivery/places.ts';
import { MunicipalityCode } from '#domain/ids.ts';
import type { OutcomeReceipt } from '#domain/signal/outcome-receipt.ts';
import { type OutcomesUpload, receiveOutcomes } from '#functions/casework/receive-outcomes/receive-outcomes.ts';
import type { MemoryPorts } from './memory/ports.ts';

/** One line of an outcomes file, by Dutch column. */
export type Line = Readonly<Partial<Record<string, string>>>;

/** Every column, written out by hand. */
export const HEADER = [
  'zaak;signaal;medewerker;resultaat;resultaat_datum;plan_van_aanpak;betaling_hervat;regeling_bedrag;regeling_vanaf',
  'schuldenrust;correctie;heropenen;contact_soort;contact_bereikt;contact_datum;contact_dagdeel',
  'fase;doorzetten_naar;bekend_wijkteam;einde_schuldenrust;samenvoegen_met;splitsen;koppeling_reden',
  'overdracht_postcode;overdracht_huisnummer;overdracht_huisletter;overdracht_toevoeging',
  'overdracht_straat;overdracht_woonplaats;overdracht_gemeente',
].join(';');

export const outcomesCsv = (...lines: Line[]): string =>
  [
    HEADER,
    ...lines.map((line) =>
      HEADER.split(';')
        .map((column) => line[column] ?? '')
        .join(';'),
    ),
  ].join('\r\n');

/** Help accepted with everything schuldenrust asks for. */
export const help = {
  resultaat: 'Vervolghulp en/of verwijzing',
  resultaat_datum: '10-03-2026',
  plan_van_aanpak: '10-03-2026',
  betaling_hervat: '01-04-2026',
  schuldenrust: 'j',
} as const;

let drops = 0;

/** A file in the municipality's folder, and the event that tells of it. */
export const drop = async (
  ports: MemoryPorts,
  body: string | Uint8Array,
  municipality = '0392',
  folder: 'outcomes' | 'preview' = 'outcomes',
): Promise<OutcomesUpload> => {
  drops += 1;
  const key = `municipalities/${municipality}/${folder}/uitkomsten-${drops}.csv`;
  const versionId = await ports.objects.put('exchange', key, body);
  return { bucket: 'exchange', key, versionId, sizeBytes: body.length, eventTime: ports.clock.now() };
};

/** The same file at every replay. */
export const dropOnce = async (ports: MemoryPorts, body: string, eventTime: string): Promise<OutcomesUpload> => {
  const key = 'municipalities/0392/outcomes/vast.csv';
  const versionId =
    ports.objects.items.get(`exchange/${key}`)?.[0]?.versionId ?? (await ports.objects.put('exchange', key, body));
  return { bucket: 'exchange', key, versionId, sizeBytes: body.length, eventTime };
};

/** What the municipality finds of a file that was read. */
export const answersTo = (ports: MemoryPorts, upload: OutcomesUpload, municipality = '0392') => {
  const id = ports.ids.deliveryId(upload.bucket, upload.key, upload.versionId);
  const file = (name: Parameters<typeof outcomesFileKey>[2]) =>
    ports.objects.text('exchange', outcomesFileKey(MunicipalityCode.parse(municipality), id, name));
  const receipt = JSON.parse(file('receipt.json') ?? '{}') as OutcomeReceipt;
  const preview = file('preview.json');
  return {
    id,
    receipt,
    rejected: file('rejected.csv'),
    answers: file('answers.csv'),
    preview: preview === undefined ? undefined : (JSON.parse(preview) as OutcomeReceipt),
  };
};

export const take = async (ports: MemoryPorts, body: string | Uint8Array, municipality = '0392') => {
  const upload = await drop(ports, body, municipality);
  const answer = await receiveOutcomes(ports, upload);
  return { answer, upload, ...answersTo(ports, upload, municipality) };
};

/** Per line its verdict, with code and column where it was refused and with its notes. */
export const verdicts = async (ports: MemoryPorts, ...lines: Line[]): Promise<readonly string[]> => {
  const { receipt } = await take(ports, outcomesCsv(...lines));
  return receipt.answers.map(({ verdict, code, column, notes = [] }) =>
    [verdict, ...(code ? [code] : []), ...(column ? [column] : []), ...notes.map((note) => `(${note})`)].join(' '),
  );
};
