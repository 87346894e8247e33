import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ObservedCharge } from './observed-charge.ts';

jest.setTimeout(60_000);

const MESSAGE = 'Simulated fault event';

type Implementation = 'board_support' | 'connector_lock' | 'powermeter';

/** What a StatusNotification says of an error beside its status. */
type Told = Readonly<Record<string, string>>;

/** An injection of the simulated board, and what it has to come to. */
interface Injection {
  readonly name: string;
  readonly by: Implementation;
  readonly type: string;
  readonly told: Told;
  /** Whether the EVSE charges on. */
  readonly harmless?: true;
}

/** A minimum required error, told by its number in the registry. */
function mrec(errorCode: string, name: string, namespace = 'evse_board_support'): Told & { type: string } {
  const number = /^MREC(\d+)/.exec(name)?.[1] ?? '';
  return {
    type: `${namespace}/${name}`,
    errorCode,
    vendorId: 'https://chargex.inl.gov',
    vendorErrorCode: `CX${number.padStart(3, '0')}`,
  };
}

/** Any other error, told by its origin, type and message. */
function other(by: Implementation, vendorErrorCode: string): Told {
  return { errorCode: 'OtherError', info: `yeti_driver_1->${by}`, vendorId: MESSAGE, vendorErrorCode };
}

function boardMrec(name: string, errorCode: string, more: { harmless?: true } = {}): Injection {
  const { type, ...told } = mrec(errorCode, name);
  return { name, by: 'board_support', type, told, ...more };
}

function board(name: string): Injection {
  return { name, by: 'board_support', type: `evse_board_support/${name}`, told: other('board_support', name) };
}

function rcd(name: string): Injection {
  return { name: `ac_rcd_${name}`, by: 'board_support', type: `ac_rcd/${name}`, told: other('board_support', name) };
}

function lock(name: string, type: string): Injection {
  return { name, by: 'connector_lock', type: `connector_lock/${type}`, told: other('connector_lock', type) };
}

const { type: groundFailure, ...toldGroundFailure } = mrec('GroundFailure', 'MREC2GroundFailure', 'ac_rcd');
const { type: lockFailure, ...toldLockFailure } = mrec(
  'ConnectorLockFailure',
  'MREC1ConnectorLockFailure',
  'connector_lock',
);

/** Every injection that EVerest's simulator knows, in its order. */
const injections: readonly Injection[] = [
  board('DiodeFault'),
  board('BrownOut'),
  board('EnergyManagement'),
  board('PermanentFault'),
  boardMrec('MREC2GroundFailure', 'GroundFailure'),
  boardMrec('MREC3HighTemperature', 'HighTemperature', { harmless: true }),
  boardMrec('MREC4OverCurrentFailure', 'OverCurrentFailure'),
  boardMrec('MREC5OverVoltage', 'OverVoltage'),
  boardMrec('MREC6UnderVoltage', 'UnderVoltage'),
  boardMrec('MREC8EmergencyStop', 'OtherError'),
  boardMrec('MREC10InvalidVehicleMode', 'OtherError'),
  boardMrec('MREC14PilotFault', 'OtherError'),
  boardMrec('MREC15PowerLoss', 'OtherError'),
  boardMrec('MREC17EVSEContactorFault', 'OtherError'),
  boardMrec('MREC18CableOverTempDerate', 'OtherError', { harmless: true }),
  boardMrec('MREC19CableOverTempStop', 'OtherError'),
  boardMrec('MREC20PartialInsertion', 'OtherError'),
  boardMrec('MREC23ProximityFault', 'OtherError'),
  boardMrec('MREC24ConnectorVoltageHigh', 'OtherError'),
  boardMrec('MREC25BrokenLatch', 'OtherError'),
  boardMrec('MREC26CutCable', 'OtherError'),
  board('TiltDetected'),
  board('WaterIngressDetected'),
  board('EnclosureOpen'),
  { name: 'ac_rcd_MREC2GroundFailure', by: 'board_support', type: groundFailure, told: toldGroundFailure },
  rcd('VendorError'),
  rcd('Selftest'),
  rcd('AC'),
  rcd('DC'),
  lock('lock_ConnectorLockCapNotCharged', 'ConnectorLockCapNotCharged'),
  lock('lock_ConnectorLockUnexpectedOpen', 'ConnectorLockUnexpectedOpen'),
  lock('lock_ConnectorLockUnexpectedClose', 'ConnectorLockUnexpectedClose'),
  lock('lock_ConnectorLockFailedLock', 'ConnectorLockFailedLock'),
  lock('lock_ConnectorLockFailedUnlock', 'ConnectorLockFailedUnlock'),
  { name: 'lock_MREC1ConnectorLockFailure', by: 'connector_lock', type: lockFailure, told: toldLockFailure },
  lock('lock_VendorError', 'VendorError'),
  {
    name: 'powermeter/CommunicationFault',
    by: 'powermeter',
    type: 'powermeter/CommunicationFault',
    told: { errorCode: 'PowerMeterFailure' },
  },
];

