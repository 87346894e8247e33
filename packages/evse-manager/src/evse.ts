import { ChargemeshError } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { Charger } from './charger/charger.ts';
import { type ChargerStateName, stateNames } from './charger/charger-state.ts';
import { EnableTable } from './enable/enable-table.ts';
import { CurrentLimit } from './energy/current-limit.ts';
import { energyRequest } from './energy/energy-request.ts';
import { cappedByCable, enforcedCurrentA } from './energy/enforced-limits.ts';
import { RandomDelay } from './energy/random-delay.ts';
import { FaultMonitor } from './errors/fault-monitor.ts';
import { OwnFaults } from './errors/own-faults.ts';
import type { EvsePorts } from './evse-ports.ts';
import { meterTexts } from './external/meter-texts.ts';
import { cableRatingA } from './iec/cable-rating.ts';
import { type BoardPort, ControlPilot } from './iec/control-pilot.ts';
import { LockRule } from './iec/lock-rule.ts';
import type { PilotEvent } from './iec/pilot-letter.ts';
import { PwmOffer } from './iec/pwm-offer.ts';
import { BillingMeter } from './metering/billing-meter.ts';
import { SoftOverCurrent } from './metering/soft-over-current.ts';
import { Reservation } from './session/reservation.ts';
import { Session } from './session/session.ts';
import { SessionEvents } from './session/session-events.ts';
import { newSessionId } from './session/session-id.ts';
import { SessionLog } from './session/session-log.ts';
import { TransactionMemory } from './session/transaction-memory.ts';

const ENERGY_REQUEST_PERIOD_MS = 1_000;
/** By then a car that ignores the end of the offer is cut off. */
const RELAY_MUST_OPEN_WITHIN_MS = 25_000;
/** The only connector of this EVSE. */
const CONNECTOR_ID = 1;
/** States in which a rise of the limit would start a car, or speed it up. */
const carMayCharge: ReadonlySet<ChargerStateName> = new Set([
  'WaitingForAuthentication',
  'PrepareCharging',
  'Charging',
]);
const noLock = { lock: async () => {}, unlock: async () => {} };

/** One EVSE: its parts, and how they hear of each other. It knows no bus. */
export class Evse {
  readonly #ports: EvsePorts;
  readonly #pilot: ControlPilot;
  readonly #offer: PwmOffer;
  readonly #charger: Charger;
  readonly #session: Session;
  readonly #events: SessionEvents;
  readonly #reservation: Reservation;
  readonly #sessionLog: SessionLog;
  readonly #meter: BillingMeter;
  readonly #memory: TransactionMemory;
  readonly #limit: CurrentLimit;
  readonly #delay: RandomDelay;
  readonly #overCurrent: SoftOverCurrent;
  readonly #faults: FaultMonitor;
  readonly #ownFaults: OwnFaults;
  readonly #enableTable = new EnableTable();
  readonly #relayWaiters = new Set<() => void>();
  #hardware: types.evse_board_support.HardwareCapabilities | undefined;
  #phases: number | undefined;
  #gridMeter: types.powermeter.Powermeter | undefined;
  #carMeter: types.powermeter.Powermeter | undefined;
  #grantValidUntilMs = 0;
  /** The mesh is ready, so that peers may be called. */
  #begun = false;
  /** What the last run left has been looked after. */
  #recovered = false;
  #externalReady = false;
  #started = false;
  #boardLost = false;
  /** What consumers were told of being in service. */
  #toldInService: boolean | undefined;
  #toldLimits = '';
  #toldOverCurrentLimitA: number | undefined;
  #enableScope: 'evse' | 'connector' = 'evse';

