import { MortalClock, SeededRandom, SqliteStore, silentLogger, VirtualClock } from '@chargemesh/base';
import {
  ChargePoint,
  type ChargePointOptions,
  Configuration,
  ocppMigrations,
  sessionId,
  type TransactionFinished,
  type TransactionStarted,
} from '../../src/index.ts';
import { FakeCsms } from './fake-csms.ts';
import { FakeStation } from './fake-station.ts';

/** Sections of a configuration, to be laid over the usual one. */
export type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The configuration of most tests: what the recorded reference ran with, sampling included. */
const usual: Sections = {
  Internal: {
    ChargePointId: 'cp001',
    CentralSystemURI: '127.0.0.1:9000/cp001',
    ChargeBoxSerialNumber: 'cp001',
    ChargePointModel: 'Yeti',
    ChargePointVendor: 'Pionix',
    FirmwareVersion: '0.1',
  },
  Core: {
    AllowOfflineTxForUnknownId: true,
    AuthorizeRemoteTxRequests: true,
    AuthorizationCacheEnabled: true,
    ClockAlignedDataInterval: 0,
    ConnectionTimeOut: 10,
    ConnectorPhaseRotation: '0.RST,1.RST',
    GetConfigurationMaxKeys: 100,
    HeartbeatInterval: 86400,
    LocalAuthorizeOffline: false,
    LocalPreAuthorize: false,
    MeterValuesAlignedData: 'Energy.Active.Import.Register',
    MeterValuesSampledData: 'Energy.Active.Import.Register',
    MeterValueSampleInterval: 0,
    NumberOfConnectors: 1,
    ResetRetries: 1,
    StopTransactionOnInvalidId: true,
    StopTxnAlignedData: 'Energy.Active.Import.Register',
    StopTxnSampledData: 'Energy.Active.Import.Register',
    SupportedFeatureProfiles: 'Core,RemoteTrigger',
    TransactionMessageAttempts: 5,
    TransactionMessageRetryInterval: 1,
    UnlockConnectorOnEVSideDisconnect: true,
  },
  Security: { AuthorizationKey: 'AABBCCDDEEFFGGHH', SecurityProfile: 0 },
};

/** The configuration of most tests, with other values for some keys. */
export function sampleDocument(sections: Sections = {}): Sections {
  const all = Object.entries({ ...usual, ...sections });
  return Object.fromEntries(all.map(([name, keys]) => [name, { ...usual[name], ...keys }]));
}

/** How a {@link Bench} differs from the usual one. */
export interface BenchOptions {
  readonly sections?: Sections;
  readonly connectors?: number;
  readonly options?: Partial<ChargePointOptions>;
}

/** A charge point on virtual time with everything around it played. It can lose its power: {@link Bench.kill} leaves the disk alone. */
export class Bench implements Disposable {
  readonly clock = new VirtualClock();
  readonly csms: FakeCsms = new FakeCsms(this.clock);
  readonly station = new FakeStation();
  readonly store = new SqliteStore({ path: ':memory:', migrations: ocppMigrations });
  readonly #given: BenchOptions;
  readonly #random = new SeededRandom(1);
  #mortal = new MortalClock(this.clock);
  #sessions = 0;
  configuration: Configuration;
  chargePoint: ChargePoint;

  constructor(given: BenchOptions = {}) {
    this.#given = given;
    this.configuration = this.#load();
    this.chargePoint = this.#build();
  }

  /** Starts, and lets all settle: booted, unless the CSMS is told otherwise. */
  async start(): Promise<void> {
    this.chargePoint.start('PowerUp');
    await this.clock.advance(1);
  }

  /** The process is gone, its memory and its connection with it; another begins on the same disk. Not started yet. */
  kill(): void {
    this.csms.lose();
    this.#mortal.kill();
    this.#mortal = new MortalClock(this.clock);
    this.configuration = this.#load();
    this.chargePoint = this.#build();
  }

  /** Session, transaction and energy, from plugging in on. @returns the session's id */
  begin(connectorId = 1, more: Partial<TransactionStarted> = {}): TransactionStarted['sessionId'] {
    const id = more.sessionId ?? sessionId(`session-${++this.#sessions}`);
    this.chargePoint.sessionStarted(connectorId, { sessionId: id, reason: 'EVConnected' });
    this.chargePoint.transactionStarted(connectorId, {
      sessionId: id,
      idTag: 'TAG1',
      meterStartWh: 100,
      timestampMs: this.clock.wallMs(),
      ...more,
    });
    this.chargePoint.chargingStarted(connectorId);
    return id;
  }

  /** Ends a transaction; the car stays plugged in. */
  end(id: TransactionStarted['sessionId'], connectorId = 1, more: Partial<TransactionFinished> = {}): void {
    this.chargePoint.transactionFinished(connectorId, {
      sessionId: id,
      reason: 'Local',
      meterStopWh: 200,
      timestampMs: this.clock.wallMs(),
      idTag: 'TAG1',
      ...more,
    });
  }

  /** The meter of a connector reads so much now. */
  read(totalWh: number, connectorId = 1): void {
    this.chargePoint.meterReading(connectorId, {
      timestampMs: this.clock.wallMs(),
      energyImportWh: { total: totalWh },
    });
  }

  /** The row that a query finds first. */
  row(sql: string): Readonly<Record<string, unknown>> {
    return this.store.prepare(sql).get() ?? {};
  }

  [Symbol.dispose](): void {
    this.chargePoint.disconnect();
    this.store.close();
  }

  #load(): Configuration {
    return Configuration.of(sampleDocument(this.#given.sections), {
      connectors: this.#given.connectors ?? 1,
      log: silentLogger,
    });
  }

  #build(): ChargePoint {
    return new ChargePoint({
      clock: this.#mortal,
      random: this.#random,
      log: silentLogger,
      store: this.store,
      configuration: this.configuration,
      transport: this.csms,
      station: this.station,
      connectors: this.#given.connectors ?? 1,
      ...this.#given.options,
    });
  }
}
