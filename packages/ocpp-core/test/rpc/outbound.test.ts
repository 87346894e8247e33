import { describe, expect, test } from '@jest/globals';
import { booted } from '../support/ask.ts';
import { Bench } from '../support/bench.ts';

/** When requests of one action went out, in seconds. */
function times({ csms }: Bench, action: string): number[] {
  return csms.heard.filter(({ frame }) => frame[2] === action).map(({ atMs }) => Math.round(atMs / 1000));
}

/** The message id of the newest request of one action. */
function idOf({ csms }: Bench, action: string): string {
  return String(csms.heard.findLast(({ frame }) => frame[2] === action)?.frame[1]);
}

describe('an answer', () => {
  test('is waited for 30 seconds, and for the retry interval once more with each attempt', async () => {
    using bench = await booted(
      new Bench({ sections: { Core: { TransactionMessageAttempts: 3, TransactionMessageRetryInterval: 20 } } }),
    );
    bench.csms.on('StartTransaction', 'silence');
    bench.begin();
    await bench.clock.advance(300_000);
    const [first = 0, second = 0, third = 0] = times(bench, 'StartTransaction');
    expect([second - first, third - second]).toEqual([30 + 20, 30 + 40]);
    expect(bench.chargePoint.undeliverable()).toHaveLength(1);
  });

  test('under another id is none, and the right one still counts', async () => {
    using bench = await booted(new Bench());
    bench.csms.on('Authorize', 'silence');
    const asked = bench.chargePoint.validateToken('TAG1');
    await bench.clock.advance(1);
    bench.csms.send('[3,"somebody-else",{"idTagInfo":{"status":"Blocked"}}]');
    bench.csms.send('[4,"somebody-else","InternalError","",{}]');
    bench.csms.send(`[3,"${idOf(bench, 'Authorize')}",{"idTagInfo":{"status":"Accepted"}}]`);
    expect(await asked).toMatchObject({ status: 'Accepted' });
  });

  test('that comes twice counts once', async () => {
    using bench = await booted(new Bench());
    bench.csms.on('StartTransaction', 'silence');
    const id = bench.begin();
    await bench.clock.advance(1);
    const answerTo = idOf(bench, 'StartTransaction');
    bench.csms.send(`[3,"${answerTo}",{"transactionId":5,"idTagInfo":{"status":"Accepted"}}]`);
    bench.csms.send(`[3,"${answerTo}",{"transactionId":6,"idTagInfo":{"status":"Accepted"}}]`);
    bench.end(id);
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 5 }]);
  });

  test('rust-ocpp-27, ocpp-go-312: with an id that is no integer is a refusal: the start is sent again, nothing goes back', async () => {
    using bench = await booted(new Bench());
    bench.csms.on('StartTransaction', (_: never, attempt) => ({
      transactionId: [undefined, '4711', 4711.5, null, 4711][attempt],
      idTagInfo: { status: 'Accepted' },
    }));
    bench.end(bench.begin());
    await bench.clock.advance(60_000);
    expect(bench.csms.heard.filter(({ frame }) => frame[0] !== 2)).toEqual([]);
    expect(bench.csms.payloads('StopTransaction')).toMatchObject([{ transactionId: 4711 }]);
  });

  test('libocpp-618: with a word that OCPP does not know is a refusal, and the station lives', async () => {
    using bench = await booted(new Bench());
    bench.csms.on('Authorize', { idTagInfo: { status: 'Perhaps' } });
    const asked = bench.chargePoint.validateToken('TAG1');
    await bench.clock.advance(1000);
    expect(await asked).toMatchObject({ status: 'Invalid' });
    bench.csms.on('Authorize', { error: 'OccurrenceConstraintViolation-or-so' });
    const again = bench.chargePoint.validateToken('TAG1');
    await bench.clock.advance(1000);
    expect(await again).toMatchObject({ status: 'Invalid' });
    bench.end(bench.begin());
    await bench.clock.advance(1000);
    expect(bench.csms.payloads('StopTransaction')).toHaveLength(1);
  });
});

test('SAP-1204: what has gathered is sent one by one, each after the answer to the one before', async () => {
  using bench = await booted(new Bench({ sections: { Core: { MeterValueSampleInterval: 10 } } }));
  bench.csms.drop();
  bench.csms.reachable = false;
  const id = bench.begin();
  for (let count = 1; count <= 5; count++) {
    bench.read(100 + count);
    await bench.clock.advance(10_000);
  }
  bench.end(id);
  bench.csms.delayMs = 2000;
  bench.csms.reachable = true;
  await bench.clock.advance(120_000);
  const sent = bench.csms.heard.filter(({ frame }) => frame[0] === 2);
  expect(sent.length).toBeGreaterThan(7);
  for (const [index, { atMs }] of sent.entries())
    expect(atMs - (sent[index - 1]?.atMs ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(2000);
  expect(bench.csms.payloads('MeterValues').every(({ transactionId }) => transactionId === 1)).toBe(true);
});
