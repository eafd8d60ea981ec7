import { csvRow } from './csv.ts';
import type {
  FileRejection,
  FileRejectionCode,
  RejectionReason,
  RowRejection,
  RowRejectionCode,
  WarningCode,
} from './delivery.ts';
import { REJECTION_COLUMNS } from './dialect.ts';

/**
 * What we tell the partner, in plain Dutch (B1), for every code there is. Texts never hold a value of the file.
 */
export interface Advice {
  readonly explanation: string;
  readonly remedy: string;
}

export const ROW_ADVICE: Readonly<Record<RowRejectionCode, Advice>> = {
  ROW_TOO_SHORT: {
    explanation: 'Deze regel heeft minder kolommen dan de kopregel.',
    remedy:
      'Vul de regel aan tot evenveel kolommen als de kopregel. Een lege waarde mag, de scheidingstekens niet weglaten.',
  },
  ROW_TOO_LONG: {
    explanation: 'Deze regel heeft meer kolommen dan de kopregel.',
    remedy: 'Staat het scheidingsteken in een waarde? Zet die waarde dan tussen dubbele aanhalingstekens.',
  },
  ROW_IS_HEADER: {
    explanation: 'Deze regel is nog een keer de kopregel.',
    remedy: 'Haal deze regel weg. De andere regels zijn gewoon gelezen.',
  },
  FIELD_TOO_LONG: {
    explanation: 'De waarde in deze kolom is te lang.',
    remedy: 'Maak de waarde korter en lever de regel opnieuw aan.',
  },
  CONTROL_CHARACTER: {
    explanation: 'In deze kolom staat een onzichtbaar stuurteken.',
    remedy: 'Typ de waarde opnieuw in, zonder te plakken, en lever de regel opnieuw aan.',
  },
  VALUE_MISSING: {
    explanation: 'Deze verplichte waarde ontbreekt.',
    remedy: 'Vul de kolom in en lever de regel opnieuw aan.',
  },
  VALUE_INVALID: {
    explanation: 'Deze waarde kennen wij niet in deze kolom.',
    remedy: 'Gebruik een van de waarden uit de beschrijving van het bestand.',
  },
  DATE_INVALID: {
    explanation: 'Dit is geen bestaande datum, of de datum is anders geschreven dan afgesproken.',
    remedy: 'Schrijf de datum als dd-mm-jjjj, jjjj-mm-dd of jjjjmmdd.',
  },
  DATE_IN_FUTURE: {
    explanation: 'Deze datum ligt na de dag van aanlevering.',
    remedy: 'Controleer de datum en lever de regel opnieuw aan.',
  },
  AMOUNT_INVALID: {
    explanation: 'Dit is geen bedrag dat wij kunnen lezen.',
    remedy: 'Schrijf het bedrag als 1.234,56 of 1234,56 of 1234.56. Het bedrag moet meer zijn dan 0.',
  },
  POSTCODE_INVALID: {
    explanation: 'Dit is geen Nederlandse postcode.',
    remedy: 'Schrijf de postcode als vier cijfers en twee letters, bijvoorbeeld 1234 AB.',
  },
  HOUSE_NUMBER_INVALID: {
    explanation: 'Het huisnummer kunnen wij niet lezen, of letter en toevoeging spreken elkaar tegen.',
    remedy: 'Zet een getal van 1 tot 99999 in huisnummer, en de rest in huisletter en toevoeging.',
  },
  PARTNER_UNKNOWN: {
    explanation: 'Deze partner is niet bekend bij het meldpunt.',
    remedy: 'Gebruik de naam waaronder de partner bij ons staat ingeschreven, of meld de partner eerst aan.',
  },
  PARTNER_NOT_YOURS: {
    explanation: 'U levert niet aan voor deze partner.',
    remedy: 'Controleer de partner. Levert u wel voor deze partner aan? Laat dit dan bij het meldpunt vastleggen.',
  },
  BSN_IN_FIELD: {
    explanation: 'In deze regel staat een getal dat een burgerservicenummer kan zijn. Dat mag niet worden aangeleverd.',
    remedy:
      'Haal het nummer weg en lever de regel opnieuw aan. Is het een eigen nummer van u? Zet er dan een letter voor.',
  },
  RESIDENT_OBJECTED: {
    explanation: 'De inwoner heeft bezwaar gemaakt. De regel is niet opgeslagen en niet doorgegeven.',
    remedy: 'Lever deze inwoner niet opnieuw aan.',
  },
  SOCIAL_COLLECTION_INCOMPLETE: {
    explanation: 'Een van de vier stappen van sociale incasso is niet gezet.',
    remedy: 'Zet eerst alle vier de stappen. Vul daarna per stap de datum of j in, of j bij sociale_incasso.',
  },
  TOO_EARLY: {
    explanation: 'De betaling is nog niet lang genoeg te laat om te melden.',
    remedy: 'Meld de achterstand opnieuw als de termijn voorbij is en er nog niet is betaald.',
  },
  NO_RULE_FOR_TYPE: {
    explanation: 'Voor dit soort partner zijn bij deze overeenkomst nog geen regels vastgelegd.',
    remedy: 'Neem contact op met het meldpunt.',
  },
  POSTCODE_UNKNOWN: {
    explanation: 'Deze postcode bestaat niet, of nog niet in onze lijst.',
    remedy: 'Controleer de postcode. Klopt die? Neem dan contact op met het meldpunt.',
  },
  POSTCODE_PO_BOX: {
    explanation: 'Dit is een postcode van een postbus. Daar woont niemand.',
    remedy: 'Gebruik het adres waar de inwoner staat ingeschreven.',
  },
  NO_AGREEMENT: {
    explanation: 'Met de gemeente van dit adres is er geen geldige overeenkomst.',
    remedy: 'Sluit eerst een overeenkomst met deze gemeente, of vraag de gemeente hoe het ermee staat.',
  },
  REFERENCE_TWICE: {
    explanation: 'Deze referentie staat vaker in het bestand, met andere gegevens. Alleen de eerste goede regel telt.',
    remedy: 'Gebruik elke referentie een keer. Moet de eerste regel anders? Lever die dan opnieuw aan.',
  },
  WITHDRAWAL_UNKNOWN: {
    explanation: 'Onder deze referentie is niets gemeld, dus er is niets om in te trekken.',
    remedy: 'Controleer de referentie en de partner.',
  },
  SIGNAL_WITHDRAWN: {
    explanation: 'Deze achterstand is deze maand al gemeld en weer ingetrokken.',
    remedy: 'Is er toch een achterstand? Meld die in een volgende maand opnieuw.',
  },
};

