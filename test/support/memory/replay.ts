import { expect } from 'vitest';
import { crashAt, type MemoryPorts } from './ports.ts';

/** Items side by side may be written in any order. */
const sorted = (items: Iterable<unknown>): readonly string[] => [...items].map((item) => JSON.stringify(item)).sort();

/** Everything that outlives a call, as plain data; a mail sent twice counts once: it says the same. */
export const stateOf = (ports: MemoryPorts) => ({
  deliveries: sorted(ports.deliveries.items.values()),
  signals: sorted(ports.signals.items.values()),
  matches: sorted(ports.matches.items),
  arrears: sorted(ports.signals.arrears.values()),
  feedback: sorted(ports.feedback.items.values()),
  marks: sorted(ports.marks.items),
  objects: sorted(
    [...ports.objects.items].map(([key, versions]) => [key, new TextDecoder().decode(versions.at(-1)?.body)]),
  ),
  started: sorted([...ports.workflows.deliveries, ...ports.workflows.signals.keys()]),
  woken: sorted(new Set(ports.workflows.woken)),
  mails: sorted(new Set(ports.mailer.sent.map((mail) => JSON.stringify(mail)))),
});

/**
 * Runs `act` once without fault; then for every port call of it twice with a crash there, before and after the call did
 * its work, and again until it is through. The state and the answer must be those of the run without fault.
 */
export const survivesEveryCrash = async <T>(
  setup: () => MemoryPorts | Promise<MemoryPorts>,
  act: (ports: MemoryPorts) => Promise<T>,
): Promise<number> => {
  const calm = await setup();
  const { ports: counted, calls } = crashAt(calm, 0);
  const answer = await act(counted);
  const wanted = stateOf(calm);
  for (let n = 1; n <= calls(); n += 1)
    for (const when of ['before', 'after'] as const) {
      const ports = await setup();
      await expect(act(crashAt(ports, n, when).ports), `crash ${when} call ${n}`).rejects.toMatchObject({
        name: 'TransientFailure',
      });
      expect(await act(ports), `answer after a crash ${when} call ${n}`).toEqual(answer);
      expect(stateOf(ports), `state after a crash ${when} call ${n}`).toEqual(wanted);
    }
  return calls();
};
