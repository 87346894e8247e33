import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseTimestamp, SeededRandom, SqliteStore, silentLogger, VirtualClock } from '@chargemesh/base';
import {
  ChargePoint,
  Configuration,
  type MeterReading,
  ocppMigrations,
  type SignedMeterValue,
  type StopReason,
  sessionId,
} from '../../src/index.ts';
import { FakeCsms } from './fake-csms.ts';
import { FakeStation } from './fake-station.ts';

const folder = new URL('../../../../../shared/reference/golden/', import.meta.url);

/** Whether the recordings of the reference lie beside this repository. */
export const hasGolden: boolean = existsSync(new URL('config.yaml', folder));

/** A frame of a recording: who sent it, when, and what. */
export interface Recorded {
  readonly t: number;
  readonly dir: 'rx' | 'tx' | 'event';
  readonly frame: readonly unknown[] | string;
}

interface BusMessage {
  readonly t: number;
  readonly topic: string;
  readonly payload: string;
}

interface Energy {
  readonly total: number;
  readonly L1?: number;
}

interface Powermeter {
  readonly timestamp: string;
  readonly energy_Wh_import: Energy;
  readonly power_W: Energy;
  readonly voltage_V: Energy;
  readonly current_A: Energy;
}

interface Signed {
  readonly signed_meter_data: string;
}

interface SessionEvent {
  readonly event: string;
  readonly uuid: string;
  readonly timestamp: string;
  readonly session_started?: { readonly reason: 'EVConnected' | 'Authorized' };
  readonly transaction_started?: {
    readonly id_tag: { readonly id_token: { readonly value: string } };
    readonly meter_value: Powermeter;
    readonly signed_meter_value?: Signed;
  };
  readonly transaction_finished?: {
    readonly id_tag?: { readonly id_token: { readonly value: string } };
    readonly meter_value: Powermeter;
    readonly reason: StopReason;
    readonly signed_meter_value?: Signed;
    readonly start_signed_meter_value?: Signed;
  };
}

function lines<T>(name: string): T[] {
  const text = gunzipSync(readFileSync(new URL(name, folder))).toString();
  return text.split('\n').flatMap((line): T[] => (line === '' ? [] : [JSON.parse(line)]));
}

/** The frames of a recording. */
export function recordedFrames(scenario: string): Recorded[] {
  return lines<Recorded>(`ocpp-${scenario}.jsonl.gz`);
}

/** Gives a charge point everything that the reference's OCPP module was given, at the same times. @returns what it sent */
export async function replay(scenario: string): Promise<(readonly unknown[])[]> {
  const frames = recordedFrames(scenario);
  const bus = lines<BusMessage>(`bus-${scenario}.jsonl.gz`);
  const startS = Math.min(frames[0]?.t ?? 0, bus[0]?.t ?? 0);
  const clock = new VirtualClock(Math.floor(startS * 1000));
  const csms = new FakeCsms(clock);
  csms.on('Authorize', ({ idTag }: { idTag: string }) => ({
    idTagInfo: { status: idTag === 'BAD' ? 'Invalid' : 'Accepted' },
  }));
  csms.reachable = false;
  const store = new SqliteStore({ path: ':memory:', migrations: ocppMigrations });
  const configuration = Configuration.of(JSON.parse(readFileSync(new URL('ocpp-config.json', folder), 'utf8')), {
    connectors: 1,
    log: silentLogger,
  });
  const chargePoint = new ChargePoint({
    clock,
    random: new SeededRandom(1),
    log: silentLogger,
    store,
    configuration,
    transport: csms,
    station: new FakeStation(),
    connectors: 1,
  });
  const at = (t: number, what: () => void): void => void clock.setTimer((t - startS) * 1000, what);
  for (const message of bus) at(message.t, () => feed(chargePoint, message));
  for (const { t, dir, frame } of frames)
    at(t, () => {
      if (dir === 'tx' && frame[0] === 2) csms.send(JSON.stringify(frame));
      if (dir === 'event') csms.reachable = String(frame).startsWith('connected');
      if (dir === 'event' && csms.reachable) chargePoint.connect();
      if (dir === 'event' && !csms.reachable) csms.drop();
    });
  chargePoint.start('PowerUp');
  await clock.advance(((frames.at(-1)?.t ?? 0) - startS) * 1000 + 1);
  chargePoint.disconnect();
  await clock.settle();
  store.close();
  return csms.heard.map(({ frame }) => frame);
}

function feed(chargePoint: ChargePoint, { topic, payload }: BusMessage): void {
  const evse = 'everest/modules/connector_1/impl/evse/var/';
  if (topic === 'everest/modules/ocpp/impl/auth_validator/cmd/validate_token')
    void chargePoint.validateToken(JSON.parse(payload).data.args.provided_token.id_token.value);
  if (!topic.startsWith(evse)) return;
  const value = JSON.parse(payload).data.data;
  switch (topic.slice(evse.length)) {
    case 'session_event':
      feedSessionEvent(chargePoint, value);
      break;
    case 'powermeter':
      chargePoint.meterReading(1, readingOf(value));
      break;
    case 'enforced_limits':
      chargePoint.offered(1, { currentA: value.limits_root_side.ac_max_current_A?.value ?? 0, powerW: 0 });
  }
}

function feedSessionEvent(chargePoint: ChargePoint, event: SessionEvent): void {
  const id = sessionId(event.uuid);
  const timestampMs = parseTimestamp(event.timestamp) ?? 0;
  const { session_started: session, transaction_started: started, transaction_finished: finished } = event;
  const feeds: Record<string, () => void> = {
    Enabled: () => chargePoint.enabled(1),
    Disabled: () => chargePoint.disabled(1),
    ChargingStarted: () => chargePoint.chargingStarted(1),
    ChargingPausedEV: () => chargePoint.pausedByEv(1),
    ChargingPausedEVSE: () => chargePoint.pausedByEvse(1),
    SessionFinished: () => chargePoint.sessionFinished(1),
    SessionStarted: () => {
      if (session) chargePoint.sessionStarted(1, { sessionId: id, reason: session.reason });
    },
    TransactionStarted: () => {
      if (!started) return;
      chargePoint.transactionStarted(1, {
        sessionId: id,
        idTag: started.id_tag.id_token.value,
        meterStartWh: started.meter_value.energy_Wh_import.total,
        timestampMs,
        ...signed('signedStart', started.signed_meter_value, timestampMs),
      });
    },
    TransactionFinished: () => {
      if (!finished) return;
      chargePoint.transactionFinished(1, {
        sessionId: id,
        reason: finished.reason,
        meterStopWh: finished.meter_value.energy_Wh_import.total,
        timestampMs,
        ...(finished.id_tag && finished.reason === 'Local' ? { idTag: finished.id_tag.id_token.value } : {}),
        ...signed('signedStart', finished.start_signed_meter_value, timestampMs),
        ...signed('signedStop', finished.signed_meter_value, timestampMs),
      });
    },
  };
  feeds[event.event]?.();
}

function signed<K extends string>(
  key: K,
  value: Signed | undefined,
  timestampMs: number,
): { [k in K]?: SignedMeterValue } {
  const entry = value && { value: value.signed_meter_data, timestampMs };
  return (entry ? { [key]: entry } : {}) as { [k in K]?: SignedMeterValue };
}

function readingOf(value: Powermeter): MeterReading {
  return {
    timestampMs: parseTimestamp(value.timestamp) ?? 0,
    energyImportWh: value.energy_Wh_import,
    powerW: value.power_W,
    voltageV: value.voltage_V,
    currentA: value.current_A,
  };
}