const REASON_TEXT: Readonly<Record<RejectionReason, string>> = {
  AMOUNT_AMBIGUOUS:
    'Dit bedrag kan op twee manieren worden gelezen: als duizenden of als euro’s met drie cijfers achter de komma.',
  AMOUNT_NOT_POSITIVE: 'Het bedrag is nul of minder.',
  SCIENTIFIC_NUMBER: 'Excel heeft dit getal afgekort (met een E). De echte cijfers zijn daardoor weg.',
  DATE_TWO_WAYS: 'Deze datum kan op twee manieren worden gelezen: dag-maand of maand-dag.',
  DATE_SHORT_YEAR: 'Het jaar heeft maar twee cijfers. Daardoor is niet zeker welke datum u bedoelt.',
  EXCEL_ERROR: 'Excel heeft hier een foutmelding neergezet (zoals #N/B of #VERW!) in plaats van een waarde.',
  EXCEL_DATE: 'Excel heeft hier een datum van gemaakt. Wat er eerst stond, is daardoor weg.',
  AGREEMENT_NONE: 'U heeft geen overeenkomst met de gemeente van dit adres.',
  AGREEMENT_NOT_SIGNED: 'De overeenkomst met de gemeente van dit adres is nog niet door beide kanten getekend.',
  AGREEMENT_NOT_STARTED: 'De overeenkomst met de gemeente van dit adres is nog niet ingegaan.',
  AGREEMENT_ENDED: 'De overeenkomst met de gemeente van dit adres is afgelopen.',
  AGREEMENT_OTHER_MELDPUNT: 'In de overeenkomst met de gemeente van dit adres staat een ander meldpunt.',
};

