import type { ReportCertificate } from '#domain/certificate/certificate.ts';
import { certificatePage, grouped, ONCE_FOR_ALL, reportFacts, sealFacts, stepFacts } from '#domain/certificate/page.ts';
import { hashOf } from '#domain/certificate/tree.ts';
import { type Chain, checker, type Problem, type Trusted } from '#domain/certificate/verify.ts';
import { canonicalJson } from '#domain/matching/keys.ts';
import { dutchMoment } from '#domain/term/explain.ts';
import { cryptography, linesOf, PROBLEM_WORDS, readChain, readTrusted } from './certificates.ts';
import { type Answer, type Call, type Command, Refusal, textOf, textsOf, UsageError } from './command.ts';
import { facts, page, section, wrap } from './layout.ts';

const HELP = `verify BESTAND --key sleutel.pem [--chain keten.ndjson] [--referentie KENMERK]

Controleert meldbewijzen, zonder internet en zonder het meldpunt: een bestand certificates.ndjson, of een pagina die met
npx meldpunt certificate is gemaakt. U leest wat er is bewezen. Is er iets veranderd, dan leest u wat niet klopt.

  --key BESTAND       openbare sleutel van het meldpunt (PEM). Haal hem bij het meldpunt zelf, niet bij wie u het bewijs gaf.
                      Heeft het meldpunt meer sleutels openbaar gemaakt? Geef ze allemaal: --key een.pem --key twee.pem
  --vingerafdruk HEX  in plaats van --key: de vingerafdruk die het meldpunt openbaar heeft gemaakt. Ook deze mag vaker; geeft
                      u ook een sleutel, dan moet die een van deze vingerafdrukken hebben
  --chain BESTAND     keten van alle leveringen: laat zien dat er later niets is tussengevoegd of weggehaald
  --referentie TEKST  alleen het meldbewijs met dit kenmerk van de melder. Ook dan leest de controle het hele bestand: een
                      regel die geen meldbewijs is, telt altijd als fout

Alleen de keten controleren kan ook: verify --chain keten.ndjson --key sleutel.pem.

Het antwoord is 0 als alles is bewezen wat u laat controleren, en anders 1. Zonder --key of --vingerafdruk is het antwoord
dus nooit 0: dan is niet nagegaan wie ondertekende, en iedereen kan zelf een sleutel maken.
Hoe de controle werkt, ook zonder deze software, staat in infra/certificate.md.`;

/** How many problems, and how many certificates in full, are told one by one. */
const SHOWN = 10;

type Found = Problem | 'PAGE_CHANGED';
const wordsOf = (problem: Found): string =>
  problem === 'PAGE_CHANGED'
    ? 'De tekst op deze pagina is niet die van het bewijs dat erin staat: de pagina is veranderd, of gemaakt met een andere versie van de software. Ga niet af op de pagina. Maak haar opnieuw met npx meldpunt certificate.'
    : PROBLEM_WORDS[problem];

interface Wrong {
  readonly line: number;
  readonly reference?: string;
  readonly problem: Found;
}

/** A report that came before. */
interface Repeated {
  readonly line: number;
  readonly reference: string;
  /** The line it was on before. */
  readonly before: number;
}

interface Outcome {
  /** Different reports, and what does not hold. */
  readonly checked: number;
  /** Different reports that hold. */
  readonly valid: number;
  /** How many problems there are, and the first of them. */
  readonly problems: number;
  readonly wrong: readonly Wrong[];
  /** How many certificates were left out, of another reference. */
  readonly others: number;
  /** How many certificates came again, and the first of them. */
  readonly repeats: number;
  readonly repeated: readonly Repeated[];
  /** Certificates that hold, the first. */
  readonly proven: readonly ReportCertificate[];
  /** Fingerprints of the keys of certificates that hold. */
  readonly keys: ReadonlySet<string>;
}

/**
 * Checks every line, and only then leaves out the certificates that were not asked for: which they are, a line says that
 * could be read as one. What cannot be read may be anything, so it always counts.
 */
