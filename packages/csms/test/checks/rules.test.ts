import { describe, expect, test } from '@jest/globals';
import { RULES, type RuleCode } from '../../src/checks/rules.ts';
import { at, meterRequest, moment, Play, startRequest, stopRequest } from '../support/play.ts';

const SAMPLE = { value: '100.00', unit: 'Wh' };
const STATUS = { connectorId: 1, status: 'Available', errorCode: 'NoError' };
const BOOT = { chargePointVendor: 'Vendor', chargePointModel: 'Model' };

function meterWith(sample: unknown): unknown {
  return { connectorId: 1, meterValue: [{ timestamp: at(0), sampledValue: [sample] }] };
}

function schedule(periods: readonly unknown[]): unknown {
  return {
    status: 'Accepted',
    connectorId: 1,
    scheduleStart: at(0),
    chargingSchedule: { duration: 60, chargingRateUnit: 'A', chargingSchedulePeriod: periods },
  };
}

/** For every rule what breaks it, and what comes as near as it may without doing so. */
const CASES: Readonly<Record<RuleCode, { breaks: (play: Play) => void; keeps: (play: Play) => void }>> = {
  RPC_NOT_JSON: {
    breaks: (play) => play.rx('[2,"s1","Heartbeat",{}'),
    keeps: (play) => play.rx(' [2,"s1","Heartbeat",{}]\n'),
  },
  RPC_SHAPE: {
    breaks: (play) => play.rx('[2,"s1","Heartbeat"]'),
    keeps: (play) => play.rx('[2,"s1","Heartbeat",{}]'),
  },
  RPC_MESSAGE_TYPE: {
    breaks: (play) => play.rx('[5,"s1","Heartbeat",{}]'),
    keeps: (play) => play.rx('[2,"s1","Heartbeat",{}]'),
  },
  RPC_ID: {
    breaks: (play) => play.send('Heartbeat', {}, 'x'.repeat(37)),
    keeps: (play) => play.send('Heartbeat', {}, 'x'.repeat(36)),
  },
  RPC_ID_REUSED: {
    breaks: (play) => {
      for (let times = 0; times < 2; times++) play.answer(play.send('Heartbeat', {}, 'same'), { currentTime: at(0) });
    },
    keeps: (play) => {
      for (const id of ['one', 'two']) play.answer(play.send('Heartbeat', {}, id), { currentTime: at(0) });
      play.reconnect();
      play.answer(play.send('Heartbeat', {}, 'one'), { currentTime: at(0) });
    },
  },
  RPC_OUTSTANDING: {
    breaks: (play) => {
      play.send('Heartbeat', {});
      play.nowMs += 19_999;
      play.send('Heartbeat', {});
    },
    keeps: (play) => {
      play.send('Heartbeat', {});
      play.nowMs += 20_000;
      play.send('Heartbeat', {});
      play.reconnect();
      play.send('Heartbeat', {});
    },
  },
  RPC_UNMATCHED: {
    breaks: (play) => {
      play.tx('[2,"c1","ClearCache",{}]');
      play.rx('[3,"c1",{"status":"Accepted"}]');
      play.rx('[3,"c1",{"status":"Accepted"}]');
    },
    keeps: (play) => {
      play.tx('{nothing to read');
      play.rx('[4,"-1","GenericError","",{}]');
      play.tx('[2,"c2","Reset"]');
      play.rx('[4,"c2","FormationViolation","",{}]');
    },
  },
  RPC_ERROR_CODE: {
    breaks: (play) => {
      play.tx('[2,"c1","ClearCache",{}]');
      play.rx('[4,"c1","OccurrenceConstraintViolation","",{}]');
    },
    keeps: (play) => {
      play.tx('[2,"c1","ClearCache",{}]');
      play.rx('[4,"c1","OccurenceConstraintViolation","",{}]');
    },
  },
  ACTION_UNKNOWN: { breaks: (play) => play.say('toString', {}), keeps: (play) => play.say('Heartbeat', {}) },
  ACTION_DIRECTION: {
    breaks: (play) => play.say('ClearCache', {}),
    keeps: (play) => play.say('DataTransfer', { vendorId: 'v' }),
  },
  SCHEMA: {
    breaks: (play) => play.say('Heartbeat', {}),
    keeps: (play) => play.say('Authorize', { idTag: 'TAG1' }),
  },
  FIELD_MISSING: {
    breaks: (play) => play.say('BootNotification', { chargePointVendor: 'Vendor' }),
    keeps: (play) => play.say('BootNotification', BOOT),
  },
  FIELD_UNKNOWN: {
    breaks: (play) => play.say('BootNotification', { ...BOOT, chargePointSerial: 'x' }),
    keeps: (play) => play.say('BootNotification', { ...BOOT, chargePointSerialNumber: 'x' }),
  },
  FIELD_TYPE: {
    breaks: (play) => play.say('StatusNotification', { ...STATUS, connectorId: '1' }),
    keeps: (play) => play.say('StatusNotification', { ...STATUS, connectorId: 1 }),
  },
  FIELD_LENGTH: {
    breaks: (play) => play.say('Authorize', { idTag: 'x'.repeat(21) }),
    // lbbrhzn/ocpp#514: any 20 characters are an idTag, counted as characters.
    keeps: (play) => play.say('Authorize', { idTag: '🔌'.repeat(20) }),
  },
  FIELD_ENUM: {
    breaks: (play) => play.say('StatusNotification', { ...STATUS, status: 'Occupied' }),
    keeps: (play) => play.say('StatusNotification', STATUS),
  },
  FIELD_RANGE: {
    breaks: (play) => play.start(1, { connectorId: 0 }),
    keeps: (play) => play.start(1, { connectorId: 1 }),
  },
  FIELD_DECIMALS: {
    breaks: (play) => play.ask('GetCompositeSchedule', {}, schedule([{ startPeriod: 0, limit: 6.25 }])),
    // citrineos/citrineos-core PR#959
    keeps: (play) => play.ask('GetCompositeSchedule', {}, schedule([{ startPeriod: 0, limit: 8.1 }])),
  },
  FIELD_TIME: {
    breaks: (play) => play.say('StatusNotification', { ...STATUS, timestamp: '2026-08-01T12:00:00+02:00' }),
    keeps: (play) => play.say('StatusNotification', { ...STATUS, timestamp: '2026-08-01T10:00:00.123Z' }),
  },
  METER_NUMBER: {
    breaks: (play) => play.say('MeterValues', meterWith({ value: '1,5' })),
    keeps: (play) => play.say('MeterValues', meterWith({ value: 'AP;0;3;', format: 'SignedData' })),
  },
  METER_UNIT: {
    breaks: (play) => play.say('MeterValues', meterWith({ ...SAMPLE, measurand: 'Voltage' })),
    keeps: (play) => play.say('MeterValues', meterWith(SAMPLE)),
  },
  SCHEDULE_PERIODS: {
    breaks: (play) => play.ask('GetCompositeSchedule', {}, schedule([{ startPeriod: 5, limit: 6 }])),
    keeps: (play) =>
      play.ask(
        'GetCompositeSchedule',
        {},
        schedule([
          { startPeriod: 0, limit: 6 },
          { startPeriod: 5, limit: 7 },
        ]),
      ),
  },
  // libocpp#478, SAP#1374, monta-app/ocpp-emulator#70
  BOOT_NOT_ACCEPTED: {
    breaks: (play) => {
      play.boot('Pending', 30);
      play.say('Heartbeat', {});
    },
    keeps: (play) => {
      play.boot('Pending', 30);
      play.ask('TriggerMessage', { requestedMessage: 'Heartbeat' }, { status: 'Accepted' });
      play.say('Heartbeat', {});
    },
  },
  BOOT_TOO_EARLY: {
    breaks: (play) => {
      play.boot('Rejected', 30);
      play.nowMs += 10_000;
      play.boot();
    },
    keeps: (play) => {
      play.boot('Rejected', 30);
      play.nowMs += 30_000;
      play.boot();
    },
  },
  STATUS_TRANSITION: {
    breaks: (play) => {
      play.status('Preparing');
      play.status('Unavailable');
    },
    keeps: (play) => {
      play.status('Preparing');
      play.status('Available');
      play.status('Unavailable');
    },
  },
  STATUS_CONNECTOR_ZERO: {
    breaks: (play) => play.status('Charging', 0),
    keeps: (play) => play.status('Faulted', 0, 'OtherError'),
  },
  STATUS_FAULT_CODE: {
    breaks: (play) => play.status('Faulted'),
    keeps: (play) => play.status('Faulted', 1, 'GroundFailure'),
  },
  TX_START_REPEATED: {
    breaks: (play) => {
      play.start();
      play.meter(1, 101);
      play.start();
    },
    keeps: (play) => {
      play.start();
      play.reconnect();
      play.start();
    },
  },
  // libocpp#907
  TX_STOP_REPEATED: {
    breaks: (play) => {
      play.start();
      play.stop(10, 110);
      play.say('Heartbeat', {});
      play.stop(10, 110);
    },
    keeps: (play) => {
      play.start();
      play.stop(10, 110);
      play.reconnect();
      play.stop(10, 110);
    },
  },
  TX_RESEND_CHANGED: {
    breaks: (play) => {
      play.send('StartTransaction', startRequest());
      play.reconnect();
      play.start(1, { reservationId: 3 });
    },
    keeps: (play) => {
      play.send('StartTransaction', startRequest());
      play.reconnect();
      play.start();
    },
  },
  TX_CONNECTOR_BUSY: {
    breaks: (play) => {
      play.start(1);
      play.start(2, { timestamp: at(60) });
    },
    keeps: (play) => {
      play.start(1);
      play.start(2, { timestamp: at(60), connectorId: 2 });
    },
  },
  TX_STOP_UNKNOWN: {
    breaks: (play) => {
      play.start(1);
      play.stop(10, 110, { transactionId: 2 });
    },
    keeps: (play) => {
      play.start(2);
      play.stop(10, 110, { transactionId: 2 });
    },
  },
  TX_METER_UNKNOWN: {
    breaks: (play) => play.meter(10, 110),
    keeps: (play) => {
      const { transactionId: _, ...request } = meterRequest(10, 110);
      play.say('MeterValues', request);
    },
  },
  TX_METER_CLOSED: {
    breaks: (play) => {
      play.start();
      play.stop(10, 110);
      play.meter(5, 105);
    },
    keeps: (play) => {
      play.start();
      play.meter(5, 105);
      play.stop(10, 110);
    },
  },
  TX_CONNECTOR: {
    breaks: (play) => {
      play.start();
      play.meter(5, 105, { connectorId: 2 });
    },
    keeps: (play) => {
      play.start();
      play.meter(5, 105, { connectorId: 1 });
    },
  },
  TX_METER_FALLS: {
    breaks: (play) => {
      play.start();
      play.meter(5, 105);
      play.meter(10, 103.9);
    },
    keeps: (play) => {
      play.start();
      play.meter(5, 105);
      play.meter(10, 105);
    },
  },
  TX_TIME_BACK: {
    breaks: (play) => {
      play.start();
      play.meter(5, 105);
      play.meter(4.999, 105);
    },
    keeps: (play) => {
      play.start();
      play.meter(5, 105);
      play.meter(5, 105.5);
    },
  },
};