/** What OCPP says of an EVSE that cannot charge: no text of it is longer than 50 characters. */
function inoperative(type: string): Told {
  return {
    errorCode: 'OtherError',
    info: `caused_by:${type}`.slice(0, 50),
    vendorId: 'EVerest',
    vendorErrorCode: type.slice(type.indexOf('/') + 1),
  };
}

const status = (name: string, told: Told = { errorCode: 'NoError' }) => ({ connectorId: 1, status: name, ...told });
const INOPERATIVE = 'evse_manager_1->evse evse_manager/Inoperative';

let charge: ObservedCharge;
beforeEach(async () => {
  charge = await ObservedCharge.start();
});
afterEach(async () => {
  expect(charge.world.csms.violations).toEqual([]);
  expect(charge.world.findings()).toEqual([]);
  await charge.stop();
});

const kept = ({ type, by }: Injection, state: string) => ({
  type,
  sub_type: '',
  message: MESSAGE,
  origin_module: 'yeti_driver_1',
  origin_implementation: by,
  severity: 'High',
  state,
});
const keptInoperative = (type: string, state: string) => ({
  type: 'evse_manager/Inoperative',
  sub_type: '',
  message: type,
  origin_module: 'evse_manager_1',
  origin_implementation: 'evse',
  severity: 'High',
  state,
});

describe('an error in the charge', () => {
  test.each(injections.filter(({ harmless }) => !harmless).map((row) => [row.name, row] as const))(
    '%s stops it, and its end lets it go on',
    async (name, row) => {
      const { by, type, told } = row;
      await charge.charge();
      await charge.inject(name, true);
      await charge.inject(name, true);
      await charge.wait(20_000);
      const raised = charge.look();
      expect(raised.errors).toEqual([`raised yeti_driver_1->${by} ${type}`, `raised ${INOPERATIVE}`]);
      expect(raised.openedAfterMs).toBeLessThanOrEqual(100);
      expect(raised.session[0]).toBe('StoppingCharging');
      expect(raised.session.slice(1)).toEqual(['ChargingPausedEVSE [Error]', 'ChargingPausedEVSE [Error,NoEnergy]']);
      expect(raised.board.filter((event) => event.startsWith('Power'))).toEqual(['PowerOff']);
      expect(raised.statuses).toEqual([status('Charging', told), status('Faulted', inoperative(type))]);
      expect(charge.history()).toEqual([kept(row, 'Active'), keptInoperative(type, 'Active')]);

      await charge.inject(name, false);
      await charge.wait(40_000);
      const cleared = charge.look();
      expect(cleared.errors).toEqual([`cleared yeti_driver_1->${by} ${type}`, `cleared ${INOPERATIVE}`]);
      expect(cleared.session).toEqual(['ChargingPausedEVSE [NoEnergy]', 'PrepareCharging', 'ChargingStarted']);
      expect(cleared.board.at(-1)).toBe('PowerOn');
      expect(cleared.statuses).toEqual([status('SuspendedEVSE'), status('Charging')]);
      expect(charge.history()).toEqual([kept(row, 'ClearedByModule'), keptInoperative(type, 'ClearedByModule')]);
      await ends();
    },
  );

  test.each(injections.filter(({ harmless }) => harmless).map((row) => [row.name, row] as const))(
    '%s is told, and nothing else',
    async (name, row) => {
      const { by, type, told } = row;
      await charge.charge();
      await charge.inject(name, true);
      await charge.wait(20_000);
      expect(charge.look()).toEqual({
        session: [],
        board: [],
        errors: [`raised yeti_driver_1->${by} ${type}`],
        statuses: [status('Charging', told)],
        openedAfterMs: undefined,
      });
      expect(charge.history()).toEqual([kept(row, 'Active')]);
      await charge.inject(name, false);
      await charge.wait(20_000);
      const cleared = charge.look();
      expect(cleared.statuses).toEqual([status('Charging')]);
      expect(cleared.session).toEqual([]);
      expect(charge.history()).toEqual([kept(row, 'ClearedByModule')]);
      await ends();
    },
  );

  /** The transaction outlived it all: one start, one stop. */
  async function ends(): Promise<void> {
    await charge.car('unplug', 'modify');
    await charge.wait(10_000);
    expect(charge.look().session).toEqual([
      'StoppingCharging',
      'ChargingFinished',
      'TransactionFinished',
      'SessionFinished',
    ]);
    const { transactions } = charge.world.csms.ledger(charge.world.station);
    expect(transactions).toEqual([expect.objectContaining({ connectorId: 1, reason: 'EVDisconnected' })]);
  }
});