const check = async (
  file: string,
  reference: string | undefined,
  against: { readonly trusted: Trusted; readonly chain?: Chain | undefined },
): Promise<Outcome> => {
  const checked = checker(cryptography, against);
  const outcome = { checked: 0, valid: 0, problems: 0, others: 0, repeats: 0 };
  const repeated: Repeated[] = [];
  const seen = new Map<string, number>();
  const wrong: Wrong[] = [];
  const proven: ReportCertificate[] = [];
  const keys = new Set<string>();
  for await (const { number, line, page: whole } of linesOf(file)) {
    const { certificate, problems } = checked(line);
    if (certificate !== undefined && reference !== undefined && certificate.report.reference !== reference) {
      outcome.others += 1;
      continue;
    }
    const isPageChanged = whole !== undefined && certificate !== undefined && certificatePage(certificate) !== whole;
    const found: readonly Found[] = isPageChanged ? [...problems, 'PAGE_CHANGED'] : problems;
    if (certificate !== undefined && found.length === 0) {
      const report = hashOf(canonicalJson(certificate.report), cryptography.sha256);
      const before = seen.get(report);
      if (before !== undefined) {
        outcome.repeats += 1;
        if (repeated.length < SHOWN) repeated.push({ line: number, reference: certificate.report.reference, before });
        continue;
      }
      seen.set(report, number);
    }
    outcome.checked += 1;
    outcome.problems += found.length;
    for (const problem of found)
      if (wrong.length < SHOWN)
        wrong.push({ line: number, ...(certificate && { reference: certificate.report.reference }), problem });
    if (certificate === undefined || problems.length > 0) continue;
    if (found.length === 0) outcome.valid += 1;
    keys.add(certificate.statement.key);
    if (proven.length < SHOWN) proven.push(certificate);
  }
  return { ...outcome, wrong, repeated, proven, keys };
};

const count = (n: number): string => (n === 1 ? '1 meldbewijs' : `${n} meldbewijzen`);

const NOT_PROVEN =
  'Het bewijs zegt niet dat de stappen echt zijn gezet, wie de inwoner is of wat de gemeente heeft gedaan.';
const UNSIGNED = 'Van binnen klopt dit. Wie het ondertekende, is nog niet nagegaan.';

const verdict = ({ checked, valid }: Outcome, isKeyChecked: boolean): string => {
  if (checked === valid && !isKeyChecked) return UNSIGNED;
  if (checked === valid) return checked === 1 ? 'Dit meldbewijs klopt.' : `Alle ${count(checked)} kloppen.`;
  if (checked === 1) return 'Dit meldbewijs klopt NIET.';
  const wrong = `Van ${count(checked)} ${checked - valid === 1 ? 'klopt er 1' : `kloppen er ${checked - valid}`} NIET.`;
  return isKeyChecked || valid === 0 ? wrong : `${wrong} Wie de andere ondertekende, is nog niet nagegaan.`;
};

/** The first line never says more than the exit code: without a key that something holds in itself, not that it holds. */
const headline = (outcome: Outcome, chain: Chain | undefined, isKeyChecked: boolean): string => {
  const isBroken = chain !== undefined && chain.problems.length > 0;
  if (outcome.checked === 0 && !isBroken) return isKeyChecked ? 'Deze keten klopt.' : UNSIGNED;
  return [
    ...(outcome.checked === 0 ? [] : [verdict(outcome, isKeyChecked)]),
    ...(isBroken ? ['De keten die u gaf klopt NIET.'] : []),
  ].join(' ');
};

const provenText = ({ proven, checked }: Outcome, isKeyChecked: boolean): string => {
  const title = isKeyChecked ? 'Wat is bewezen' : 'Wat erin staat';
  const [certificate, ...more] = proven;
  if (certificate === undefined) return '';
  if (more.length === 0 && checked === 1)
    return page(
      section(title, facts(reportFacts(certificate))),
      section('Wat de melder verklaarde', facts(stepFacts(certificate))),
      section('Het zegel', facts(sealFacts(certificate))),
      wrap(`${NOT_PROVEN} ${ONCE_FOR_ALL}`).join('\n'),
    );
  return section(
    `${title}${checked > proven.length ? `, de eerste ${proven.length}` : ''}`,
    facts(
      proven.map(({ report }) => [
        report.reference,
        `${report.partner.name} meldde bij ${report.municipality.name}, ontvangen ${dutchMoment(report.receivedAt)}`,
      ]),
    ),
  );
};

const keyText = ({ keys }: Outcome, isKeyChecked: boolean): string => {
  if (keys.size === 0) return '';
  const prints = facts([...keys].map((key) => ['vingerafdruk', grouped(key)]));
  return section(
    'De sleutel',
    isKeyChecked
      ? `${prints}\n  Ondertekend met ${keys.size === 1 ? 'de sleutel die' : 'sleutels die'} u gaf.`
      : `${prints}
  LET OP: u gaf geen sleutel. De handtekening past bij de sleutel die in het bewijs zelf staat, en zo’n sleutel kan
  iedereen maken. Het is pas bewijs als deze vingerafdruk die van het meldpunt is. Haal de sleutel of de vingerafdruk
  bij het meldpunt zelf, en controleer opnieuw met --key of --vingerafdruk.`,
  );
};

