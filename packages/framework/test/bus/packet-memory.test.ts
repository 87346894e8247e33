import { Buffer } from 'node:buffer';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RealClock } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { generate } from 'mqtt-packet';
import { BLOCK_BYTES } from '../../src/bus/packet-memory.ts';

test('what is kept of each length of a packet holds on to little else', async () => {
  const before = process.memoryUsage().arrayBuffers;
  const lengths = 500;
  for (let length = 1; length <= lengths; length++) {
    generate({
      cmd: 'publish',
      topic: 't',
      payload: Buffer.alloc(length),
      qos: 0,
      dup: false,
      retain: false,
    });
    // Between two packets a process does other things, and the next one is cut from another block.
    for (let filled = 0; filled < 65_536; filled += 256) Buffer.allocUnsafe(256);
  }
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  // The engine frees buffers beside what is done here.
  await new RealClock().sleep(100);
  collect();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(lengths * BLOCK_BYTES * 2);
});