/** Finds fault with Heartbeat and nothing else. */
const SCHEMAS = {
  isAction: () => true,
  request: (action: string) =>
    action === 'Heartbeat' ? [{ path: '/x', rule: 'additionalProperties', message: 'must not be there' }] : [],
  response: () => [],
};

describe('every rule', () => {
  for (const rule of Object.keys(RULES) as RuleCode[]) {
    const { breaks, keeps } = CASES[rule];
    const play = (): Play => new Play(rule === 'SCHEMA' ? SCHEMAS : undefined);

    test(`${rule} is found when it is broken`, () => {
      const broken = play();
      breaks(broken);
      expect(broken.rules).toEqual([rule]);
      expect(broken.violations[0]).toMatchObject({ station: 'cp001', message: expect.stringMatching(/\S/) });
    });

    test(`${rule} is not found when it is kept`, () => {
      const kept = play();
      keeps(kept);
      expect(kept.violations).toEqual([]);
    });
  }
});

describe('the meter and the time of a transaction', () => {
  const broken: Readonly<Record<string, (play: Play) => void>> = {
    'a sample below meterStart': (play) => play.meter(5, 98.9),
    'a stop below the last sample': (play) => {
      play.meter(5, 150);
      play.stop(10, 148);
    },
    'a stop below meterStart': (play) => play.stop(10, 99),
    'a sample before the start': (play) => play.meter(-1, 100),
    'a stop before the last sample': (play) => {
      play.meter(5, 101);
      play.stop(4, 101);
    },
    'transactionData that falls': (play) => play.stop(10, 120, { transactionData: [moment(1, 110), moment(2, 105)] }),
    'transactionData above meterStop': (play) => play.stop(10, 120, { transactionData: [moment(1, 122)] }),
    'transactionData out of order': (play) => play.stop(10, 120, { transactionData: [moment(2, 110), moment(1, 110)] }),
    'transactionData after the stop': (play) => play.stop(10, 120, { transactionData: [moment(11, 110)] }),
    'an energy in kWh below meterStart': (play) =>
      play.say('MeterValues', {
        connectorId: 1,
        transactionId: 1,
        meterValue: [{ timestamp: at(5), sampledValue: [{ value: '0.05', unit: 'kWh' }] }],
      }),
  };
  for (const [name, run] of Object.entries(broken))
    test(`${name} is found`, () => {
      const play = new Play();
      play.start();
      run(play);
      expect(play.rules).toHaveLength(1);
      expect(play.rules[0]).toMatch(/^TX_(METER_FALLS|TIME_BACK)$/);
    });

  test('whole Wh at both ends may differ from samples by their rounding', () => {
    const play = new Play();
    play.start();
    play.meter(5, 99.5);
    play.meter(6, 110.4);
    play.stop(10, 110, { transactionData: [moment(5, 99.5), moment(6, 110.4)] });
    expect(play.violations).toEqual([]);
  });

  test('a triggered sample may overtake those that wait in the queue of the station', () => {
    const play = new Play();
    play.start();
    play.say('MeterValues', { connectorId: 1, transactionId: 1, meterValue: [moment(30, 130, 'Trigger')] });
    play.meter(10, 110);
    play.stop(40, 140);
    expect(play.violations).toEqual([]);
  });

  test('registers of single phases, and exports, do not count', () => {
    const play = new Play();
    play.start();
    const sample = (value: string, more: object): object => ({ value, unit: 'Wh', ...more });
    play.say('MeterValues', {
      connectorId: 1,
      transactionId: 1,
      meterValue: [
        {
          timestamp: at(5),
          sampledValue: [
            sample('33', { phase: 'L1' }),
            sample('1', { measurand: 'Energy.Active.Export.Register' }),
            sample('101', {}),
          ],
        },
      ],
    });
    expect(play.violations).toEqual([]);
  });
});

