import { expect, jest, test } from '@jest/globals';
import { until } from './mesh-process.ts';
import { newMesh } from './meshes.ts';

jest.setTimeout(120_000);

test.each([[[]], [['--isolate', 'ocpp']]])(
  'a stop that the CSMS refused for good is shown and sent again (up %j)',
  async (words) => {
    const mesh = newMesh();
    await mesh.up(words);
    const change = '{"key":"TransactionMessageAttempts","value":"1"}';
    await mesh.do('csms', 'call', 'cp001', 'ChangeConfiguration', change);
    await mesh.do('csms', 'answer', 'StopTransaction', 'CALLERROR', 'InternalError', '--next', '1');
    expect(await mesh.json('ocpp', 'undeliverable')).toEqual([]);
    await mesh.do('plug', '1');
    await mesh.do('swipe', '1', 'DEADBEEF');
    await until('the transaction', async () => (await mesh.ledger()).length > 0);
    await mesh.do('unplug', '1');
    const [lost] = await until('the lost message', async () => {
      const messages = await mesh.json<{ id: number }[]>('ocpp', 'undeliverable');
      return messages.length > 0 && messages;
    });
    expect(lost).toMatchObject({ action: 'StopTransaction', connectorId: 1, ledgerId: 1, attempts: 1 });
    expect(await mesh.do('status')).toContain('ocpp undeliverable');
    expect((await mesh.try('ocpp', 'resend', '99')).code).toBe(1);
    await mesh.do('ocpp', 'resend', String(lost?.id));
    await until('its arrival', async () => (await mesh.ledger())[0]?.reason === 'EVDisconnected');
    expect(await mesh.json('ocpp', 'undeliverable')).toEqual([]);
    expect(await mesh.do('status')).not.toContain('ocpp undeliverable');
    expect(await mesh.violations()).toEqual([]);
  },
);
