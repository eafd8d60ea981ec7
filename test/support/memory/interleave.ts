import { eachCall } from './ports.ts';

/**
 * The same ports, of which the `n`-th call (1 = first) waits until somebody else, `meanwhile`, is through: the other one
 * then came exactly between two calls. The clock and ids are not calls.
 */
const meanwhileAt = <P extends object>(
  ports: P,
  n: number,
  meanwhile: () => Promise<unknown>,
): { readonly ports: P; readonly calls: () => number } => {
  let calls = 0;
  const wrapped = eachCall(ports, (member, answer) => {
    calls += 1;
    if (calls !== n) return answer();
    if (member.constructor.name !== 'AsyncGeneratorFunction') return meanwhile().then(answer);
    return (async function* () {
      await meanwhile();
      yield* answer() as AsyncIterable<unknown>;
    })();
  });
  return { ports: wrapped, calls: () => calls };
};

/** Whether it got through; a race that is lost for long is tried again later, as Lambda does. */
const gotThrough = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch (error) {
    if ((error as Error).name !== 'TransientFailure') throw error;
    return false;
  }
};

/**
 * Runs `act` with `other` before, after and between every two of its calls, each time on ports of its own, and holds what
 * came of it against `check`. Answers how many orders there were.
 */
export const everyOrder = async <P extends object>(
  setup: () => P | Promise<P>,
  act: (ports: P) => Promise<unknown>,
  other: (ports: P) => Promise<unknown>,
  check: (ports: P, order: string) => void | Promise<void>,
): Promise<number> => {
  const counting = meanwhileAt(await setup(), 0, async () => undefined);
  await act(counting.ports);
  const last = counting.calls() + 1;
  for (let n = 1; n <= last; n += 1) {
    const ports = await setup();
    let isThrough = false;
    const meanwhile = async (): Promise<void> => {
      isThrough = await gotThrough(other(ports));
    };
    await act(meanwhileAt(ports, n, meanwhile).ports);
    if (!isThrough) await other(ports);
    await check(ports, n === last ? 'after all calls' : `before call ${n} of ${last - 1}`);
  }
  return last;
};