describe('resends', () => {
  test('a start whose answer was lost is sent again, even often, and counts as a resend', () => {
    const play = new Play();
    for (let times = 0; times < 3; times++) {
      play.send('StartTransaction', startRequest());
      play.reconnect();
    }
    play.start(7);
    expect(play.violations).toEqual([]);
    expect(play.checker.transactions.transactions).toHaveLength(1);
    expect(play.checker.transactions.transactions[0]).toMatchObject({ id: 7, startDelivery: { resends: 3 } });
  });

  test('a CALLERROR asks for a resend', () => {
    const play = new Play();
    const id = play.send('StartTransaction', startRequest());
    play.tx(JSON.stringify([4, id, 'InternalError', '', {}]));
    play.start(7);
    play.stop(10, 110, { transactionId: 7 });
    expect(play.violations).toEqual([]);
  });

  test('the first answer names the transaction, whatever a later one says (D17)', () => {
    const play = new Play();
    play.start(7);
    play.reconnect();
    play.start(8);
    expect(play.checker.transactions.transactions[0]?.id).toBe(7);
    play.meter(5, 101, { transactionId: 8 });
    play.stop(10, 110, { transactionId: 7 });
    expect(play.violations).toEqual([]);
  });

  test('an answer that came after the station may have given up does not forbid a resend', () => {
    const play = new Play();
    const id = play.send('StartTransaction', startRequest());
    play.nowMs += 31_000;
    play.answer(id, { transactionId: 1, idTagInfo: { status: 'Accepted' } });
    play.say('Heartbeat', {});
    play.start();
    expect(play.violations).toEqual([]);
  });

  test('a start that was refused for good is told of under the placeholder of the station', () => {
    const play = new Play();
    const id = play.send('StartTransaction', startRequest());
    play.tx(JSON.stringify([4, id, 'InternalError', '', {}]));
    play.meter(5, 105, { transactionId: -77 });
    play.stop(10, 110, { transactionId: -77 });
    expect(play.violations).toEqual([]);
    play.stop(20, 120, { transactionId: -78 });
    expect(play.rules).toEqual(['TX_STOP_UNKNOWN']);
  });

  test('MeterValues that are sent again after a lost answer are counted once', () => {
    const play = new Play();
    play.start();
    play.send('MeterValues', meterRequest(5, 105));
    play.reconnect();
    play.meter(5, 105);
    expect(play.checker.transactions.transactions[0]).toMatchObject({ meterValues: 1, meterResends: 1 });
    expect(play.violations).toEqual([]);
  });

  test('a stop that is sent again otherwise is no resend', () => {
    const play = new Play();
    play.start();
    play.send('StopTransaction', stopRequest(10, 110));
    play.reconnect();
    play.stop(10, 111);
    expect(play.rules).toEqual(['TX_RESEND_CHANGED']);
  });

  test('spaces are bytes too', () => {
    const play = new Play();
    play.rx(`[2,"a","StartTransaction",${JSON.stringify(startRequest())}]`);
    play.reconnect();
    play.rx(`[2,"b","StartTransaction", ${JSON.stringify(startRequest())}]`);
    expect(play.rules).toEqual(['TX_RESEND_CHANGED']);
  });
});

