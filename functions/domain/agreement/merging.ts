import type { AgreementId, IsoDate } from '../ids.ts';
import { municipalityChanges, municipalityName } from '../reference/reference.ts';
import { municipalityOn } from '../routing/route.ts';
import { later } from '../term/calendar.ts';
import { dutchDate } from '../term/explain.ts';
import { activeAgreement, lastDayOf } from './active.ts';
import type { Configuration } from './configuration.ts';

/**
 * Agreements with a municipality that becomes part of another while they last (R-ROU-2), where the partner has none with
 * that other one: from that day its rows are refused. Signals of before go on under the agreement as it is.
 */
export const lostToMergers = (
  { agreements, meldpunt }: Pick<Configuration, 'agreements' | 'meldpunt'>,
  today: IsoDate,
): Readonly<Record<AgreementId, string>> => {
  const lost: Record<AgreementId, string> = {};
  for (const change of municipalityChanges()) {
    const on = change.on as IsoDate;
    const successor = municipalityOn(change.from, on);
    for (const agreement of agreements) {
      const last = lastDayOf(agreement);
      if (agreement.municipality !== change.from || successor === change.from) continue;
      if (last !== undefined && last < later(on, today)) continue;
      const own = agreements.filter(({ partner }) => partner === agreement.partner);
      if (activeAgreement(own, successor, later(on, today), meldpunt).ok) continue;
      const when = `${municipalityName(change.from)} is vanaf ${dutchDate(on)} deel van ${municipalityName(successor)}`;
      lost[agreement.id] =
        `${when}${change.announced ? ' (aangekondigd)' : ''}; daarmee heeft deze partner dan geen overeenkomst`;
    }
  }
  return lost;
};
