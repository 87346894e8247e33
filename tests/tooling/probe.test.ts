import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatTimestamp, RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import { Csms } from '@chargemesh/csms';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { mosquitto, until } from '../e2e/mesh-process.ts';
import { BareProbe } from './bare-probe.ts';
import { ManagerProcess } from './manager-process.ts';

jest.setTimeout(90_000);

const root = resolve(import.meta.dirname, '../..');
const clock = new RealClock();
const PREFIX = 'probed';
const SESSION = '9589219c-9fb0-4e20-9819-ade2884d1403';

const configuration = (ocppFile: string, userFile: string): string => `settings: {mqtt_everest_prefix: ${PREFIX}}
active_modules:
  ocpp:
    module: OCPPmulti
    config_module: {Mode: Only1.6, ChargePointConfigPath: ${ocppFile}, UserConfigPath: ${userFile}}
    connections:
      evse_manager: [{module_id: probe, implementation_id: evse}]
      reservation: [{module_id: probe, implementation_id: reservation}]
      auth: [{module_id: probe, implementation_id: auth}]
      system: [{module_id: probe, implementation_id: system}]
      security: [{module_id: probe, implementation_id: security}]
  probe:
    module: ProbeModule
    connections:
      validator: [{module_id: ocpp, implementation_id: auth_validator}]
      provider: [{module_id: ocpp, implementation_id: auth_provider}]
`;

let folder: string;
let broker: Awaited<ReturnType<typeof mosquitto>>;
let manager: ManagerProcess | undefined;
let csms: Csms;
let probe: BareProbe | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-probe-'));
  broker = await mosquitto(folder);
  csms = new Csms({ clock, random: systemRandom, log: silentLogger });
});

