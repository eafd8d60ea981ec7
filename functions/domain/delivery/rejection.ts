import { municipalityName } from '../reference/reference.ts';
import { DELIVERY_COLUMNS, MAX_LENGTH, MAX_LENGTH_ELSEWHERE } from './columns.ts';
import { csvRow, spreadsheetProof, textProof } from './csv.ts';
import {
  COLLECTION_PHASES,
  type FileRejection,
  type FileRejectionCode,
  type Finding,
  type RejectionReason,
  type RowRejection,
  type RowRejectionCode,
  SIGNAL_KINDS,
  type WarningCode,
  WITHDRAWAL_REASONS,
} from './delivery.ts';
import { nameOf, REJECTION_COLUMNS } from './dialect.ts';
import type { ColumnMapping } from './mapping.ts';

/**
 * What we tell the partner, in plain Dutch (B1), for every code there is. Texts never hold a value of the file.
 * `{kolom}` stands for `de kolom postcode`, by the sender's own name for it, and `{gemeente}` for the municipality by name.
 */
export interface Advice {
  readonly explanation: string;
  readonly remedy: string;
}

export const ROW_ADVICE: Readonly<Record<RowRejectionCode, Advice>> = {
  ROW_TOO_SHORT: {
    explanation: 'Deze regel heeft minder kolommen dan de kopregel.',
    remedy: 'Vul de regel aan tot evenveel kolommen als de kopregel. Een lege kolom mag, een kolom overslaan niet.',
  },
  ROW_TOO_LONG: {
    explanation: 'Deze regel heeft meer kolommen dan de kopregel.',
    remedy:
      'Kijk of een waarde over twee kolommen is verdeeld, bijvoorbeeld door een puntkomma of komma. Zet zo’n waarde tussen dubbele aanhalingstekens.',
  },
  ROW_IS_HEADER: {
    explanation: 'Deze regel is nog een keer de kopregel.',
    remedy: 'U hoeft niets te doen. De andere regels zijn gewoon gelezen.',
  },
  FIELD_TOO_LONG: {
    explanation: 'De waarde in {kolom} is te lang.',
    remedy: 'Maak de waarde korter.',
  },
  CONTROL_CHARACTER: {
    explanation: 'In {kolom} staat een onzichtbaar teken.',
    remedy: 'Maak de cel leeg en typ de waarde opnieuw in, zonder te plakken.',
  },
  VALUE_MISSING: {
    explanation: 'Er is niets ingevuld in {kolom}. Dat moet wel.',
    remedy: 'Vul de waarde in.',
  },
  VALUE_INVALID: {
    explanation: 'In {kolom} staat een waarde die wij niet kennen.',
    remedy: 'Gebruik een van de waarden uit de beschrijving van het bestand.',
  },
  DATE_INVALID: {
    explanation: 'In {kolom} staat geen datum, of een datum die niet bestaat.',
    remedy: 'Schrijf de datum als dag-maand-jaar, bijvoorbeeld 31-01-2026.',
  },
  DATE_IN_FUTURE: {
    explanation: 'De datum in {kolom} ligt na de dag waarop wij het bestand kregen.',
    remedy: 'Controleer de datum.',
  },
  AMOUNT_INVALID: {
    explanation: 'Het bedrag in {kolom} kunnen wij niet lezen.',
    remedy: 'Vul alleen het bedrag in, bijvoorbeeld 1234,56.',
  },
  POSTCODE_INVALID: {
    explanation: 'In {kolom} staat geen Nederlandse postcode.',
    remedy: 'Schrijf de postcode als vier cijfers en twee letters, bijvoorbeeld 1234 AB.',
  },
  HOUSE_NUMBER_INVALID: {
    explanation: 'Het huisnummer kunnen wij niet lezen, of letter en toevoeging staan er twee keer en verschillen.',
    remedy: 'Zet het getal in de kolom huisnummer (1 tot 99999), en de rest in huisletter en toevoeging.',
  },
  PARTNER_UNKNOWN: {
    explanation: 'De partner in {kolom} is niet bekend bij het meldpunt.',
    remedy: 'Gebruik de korte naam die u van het meldpunt kreeg. Is de partner nieuw? Meld die dan eerst aan.',
  },
  PARTNER_NOT_YOURS: {
    explanation: 'U levert niet aan voor de partner in {kolom}.',
    remedy:
      'Controleer de partner. Levert u wel voor deze partner aan? Laat dit dan eerst bij het meldpunt vastleggen.',
  },
  BSN_IN_FIELD: {
    explanation:
      'In {kolom} staat een getal dat een burgerservicenummer (BSN) kan zijn, of onze sterretjes daarvoor. Een BSN mag u niet aanleveren.',
    remedy:
      'Wij zetten sterretjes in de plaats van het getal. Haal de sterretjes weg en vul in wat er hoort te staan, zonder BSN. Is het een eigen nummer van u? Zet er dan een letter voor.',
  },
  RESIDENT_OBJECTED: {
    explanation: 'De inwoner heeft bezwaar gemaakt. Wij hebben de regel niet opgeslagen en niet doorgegeven.',
    remedy: 'Haal deze regel weg en lever deze inwoner niet opnieuw aan.',
  },
  SOCIAL_COLLECTION_INCOMPLETE: {
    explanation: 'Een van de vier stappen van sociale incasso is niet gezet.',
    remedy: 'Zet eerst alle vier de stappen. Vul daarna per stap de datum of j in.',
  },
  TOO_EARLY: {
    explanation: 'De betaling is nog niet lang genoeg te laat om te melden.',
    remedy:
      'Is er nog niet betaald als de termijn uit uw overeenkomst voorbij is (voor huur 30 dagen)? Lever de regel dan opnieuw aan.',
  },
  NO_RULE_FOR_TYPE: {
    explanation: 'Voor dit soort partner zijn bij deze overeenkomst nog geen regels vastgelegd.',
    remedy: 'Neem contact op met het meldpunt. U kunt dit zelf niet oplossen.',
  },
  POSTCODE_UNKNOWN: {
    explanation: 'In {kolom} staat een postcode die niet bestaat, of die nog niet in onze lijst staat.',
    remedy: 'Controleer de postcode. Klopt die? Neem dan contact op met het meldpunt.',
  },
  POSTCODE_PO_BOX: {
    explanation: 'In {kolom} staat een postbus. Daar woont niemand.',
    remedy: 'Vul de postcode in van het adres waar de inwoner woont.',
  },
  NO_AGREEMENT: {
    explanation: 'Met {gemeente} is er geen geldige overeenkomst.',
    remedy: 'Vraag de gemeente hoe het met de overeenkomst staat.',
  },
  REFERENCE_TWICE: {
    explanation: 'Deze referentie staat vaker in het bestand, met andere gegevens. Alleen de eerste goede regel telt.',
    remedy:
      'Hoort deze regel bij een andere achterstand? Geef die een eigen referentie. Is dit de juiste regel? Lever alleen deze opnieuw aan.',
  },
  WITHDRAWAL_UNKNOWN: {
    explanation: 'Onder deze referentie is niets gemeld. Er is dus niets om in te trekken.',
    remedy: 'Controleer de referentie. Die moet gelijk zijn aan de referentie waarmee u heeft gemeld.',
  },
  SIGNAL_WITHDRAWN: {
    explanation: 'Deze achterstand is deze maand al gemeld en daarna ingetrokken.',
    remedy: 'Is er toch een achterstand? Lever de regel dan volgende maand opnieuw aan.',
  },
};

