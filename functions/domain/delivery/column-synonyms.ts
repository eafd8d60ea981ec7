import anyAscii from 'any-ascii';
import { type AttestedColumn, DELIVERY_COLUMNS, type DeliveryColumn, STEP_COLUMNS } from './columns.ts';
import { cellText, parseYesNo } from './values.ts';

/**
 * What Dutch housing and debtor systems call the columns of ours. Strong: means this and nothing else. Weak: usually does,
 * but values or a stronger name decide. Names as `plainName` makes them.
 */
interface Names {
  readonly strong: readonly string[];
  readonly weak?: readonly string[];
}

const SYNONYMS: Readonly<Record<DeliveryColumn, Names>> = {
  partner: {
    strong: ['verhuurder', 'corporatie', 'woningcorporatie', 'opdrachtgever', 'partnerid'],
    weak: ['eigenaar'],
  },
  referentie: {
    strong: [
      'ref',
      'kenmerk',
      'dossier',
      'dossiernr',
      'dossierid',
      'zaak',
      'zaaknr',
      'zaakid',
      'vorderingnr',
      'vorderingsnr',
    ],
    weak: [
      'contract',
      'contractnr',
      'contractid',
      'huurcontract',
      'huurcontractnr',
      'huurovereenkomst',
      'huurovereenkomstnr',
      'overeenkomst',
      'overeenkomstnr',
    ],
  },
  klantnummer: {
    strong: [
      'klantnr',
      'klantid',
      'debiteurnr',
      'debiteurennr',
      'debnr',
      'debiteurid',
      'huurdernr',
      'huurdersnr',
      'hdrnr',
      'relatienr',
      'relatieid',
      'cliëntnr',
      'clientnr',
    ],
    weak: ['debiteur', 'klant', 'huurder', 'relatie', 'contractnr', 'huurcontractnr', 'persoonsnr', 'nr'],
  },
  voorletters: { strong: ['voorl', 'voorletter', 'initialen', 'vrl'], weak: ['vl'] },
  tussenvoegsel: {
    strong: ['tussenv', 'tussenvoegsels', 'tussenvgsl', 'voorvoegsel', 'voorvoegsels', 'voorv', 'tsv'],
    weak: ['tv'],
  },
  achternaam: {
    strong: [
      'naam',
      'achternaamhuurder',
      'familienaam',
      'naamhuurder',
      'huurdernaam',
      'hoofdhuurder',
      'naamhoofdhuurder',
      'naamdebiteur',
      'debiteurnaam',
      'naamklant',
      'klantnaam',
      'contractant',
      'naamcontractant',
      'bewoner',
      'naambewoner',
      'geslachtsnaam',
      'naam1',
    ],
    weak: ['huurder', 'debiteur', 'klant', 'relatie', 'relatienaam'],
  },
  geboortedatum: {
    strong: ['gebdatum', 'geb', 'geboren', 'geborenop', 'gbdatum', 'geboortedatumhuurder'],
  },
  straat: { strong: ['straatnaam', 'str'], weak: ['adres', 'adresregel1', 'woonadres'] },
  huisnummer: { strong: ['huisnr', 'hnr', 'hsnr', 'huisno'], weak: ['nr'] },
  huisletter: { strong: ['hsltr', 'hltr', 'huisltr', 'hletter', 'huisnrletter'], weak: ['letter'] },
  toevoeging: {
    strong: [
      'toev',
      'huisnrtoev',
      'huisnrtoevoeging',
      'hnrtoev',
      'hnrtoevoeging',
      'hsnrtoev',
      'huistoevoeging',
      'huistoev',
      'huisnummertoevoeging',
      'adrestoevoeging',
    ],
  },
  postcode: { strong: ['pc', 'postc', 'pcode', 'zip', 'zipcode', 'postkode', 'pstcd'] },
  woonplaats: { strong: ['plaats', 'plaatsnaam', 'wpl', 'wnpl', 'woonpl', 'stad'] },
  telefoon: {
    strong: [
      'tel',
      'telnr',
      'telefoonnr',
      'telefoon1',
      'tel1',
      'mobiel',
      'mobielnr',
      'gsm',
      'gsmnr',
      'telmobiel',
      'mobieletelefoon',
      'telefoonmobiel',
      'mob',
    ],
    weak: ['telprive', 'telefoonprive', 'telefoonvast', 'telvast', 'telefoon2', 'tel2'],
  },
  email: { strong: ['emailadres', 'mail', 'mailadres', 'emailadr', 'email1', 'emailadreshuurder'] },
  bedrag: {
    strong: [
      'achterstand',
      'achterstandbedrag',
      'bedragachterstand',
      'achterstandineuro',
      'achterstandeuro',
      'achterstandeur',
      'huurachterstand',
      'openstaand',
      'openstaandbedrag',
      'bedragopenstaand',
      'openstaandsaldo',
      'saldoopenstaand',
      'openstaandeschuld',
      'totaalopenstaand',
      'totaleachterstand',
      'totaalachterstand',
      'achterstandcenten',
      'achterstandincenten',
      'bedragincenten',
      'bedragcenten',
      'openbedrag',
      'openstaandepost',
    ],
    weak: [
      'saldo',
      'vordering',
      'hoofdsom',
      'schuld',
      'totaal',
      'restant',
      'tebetalen',
      'saldohuurder',
      'eindsaldo',
      'totaalbedrag',
    ],
  },
  vervaldatum: {
    strong: [
      'vervdatum',
      'verval',
      'oudstevervaldatum',
      'vervaldatumoudste',
      'vervaldatumoudstepost',
      'oudstepost',
      'datumoudstepost',
      'oudstepostdatum',
      'oudsteopenstaandepost',
      'oudsteachterstand',
      'datumoudsteachterstand',
      'achterstandsinds',
      'achterstandvanaf',
      'openstaandsinds',
      'openstaandvanaf',
      'oudstefactuurvervaldatum',
    ],
    weak: ['datumachterstand', 'achterstanddatum', 'ingangachterstand'],
  },
  fase: {
    strong: ['incassofase', 'fasering', 'incassostadium', 'stadium', 'incassostatus', 'fasevanincasso'],
    weak: ['status', 'statusdossier', 'dossierstatus'],
  },
  signaalsoort: {
    strong: ['soortsignaal', 'signaaltype', 'typesignaal', 'typemelding', 'soortmelding', 'meldingsoort'],
    weak: ['soort', 'type'],
  },
  datum_einde_levering: {
    strong: ['eindelevering', 'afsluitdatum', 'datumafsluiting', 'einddatumlevering', 'leveringeinddatum'],
  },
  sociale_incasso: {
    strong: ['allestappengezet', 'socialeincassogedaan', 'socialeincassoafgerond', 'socialeincassojn', 'stappengezet'],
  },
  datum_herinnering: {
    strong: [
      'herinnering',
      'herinnering1',
      '1eherinnering',
      '1steherinnering',
      'eersteherinnering',
      'herinneringdatum',
      'datumherinnering1',
      'datum1eherinnering',
      'datumeersteherinnering',
      'herinneringsbrief',
      'datumherinneringsbrief',
      'betalingsherinnering',
      'datumbetalingsherinnering',
      'laatsteherinnering',
      'datumlaatsteherinnering',
      'herinnerdop',
      'aanmaning',
      'aanmaning1',
      '1eaanmaning',
      'datumaanmaning',
      'aanmaningdatum',
      'datum1eaanmaning',
    ],
    weak: [
      'datumbrief',
      'brief',
      'brief1',
      'briefdatum',
      'datumbrief1',
      'datum1ebrief',
      'wikbrief',
      'datumwikbrief',
      'herinnering2',
      'datumherinnering2',
      '2eherinnering',
    ],
  },
  datum_contactpoging: {
    strong: [
      'contactpoging',
      'contactpogingdatum',
      'persoonlijkcontact',
      'datumpersoonlijkcontact',
      'datumcontact',
      'contactdatum',
      'huisbezoek',
      'datumhuisbezoek',
      'huisbezoekdatum',
      'belpoging',
      'datumbelpoging',
      'gebeldop',
      'datumgebeld',
      'telefonischcontact',
      'datumtelefonischcontact',
      'laatstecontact',
      'datumlaatstecontact',
      'contactgezocht',
    ],
    weak: ['contact', 'gebeld'],
  },
  gewezen_op_schuldhulp: {
    strong: [
      'schuldhulp',
      'schuldhulpverlening',
      'gewezenophulp',
      'gewezenopshv',
      'gewezenopschuldhulpverlening',
      'datumschuldhulp',
      'wijzenopschuldhulp',
      'hulpaangeboden',
      'datumhulpaanbod',
      'hulpaanbod',
      'schuldhulpaangeboden',
      'verwezennaarhulp',
      'verwezennaarschuldhulp',
      'infoschuldhulp',
    ],
    weak: ['hulp', 'shv', 'verwijzing'],
  },
  aangekondigd: {
    strong: [
      'aankondiging',
      'datumaankondiging',
      'aankondigingdatum',
      'vooraankondiging',
      'datumvooraankondiging',
      'aangekondigdop',
      'meldingaangekondigd',
      'aankondigingmelding',
      'aankondiginggemeente',
      'aankondigingvroegsignalering',
      'briefvroegsignalering',
      'datumbriefvroegsignalering',
      'vroegsignaleringsbrief',
      'brieffgemeente',
      'datumaankondigingmelding',
      'aangekondigdgemeente',
    ],
    weak: ['laatstebrief', 'datumlaatstebrief'],
  },
  bezwaar: {
    strong: [
      'bezwaaravg',
      'bezwaargegevensdeling',
      'bezwaardelen',
      'bezwaartegenmelden',
      'bezwaarmelding',
      'bezwaargemaakt',
      'heeftbezwaar',
      'bezwaarjn',
      'optout',
      'bezwaarvroegsignalering',
      'bezwaartegendelen',
      'bezwaarhuurder',
      'bezwaren',
      'bezwaarmaker',
      'objection',
      'objected',
      'objectie',
    ],
    weak: ['avg', 'blokkade'],
  },
  gemeente: { strong: ['gemeentenaam', 'gemeentewoning', 'gemeentecomplex'] },
  actie: { strong: [], weak: ['mutatie', 'mutatiesoort', 'handeling'] },
  reden: { strong: ['redenintrekken', 'redenintrekking', 'intrekreden'] },
};

