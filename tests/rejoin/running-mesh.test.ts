import { join } from 'node:path';
import { silentLogger } from '@chargemesh/base';
import { loadContracts } from '@chargemesh/contracts';
import { VirtualWorld } from '@chargemesh/scenarios';
import { afterEach, describe, expect, jest, test } from '@jest/globals';

/** That a running mesh does what docs/reference/rejoin.md says. */

jest.setTimeout(60_000);

const configFile = join(import.meta.dirname, '../../config-sil-ocpp.yaml');
/** The manager starts a module that died again after this long; each time that it dies again at once, twice as long. */
const FIRST_RESTART_MS = 200;
const KEPT = /^chargemesh\/modules\/([^/]+)\/impl\/([^/]+)\/var\/([^/]+)$/;

/** One module of each kind in that configuration, where there are two that of EVSE 1. */
const modules = new Map([
  ['auth', 'Auth'],
  ['energy_manager', 'EnergyManager'],
  ['error_history', 'ErrorHistory'],
  ['ev_manager_1', 'EvManager'],
  ['evse_manager_1', 'EvseManager'],
  ['evse_manager_1_ocpp_sink', 'EnergyNode'],
  ['evse_security', 'EvseSecurity'],
  ['grid_connection_point', 'EnergyNode'],
  ['ocpp', 'OCPP'],
  ['persistent_store', 'PersistentStore'],
  ['slac', 'SlacSimulator'],
  ['system', 'System'],
  ['token_provider_1', 'DummyTokenProviderManual'],
  ['yeti_driver_1', 'YetiSimulator'],
]);

interface Mesh {
  readonly world: VirtualWorld;
  readonly kept: ReadonlyMap<string, { readonly value: string; readonly atMs: number }>;
  /** Topic and payload of all that was said, oldest first. */
  readonly said: { readonly topic: string; readonly payload: string }[];
  pass(ms: number): Promise<unknown>;
  swipe(card: string, evse?: number): Promise<void>;
  car(script: string): Promise<void>;
  unplug(): Promise<void>;
  call(action: string, payload: object): Promise<unknown>;
  /** Kills a module each time that it is back, so that it stays away longer: after 5 deaths for 3.2 s, after 7 for 12.8 s. */
  away(id: string, deaths?: number): Promise<void>;
  status(): Promise<string | undefined>;
}

let world: VirtualWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

async function start(): Promise<Mesh> {
  const started = await VirtualWorld.create({
    configFile,
    station: 'cp1',
    seed: 1,
    log: silentLogger,
    transcript: () => {},
  });
  world = started;
  const kept = new Map<string, { value: string; atMs: number }>();
  const said: { topic: string; payload: string }[] = [];
  started.onMessage(({ topic, payload, atMs }) => {
    said.push({ topic, payload });
    if (!KEPT.test(topic)) return;
    if (payload === '') kept.delete(topic);
    else kept.set(topic, { value: payload, atMs });
  });
  await started.start();
  const pass = (ms: number): Promise<unknown> => started.until(() => false, ms);
  const gone = (id: string): boolean =>
    said.findLast(({ topic }) => topic === `chargemesh/modules/${id}/status`)?.payload.includes('"gone"') ?? true;
  await pass(2_000);
  return {
    world: started,
    kept,
    said,
    pass,
    swipe: async (card, evse = 1) => {
      const token = { id_token: { value: card, type: 'ISO14443' }, authorization_type: 'RFID', connectors: [evse] };
      await started.publish('everest_api/dummy_token_provider/cmd/provide', JSON.stringify(token));
      await pass(500);
    },
    car: (script) => started.publish('everest_external/nodered/1/carsim/cmd/execute_charging_session', script),
    unplug: () => started.publish('everest_external/nodered/1/carsim/cmd/modify_charging_session', 'unplug'),
    call: async (action, payload) => {
      const outcome = await started.settled(started.csms.call(started.station, action, payload), 10_000);
      return outcome.kind === 'result' ? outcome.payload : outcome;
    },
    away: async (id, deaths = 5) => {
      for (let death = 1; death <= deaths; death++) {
        await started.kill(id);
        if (death < deaths) await started.until(() => !gone(id), 10_000);
      }
      await pass(10);
      expect(gone(id)).toBe(true);
    },
    status: async () => (await started.evses())[0]?.status,
  };
}