const AS_TEXT = 'Maak de kolom in Excel eerst op als Tekst.';
const REASON_ADVICE: Readonly<Record<RejectionReason, Advice>> = {
  AMOUNT_AMBIGUOUS: {
    explanation:
      'Het bedrag in {kolom} is op twee manieren te lezen: als duizenden, of met drie cijfers achter de komma.',
    remedy: 'Schrijf twee cijfers achter de komma, bijvoorbeeld 1234,00.',
  },
  AMOUNT_NOT_POSITIVE: {
    explanation: 'Het bedrag in {kolom} is nul of minder.',
    remedy: 'Staat er niets meer open? Haal de regel dan weg. Vul anders in hoeveel er openstaat, zonder minteken.',
  },
  SCIENTIFIC_NUMBER: {
    explanation: 'Excel heeft het getal in {kolom} afgekort (met een E erin). De echte cijfers zijn daardoor weg.',
    remedy: `Neem het getal over uit uw eigen systeem. ${AS_TEXT}`,
  },
  DATE_TWO_WAYS: {
    explanation: 'De datum in {kolom} is op twee manieren te lezen: dag-maand of maand-dag.',
    remedy: 'Schrijf de datum met streepjes als dag-maand-jaar, bijvoorbeeld 31-01-2026.',
  },
  DATE_SHORT_YEAR: {
    explanation: 'Het jaar in {kolom} heeft maar twee cijfers. Daardoor is niet zeker welke datum u bedoelt.',
    remedy: 'Schrijf het jaar met vier cijfers, bijvoorbeeld 31-01-2026.',
  },
  EXCEL_ERROR: {
    explanation: 'In {kolom} staat een foutmelding van Excel (zoals #N/B of #VERW!) in plaats van een waarde.',
    remedy: 'Vul de waarde in, of herstel de formule in uw eigen bestand.',
  },
  EXCEL_DATE: {
    explanation:
      'Excel heeft in {kolom} een datum gemaakt van wat er eerst stond. Wat er eerst stond, is daardoor weg.',
    remedy: `Vul de waarde opnieuw in. ${AS_TEXT}`,
  },
  LETTERS_LOST: {
    explanation: 'In {kolom} zijn letters verloren gegaan. Op die plaats staat een ruitje met een vraagteken.',
    remedy: 'Sla de gegevens uit uw eigen systeem opnieuw op als CSV UTF-8 en lever de regel opnieuw aan.',
  },
  AMOUNT_DECIMALS: {
    explanation: 'Het bedrag in {kolom} heeft meer dan twee cijfers achter de komma.',
    remedy: 'Rond het bedrag af op hele centen. In Excel doet u dat met de functie AFRONDEN.',
  },
  DATE_PAST: {
    explanation: 'De datum in {kolom} ligt vóór de dag waarop wij het bestand kregen.',
    remedy: 'Controleer de datum. Is de levering al gestopt? Kies dan een andere signaalsoort en laat deze datum leeg.',
  },
  AGREEMENT_NONE: {
    explanation: 'Er is geen overeenkomst met {gemeente}.',
    remedy: 'Sluit eerst een overeenkomst met deze gemeente. Tot die tijd kunt u adressen daar niet melden.',
  },
  AGREEMENT_NOT_SIGNED: {
    explanation: 'De overeenkomst met {gemeente} is nog niet door beide kanten getekend.',
    remedy: 'Zorg dat beide kanten tekenen. Lever de regel daarna opnieuw aan.',
  },
  AGREEMENT_NOT_STARTED: {
    explanation: 'De overeenkomst met {gemeente} is nog niet ingegaan.',
    remedy: 'Lever de regel opnieuw aan als de overeenkomst is ingegaan.',
  },
  AGREEMENT_ENDED: {
    explanation: 'De overeenkomst met {gemeente} is afgelopen.',
    remedy: 'Sluit met deze gemeente een nieuwe overeenkomst. Lever de regel daarna opnieuw aan.',
  },
  AGREEMENT_OTHER_MELDPUNT: {
    explanation: 'In de overeenkomst met {gemeente} staat een ander meldpunt.',
    remedy: 'Lever deze regel aan bij het meldpunt uit de overeenkomst, of pas de overeenkomst aan.',
  },
};

