import { COLLECTION_PHASES } from '../delivery/delivery.ts';
import { type Advice, ROW_ADVICE } from '../delivery/rejection.ts';
import type { SuspensionCondition } from '../suspension/suspension.ts';
import { NO_RESIDENT, type OutcomeProblem, type OutcomeRejectionCode } from './outcome-line.ts';
import { EARLY_END_REASONS, REOPEN_REASONS } from './signal.ts';

/** What the municipality reads per code, in plain Dutch (B1); never a value of the file. */
export const OUTCOME_ADVICE: Readonly<Record<OutcomeRejectionCode, Advice>> = {
  ROW_TOO_SHORT: {
    explanation: 'Deze regel heeft minder kolommen dan de kopregel.',
    remedy: 'Laat de scheidingstekens staan, ook als een waarde leeg is.',
  },
  ROW_TOO_LONG: ROW_ADVICE.ROW_TOO_LONG,
  VALUE_MISSING: {
    explanation: 'Deze waarde is nodig en ontbreekt.',
    remedy: 'Vul de kolom in. Noem een zaak of signaal, en wat er is gebeurd.',
  },
  VALUE_INVALID: {
    explanation: 'Deze waarde kennen wij niet in deze kolom.',
    remedy: 'Gebruik j of n, en plak geen onzichtbare tekens mee.',
  },
  FIELD_TOO_LONG: ROW_ADVICE.FIELD_TOO_LONG,
  DATE_INVALID: ROW_ADVICE.DATE_INVALID,
  DATE_IN_FUTURE: {
    explanation: 'Deze datum ligt na de dag waarop u het bestand aanleverde.',
    remedy: 'Controleer de datum en lever de regel opnieuw aan.',
  },
  DATE_BEFORE_RECEIPT: {
    explanation: 'Deze datum ligt voor de dag waarop het signaal is gemeld.',
    remedy: 'Controleer de datum en de zaak. De dag van ontvangst staat op de werklijst.',
  },
  AMOUNT_INVALID: ROW_ADVICE.AMOUNT_INVALID,
  WORKER_INVALID: {
    explanation: 'Dit is geen code van een medewerker. Een naam, e-mailadres of burgerservicenummer bewaren wij niet.',
    remedy: 'Gebruik een code van kleine letters en cijfers, zonder spaties, of laat de kolom leeg.',
  },
  RESULT_UNKNOWN: {
    explanation: 'Dit resultaat staat niet in de landelijke lijst (DDAS).',
    remedy: 'Neem het resultaat letter voor letter over uit de lijst met eindresultaten.',
  },
  CONTACT_UNKNOWN: {
    explanation: 'Deze soort contact of dit dagdeel staat niet in de landelijke lijst (DDAS).',
    remedy: 'Neem de waarde letter voor letter over uit de lijst.',
  },
  PHASE_UNKNOWN: {
    explanation: 'Deze fase van de incasso kennen wij niet.',
    remedy: `Gebruik een van deze fasen: ${COLLECTION_PHASES.join(', ')}.`,
  },
  TEAM_UNKNOWN: {
    explanation: 'Dit team staat niet in de afspraken van uw gemeente.',
    remedy: 'Gebruik de code of de naam van een team.',
  },
  REASON_UNKNOWN: {
    explanation: 'Deze reden voor het einde van schuldenrust kennen wij niet.',
    remedy: `Gebruik een van deze redenen: ${EARLY_END_REASONS.join(', ')}.`,
  },
  REOPEN_REASON_UNKNOWN: {
    explanation: 'Deze reden om een zaak te heropenen kennen wij niet.',
    remedy: `Gebruik een van deze redenen: ${REOPEN_REASONS.join(', ')}.`,
  },
  SUSPENSION_WITHOUT_HELP: {
    explanation: 'Schuldenrust kan alleen als de inwoner hulp heeft geaccepteerd.',
    remedy: 'Zet schuldenrust op n, of controleer het resultaat.',
  },
  SUSPENSION_INCOMPLETE: {
    explanation: 'Voor schuldenrust ontbreekt een voorwaarde.',
    remedy: 'Vul de datum van het plan van aanpak in, en vanaf wanneer de inwoner weer betaalt (of nee).',
  },
  ARRANGEMENT_FOR_CASE: {
    explanation: 'In deze zaak liggen signalen van meer dan één partner.',
    remedy: 'Noem het signaal: een regeling geldt voor één achterstand.',
  },
  COMBINATION: {
    explanation: 'Het einde van schuldenrust kan niet op één regel met een resultaat, heropening of overdracht.',
    remedy: 'Lever ze aan op twee regels, het einde pas als de schuldenrust loopt.',
  },
  CORRECTION_WITHOUT_RESULT: {
    explanation: 'Een correctie zonder resultaat kan niet.',
    remedy: 'Zet op dezelfde regel het goede resultaat en de datum. Moet de zaak weer open? Gebruik dan heropenen.',
  },
  CORRECTION_AND_REOPENING: {
    explanation: 'Corrigeren en heropenen kan niet op één regel.',
    remedy: 'Was de uitkomst een vergissing? Gebruik correctie. Is er later iets gebeurd? Gebruik heropenen.',
  },
  POSTCODE_INVALID: ROW_ADVICE.POSTCODE_INVALID,
  HOUSE_NUMBER_INVALID: ROW_ADVICE.HOUSE_NUMBER_INVALID,
  POSTCODE_UNKNOWN: ROW_ADVICE.POSTCODE_UNKNOWN,
  POSTCODE_PO_BOX: ROW_ADVICE.POSTCODE_PO_BOX,
  HAND_OVER_OTHER_RESULT: {
    explanation: 'Overdragen kan alleen als de persoon geen inwoner (meer) is van uw gemeente.',
    remedy: `Laat het resultaat leeg, of vul in: ${NO_RESIDENT}.`,
  },
  HAND_OVER_SAME_MUNICIPALITY: {
    explanation: 'Het nieuwe adres ligt in uw eigen gemeente.',
    remedy: 'Een zaak binnen de gemeente draagt u niet over: haal het adres weg en werk de zaak zelf af.',
  },
  HAND_OVER_MUNICIPALITY_DIFFERS: {
    explanation: 'De gemeente op deze regel is niet de gemeente van het nieuwe adres.',
    remedy: 'Controleer het adres en de gemeentecode. De gemeente mag u ook leeg laten.',
  },
  SIGNAL_UNKNOWN: {
    explanation: 'Deze zaak of dit signaal kennen wij niet.',
    remedy: 'Neem het nummer over van de werklijst.',
  },
  OTHER_MUNICIPALITY: {
    explanation: 'Deze zaak is niet van uw gemeente.',
    remedy: 'Controleer het nummer. Er is niets veranderd.',
  },
  CONTRADICTORY: {
    explanation: 'Er is al een andere uitkomst vastgelegd.',
    remedy: 'Kijk op de werklijst welke uitkomst er staat. Klopt die niet? Vul dan bij correctie een j in.',
  },
  CLOSED: {
    explanation: 'Deze zaak is al afgesloten. Dat gebeurt ook vanzelf, als er na de uiterste termijn geen uitkomst is.',
    remedy:
      'Meldt de inwoner zich later of is er nieuws? Vul heropenen in; het resultaat mag op dezelfde regel. Klopt de uitkomst niet? Vul bij correctie een j in.',
  },
  WITHDRAWN: {
    explanation: 'Dit signaal is ingetrokken door de partner, of gaat onder een ander adres verder.',
    remedy: 'U hoeft niets te doen. Een ingetrokken signaal gaat niet weer open.',
  },
  HANDED_OVER: {
    explanation: 'Dit signaal is overgedragen en loopt verder bij een andere gemeente.',
    remedy: 'Klopt dat niet? Overleg met die gemeente: zij kan het signaal aan u teruggeven.',
  },
  NOT_CLOSED: {
    explanation: 'Deze zaak is niet afgesloten en hoeft dus niet te worden heropend.',
    remedy: 'Lever de regel opnieuw aan zonder heropenen.',
  },
  NOTHING_TO_CORRECT: {
    explanation: 'Voor deze zaak is nog geen uitkomst vastgelegd, dus er is niets te corrigeren.',
    remedy: 'Lever het resultaat opnieuw aan zonder correctie.',
  },
  NOT_SUSPENDED: {
    explanation: 'Voor deze zaak loopt geen schuldenrust.',
    remedy: 'Controleer het nummer en de werklijst.',
  },
  CASE_IN_PARTS: {
    explanation:
      'Onder dit nummer liggen meer zaken, of meer mensen dan eerst: wie op een adres bij elkaar hoort, kan veranderen.',
    remedy: 'Neem het nummer dat nu op de werklijst staat, of noem het signaal.',
  },
  MATCHING_REASON_UNKNOWN: {
    explanation: 'Deze reden om te splitsen of samen te voegen kennen wij niet.',
    remedy: 'Neem de reden letter voor letter over uit de lijst.',
  },
  MATCHING_WITH_OTHER: {
    explanation: 'Splitsen en samenvoegen kunnen niet op één regel, en niet samen met iets anders.',
    remedy: 'Zet splitsen of samenvoegen op een eigen regel, en wat er met de zaak is gebeurd op een regel daarna.',
  },
  SAME_CASE: {
    explanation: 'Dit is al één zaak.',
    remedy: 'U hoeft niets te doen.',
  },
  MONTHS_DIFFER: {
    explanation: 'Deze zaken zijn van verschillende maanden.',
    remedy:
      'Voeg zaken van één maand samen: dat geldt daarna vanzelf ook voor latere maanden. Een eerdere zaak staat op de werklijst bij de nieuwe.',
  },
  NOTHING_TO_SPLIT: {
    explanation: 'In deze zaak ligt niets waarvan dit signaal kan worden gesplitst.',
    remedy: 'Kijk op de werklijst in welke zaak het signaal ligt. U hoeft verder niets te doen.',
  },
};

/** Why the schuldenrust that was asked for does not start, per condition that lacks (R-SUS-1). */
export const NO_SUSPENSION: Readonly<Record<SuspensionCondition, string>> = {
  PASSED_ON: 'het signaal is niet doorgegeven',
  ACCEPTED_IN_PLAN: 'er is geen geaccepteerde hulp met een plan van aanpak',
  FED_BACK: 'de partner krijgt geen terugkoppeling',
  PAYMENTS_RESUMED: 'de inwoner gaat niet weer betalen voordat de schuldenrust afloopt',
  MUNICIPALITY_AGREES: 'de gemeente vraagt er niet om',
  LAST_DAY_AHEAD: 'de laatste dag ervan is al voorbij',
};

/** Explanation and remedy of a refused line, with what could have been chosen. */
export const outcomeAdvice = ({ code, choices = [] }: OutcomeProblem): Advice => {
  const { explanation, remedy } = OUTCOME_ADVICE[code];
  return { explanation, remedy: choices.length === 0 ? remedy : `${remedy} Kies uit: ${choices.join(', ')}.` };
};