/**
 * A column name without signs, accents and case, with its usual shortenings made one: `Geb.dat.` → `gebdatum`,
 * `Huisnummer` → `huisnr`.
 */
export const plainName = (header: string): string => {
  const bare = anyAscii(header)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  return bare
    .replace(/^(?:dat|dd|dt)(?!um)(?=[a-z0-9]{4})/, 'datum')
    .replace(/(?:dat|dtm|dag)$/, 'datum')
    .replace(/(?:nummer|num|no)(?=\d?$)/, 'nr')
    .replace(/(?<=.{5})jn$/, '');
};

interface Named {
  readonly column: DeliveryColumn;
  /** 3: our own name; 2: means nothing else; 1: usually. */
  readonly level: 1 | 2 | 3;
}

const named = new Map<string, Named[]>();
for (const column of DELIVERY_COLUMNS) {
  const add = (name: string, level: 1 | 2 | 3): void => {
    const plain = plainName(name);
    const known = named.get(plain) ?? [];
    if (!known.some((other) => other.column === column)) named.set(plain, [...known, { column, level }]);
  };
  add(column, 3);
  for (const name of SYNONYMS[column].strong) add(name, 2);
  for (const name of SYNONYMS[column].weak ?? []) add(name, 1);
}

/** The columns of ours that a name can mean, the likeliest first. */
export const columnsNamed = (header: string): readonly Named[] =>
  [...(named.get(plainName(header)) ?? [])].sort((a, b) => b.level - a.level);