/** `melden of intrekken`, `betaald, fout of bezwaar`. */
const oneOf = (values: readonly string[]): string => `${values.slice(0, -1).join(', ')} of ${values.at(-1)}`;

/** What a column may hold, where that is a short list. */
const ALLOWED: Readonly<Record<string, string>> = {
  fase: `Vul ${oneOf(COLLECTION_PHASES)} in. Leeg mag ook: dan geldt achterstand.`,
  signaalsoort: `Vul ${oneOf(SIGNAL_KINDS)} in. Leeg mag ook: dan geldt vroeg.`,
  actie: 'Vul melden of intrekken in. Leeg mag ook: dan geldt melden.',
  reden: `Vul ${oneOf(WITHDRAWAL_REASONS)} in.`,
  bezwaar: 'Vul n in als de inwoner geen bezwaar heeft gemaakt, en j als dat wel zo is.',
  sociale_incasso: 'Vul j in als alle vier de stappen zijn gezet. Laat de kolom anders leeg.',
};

const STEPS: Readonly<Record<string, string>> = {
  datum_herinnering: 'een schriftelijke herinnering sturen',
  datum_contactpoging: 'persoonlijk contact zoeken met de inwoner',
  gewezen_op_schuldhulp: 'de inwoner wijzen op schuldhulp',
  aangekondigd: 'aan de inwoner vertellen dat de gegevens naar de gemeente gaan',
};