export const FILE_ADVICE: Readonly<Record<FileRejectionCode, Advice>> = {
  FILE_EMPTY: {
    explanation: 'Het bestand is leeg.',
    remedy: 'Zijn er geen achterstanden? Lever dan een bestand aan met alleen de kopregel.',
  },
  FILE_NOT_CSV: {
    explanation: 'Dit is geen CSV-bestand.',
    remedy: 'Sla het bestand op als CSV (gescheiden door puntkomma’s) en lever het opnieuw aan.',
  },
  FILE_NOT_TEXT: {
    explanation: 'Dit is geen CSV- of Excel-bestand. Misschien is het een PDF, een afbeelding of een zip-bestand.',
    remedy: 'Sla de gegevens op als .xlsx of CSV UTF-8 en lever dat bestand aan.',
  },
  FILE_TOO_LARGE: {
    explanation: 'Het bestand is te groot.',
    remedy: 'Verdeel de regels over meer bestanden.',
  },
  WORKBOOK_UNREADABLE: {
    explanation: 'Dit Excel-bestand is beschadigd of niet volledig.',
    remedy: 'Open het bestand in Excel, sla het opnieuw op als .xlsx of CSV UTF-8 en lever het opnieuw aan.',
  },
  WORKBOOK_PROTECTED: {
    explanation: 'Dit Excel-bestand heeft een wachtwoord of is in het oude formaat (.xls) opgeslagen.',
    remedy: 'Haal het wachtwoord weg, sla het bestand op als .xlsx of CSV UTF-8 en lever het opnieuw aan.',
  },
  WORKBOOK_TOO_LARGE: {
    explanation: 'Dit Excel-bestand is uitgepakt veel te groot.',
    remedy: 'Zet de regels in een nieuw, leeg werkblad, of sla het bestand op als CSV UTF-8.',
  },
  FILE_UTF16: {
    explanation: 'Het bestand is opgeslagen als Unicode-tekst (UTF-16) zonder herkenningsteken vooraan.',
    remedy: 'Sla het bestand op als CSV UTF-8 en lever het opnieuw aan.',
  },
  HEADER_MISSING: {
    explanation: 'De eerste regel bevat geen kolomnamen die wij kennen.',
    remedy: 'Zet de kolomnamen op de eerste regel.',
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
    remedy: 'Laat elke kolom een keer voorkomen.',
  },
  HEADER_UNKNOWN_COLUMN: {
    explanation: 'Er is een kolom die wij niet kennen.',
    remedy: 'Haal de kolom weg of gebruik de kolomnaam uit de beschrijving van het bestand.',
  },
  HEADER_INCOMPLETE: {
    explanation: 'Een verplichte kolom ontbreekt.',
    remedy: 'Voeg de kolom toe aan de kopregel en aan elke regel.',
  },
  DELIMITER_UNKNOWN: {
    explanation: 'De kolommen zijn gescheiden door een teken dat wij niet kennen.',
    remedy: 'Gebruik een puntkomma, een komma of een tab als scheidingsteken.',
  },
  BSN_COLUMN: {
    explanation: 'Het bestand heeft een kolom voor het burgerservicenummer. Dat mag niet worden aangeleverd.',
    remedy: 'Haal de kolom weg. Wij wissen het bestand dat u stuurde.',
  },
  QUOTE_NEVER_CLOSED: {
    explanation:
      'Een dubbel aanhalingsteken wordt geopend en niet op tijd gesloten. Daarna is het bestand niet meer te lezen.',
    remedy: 'Zoek vanaf de genoemde regel naar een los aanhalingsteken en lever het hele bestand opnieuw aan.',
  },
  FIELD_TOO_LARGE: {
    explanation: 'Een regel is veel te groot.',
    remedy: 'Kijk bij de genoemde regel wat er is misgegaan en lever het hele bestand opnieuw aan.',
  },
  TOO_MANY_ROWS: {
    explanation: 'Het bestand heeft te veel regels.',
    remedy: 'Verdeel de regels over meer bestanden.',
  },
  PARTY_UNKNOWN: {
    explanation: 'De map waarin het bestand is gezet, hoort niet bij een aanleverende partij die wij kennen.',
    remedy: 'Zet het bestand in de map die u van het meldpunt kreeg.',
  },
};

