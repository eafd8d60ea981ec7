import { goodRow, Meldpunt } from './meldpunt.ts';

/**
 * Runs in a process of its own: opens the product in a directory, uploads one delivery and dies by its own hand at the
 * n-th AWS call after that, as by `kill -9`. Prints `done` when it got to the end alive.
 */
const [directory = '', startAt = '', nth = '0'] = process.argv.slice(2);

export const crashRows = Array.from({ length: 6 }, (_, i) =>
  goodRow({ referentie: `C-${i}`, huisnummer: String(300 + i) }),
).concat(goodRow({ referentie: 'FOUT', postcode: 'x' }));

if (directory !== '') {
  const meldpunt = await Meldpunt.reopen(directory, startAt);
  const total = () => [...meldpunt.cloud.calls.values()].reduce((sum, count) => sum + count, 0);
  const before = total();
  const deadline = before + Number(nth);
  const watch = () => {
    if (Number(nth) > 0 && total() >= deadline) process.kill(process.pid, 'SIGKILL');
    setImmediate(watch);
  };
  watch();
  await meldpunt.upload('elan-wonen', crashRows);
  process.stdout.write(`done ${total() - before}\n`);
  process.kill(process.pid, 'SIGKILL');
}