/** Where the column decides what to say. */
const columnAdvice = (code: RowRejectionCode, column: string): Partial<Advice> => {
  const step = STEPS[column];
  switch (code) {
    case 'VALUE_MISSING':
      if (column === 'partner')
        return { remedy: 'U levert voor meer partners aan. Vul de korte naam van de partner in.' };
      if (column === 'datum_einde_levering') return { remedy: 'Vul de dag in waarop de levering eindigt.' };
      return ALLOWED[column] === undefined ? {} : { remedy: ALLOWED[column] };
    case 'VALUE_INVALID':
      if (column === 'datum_einde_levering')
        return {
          explanation: 'Er staat een datum in {kolom}, maar de signaalsoort is niet eindelevering.',
          remedy: 'Vul eindelevering in bij signaalsoort, of haal de datum weg.',
        };
      return ALLOWED[column] === undefined ? {} : { remedy: ALLOWED[column] };
    case 'FIELD_TOO_LONG':
      return { remedy: `Maak de waarde korter: er passen ${longest(column)} tekens.` };
    case 'DATE_INVALID':
      return step === undefined ? {} : { remedy: 'Vul de datum in als dag-maand-jaar, of j als de stap is gezet.' };
    case 'DATE_IN_FUTURE':
      if (step !== undefined) return { remedy: 'Controleer de datum. Een stap die nog moet komen, telt nog niet.' };
      if (column === 'vervaldatum')
        return { remedy: 'Controleer de datum. U kunt alleen melden wat al betaald had moeten zijn.' };
      return column === 'geboortedatum' ? { remedy: 'Controleer de geboortedatum, of laat die leeg.' } : {};
    case 'SOCIAL_COLLECTION_INCOMPLETE':
      return step === undefined
        ? {}
        : {
            explanation: `Een stap van sociale incasso ontbreekt: ${step}.`,
            remedy: 'Zet eerst deze stap. Is dat al gebeurd? Vul dan in {kolom} de datum of j in.',
          };
    case 'BSN_IN_FIELD':
      if (column === 'telefoon') return { remedy: 'Schrijf het nummer met de 0 vooraan, of met +31.' };
      return column === 'referentie'
        ? {
            remedy:
              'Wij zetten sterretjes in de plaats van het getal. Vul een eigen referentie in die geen BSN is. Bestaat uw eigen nummer uit negen cijfers? Zet er dan een letter voor.',
          }
        : {};
    default:
      return {};
  }
};