describe('registration and status', () => {
  test('a new start of the station begins its registration anew', () => {
    const play = new Play();
    play.boot();
    play.reconnect();
    play.send('BootNotification', BOOT);
    play.nowMs += 30_000;
    play.say('Heartbeat', {});
    expect(play.rules).toEqual(['BOOT_NOT_ACCEPTED']);
  });

  test('a reconnect without BootNotification is right once it was accepted', () => {
    const play = new Play();
    play.boot();
    play.reconnect();
    play.status('Available');
    expect(play.violations).toEqual([]);
  });

  test('a BootNotification that was asked for changes nothing', () => {
    const play = new Play();
    play.boot();
    play.reconnect();
    play.ask('TriggerMessage', { requestedMessage: 'BootNotification' }, { status: 'Accepted' });
    play.send('BootNotification', BOOT);
    play.nowMs += 30_000;
    play.say('Heartbeat', {});
    expect(play.violations).toEqual([]);
  });

  test('a triggered message that overtakes the answer to its trigger is not triggered yet', () => {
    const play = new Play();
    play.boot('Pending', 30);
    play.tx('[2,"c1","TriggerMessage",{"requestedMessage":"Heartbeat"}]');
    play.say('Heartbeat', {});
    play.rx('[3,"c1",{"status":"Accepted"}]');
    expect(play.rules).toEqual(['BOOT_NOT_ACCEPTED']);
  });

  test('ExtendedTriggerMessage brings the signed twin of a message', () => {
    const play = new Play();
    play.boot('Pending', 30);
    play.ask('ExtendedTriggerMessage', { requestedMessage: 'FirmwareStatusNotification' }, { status: 'Accepted' });
    play.say('SignedFirmwareStatusNotification', { status: 'Idle' });
    expect(play.violations).toEqual([]);
  });

  test('what changed while the connection was down is not told step by step', () => {
    const play = new Play();
    play.status('Preparing');
    play.reconnect();
    play.status('Unavailable');
    expect(play.violations).toEqual([]);
  });

  test('MinimumStatusDuration leaves steps out', () => {
    const play = new Play();
    play.ask('ChangeConfiguration', { key: 'MinimumStatusDuration', value: '5' }, { status: 'Accepted' });
    play.status('Preparing');
    play.status('Unavailable');
    expect(play.violations).toEqual([]);
  });
});

test('answers of a station are held against the table of what was asked', () => {
  const play = new Play();
  play.ask('GetConfiguration', {}, { configurationKey: [{ key: 'K', readonly: true, value: 'x'.repeat(501) }] });
  // lbbrhzn/ocpp#1265
  expect(play.rules).toEqual(['FIELD_LENGTH']);
  expect(play.violations[0]?.message).toContain('/configurationKey/0/value');
});
