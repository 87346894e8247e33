import type { Bench } from './bench.ts';

/** Sends a request of the CSMS and waits for what follows it. @returns the payload of the answer, or `[code, details]` of a CALLERROR */
export async function ask(bench: Bench, action: string, payload: object = {}): Promise<unknown> {
  const answer = bench.csms.call(action, payload);
  await bench.clock.advance(1);
  const [type, , first, , details] = await answer;
  return type === 3 ? first : [first, details];
}

/** Booted, with everything that was said so far forgotten. */
export async function booted(bench: Bench): Promise<Bench> {
  await bench.start();
  bench.csms.forget();
  bench.station.asked.length = 0;
  return bench;
}