const OWN_NUMBERS: Readonly<Record<string, string>> = { referentie: 'de referentie', klantnummer: 'het klantnummer' };

/** What there was before Excel made a date of it, and how to put it in again. */
const excelDateAdvice = (code: RowRejectionCode, column: string): Partial<Advice> => {
  if (code === 'DATE_INVALID')
    return {
      explanation: 'Excel heeft de datum in {kolom} ingekort. Daardoor is niet zeker welke dag u bedoelt.',
      remedy: columnAdvice(code, column).remedy ?? ROW_ADVICE[code].remedy,
    };
  if (code === 'AMOUNT_INVALID') return { remedy: 'Vul het bedrag opnieuw in, bijvoorbeeld 1234,56.' };
  if (code === 'HOUSE_NUMBER_INVALID') return { remedy: `Vul de waarde opnieuw in, bijvoorbeeld 12-1. ${AS_TEXT}` };
  const number = OWN_NUMBERS[column];
  return number === undefined ? {} : { remedy: `Neem ${number} over uit uw eigen systeem. ${AS_TEXT}` };
};

const longest = (column: string): number =>
  (MAX_LENGTH as Readonly<Record<string, number>>)[column] ?? MAX_LENGTH_ELSEWHERE;

/** A party that agreed on its own way of writing is told that way. */
const AMOUNT_EXAMPLES = { komma: '1234,56', punt: '1234.56', centen: '123456 (in centen)' } as const;
const mappedAdvice = (
  { code, reason }: { readonly code: RowRejectionCode; readonly reason: RejectionReason | undefined },
  { dates, amounts }: SenderWords,
): Partial<Advice> => {
  if (code === 'DATE_INVALID' && reason !== 'DATE_PAST' && dates !== undefined)
    return { remedy: `Schrijf de datum als ${dates}, zoals is afgesproken, of als jjjj-mm-dd.` };
  if (code === 'AMOUNT_INVALID' && (reason === undefined || reason === 'EXCEL_DATE') && amounts !== undefined)
    return { remedy: `Vul alleen het bedrag in, bijvoorbeeld ${AMOUNT_EXAMPLES[amounts]}.` };
  return {};
};

/** What of a mapping counts for what we say to the sender. */
export type SenderWords = Partial<Pick<ColumnMapping, 'columns' | 'dates' | 'amounts'>>;

/** The sender's own name for a column of ours, when there is one and the file has it. */
export const sendersName = (column: string, { columns = [] }: SenderWords, header?: readonly string[]): string => {
  const names = header?.map(nameOf);
  const own = columns.filter((each) => each.column === column && (names?.includes(nameOf(each.header)) ?? true));
  return own.length === 1 ? (own[0]?.header ?? column) : column;
};

/** Explanation and remedy of a refused row or of many: its column, its reason and the sender's own words included. */
export const adviceFor = (
  { code, column, reason, municipality }: Omit<Finding<RowRejectionCode>, 'count' | 'lines'>,
  words: SenderWords = {},
  header?: readonly string[],
): Advice => {
  const { explanation, remedy } = {
    ...ROW_ADVICE[code],
    ...(column === undefined ? {} : columnAdvice(code, column)),
    ...(reason === undefined ? {} : REASON_ADVICE[reason]),
    ...(reason === 'EXCEL_DATE' && column !== undefined ? excelDateAdvice(code, column) : {}),
    ...mappedAdvice({ code, reason }, words),
  };
  const place = column === undefined ? 'een van de kolommen' : `de kolom ${sendersName(column, words, header)}`;
  const whose = `de gemeente ${municipality === undefined ? 'van dit adres' : municipalityName(municipality)}`;
  const filled = (text: string): string => text.replaceAll('{kolom}', place).replaceAll('{gemeente}', whose);
  return { explanation: filled(explanation), remedy: filled(remedy) };
};