describe('an error elsewhere', () => {
  test('while nothing is plugged in: F is shown until it is over, and nobody has a session', async () => {
    await charge.inject('MREC8EmergencyStop', true);
    await charge.wait(20_000);
    const type = 'evse_board_support/MREC8EmergencyStop';
    const { type: _, ...told } = mrec('OtherError', 'MREC8EmergencyStop');
    const raised = charge.look();
    expect(raised.session).toEqual([]);
    expect(raised.board).toEqual(['F']);
    expect(raised.statuses).toEqual([status('Available', told), status('Faulted', inoperative(type))]);
    await charge.inject('MREC8EmergencyStop', false);
    await charge.wait(5_000);
    const cleared = charge.look();
    expect(cleared.board).toEqual(['A']);
    expect(cleared.statuses).toEqual([status('Available')]);
    await charge.charge();
    expect((await charge.world.evses())[0]?.status).toBe('Charging');
  });

  test('while a card is waited for: the session is over, and another begins only with another plug', async () => {
    await charge.car('pause;sleep 36000');
    await charge.wait(2_000);
    expect(charge.look().session).toEqual(['SessionStarted', 'AuthRequired']);
    await charge.inject('MREC6UnderVoltage', true);
    await charge.wait(5_000);
    await charge.inject('MREC6UnderVoltage', false);
    await charge.wait(5_000);
    expect(charge.look().session).toEqual([]);
    await charge.swipe();
    await charge.wait(20_000);
    expect(charge.look().session).not.toContain('TransactionStarted');
    await charge.car('unplug', 'modify');
    await charge.wait(5_000);
    expect(charge.look().session).toContain('SessionFinished');
    await charge.charge();
    expect((await charge.world.evses())[0]?.status).toBe('Charging');
  });

  test('two at once: it charges again when both are over', async () => {
    await charge.charge();
    await charge.inject('MREC6UnderVoltage', true);
    await charge.inject('ac_rcd_DC', true);
    await charge.wait(5_000);
    const raised = charge.look();
    expect(raised.errors).toEqual([
      'raised yeti_driver_1->board_support evse_board_support/MREC6UnderVoltage',
      `raised ${INOPERATIVE}`,
      'raised yeti_driver_1->board_support ac_rcd/DC',
      `cleared ${INOPERATIVE}`,
      `raised ${INOPERATIVE}`,
    ]);
    await charge.inject('MREC6UnderVoltage', false);
    await charge.wait(20_000);
    const one = charge.look();
    expect(one.session).toEqual([]);
    expect(one.errors.at(-1)).toBe(`raised ${INOPERATIVE}`);
    expect((await charge.world.evses())[0]?.status).toBe('Faulted');
    await charge.inject('ac_rcd_DC', false);
    await charge.wait(20_000);
    expect(charge.look().session.at(-1)).toBe('ChargingStarted');
    expect((await charge.world.evses())[0]?.status).toBe('Charging');
  });

  test.each(['Inoperative', 'lock_Nonsense', 'powermeter_CommunicationFault', 'mrec6undervoltage'])(
    '%s is no error of the board, and charging goes on',
    async (name) => {
      await charge.charge();
      await charge.inject(name, true);
      await charge.wait(5_000);
      expect(charge.look()).toMatchObject({ session: [], board: [], errors: [], statuses: [] });
      expect(charge.history()).toEqual([]);
    },
  );
});

test('the list is that of the reference', () => {
  expect(new Set(injections.map(({ name }) => name)).size).toBe(37);
});