afterEach(async () => {
  await manager?.stop('SIGKILL');
  await probe?.leave();
  await csms.stop();
  broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function startManager(port: number, csmsPort: number): ManagerProcess {
  const ocpp = JSON.parse(readFileSync(join(root, 'config/ocpp/config.json'), 'utf8'));
  // By name, without a scheme, and with the id of the station at its end already.
  ocpp.Internal.CentralSystemURI = `localhost:${csmsPort}/cp001`;
  ocpp.Core.NumberOfConnectors = 1;
  writeFileSync(join(folder, 'ocpp.json'), JSON.stringify(ocpp));
  const file = join(folder, 'station.yaml');
  writeFileSync(file, configuration(join(folder, 'ocpp.json'), join(folder, 'user.json')));
  const words = ['--config', file, '--db', join(folder, 'x.db'), '--prefix', folder, '--standalone', 'probe'];
  return ManagerProcess.start(folder, words, port);
}

/** Calls a station and gives its answer. */
async function ask(action: string, payload: unknown): Promise<unknown> {
  const outcome = await csms.call('cp001', action, payload);
  return outcome.kind === 'result' ? outcome.payload : outcome;
}

test('a probe in the place of all that OCPP needs is called as the CSMS asks', async () => {
  if (!broker) {
    process.stderr.write('skipped: mosquitto is not installed\n');
    return;
  }
  const served = await csms.start();
  csms.delayUpgrade(1_500);
  const started = startManager(broker.port, served.port);
  manager = started;
  await started.heard('WAITING_FOR_STANDALONE_MODULES');
  expect(started.lines).not.toContain('ALL_MODULES_STARTED');
  const yes = (): boolean => true;
  probe = await BareProbe.join(
    { port: broker.port, prefix: `${PREFIX}/`, id: 'probe' },
    {
      evse: {
        get_evse: () => ({ id: 1, connectors: [{ id: 1, type: 'cType2' }] }),
        enable_disable: yes,
        external_ready_to_start_charging: yes,
        stop_transaction: yes,
        force_unlock: yes,
      },
      reservation: { exists_reservation: () => 'NotReserved' },
      system: { get_boot_reason: () => 'PowerUp', is_reset_allowed: yes, set_system_time: yes },
    },
  );
  expect(await probe.fetchConfiguration()).toMatchObject({
    status: 'Ok',
    response: { data: { module_config: { module_id: 'probe', module_name: 'ProbeModule', standalone: true } } },
  });
  const manifest = probe.next('manifests/ProbeModule');
  await probe.listen('manifests/ProbeModule');
  expect(await manifest).toMatchObject({
    provides: {
      auth: { interface: 'auth' },
      evse: { interface: 'evse_manager' },
      reservation: { interface: 'reservation' },
      security: { interface: 'evse_security' },
      system: { interface: 'system' },
    },
    requires: { provider: { interface: 'auth_token_provider' }, validator: { interface: 'auth_token_validator' } },
  });
  await probe.listen('modules/ocpp/impl/+/var/+');
  const startedMs = clock.monotonicMs();
  await probe.ready();
  await started.heard('ALL_MODULES_STARTED');
  expect(clock.monotonicMs() - startedMs).toBeLessThan(1_000);
  expect(started.lines.filter((line) => line.startsWith('WAITING'))).toHaveLength(1);

  // Nothing boots before the EVSE waits for it.
  await probe.publish('evse', 'waiting_for_external_ready', true);
  await until('the boot', async () => csms.list()[0]?.connectors.some(({ connectorId }) => connectorId === 1));
  const called = (implementation: string, command: string): unknown[] =>
    (probe?.calls ?? [])
      .filter((call) => call.implementation === implementation && call.command === command)
      .map(({ args }) => args);
  const calledOnce = (implementation: string, command: string): Promise<unknown> =>
    until(`${implementation}.${command}`, async () => called(implementation, command).length > 0);
  expect(called('auth', 'set_connection_timeout')).toEqual([{ connection_timeout: 60 }]);
  expect(called('evse', 'external_ready_to_start_charging')).toEqual([null]);
  expect(called('evse', 'enable_disable')).toEqual([
    { connector_id: 0, cmd_source: { enable_source: 'CSMS', enable_state: 'Enable', enable_priority: 5000 } },
  ]);
  probe.calls.splice(0);

  // A start and a stop from afar.
  expect(await ask('RemoteStartTransaction', { idTag: 'REMOTE', connectorId: 1 })).toEqual({ status: 'Accepted' });
  const token = await until('the token', async () =>
    probe?.heard.find(({ topic }) => topic === 'modules/ocpp/impl/auth_provider/var/provided_token'),
  );
  expect(token.value).toEqual({
    data: {
      authorization_type: 'OCPP',
      connectors: [1],
      id_token: { type: 'Central', value: 'REMOTE' },
      prevalidated: false,
    },
  });
  const provided_token = { authorization_type: 'RFID', id_token: { value: 'CARD1', type: 'ISO14443' } };
  expect(await probe.call('modules/ocpp/impl/auth_validator', 'validate_token', { provided_token })).toEqual({
    authorization_status: 'Accepted',
    tariff_messages: [],
  });
  const meter = (total: number): object => ({ timestamp: now(), energy_Wh_import: { total } });
  const now = (): string => formatTimestamp(clock.wallMs());
  const tell = async (event: string, details: object = {}): Promise<void> =>
    probe?.publish('evse', 'session_event', { uuid: SESSION, timestamp: now(), event, ...details });
  await probe.publish('evse', 'powermeter', meter(1_000));
  await tell('SessionStarted', { session_started: { reason: 'EVConnected', meter_value: meter(1_000) } });
  await tell('Authorized', { authorization_event: { meter_value: meter(1_000) } });
  await tell('TransactionStarted', { transaction_started: { id_tag: provided_token, meter_value: meter(1_000) } });
  const [transaction] = await until('the transaction', async () => {
    const transactions = csms.list()[0]?.transactions ?? [];
    return transactions.length > 0 && transactions;
  });
  expect(transaction).toMatchObject({ connectorId: 1, idTag: 'CARD1', meterStartWh: 1_000 });
  expect(await ask('RemoteStopTransaction', { transactionId: transaction?.id })).toEqual({ status: 'Accepted' });
  await calledOnce('evse', 'stop_transaction');
  expect(called('evse', 'stop_transaction')).toEqual([{ request: { reason: 'Remote' } }]);
  await tell('TransactionFinished', {
    transaction_finished: { reason: 'Remote', meter_value: meter(1_500), id_tag: provided_token },
  });
  await until('its end', async () => csms.list()[0]?.transactions[0]?.reason === 'Remote');
  await tell('SessionFinished', { session_finished: { meter_value: meter(1_500) } });

  // What else a CSMS may ask of it.
  expect(await ask('ChangeAvailability', { connectorId: 1, type: 'Inoperative' })).toEqual({ status: 'Accepted' });
  await calledOnce('evse', 'enable_disable');
  expect(called('evse', 'enable_disable')).toEqual([
    { connector_id: 0, cmd_source: { enable_source: 'CSMS', enable_state: 'Disable', enable_priority: 5000 } },
  ]);
  expect(await ask('UnlockConnector', { connectorId: 1 })).toEqual({ status: 'Unlocked' });
  expect(called('evse', 'force_unlock')).toEqual([{ connector_id: 1 }]);
  expect(await ask('ChangeConfiguration', { key: 'ConnectionTimeOut', value: '42' })).toEqual({ status: 'Accepted' });
  await calledOnce('auth', 'set_connection_timeout');
  expect(called('auth', 'set_connection_timeout')).toEqual([{ connection_timeout: 42 }]);
  expect(await ask('Reset', { type: 'Soft' })).toEqual({ status: 'Accepted' });
  await calledOnce('system', 'reset');
  expect(called('system', 'is_reset_allowed')).toEqual([{ type: 'Soft' }]);
  expect(called('system', 'reset')).toEqual([{ type: 'Soft', scheduled: false }]);

  expect(csms.violations).toEqual([]);
  expect(await started.stop('SIGTERM')).toBe(0);
  expect(started.lines.at(-1)).toBe('MANAGER_EXITING');
});