export const FILE_ADVICE: Readonly<Record<FileRejectionCode, Advice>> = {
  FILE_EMPTY: {
    explanation: 'Het bestand is leeg.',
    remedy: 'Zijn er geen achterstanden? Lever dan een bestand aan met alleen de kopregel.',
  },
  FILE_NOT_CSV: {
    explanation: 'Dit is geen CSV-bestand en geen Excel-bestand.',
    remedy: 'Sla de lijst in Excel op als .xlsx of als CSV UTF-8 en lever dat bestand aan.',
  },
  FILE_NOT_TEXT: {
    explanation: 'Dit bestand kunnen wij niet lezen. Misschien is het een PDF, een afbeelding of een zip-bestand.',
    remedy: 'Sla de gegevens op als .xlsx of CSV UTF-8 en lever dat bestand aan.',
  },
  FILE_TOO_LARGE: {
    explanation: 'Het bestand is te groot.',
    remedy: 'Verdeel de regels over meer bestanden en lever die na elkaar aan.',
  },
  FILE_IN_QUARANTINE: {
    explanation: 'Wij konden niet vaststellen dat het bestand veilig is. Daarom hebben wij het niet geopend.',
    remedy:
      'Controleer uw computer op virussen. Sla de gegevens daarna op in een nieuw bestand zonder wachtwoord, en lever dat aan.',
  },
  WORKBOOK_UNREADABLE: {
    explanation: 'Dit Excel-bestand is beschadigd of niet volledig.',
    remedy: 'Open het bestand in Excel, sla het opnieuw op als .xlsx of CSV UTF-8 en lever het opnieuw aan.',
  },
  WORKBOOK_PROTECTED: {
    explanation: 'Dit Excel-bestand heeft een wachtwoord of is opgeslagen in het oude formaat (.xls).',
    remedy: 'Haal het wachtwoord weg, sla het bestand op als .xlsx of CSV UTF-8 en lever het opnieuw aan.',
  },
  WORKBOOK_TOO_LARGE: {
    explanation: 'Dit Excel-bestand is uitgepakt veel te groot.',
    remedy: 'Kopieer alleen de regels naar een nieuw, leeg werkblad, of sla het bestand op als CSV UTF-8.',
  },
  WORKBOOK_SHEETS: {
    explanation: 'Er staan gegevens op meer dan één werkblad. Wij weten niet welk werkblad wij moeten lezen.',
    remedy: 'Zet alle regels op één werkblad. Maak de andere werkbladen leeg of verberg ze.',
  },
  FILE_MIXED: {
    explanation: 'Het bestand is in twee soorten tekst door elkaar geschreven (UTF-8 en Windows).',
    remedy:
      'Bij letters als é en ö is niet zeker wat er staat. Sla het hele bestand op als CSV UTF-8 en lever het opnieuw aan.',
  },
  FILE_UTF16: {
    explanation: 'Het bestand is opgeslagen als Unicode-tekst (UTF-16) zonder herkenningsteken vooraan.',
    remedy: 'Sla het bestand op als CSV UTF-8 en lever het opnieuw aan.',
  },
  HEADER_MISSING: {
    explanation: 'Op de eerste regel staan geen kolomnamen die wij kennen.',
    remedy: 'Zet de kolomnamen op de eerste regel, zonder titel of lege regels erboven.',
  },
  HEADER_TOO_WIDE: {
    explanation: 'De eerste regel heeft veel te veel kolommen.',
    remedy: 'Lever alleen de kolommen aan uit de beschrijving van het bestand.',
  },
  HEADER_LOOKALIKE: {
    explanation: 'Een kolomnaam lijkt op een naam die wij kennen, maar is met andere tekens geschreven.',
    remedy: 'Typ de kolomnaam opnieuw in, zonder te plakken.',
  },
  HEADER_DOUBLED: {
    explanation: 'Een kolomnaam staat er twee keer in.',
    remedy: 'Haal een van de twee kolommen weg.',
  },
  HEADER_GIVEN: {
    explanation: 'Een kolom uit het bestand heeft in uw indeling al een vaste waarde.',
    remedy: 'Haal de kolom uit het bestand, of haal de vaste waarde uit de indeling.',
  },
  HEADER_UNKNOWN_COLUMN: {
    explanation: 'Er is een kolom die wij niet kennen.',
    remedy: 'Haal de kolom weg, of gebruik de kolomnaam uit de beschrijving van het bestand.',
  },
  HEADER_INCOMPLETE: {
    explanation: 'Minstens één verplichte kolom ontbreekt.',
    remedy: 'Voeg elke kolom toe die ontbreekt en vul die op elke regel in.',
  },
  DELIMITER_UNKNOWN: {
    explanation: 'De kolommen zijn gescheiden door een teken dat wij niet kennen.',
    remedy: 'Gebruik een puntkomma, een komma of een tab tussen de kolommen.',
  },
  BSN_COLUMN: {
    explanation: 'Het bestand heeft een kolom voor het burgerservicenummer (BSN). Een BSN mag u niet aanleveren.',
    remedy: 'Haal de kolom weg en lever het bestand opnieuw aan. Het bestand dat u stuurde, wissen wij.',
  },
  QUOTE_NEVER_CLOSED: {
    explanation:
      'Een dubbel aanhalingsteken wordt geopend en niet op tijd gesloten. Daarna is het bestand niet meer te lezen.',
    remedy: 'Zoek vanaf de genoemde regel naar een los aanhalingsteken en haal het weg.',
  },
  FIELD_TOO_LARGE: {
    explanation: 'Een regel is veel te groot.',
    remedy: 'Kijk bij de genoemde regel wat er is misgegaan. Vaak ontbreekt daar een aanhalingsteken.',
  },
  TOO_MANY_ROWS: {
    explanation: 'Het bestand heeft te veel regels.',
    remedy: 'Verdeel de regels over meer bestanden en lever die na elkaar aan.',
  },
  PARTY_UNKNOWN: {
    explanation: 'De map waarin het bestand staat, hoort niet bij een aanleverende partij die wij kennen.',
    remedy: 'Zet het bestand in de map die u van het meldpunt kreeg.',
  },
};

