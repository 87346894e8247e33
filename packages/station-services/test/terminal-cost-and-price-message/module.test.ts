import { type Logger, silentLogger } from '@chargemesh/base';
import { TestMesh } from '@chargemesh/testkit';
import { expect, test } from '@jest/globals';
import { TerminalCostAndPriceMessageModule } from '../../src/index.ts';

test('writes prices, tariffs and costs to the log', async () => {
  const lines: string[] = [];
  const log: Logger = { ...silentLogger, info: (text) => void lines.push(text), child: () => log };
  const mesh = new TestMesh({ log });
  const csms = mesh.probe('ocpp', { session_cost: 'session_cost' });
  mesh.add(TerminalCostAndPriceMessageModule, {
    id: 'terminal',
    connections: { session_cost: [['ocpp', 'session_cost']] },
  });
  await mesh.start();
  csms.publish('session_cost', 'default_price', { messages: [{ content: '0.50 a kWh' }] });
  csms.publish('session_cost', 'tariff_message', {
    messages: [{ content: 'yours: 0.40' }, { content: 'deins: 0,40' }],
  });
  csms.publish('session_cost', 'session_cost', { session_id: 's1', currency: { code: 'EUR' }, status: 'Idle' });
  await mesh.settle();
  expect(lines.filter((line) => /^(price|tariff|cost):/.test(line))).toEqual([
    'price: 0.50 a kWh',
    'tariff: yours: 0.40',
    'tariff: deins: 0,40',
    'cost: session s1: Idle',
  ]);
  await mesh.stop();
});