/** Where in the file to look, as far as it is known: by our own column name, by place or by line. */
export const whereToLook = ({ column, position, line }: Omit<FileRejection, 'code'>): readonly string[] => [
  ...(column === undefined ? [] : [`Het gaat om de kolom ${column}.`]),
  ...(position === undefined ? [] : [`Het gaat om kolom ${position}, van links geteld.`]),
  ...(line === undefined ? [] : [`Het gaat om regel ${line}.`]),
];

export const WARNING_ADVICE: Readonly<Record<WarningCode, Advice>> = {
  BIRTH_DATE_UNUSUAL: {
    explanation: 'De geboortedatum past niet bij iemand van 18 tot en met 115 jaar.',
    remedy: 'Controleer de geboortedatum. De regel is wel aangenomen.',
  },
  PHONE_UNUSABLE: {
    explanation: 'Het telefoonnummer bestaat zo niet.',
    remedy: 'Controleer het nummer. De regel is wel aangenomen.',
  },
  EMAIL_UNUSABLE: {
    explanation: 'Het e-mailadres bestaat zo niet.',
    remedy: 'Controleer het adres. De regel is wel aangenomen.',
  },
  OVERDUE_PAST_MAXIMUM: {
    explanation: 'De achterstand is ouder dan de afspraak voor vroegsignalering.',
    remedy: 'Meld achterstanden eerder. De regel is wel aangenomen.',
  },
  MUNICIPALITY_DIFFERS: {
    explanation: 'De gemeente in het bestand is niet de gemeente van het adres.',
    remedy: 'Controleer het adres. Wij volgen de postcode; de regel is wel aangenomen.',
  },
  ROUTE_PROBABLE: {
    explanation: 'Deze postcode ligt op de grens van twee gemeenten. Wij kozen de waarschijnlijke.',
    remedy: 'U hoeft niets te doen.',
  },
  END_OF_SUPPLY_NEAR: {
    explanation: 'De levering eindigt minder dan 20 werkdagen na de dag van melden.',
    remedy: 'Meld een einde levering minstens 20 werkdagen van tevoren. De regel is wel aangenomen.',
  },
};

/** Explanation and remedy of a refused row, its reason included. */
export const adviceFor = ({ code, reason }: Pick<RowRejection, 'code' | 'reason'>): Advice => {
  const { explanation, remedy } = ROW_ADVICE[code];
  return { explanation: reason === undefined ? explanation : REASON_TEXT[reason], remedy };
};

/** What a refused line gets in front of the sender's own cells, so that cells too many never shift it. */
interface Verdict {
  readonly line: number;
  readonly code: string;
  readonly column?: string;
  readonly original: readonly string[];
}

/** Header of a rejection file: our five columns, then the sender's own. With BOM, so that Excel shows accents. */
export const rejectionHeader = (header: readonly string[], delimiter: string): string =>
  `\uFEFF${csvRow([...REJECTION_COLUMNS, ...header], delimiter)}`;

/** One refused line: number, code, column, explanation, remedy, then the sender's cells as they came. */
export const rejectionLine = (
  { line, code, column = '', original }: Verdict,
  advice: Advice,
  delimiter: string,
): string => csvRow([String(line), code, column, advice.explanation, advice.remedy, ...original], delimiter);

/** One refused row of a delivery; a BSN in it is masked already. */
export const rejectionRow = (rejection: RowRejection, delimiter: string): string =>
  rejectionLine(rejection, adviceFor(rejection), delimiter);