async function charge(mesh: Mesh): Promise<void> {
  await mesh.car('sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep 36000');
  await mesh.pass(2_500);
  await mesh.swipe('DEADBEEF');
  await mesh.pass(20_000);
  expect(await mesh.status()).toBe('Charging');
}

/** Variables of a module by `<implementation>.<variable>`, of those that are told again in one way. */
function variables(id: string, how: string): string[] {
  const { provides } = loadContracts().manifest(modules.get(id) ?? '');
  return Object.entries(provides).flatMap(([implementation, { again = {} }]) =>
    Object.keys(again)
      .filter((variable) => again[variable] === how)
      .map((variable) => `${implementation}.${variable}`),
  );
}

function keptBy(mesh: Mesh, id: string): Map<string, number> {
  return new Map(
    [...mesh.kept].flatMap(([topic, { atMs }]) => {
      const [, moduleId, implementation, variable] = KEPT.exec(topic) ?? [];
      return moduleId === id ? [[`${implementation}.${variable}`, atMs]] : [];
    }),
  );
}

describe.each([...modules.keys()])('%s dies', (id) => {
  test.each(['idle', 'in a charge'])('%s', async (phase) => {
    const mesh = await start();
    if (phase !== 'idle') await charge(mesh);
    const before = keptBy(mesh, id);
    expect([...before.keys()].filter((name) => variables(id, 'never').includes(name))).toEqual([]);
    const diedMs = mesh.world.clock.monotonicMs();
    await mesh.world.kill(id);
    await mesh.pass(FIRST_RESTART_MS / 2);
    expect([...keptBy(mesh, id).keys()]).toEqual([]);
    await mesh.pass(FIRST_RESTART_MS / 2 + 1_000);
    const after = keptBy(mesh, id);
    const atOnce = variables(id, 'ready');
    expect([...after].filter(([, atMs]) => atMs >= diedMs).map(([name]) => name)).toEqual(
      expect.arrayContaining(atOnce),
    );
    expect([...before.keys()]).toEqual(expect.arrayContaining(atOnce));
    if (phase !== 'idle') {
      await mesh.pass(10_000);
      expect(await mesh.status()).toBe('Charging');
      expect(transactionEvents(mesh)).toEqual(['TransactionStarted']);
    }
  });
});

function transactionEvents({ said }: Mesh): string[] {
  return said
    .filter(({ topic }) => topic === 'everest/modules/evse_manager_1/impl/evse/var/session_event')
    .map(({ payload }) => String(JSON.parse(payload).data.data.event))
    .filter((event) => event.startsWith('Transaction'));
}

function last(mesh: Mesh, topic: string): string {
  return mesh.said.findLast((message) => message.topic === topic)?.payload ?? '';
}

