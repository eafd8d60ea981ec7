import type { LocalClock } from '../../../infra/local/contract.ts';

export type TestClock = LocalClock & { set(iso: string): void /** Work begun and not done. */; busy(): number };

/** A clock that stands still until it is set, and counts the work under way. */
export function testClock(iso = '2026-03-02T09:00:00.500Z'): TestClock {
  let now = Date.parse(iso);
  let busy = 0;
  return {
    now: () => now,
    iso: () => new Date(now).toISOString(),
    register: () => undefined,
    poke: () => undefined,
    begin() {
      busy += 1;
      let open = true;
      return () => {
        if (open) busy -= 1;
        open = false;
      };
    },
    shared: new SharedArrayBuffer(8),
    set: (to) => {
      now = Date.parse(to);
    },
    busy: () => busy,
  };
}