/** Whatever else a name says, it is about this. */
const ABOUT = { bezwaar: /bezwa|objecti|optout/, sociale_incasso: /soci(?:ale|aal)incasso/ } as const;
export const isAboutObjection = (header: string): boolean => ABOUT.bezwaar.test(plainName(header));
/** A name that says the opposite of an objection: `Geen bezwaar`, `Toestemming`. */
export const isAboutConsent = (header: string): boolean =>
  /geenbezwa|zonderbezwa|toestemming|akkoord|instemm|consent|optin|magdelen|noobjecti/.test(plainName(header));

/**
 * What a column must be read as, because its name says who objected or which steps were taken. It may not be left out, nor
 * read as something else: an objection would be gone (R-DEL-3), or a step made up (R-DEL-2). `given`: columns for which
 * the mapping speaks itself; then a name that is only about them counts as well.
 */
export const mustBeReadAs = (header: string, given: ReadonlySet<DeliveryColumn>): AttestedColumn | undefined => {
  const says = new Set(columnsNamed(header).flatMap(({ column, level }) => (level > 1 ? [column] : [])));
  const plain = plainName(header);
  return (
    (['bezwaar', 'sociale_incasso'] as const).find(
      (column) => says.has(column) || (given.has(column) && ABOUT[column].test(plain)),
    ) ?? STEP_COLUMNS.find((step) => says.has(step) && (given.has(step) || given.has('sociale_incasso')))
  );
};

