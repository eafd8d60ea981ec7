import { Configuration } from '#domain/agreement/configuration.ts';

/** Own set, so that the rules proved here do not hang on the sample that ships. */
const contact = (id: string) => ({ name: 'Team', email: `team@${id}.example.nl` });
const partner = (id: string, type = 'Huur') => ({ id, name: id, type, contact: contact(id) });
const party = (id: string, partners = [id]) => ({ id, name: id, contact: contact(id), partners });
const agreement = (municipality: string, id: string, over: object = {}) => ({
  id: `${municipality}-${id}`,
  municipality,
  partner: id,
  lcvVersion: '2022',
  signedByMunicipality: '2021-04-01',
  signedByPartner: '2021-04-01',
  validFrom: '2021-04-01',
  meldpunt: 'meldpunt',
  policy: 'lcv',
  ...over,
});
const municipality = (code: string, name: string, organisation: string) => ({
  code,
  name,
  organisation,
  contact: contact(organisation),
});
const landlords = ['elan-wonen', 'pre-wonen', 'ymere'];

export const configuration: Configuration = Configuration.parse({
  meldpunt: 'meldpunt',
  partnerTypeRules: [
    { type: 'Huur', lcvVersion: '2022', minimumDaysOverdue: 30 },
    { type: 'Energie', lcvVersion: '2020', minimumDaysOverdue: 50, maximumDaysOverdue: 100 },
  ],
  policies: [],
  deviations: [],
  organisations: ['haarlem-zandvoort', 'amsterdam'].map((id) => ({ id, name: id, contact: contact(id) })),
  municipalities: [
    municipality('0392', 'Haarlem', 'haarlem-zandvoort'),
    municipality('0473', 'Zandvoort', 'haarlem-zandvoort'),
    municipality('0363', 'Amsterdam', 'amsterdam'),
  ],
  partners: [
    ...landlords.map((id) => partner(id)),
    partner('jansen-vastgoed'),
    partner('de-vries-verhuur'),
    partner('energie-noord', 'Energie'),
    partner('waterbedrijf', 'Water'),
  ],
  deliveringParties: [
    ...landlords.map((id) => party(id)),
    party('energie-noord'),
    party('waterbedrijf'),
    party('incasso-west', ['jansen-vastgoed', 'de-vries-verhuur']),
  ],
  agreements: [
    ...landlords.flatMap((id) => [agreement('0392', id), agreement('0473', id)]),
    agreement('0392', 'jansen-vastgoed'),
    agreement('0392', 'waterbedrijf'),
    agreement('0363', 'energie-noord', { lcvVersion: '2020' }),
    agreement('0363', 'de-vries-verhuur', { validTo: '2025-12-31' }),
    agreement('0363', 'pre-wonen', { signedByMunicipality: undefined }),
    agreement('0363', 'ymere', { meldpunt: 'elders' }),
    agreement('0363', 'elan-wonen', { validFrom: '2027-01-01' }),
  ],
});