  constructor(ports: EvsePorts) {
    this.#ports = ports;
    const { config, clock, random, log, publish, board } = ports;
    this.#meter = new BillingMeter(ports.billingMeter, { clock, log });
    this.#events = new SessionEvents(
      {
        sessionEvent: (event) => {
          this.#sessionLog.row('SYS', `session event ${event.event}`);
          publish.sessionEvent(event);
        },
        selectedProtocol: (protocol) => publish.selectedProtocol(protocol),
      },
      { clock, meterValue: () => this.#meter.value() },
    );
    this.#sessionLog = new SessionLog(
      { enabled: config.session_logging, root: ports.sessionLogRoot, suffix: config.logfile_suffix },
      { clock, log, onRow: (row) => publish.logRow(row) },
    );
    this.#reservation = new Reservation({
      reservationStart: () => this.#events.publish('ReservationStart', ''),
      reservationEnd: () => this.#events.publish('ReservationEnd', ''),
    });
    this.#memory = new TransactionMemory(ports.moduleId, {
      store: ports.store,
      keyValue: ports.keyValue,
      clock,
      log,
    });
    this.#ownFaults = new OwnFaults(ports.ownFaults);
    this.#pilot = new ControlPilot(
      {
        hasVentilation: config.has_ventilation,
        lockInStateB: config.lock_connector_in_state_b,
        limitSimplifiedTo10A: config.hack_simplified_mode_limit_10A,
      },
      {
        board: this.#loggedBoard(board),
        lock: new LockRule(ports.lock ?? noLock, (error) => log.warn('the connector lock failed', { error })),
        clock,
        emit: (event) => this.#onPilotEvent(event),
      },
    );
    this.#offer = new PwmOffer(clock, this.#pilot, () => this.#watchCurrent());
    this.#limit = new CurrentLimit({ clock, log, onChange: () => this.#onLimit() });
    this.#delay = new RandomDelay(
      {
        enabled: config.uk_smartcharging_random_delay_enable,
        maxDurationS: config.uk_smartcharging_random_delay_max_duration,
        atAnyChange: config.uk_smartcharging_random_delay_at_any_change,
      },
      { clock, random, countdown: (countdown) => publish.countdown(countdown), onChange: () => this.#grant() },
    );
    this.#overCurrent = new SoftOverCurrent(
      {
        tolerancePercent: config.soft_over_current_tolerance_percent,
        noiseA: config.soft_over_current_measurement_noise_A,
        timeoutMs: config.soft_over_current_timeout_ms,
      },
      {
        clock,
        onExceeded: (worstA, offeredA) =>
          this.#ownFaults.raise(
            'overCurrent',
            `The car takes ${worstA.toFixed(1)} A of ${offeredA.toFixed(1)} A offered`,
          ),
      },
    );
    this.#session = new Session(
      {
        evseId: config.evse_id,
        failOnMeterErrors: config.fail_on_powermeter_errors,
        disableAuthentication: config.disable_authentication,
      },
      {
        log,
        events: this.#events,
        meter: this.#meter,
        memory: this.#memory,
        reservation: this.#reservation,
        newId: () => newSessionId(random, config.session_id_type),
        forgetCar: () => publish.evInfo({}),
        openLog: (sessionId) => this.#sessionLog.open(sessionId),
        closeLog: () => this.#sessionLog.close(),
        meterRefused: (reason) => this.#ownFaults.raise('meterRefused', `The meter refused the transaction: ${reason}`),
        onChange: () => this.#update(),
      },
    );
    this.#charger = new Charger(
      { showFAfterFaultMs: config.state_F_after_fault_ms },
      {
        clock,
        log,
        pilot: this.#pilot,
        offer: this.#offer,
        session: this.#session,
        events: {
          authRequired: () => this.#tell('AuthRequired'),
          prepareCharging: () => this.#tell('PrepareCharging'),
          chargingStarted: () => this.#tell('ChargingStarted'),
          chargingPausedEv: () => this.#tell('ChargingPausedEV'),
          chargingPausedEvse: (reasons) =>
            this.#events.publish('ChargingPausedEVSE', this.#session.id, { charging_paused_evse: { reasons } }),
          stoppingCharging: () => this.#tell('StoppingCharging'),
          disabled: () => this.#onDisabled(),
          clearSessionFaults: () => this.#ownFaults.clearSessionFaults(),
        },
        limit: this.#limit,
        onState: (state) => this.#onState(state),
        onSettled: () => this.#watchCurrent(),
      },
    );
    this.#faults = new FaultMonitor(
      { useVendorId: config.inoperative_error_use_vendor_id },
      {
        activeErrors: () => ports.activeErrors(),
        raise: (report) => ports.ownFaults.raise(report),
        clear: (type) => ports.ownFaults.clear(type),
        onShutdown: (shutdown) => {
          if (shutdown !== 'none') {
            if (shutdown === 'emergency' && this.#pilot.pwmRunning) this.#offer.stop();
            if (!this.#pilot.relayOpen) this.#pilot.powerOff();
            this.#reservation.cancel();
          }
          this.#charger.setShutdown(shutdown);
        },
      },
    );
  }

  // The life of the EVSE

  /** The mesh is ready: looks after what a loss of power has left, and begins to work unless the word from outside is awaited. */
  async begin(): Promise<void> {
    const { config, publish, clock } = this.#ports;
    this.#begun = true;
    publish.evseId(config.evse_id);
    this.#onLimit();
    this.publishEnergyRequest(true);
    clock.setPeriodic(ENERGY_REQUEST_PERIOD_MS, () => this.publishEnergyRequest(false));
    publish.waitingForExternalReady(config.external_ready_to_start_charging);
    await this.#meter.awaitFirstValue(config.initial_meter_value_timeout_ms);
    await this.#session.finishAfterPowerLoss(await this.#memory.unfinished());
    await this.#meter.stop('');
    this.#recovered = true;
    this.#startIfDue();
  }

  /** The word from outside that charging may begin. @returns false where nobody waits for it */
  externalReady(): boolean {
    if (!this.#ports.config.external_ready_to_start_charging) return false;
    this.#externalReady = true;
    this.#startIfDue();
    return true;
  }

  /** Leaves the hardware safe. */
  shutdown(): void {
    this.#charger.dispose();
    this.#pilot.dispose();
    this.#limit.dispose();
    if (this.#pilot.pwmRunning) this.#pilot.steady();
    this.#pilot.powerOff();
    this.#sessionLog.close();
  }

  // What the peers tell

  takeBoardEvent(event: types.board_support_common.BspEvent['event']): void {
    this.#sessionLog.row('CAR', `control pilot ${event}`);
    this.#pilot.take(event);
    this.#update();
  }

  takeHardware(hardware: types.evse_board_support.HardwareCapabilities): void {
    this.#hardware = hardware;
    this.#phases ??= hardware.max_phase_count_import;
    this.#ports.publish.hardwareCapabilities(hardware);
    this.#limit.setHardware(hardware.max_current_A_import, hardware.connector_type === 'IEC62196Type2Socket');
  }

  takePhases(phases: number): void {
    this.#phases = phases;
    this.#onLimit();
  }

  takeProximityPilot(ampacity: types.board_support_common.ProximityPilot['ampacity']): void {
    this.#limit.setCableRating(cableRatingA(ampacity, this.#hardware?.max_phase_count_import ?? 3));
  }

  /** A value of the meter that the bill is made from. */
  takeBillingMeter(value: types.powermeter.Powermeter): void {
    this.#meter.take(value);
    this.#ports.publish.powermeter(value);
    for (const [topic, text] of meterTexts(value)) this.#ports.publish.external(topic, text);
    const { L1, L2, L3 } = value.current_A ?? {};
    if (L1 !== undefined && L2 !== undefined && L3 !== undefined) this.#overCurrent.measured([L1, L2, L3]);
  }

  takeTelemetry({ evse_temperature_C }: types.evse_board_support.Telemetry): void {
    this.#ports.publish.external('state/temperature', evse_temperature_C.toFixed(5));
  }

  takeGridMeter(value: types.powermeter.Powermeter): void {
    this.#gridMeter = value;
  }

  takeCarMeter(value: types.powermeter.Powermeter): void {
    this.#carMeter = value;
  }

  /** An error was raised or cleared somewhere. */
  errorsChanged(): void {
    this.#faults.update();
  }

  /** The board's module has left the mesh, or is back. */
  boardPresent(present: boolean): void {
    if (!this.#started || present !== this.#boardLost) return;
    this.#boardLost = !present;
    if (present) {
      this.#pilot.resume();
      this.#ownFaults.clear('boardLost');
    } else {
      this.#ownFaults.raise('boardLost', 'The module of the board has left');
      this.#pilot.lose();
    }
    this.#update();
  }

  // Commands

  /** @returns whether the EVSE is in service now, whoever decides it */
  enableDisable(connectorId: number, source: types.evse_manager.EnableDisableSource): boolean {
    this.#enableScope = connectorId === 0 ? 'evse' : 'connector';
    this.#enableTable.set(this.#enableScope, source);
    const { enabled } = this.#enableTable.decide();
    if (!this.#started) return enabled;
    if (!enabled) this.#session.endForDisable();
    else if (this.#toldInService === false) this.#tellInService(true);
    this.#charger.requestDisable(!enabled);
    return enabled;
  }

  authorizeResponse(token: types.authorization.ProvidedIdToken, result: types.authorization.ValidationResult): void {
    if (result.authorization_status !== 'Accepted') return;
    const { state } = this.#charger;
    const inService = this.#started && this.#enableTable.decide().enabled;
    if (!inService || state === 'Disabled' || state === 'Finished') {
      this.#ports.log.info(`an authorisation is ignored in state ${state}`);
      return;
    }
    this.#session.authorize(token, result);
    this.#update();
  }

  withdrawAuthorization(): void {
    if (this.#session.authorized && this.#reservation.active) this.#reservation.cancel();
    const pluggedInTooLong = this.#session.withdraw();
    if (pluggedInTooLong && this.#ports.config.raise_mrec9)
      this.#ownFaults.raise('authorizationTimeout', 'Nobody was authorised in time');
    this.#update();
  }

  reserve(id: number): boolean {
    if (this.#charger.state !== 'Idle' || this.#charger.shutdown !== 'none' || this.#session.isOpen) return false;
    return this.#reservation.reserve(id);
  }

  cancelReservation(): void {
    this.#reservation.cancel();
  }

  /** @returns false where no transaction is running */
  pause(pause: boolean): boolean {
    if (this.#session.transaction !== 'active') return false;
    this.#charger.requestPause(pause);
    return true;
  }

  stopTransaction({ reason, id_tag }: types.evse_manager.StopTransactionRequest): boolean {
    return this.#session.stop(reason, id_tag);
  }

  /**
   * Unlocks the connector, after ending a transaction that runs.
   * @returns false where there is no lock, or no such connector
   * @throws ChargemeshError `UNLOCK_FAILED` where the relay does not open or the lock reports a fault; what the lock's driver throws
   */
  async forceUnlock(connectorId: number): Promise<boolean> {
    if (!this.#ports.lock || connectorId !== CONNECTOR_ID) return false;
    this.#session.stop('UnlockCommand');
    while (!(await this.#pilot.forceUnlock())) await this.#relayOpened();
    const fault = this.#ports.activeErrors().find(({ type }) => type.startsWith('connector_lock/'));
    if (fault) throw new ChargemeshError('UNLOCK_FAILED', `the connector lock reports ${fault.type}: ${fault.message}`);
    return true;
  }

  enforceLimits(enforced: types.energy.EnforcedLimits): void {
    const { moduleId, config, publish, clock } = this.#ports;
    if (enforced.uuid !== moduleId || this.#phases === undefined) return;
    const { limits_root_side: limits } = enforced;
    const currentA = enforcedCurrentA(limits, { nominalVoltageV: config.ac_nominal_voltage, phases: this.#phases });
    publish.enforcedLimits(cappedByCable(enforced, this.#limit.cableRatingA));
    if (limits.total_power_W) publish.external('state/max_watt', String(limits.total_power_W.value));
    this.#grantValidUntilMs = clock.monotonicMs() + enforced.valid_for * 1000;
    this.#delay.take(currentA, carMayCharge.has(this.#charger.state));
    this.#grant();
    publish.external('state/max_current', String(this.#limit.limitA ?? 0));
  }

  get randomDelay(): Pick<RandomDelay, 'enable' | 'disable' | 'cancel' | 'setMaxDurationS'> {
    return this.#delay;
  }

  publishEnergyRequest(priority: boolean): void {
    const { moduleId, config, publish, clock } = this.#ports;
    publish.energyRequest(
      energyRequest(
        {
          moduleId,
          state: this.#charger.state,
          priority,
          hardware: this.#hardware,
          phases: this.#phases,
          cableRatingA: this.#limit.cableRatingA,
          requestZeroPowerInIdle: config.request_zero_power_in_idle,
          gridMeter: this.#gridMeter,
          carMeter: this.#carMeter,
        },
        clock,
      ),
    );
  }

  // How the parts hear of each other

  #startIfDue(): void {
    if (this.#started || !this.#recovered) return;
    if (this.#ports.config.external_ready_to_start_charging && !this.#externalReady) return;
    this.#started = true;
    const { publish } = this.#ports;
    publish.supportedEnergyTransferModes([]);
    const { enabled } = this.#enableTable.decide();
    if (enabled) this.#tellInService(true);
    this.#delay.started();
    this.#charger.start(!enabled);
    publish.ready();
  }

  #update(): void {
    if (this.#ports.config.unlock_when_deauthorized) this.#pilot.setAuthorized(this.#session.authorized);
    this.#charger.update();
  }

  #onPilotEvent(event: PilotEvent): void {
    this.#sessionLog.row('CAR', event);
    if (event === 'CarUnplugged') {
      this.#limit.setCableRating(undefined);
      this.#charger.noteUnplugged();
    }
    this.#update();
    if (event !== 'PowerOff') return;
    for (const resolve of this.#relayWaiters) resolve();
    this.#relayWaiters.clear();
  }

  #onState(state: ChargerStateName): void {
    const { publish } = this.#ports;
    const { text, number } = stateNames[state];
    this.#sessionLog.row('SYS', `state ${text}`);
    publish.external('state/state_string', text);
    publish.external('state/state', String(number));
    if (state === 'WaitingForAuthentication' || state === 'Finished') this.publishEnergyRequest(true);
  }

  #onLimit(): void {
    if (!this.#begun) return;
    const { moduleId, publish, board } = this.#ports;
    const limitA = this.#limit.limitA ?? 0;
    if (limitA !== this.#toldOverCurrentLimitA) {
      this.#toldOverCurrentLimitA = limitA;
      board.setOverCurrentLimit(limitA);
    }
    const limits = { uuid: moduleId, max_current: limitA, nr_of_phases_available: this.#phases ?? 0 };
    const text = JSON.stringify(limits);
    if (text !== this.#toldLimits) {
      this.#toldLimits = text;
      publish.limits(limits);
    }
    this.#update();
  }

  #grant(): void {
    this.#limit.grant(this.#delay.currentA, this.#grantValidUntilMs - this.#ports.clock.monotonicMs());
  }

  #onDisabled(): void {
    this.#reservation.cancel();
    if (this.#toldInService !== false) this.#tellInService(false);
  }

  /** Says that the EVSE is (not) in service. Only a request for the connector itself names the connector. */
  #tellInService(inService: boolean): void {
    this.#toldInService = inService;
    const { source } = this.#enableTable.decide();
    this.#events.publish(inService ? 'Enabled' : 'Disabled', '', {
      source,
      ...(this.#enableScope === 'connector' && { connector_id: CONNECTOR_ID }),
    });
  }

  #tell(event: types.evse_manager.SessionEventEnum): void {
    this.#events.publish(event, this.#session.id);
  }

  #watchCurrent(): void {
    const { state } = this.#charger;
    const watched = state === 'Charging' || state === 'ChargingPausedEV';
    this.#overCurrent.offered(watched && this.#offer.running ? this.#offer.offeredA : undefined);
  }

  /** Resolves when the relay has opened. @throws ChargemeshError where it does not */
  async #relayOpened(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = this.#ports.clock.setTimer(RELAY_MUST_OPEN_WITHIN_MS, () =>
      reject(new ChargemeshError('UNLOCK_FAILED', 'the relay does not open, so the connector stays locked')),
    );
    this.#relayWaiters.add(resolve);
    try {
      await promise;
    } finally {
      timer.cancel();
      this.#relayWaiters.delete(resolve);
    }
  }

  /** The board, with what it is told written to the session's log. */
  #loggedBoard(board: BoardPort): BoardPort {
    const told = (message: string): void => this.#sessionLog.row('EVSE', message);
    return {
      enable: (on) => board.enable(on),
      pwmOn: (dutyPercent) => {
        told(`PWM ${dutyPercent.toFixed(1)} %`);
        board.pwmOn(dutyPercent);
      },
      steady: () => {
        told('steady control pilot');
        board.steady();
      },
      showF: () => {
        told('control pilot F');
        board.showF();
      },
      allowPower: (allowed, reason) => {
        told(allowed ? `relay may close: ${reason}` : 'relay must open');
        board.allowPower(allowed, reason);
      },
    };
  }
}