export const fileAdvice = ({ code }: Pick<FileRejection, 'code'>): Advice => FILE_ADVICE[code];

const columnsNamed = (columns: readonly string[]): string =>
  columns.length === 1
    ? `de kolom ${columns[0]}`
    : `de kolommen ${columns.slice(0, -1).join(', ')} en ${columns.at(-1)}`;

/** Where in the file to look, as far as it is known: by our own column names, by place or by line. */
export const whereToLook = ({ column, position, line }: Omit<FileRejection, 'code'>): readonly string[] => [
  ...(column === undefined ? [] : [`Het gaat om ${columnsNamed(column.split(', '))}.`]),
  ...(position === undefined ? [] : [`Het gaat om kolom ${position}, van links geteld.`]),
  ...(line === undefined ? [] : [`Het gaat om regel ${line}.`]),
];

export const WARNING_ADVICE: Readonly<Record<WarningCode, Advice>> = {
  BIRTH_DATE_UNUSUAL: {
    explanation: 'De geboortedatum hoort niet bij iemand van 18 tot en met 115 jaar.',
    remedy: 'Controleer de geboortedatum.',
  },
  PHONE_UNUSABLE: {
    explanation: 'Het telefoonnummer bestaat zo niet. De gemeente kan de inwoner daarmee niet bellen.',
    remedy: 'Controleer het nummer.',
  },
  EMAIL_UNUSABLE: {
    explanation: 'Het e-mailadres bestaat zo niet. De gemeente kan de inwoner daarmee niet mailen.',
    remedy: 'Controleer het adres.',
  },
  OVERDUE_PAST_MAXIMUM: {
    explanation: 'De achterstand is ouder dan de afspraak voor vroegsignalering.',
    remedy: 'Meld achterstanden eerder. Dan kan de gemeente eerder helpen.',
  },
  MUNICIPALITY_DIFFERS: {
    explanation: 'De gemeente in het bestand is niet de gemeente van het adres. Wij volgen het adres.',
    remedy: 'Controleer het adres.',
  },
  ROUTE_PROBABLE: {
    explanation: 'Deze postcode ligt op de grens van twee gemeenten. Wij kozen de waarschijnlijke.',
    remedy: 'U hoeft niets te doen.',
  },
  END_OF_SUPPLY_NEAR: {
    explanation: 'De levering eindigt minder dan 20 werkdagen na de dag van melden.',
    remedy: 'Meld een einde levering minstens 20 werkdagen van tevoren.',
  },
};