export const chainText = ({ links, problems, last, keys }: Chain, isKeyChecked: boolean): string =>
  section(
    'De keten',
    facts([
      ['leveringen', String(links)],
      [
        'laatste',
        last === undefined ? undefined : `nummer ${last.sequence}, ondertekend ${dutchMoment(last.signedAt)}`,
      ],
      ...[...keys].map(([key, from]) => ['sleutel', `${grouped(key)} (vanaf nummer ${from})`] as const),
      ...problems.map(
        ({ sequence, problem }) => [`KLOPT NIET`, `nummer ${sequence}: ${PROBLEM_WORDS[problem]}`] as const,
      ),
      [
        '',
        problems.length > 0
          ? undefined
          : isKeyChecked
            ? `Zij is heel tot en met nummer ${links}: er is niets tussengevoegd, weggehaald of veranderd.`
            : 'Van binnen is zij heel: elke verklaring sluit aan op de vorige. Wie haar ondertekende, is nog niet nagegaan: zo’n keten kan iedereen maken. Controleer haar met --key of --vingerafdruk.',
      ],
    ]),
  );

export const chainData = ({ links, problems, keys }: Chain) => ({
  links,
  problems: problems.map((each) => ({ ...each, explanation: PROBLEM_WORDS[each.problem] })),
  keys: Object.fromEntries(keys),
});

const NOTHING: Outcome = {
  checked: 0,
  valid: 0,
  problems: 0,
  wrong: [],
  others: 0,
  repeats: 0,
  repeated: [],
  proven: [],
  keys: new Set(),
};

const run = async (call: Call): Promise<Answer> => {
  const [file, ...more] = call.positionals;
  const [chainFile, reference] = [textOf(call, 'chain'), textOf(call, 'referentie')];
  if (more.length > 0 || (file === undefined && (chainFile === undefined || reference !== undefined)))
    throw new UsageError('Noem één bestand met meldbewijzen.');
  const trusted = readTrusted(textsOf(call, 'key'), textsOf(call, 'vingerafdruk'));
  const keyChecked = trusted !== undefined;
  const chain = chainFile === undefined ? undefined : await readChain(chainFile, trusted);
  const isChainWhole = chain !== undefined && chain.problems.length === 0;
  // A chain that is not whole says nothing of a certificate, for or against.
  const against = { trusted, ...(isChainWhole && { chain }) };
  const outcome = file === undefined ? NOTHING : await check(file, reference, against);
  if (file !== undefined && outcome.checked === 0)
    throw new Refusal(
      reference === undefined
        ? 'In dit bestand staan geen meldbewijzen.'
        : 'In dit bestand staat geen meldbewijs met dit kenmerk.',
    );
  const { checked, valid, problems, wrong, others, repeats, repeated, proven, keys } = outcome;
  return {
    ok: keyChecked && problems === 0 && (chain === undefined || isChainWhole),
    data: {
      keyChecked,
      checked,
      // Who reads these and nothing else must not be fooled either.
      valid: keyChecked ? valid : 0,
      problems: wrong.map((each) => ({ ...each, explanation: wordsOf(each.problem) })),
      others,
      repeats,
      repeated,
      proven: keyChecked ? proven.map(({ report, statement }) => ({ report, statement })) : [],
      keys: [...keys].map((fingerprint) => ({ fingerprint, isGiven: keyChecked })),
      ...(chain && { chain: chainData(chain) }),
    },
    text: page(
      headline(outcome, chain, keyChecked),
      section(
        problems > wrong.length ? `Wat niet klopt, de eerste ${wrong.length} van ${problems}` : 'Wat niet klopt',
        facts(
          wrong.map(({ line, reference: about, problem }) => [
            `regel ${line}${about === undefined ? '' : ` ${about}`}`,
            wordsOf(problem),
          ]),
        ),
      ),
      section(
        repeats > repeated.length
          ? `Staat er vaker in, de eerste ${repeated.length} van ${repeats}`
          : 'Staat er vaker in',
        facts(
          repeated.map(({ line, reference: about, before }) => [
            `regel ${line} ${about}`,
            `hetzelfde meldbewijs als op regel ${before}; het telt één keer`,
          ]),
        ),
      ),
      provenText(outcome, keyChecked),
      keyText(outcome, keyChecked),
      chain ? chainText(chain, keyChecked) : '',
      isChainWhole && checked > 0 && problems === 0
        ? `${checked === 1 ? 'Dit meldbewijs staat' : 'Deze meldbewijzen staan'} in de keten die u gaf.`
        : '',
      others === 0
        ? ''
        : `Niet meegeteld: ${others === 1 ? '1 meldbewijs' : `${others} meldbewijzen`} met een ander kenmerk. Daarover zegt dit antwoord niets.`,
    ),
  };
};

/** R-DEL-10: checks certificates offline, for whoever holds them. */
export const verify: Command = {
  help: HELP,
  offline: true,
  options: {
    key: { type: 'string', multiple: true },
    vingerafdruk: { type: 'string', multiple: true },
    chain: { type: 'string' },
    referentie: { type: 'string' },
  },
  run,
};