/** Words of partners for values of ours. Small letters. */
const WORDS: Readonly<Partial<Record<DeliveryColumn, Readonly<Record<string, string>>>>> = {
  fase: {
    minnelijk: 'achterstand',
    'minnelijke fase': 'achterstand',
    aanmaning: 'achterstand',
    herinnering: 'achterstand',
    huurachterstand: 'achterstand',
    incassobureau: 'incasso',
    inc: 'incasso',
    'inc.': 'incasso',
    'buitengerechtelijke incasso': 'incasso',
    deurw: 'deurwaarder',
    'deurw.': 'deurwaarder',
    gdw: 'deurwaarder',
    gerechtsdeurwaarder: 'deurwaarder',
    'bij deurwaarder': 'deurwaarder',
    dagvaarding: 'deurwaarder',
  },
  signaalsoort: {
    vroegsignaal: 'vroeg',
    nieuw: 'vroeg',
    eerste: 'vroeg',
    herhaling: 'geactualiseerd',
    actualisatie: 'geactualiseerd',
    update: 'geactualiseerd',
    afsluiting: 'eindelevering',
    'einde levering': 'eindelevering',
    ontruimingsaanzegging: 'ontruiming',
  },
  actie: { intrekking: 'intrekken', ingetrokken: 'intrekken', melding: 'melden', nieuw: 'melden' },
  reden: { voldaan: 'betaald', 'ten onrechte': 'fout', foutief: 'fout', 'bezwaar inwoner': 'bezwaar' },
};

/** What systems write for yes and no, beside `j`, `ja`, `n` and `nee`. */
const YES_WORDS: Readonly<Record<string, 'j' | 'n'>> = {
  y: 'j',
  yes: 'j',
  '1': 'j',
  true: 'j',
  waar: 'j',
  x: 'j',
  '0': 'n',
  no: 'n',
  false: 'n',
  onwaar: 'n',
  '-': 'n',
};

/** Never what every object has by itself: a cell may say `constructor`. */
const own = <T>(words: Readonly<Record<string, T>> | undefined, word: string): T | undefined =>
  words !== undefined && Object.hasOwn(words, word) ? words[word] : undefined;

/** What a word of a party is in a column of ours that has few values, as far as we know it. */
export const knownWord = (column: DeliveryColumn, text: string): string | undefined =>
  own(WORDS[column], text.toLowerCase());

/** What a word says, as far as we know it. */
export const yesOrNo = (text: string): 'j' | 'n' | undefined => {
  const word = cellText(text).toLowerCase();
  const said = parseYesNo(word);
  if (said.ok) return said.value ? 'j' : 'n';
  return own(YES_WORDS, word);
};