export const warningAdvice = ({ code }: Pick<Finding<WarningCode>, 'code'>): Advice => WARNING_ADVICE[code];

/** What a refused line gets in front of the sender's own cells, so that cells too many never shift it. */
interface Verdict {
  readonly line: number;
  readonly code: string;
  readonly column?: string;
  readonly original: readonly string[];
}

/**
 * Header of a rejection file: our five columns, then the sender's own. With BOM and `;`, so that a Dutch Excel opens it
 * as it is.
 */
export const rejectionHeader = (header: readonly string[], delimiter = ';'): string =>
  `\uFEFF${csvRow([...REJECTION_COLUMNS, ...header], delimiter)}`;

/**
 * One refused line: number, code, column, explanation, remedy, then the sender's cells as they came, but for a `'` before
 * what a spreadsheet would change; it is taken off again when the line comes back. `proof` puts it there.
 */
export const rejectionLine = (
  { line, code, column = '', original }: Verdict,
  { explanation, remedy }: Advice,
  delimiter = ';',
  proof: (cell: string, place: number) => string = spreadsheetProof,
): string => csvRow([String(line), code, column, explanation, remedy, ...original.map(proof)], delimiter);

/** Places of what is no date, however much it looks like one. */
const ownNumbersAt = (header: readonly string[], { columns = [] }: SenderWords): ReadonlySet<number> => {
  const named = [...DELIVERY_COLUMNS.map((column) => ({ header: column, column })), ...columns];
  const ours = new Map<string, string | null>(named.map((each) => [nameOf(each.header), each.column]));
  const isOwn = (cell: string): boolean => (ours.get(nameOf(cell)) ?? '') in OWN_NUMBERS;
  return new Set(header.flatMap((cell, place) => (isOwn(cell) ? [place] : [])));
};

/** In such a row a cell may stand in another place than its column. */
const SHIFTED = new Set<RowRejectionCode>(['ROW_TOO_SHORT', 'ROW_TOO_LONG']);

/**
 * How the refused rows of one file are written, in the sender's own words; a BSN in them is masked already. A date may be
 * written anew by a spreadsheet where it stays the same day: not in a number of the sender's own, nor where the sender
 * agreed on another way of writing dates than the spreadsheet's.
 */
export const rejectionRows = (
  words: SenderWords = {},
  header: readonly string[] = [],
): ((rejection: RowRejection) => string) => {
  const ownNumbers = ownNumbersAt(header, words);
  const allDates = words.dates !== undefined && words.dates !== 'dd-mm-jjjj';
  return (rejection) => {
    const { code, column } = rejection;
    const named = column === undefined ? {} : { column: sendersName(column, words, header) };
    const all = allDates || SHIFTED.has(code);
    const proof = (cell: string, place: number): string =>
      all || ownNumbers.has(place) ? textProof(cell) : spreadsheetProof(cell);
    return rejectionLine({ ...rejection, ...named }, adviceFor(rejection, words, header), ';', proof);
  };
};