describe('while one is away', () => {
  test('Auth: no card is heard and no reservation made; charging goes on; then its card stops the transaction', async () => {
    const mesh = await start();
    await charge(mesh);
    await mesh.away('auth');
    const heard = last(mesh, 'everest/modules/auth/impl/main/var/token_validation_status');
    await mesh.swipe('DEADBEEF');
    expect(last(mesh, 'everest/modules/auth/impl/main/var/token_validation_status')).toBe(heard);
    const reservation = { connectorId: 2, expiryDate: '2026-01-01T01:00:00Z', idTag: 'A', reservationId: 1 };
    expect(await mesh.call('ReserveNow', reservation)).toEqual({ status: 'Rejected' });
    expect(await mesh.call('RemoteStartTransaction', { connectorId: 2, idTag: 'A' })).toEqual({ status: 'Accepted' });
    await mesh.pass(10_000);
    expect(mesh.said.filter(({ topic }) => topic.endsWith('evse_manager_2/impl/evse/cmd/authorize_response'))).toEqual(
      [],
    );
    expect(await mesh.status()).toBe('Charging');
    await mesh.swipe('DEADBEEF');
    await mesh.pass(2_000);
    expect(transactionEvents(mesh)).toEqual(['TransactionStarted', 'TransactionFinished']);
  });

  test('Auth: the end of a transaction is made up for, and its card begins another', async () => {
    const mesh = await start();
    await charge(mesh);
    await mesh.away('auth');
    await mesh.unplug();
    await mesh.pass(10_000);
    expect(await mesh.status()).toBe('Available');
    await charge(mesh);
    expect(transactionEvents(mesh)).toEqual(['TransactionStarted', 'TransactionFinished', 'TransactionStarted']);
  });

  test('OCPP: a card is Rejected, and that of the transaction ends it; the CSMS hears of it later', async () => {
    const mesh = await start();
    await charge(mesh);
    await mesh.away('ocpp');
    await mesh.swipe('CAFE', 2);
    expect(last(mesh, 'everest/modules/auth/impl/main/var/token_validation_status')).toContain('"Rejected"');
    await mesh.swipe('DEADBEEF');
    await mesh.pass(2_000);
    expect(transactionEvents(mesh)).toEqual(['TransactionStarted', 'TransactionFinished']);
    await mesh.pass(20_000);
    const stops = mesh.world.csms.frames().filter(({ text }) => text.includes('"StopTransaction"'));
    expect(stops).toHaveLength(1);
  });

  test('EnergyManager: a grant runs out after ten seconds at the latest; the transaction waits for the next', async () => {
    const mesh = await start();
    await charge(mesh);
    await mesh.away('energy_manager', 7);
    await mesh.pass(5_000);
    expect(await mesh.status()).toBe('Charging');
    await mesh.pass(6_000);
    expect(await mesh.status()).toBe('SuspendedEVSE');
    await mesh.pass(15_000);
    expect(await mesh.status()).toBe('Charging');
    expect(transactionEvents(mesh)).toEqual(['TransactionStarted']);
  });

  test('System: a reset is Rejected', async () => {
    const mesh = await start();
    await mesh.away('system');
    expect(await mesh.call('Reset', { type: 'Soft' })).toEqual({ status: 'Rejected' });
    await mesh.pass(10_000);
    expect(await mesh.call('Reset', { type: 'Soft' })).toEqual({ status: 'Accepted' });
  });

  test('the board: the connector is Faulted, and the transaction waits', async () => {
    const mesh = await start();
    await charge(mesh);
    await mesh.away('yeti_driver_1');
    expect(await mesh.status()).toBe('Faulted');
    await mesh.pass(15_000);
    expect(await mesh.status()).toBe('Charging');
    expect(transactionEvents(mesh)).toEqual(['TransactionStarted']);
  });

  test('the board, and a car waits for its card: it has to be plugged in anew', async () => {
    const mesh = await start();
    await mesh.car('sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep 36000');
    await mesh.pass(2_500);
    expect(await mesh.status()).toBe('Preparing');
    await mesh.world.kill('yeti_driver_1');
    await mesh.pass(5_000);
    await mesh.swipe('DEADBEEF');
    expect(transactionEvents(mesh)).toEqual([]);
    await mesh.unplug();
    await mesh.pass(5_000);
    await charge(mesh);
  });

  test('the simulated car: it goes on as the board has it', async () => {
    const mesh = await start();
    await charge(mesh);
    const register = (): number =>
      JSON.parse(last(mesh, 'everest/modules/yeti_driver_1/impl/powermeter/var/powermeter')).data.data.energy_Wh_import
        .total;
    const before = register();
    await mesh.away('ev_manager_1');
    await mesh.pass(60_000);
    expect(register()).toBeGreaterThan(before + 100);
    expect(await mesh.status()).toBe('Charging');
  });

  test('an EVSE: whether it may be used is told when it is back', async () => {
    const mesh = await start();
    await mesh.away('evse_manager_1');
    await mesh.call('ChangeAvailability', { connectorId: 1, type: 'Inoperative' });
    await mesh.pass(15_000);
    expect(await mesh.status()).toBe('Unavailable');
  });
});
