import { candidatePairs } from '#domain/matching/block.ts';
import { linkPersons } from '#domain/matching/link.ts';
import { prepare } from '#domain/matching/person.ts';
import { generateRecords } from '../support/households.ts';

/**
 * `node linker.mjs <n>`: a delivery of n reports against n open signals of one municipality, in a process of its own so
 * that its memory is its own. Prints one line of JSON.
 */
const n = Number(process.argv[2]);
const records = generateRecords({ seed: 700_000 + n, records: 2 * n }).slice(0, 2 * n);
const before = process.memoryUsage().rss;
const started = performance.now();
const prepared = records.map(({ person }, key) => ({ key, person: prepare(person) }));
const links = linkPersons(prepared, { split: n });
const seconds = (performance.now() - started) / 1000;
const peakMb = process.resourceUsage().maxRSS / 1024;
let compared = 0;
candidatePairs(
  prepared.map(({ person }) => person),
  () => {
    compared += 1;
  },
  n,
);
console.log(JSON.stringify({ n, seconds, compared, links: links.length, peakMb, recordsMb: before / 1e6 }));
