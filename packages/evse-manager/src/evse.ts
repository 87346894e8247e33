import type { types } from '@chargemesh/contracts';
import { Charger } from './charger/charger.ts';
import { type ChargerStateName, stateNames } from './charger/charger-state.ts';
import { ServiceState } from './enable/service-state.ts';
import { EnergyLeaf } from './energy/energy-leaf.ts';
import type { RandomDelay } from './energy/random-delay.ts';
import { FaultMonitor } from './errors/fault-monitor.ts';
import { OwnFaults } from './errors/own-faults.ts';
import { evseOptions } from './evse-options.ts';
import type { EvsePorts } from './evse-ports.ts';
import { loggedBoard } from './external/logged-board.ts';
import { meterTexts } from './external/meter-texts.ts';
import { CarLink } from './hlc/car-link.ts';
import { ControlPilot } from './iec/control-pilot.ts';
import { LockRule } from './iec/lock-rule.ts';
import type { PilotEvent } from './iec/pilot-letter.ts';
import { PlugHold } from './iec/plug-hold.ts';
import { PwmOffer } from './iec/pwm-offer.ts';
import type { BillingMeter } from './metering/billing-meter.ts';
import { SoftOverCurrent } from './metering/soft-over-current.ts';
import { Readiness } from './readiness.ts';
import { ConnectorUnlock } from './session/connector-unlock.ts';
import type { Continuation, Continued } from './session/continuation.ts';
import { goOn } from './session/go-on.ts';
import { Reservation } from './session/reservation.ts';
import { type SavedSession, Session } from './session/session.ts';
import type { SessionEvents } from './session/session-events.ts';
import { newSessionId } from './session/session-id.ts';
import type { SessionLog } from './session/session-log.ts';
import { sessionRecords } from './session/session-records.ts';
import type { TransactionMemory } from './session/transaction-memory.ts';

const noLock = { lock: async () => {}, unlock: async () => {} };

/** One EVSE: its parts, and how they hear of each other. It knows no bus. */
export class Evse {
  readonly energy: EnergyLeaf;
  /** Undefined where cars charge by control pilot alone. */
  readonly link: CarLink | undefined;
  readonly #ports: EvsePorts;
  readonly #pilot: ControlPilot;
  readonly #offer: PwmOffer;
  readonly #charger: Charger;
  readonly #session: Session;
  readonly #events: SessionEvents;
  readonly #reservation: Reservation;
  readonly #unlock: ConnectorUnlock;
  readonly #sessionLog: SessionLog;
  readonly #meter: BillingMeter;
  readonly #memory: TransactionMemory;
  readonly #overCurrent: SoftOverCurrent;
  readonly #faults: FaultMonitor;
  readonly #ownFaults: OwnFaults;
  readonly #service: ServiceState;
  readonly #readiness: Readiness;
  /** A card that was held to the reader before this EVSE had begun to work. */
  #early:
    | { readonly token: types.authorization.ProvidedIdToken; readonly result: types.authorization.ValidationResult }
    | undefined;
  #boardLost = false;
  readonly #hold: PlugHold;
  readonly #continuation: Continuation;
  /** What goes on from another life of this module. */
  #continued: Continued | undefined;

  constructor(ports: EvsePorts) {
    this.#ports = ports;
    const { moduleId, config, clock, random, log, publish } = ports;
    const options = evseOptions(moduleId, config);
    this.#ownFaults = new OwnFaults(ports.ownFaults, () => this.#faults.update());
    this.#readiness = new Readiness(config.external_ready_to_start_charging, () => this.#start());
    const records = sessionRecords(ports, (event) => this.link?.told(event));
    this.link =
      ports.carLink &&
      new CarLink(options.carLink, {
        ...ports.carLink,
        isAuthorized: () => this.#session.authorized,
        token: (token) => publish.token(token),
      });
    this.#meter = records.meter;
    this.#memory = records.memory;
    this.#continuation = records.continuation;
    this.#sessionLog = records.log;
    this.#events = records.events;
    this.#service = new ServiceState((event, details) => this.#events.publish(event, '', details));
    this.#reservation = new Reservation({
      reservationStart: () => this.#events.publish('ReservationStart', ''),
      reservationEnd: () => this.#events.publish('ReservationEnd', ''),
    });
    this.#pilot = new ControlPilot(options.pilot, {
      board: loggedBoard(ports.board, (message) => this.#sessionLog.row('EVSE', message)),
      lock: new LockRule(ports.lock ?? noLock, (error) => log.warn('the connector lock failed', { error })),
      clock,
      emit: (event) => this.#onPilotEvent(event),
    });
    this.#hold = new PlugHold(this.#pilot, () => this.energy.limit.setCableRating(undefined));
    this.#offer = new PwmOffer(clock, this.#pilot, () => this.#watchCurrent());
    this.#unlock = new ConnectorUnlock({
      clock,
      hasLock: ports.lock !== undefined,
      stopTransaction: () => void this.#session.stop('UnlockCommand'),
      unlock: () => this.#pilot.forceUnlock(),
      activeErrors: () => ports.activeErrors(),
    });
    this.energy = new EnergyLeaf(options.energy, {
      clock,
      random,
      log,
      publish,
      state: () => this.#charger.state,
      heldBack: () => this.#charger.pauseRequested || this.#charger.shutdown !== 'none',
      carAway: () => this.#charger.outlivesUnplugging && !this.#pilot.plugged,
      setOverCurrentLimit: (limitA) => {
        ports.board.setOverCurrentLimit(limitA);
        this.link?.maxCurrent(limitA);
      },
      requestPhases: (threePhases) => this.#charger.requestPhases(threePhases),
      onLimit: () => this.#update(),
    });
    this.#overCurrent = new SoftOverCurrent(options.overCurrent, {
      clock,
      onExceeded: (worstA, offeredA) =>
        this.#ownFaults.raise(
          'overCurrent',
          `The car takes ${worstA.toFixed(1)} A where ${offeredA.toFixed(1)} A are offered`,
        ),
    });
    this.#session = new Session(options.session, {
      log,
      events: this.#events,
      meter: this.#meter,
      memory: this.#memory,
      reservation: this.#reservation,
      newId: () => newSessionId(random, config.session_id_type),
      forgetCar: () => publish.evInfo({}),
      openLog: (sessionId) => this.#sessionLog.open(sessionId),
      closeLog: () => this.#sessionLog.close(),
      save: (session) => this.#continuation.noteSession(session && { ...session, pluggedIn: this.#pilot.plugged }),
      meterRefused: (reason) => this.#ownFaults.raise('meterRefused', `The meter refused the transaction: ${reason}`),
      onChange: () => this.#update(),
    });
    this.#charger = new Charger(options.charger, {
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
        switchingPhases: () => this.#tell('SwitchingPhases'),
        disabled: () => {
          this.#reservation.cancel();
          this.#service.reached(false);
        },
        clearSessionFaults: () => this.#ownFaults.clearSessionFaults(),
      },
      limit: this.energy.limit,
      switchPhases: (threePhases) => {
        this.#sessionLog.row('EVSE', threePhases ? 'three phases' : 'one phase');
        ports.board.switchThreePhases(threePhases);
        this.energy.phasesSwitched(threePhases);
      },
      onState: (state) => this.#onState(state),
      onSettled: () => {
        this.#watchCurrent();
        this.energy.settled();
      },
    });
    this.#faults = new FaultMonitor(
      { useVendorId: config.inoperative_error_use_vendor_id },
      {
        activeErrors: () => ports.activeErrors(),
        raise: (report) => ports.ownFaults.raise(report),
        clear: (type) => ports.ownFaults.clear(type),
        makeSafe: (shutdown) => {
          if (shutdown === 'emergency' && this.#pilot.pwmRunning) this.#offer.stop();
          if (this.#pilot.relayMayBeClosed) this.#pilot.powerOff();
        },
        onShutdown: (shutdown) => {
          if (shutdown !== 'none') this.#reservation.cancel();
          this.#charger.setShutdown(shutdown);
        },
      },
    );
  }

  // The life of the EVSE

  /** The mesh is ready: looks after what a loss of power has left, and begins to work unless the word from outside is awaited. */
  async begin(): Promise<void> {
    const { config, publish } = this.#ports;
    publish.evseId(config.evse_id);
    this.link?.begin();
    const session = this.#recall();
    // An EVSE whose car charges must not ask for nothing meanwhile.
    if (!session) this.energy.begin();
    const metered = this.#meter.awaitFirstValue(config.initial_meter_value_timeout_ms);
    const unfinished = (await this.#memory.unfinished()).filter((id) => id !== session?.id);
    if (unfinished.length > 0) {
      // Whoever waits for this EVSE starts by the word below, and then closes as it knows best what it has not heard the end of.
      await metered;
      await this.#session.finishAfterPowerLoss(unfinished);
    }
    publish.waitingForExternalReady(config.external_ready_to_start_charging);
    await metered;
    if (session?.transaction !== 'active') await this.#meter.stop('');
    this.#readiness.recovered();
  }

  /** A grant of the energy tree, and whether it came by a module that is none of Chargemesh's. */
  enforce(limits: types.energy.EnforcedLimits, byStranger: boolean = false): void {
    this.#continuation.noteGrant(limits);
    this.energy.enforce(limits, byStranger);
  }

  /** The word from outside that charging may begin. @returns false where nobody waits for it */
  externalReady(): boolean {
    const awaited = this.#ports.config.external_ready_to_start_charging;
    if (awaited) this.#continuation.noteExternalReady();
    return this.#readiness.word();
  }

  /** Leaves the hardware safe. */
  shutdown(): void {
    this.#charger.dispose();
    this.#pilot.dispose();
    this.#offer.dispose();
    this.#overCurrent.dispose();
    this.#continuation.dispose();
    this.energy.dispose();
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

  takeTelemetry({ evse_temperature_C }: types.evse_board_support.Telemetry): void {
    this.#ports.publish.external('state/temperature', evse_temperature_C.toFixed(5));
  }

  /** A value of the meter that the bill is made from. */
  takeBillingMeter(value: types.powermeter.Powermeter): void {
    this.#meter.take(value);
    this.#ports.publish.powermeter(value);
    this.link?.meter(value);
    for (const [topic, text] of meterTexts(value)) this.#ports.publish.external(topic, text);
    const { L1, L2, L3 } = value.current_A ?? {};
    if (L1 !== undefined && L2 !== undefined && L3 !== undefined) this.#overCurrent.measured([L1, L2, L3]);
  }

  /** Car and EVSE have agreed on how they talk. */
  takeProtocol(protocol: string): void {
    this.#events.speak(protocol);
  }

  /** A peer has raised or cleared an error. */
  errorsChanged(): void {
    this.#faults.update();
  }

  /** The board's module has left the mesh, or is back. */
  boardPresent(present: boolean): void {
    if (!this.#readiness.begun || present !== this.#boardLost) return;
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

  /** What the board has reported while the broker was away is lost: it reports its state anew. */
  boardReunited(): void {
    if (this.#readiness.begun && !this.#boardLost) this.#pilot.resume();
  }

  /** Whether a transaction goes on though its car is unplugged, until somebody stops it; the plug at the station stays locked. */
  outliveUnplugging(outlives: boolean): void {
    this.#charger.setWaitsForCar(outlives);
    this.#update();
  }

  /** The modem does not find the car's: F has both look anew. */
  requestErrorSequence(): void {
    this.#charger.requestErrorSequence();
  }

  // Commands

  /** @returns whether the EVSE is to be in service now, whoever decides it */
  enableDisable(connectorId: number, source: types.evse_manager.EnableDisableSource): boolean {
    const inService = this.#service.request(connectorId, source);
    this.#continuation.noteWish({ connectorId, source });
    if (!this.#readiness.begun) return inService;
    if (inService) this.#service.reached(true);
    else this.#session.endForDisable();
    this.#charger.requestDisable(!inService);
    return inService;
  }

  authorizeResponse(token: types.authorization.ProvidedIdToken, result: types.authorization.ValidationResult): void {
    const mayBeUsed = this.link?.decided(token, result) ?? true;
    if (!mayBeUsed || result.authorization_status !== 'Accepted') return;
    if (!this.#readiness.begun) {
      this.#early = { token, result };
      return;
    }
    const { state } = this.#charger;
    if (!this.#service.wanted || state === 'Disabled' || state === 'Finished') {
      this.#ports.log.info(`an authorisation is ignored in state ${state}`);
      return;
    }
    this.#session.authorize(token, result);
  }

  withdrawAuthorization(): void {
    this.#early = undefined;
    if (this.#session.authorized) this.#reservation.cancel();
    const pluggedInTooLong = this.#session.withdraw(this.#charger.state !== 'Finished');
    if (pluggedInTooLong && this.#ports.config.raise_mrec9)
      this.#ownFaults.raise('authorizationTimeout', 'Nobody was authorised in time');
  }

  /** @returns false where the EVSE is in use, faulty, out of service or reserved by another id */
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
    this.#continuation.notePause(pause);
    this.#charger.requestPause(pause);
    return true;
  }

  /** Has a car be charged on all three phases, or on one; while it charges after a break. */
  useThreePhases(threePhases: boolean): void {
    this.#charger.requestPhases(threePhases);
  }

  /** @returns false where no transaction is running */
  stopTransaction({ reason, id_tag }: types.evse_manager.StopTransactionRequest): boolean {
    if (!this.#session.stop(reason, id_tag)) return false;
    this.link?.stopped(reason);
    return true;
  }

  /** Gives the cable back. @see ConnectorUnlock.force */
  forceUnlock(connectorId: number): Promise<boolean> {
    return this.#unlock.force(connectorId);
  }

  get randomDelay(): Pick<RandomDelay, 'enable' | 'disable' | 'cancel' | 'setMaxDurationS'> {
    return this.energy.delay;
  }

  // How the parts hear of each other

  /** Nothing is waited for any more. */
  #start(): void {
    const inService = this.#service.wanted;
    const { session, pauseRequested = false, awayMs = 0, grant } = this.#continued ?? {};
    if (session) this.#service.assumeEnabled();
    else if (inService) this.#service.reached(true);
    this.energy.delay.started();
    if (session) {
      this.#ports.log.warn(`session ${session.id} goes on`, { transaction: session.transaction, awayMs });
      // A grant that came meanwhile is newer.
      if (grant && !this.#continuation.wasGranted) this.enforce(grant);
      goOn(
        session,
        { pauseRequested, awayMs },
        {
          session: this.#session,
          pilot: this.#pilot,
          charger: this.#charger,
          events: this.#events,
          limit: this.energy.limit,
        },
      );
      this.energy.begin();
      this.#charger.requestDisable(!inService);
    } else this.#charger.start(!inService);
    this.#update();
    this.#ports.publish.ready();
    const early = this.#early;
    this.#early = undefined;
    if (early) this.authorizeResponse(early.token, early.result);
  }

  /** Takes up what this EVSE was about when its module died alone. @returns the session that goes on */
  #recall(): SavedSession | undefined {
    const continued = this.#continuation.recall();
    if (!continued) return undefined;
    this.#continued = continued;
    if (continued.externalReady) this.#readiness.word();
    for (const { connectorId, source } of continued.wishes) this.#service.request(connectorId, source);
    return continued.session;
  }

  #update(): void {
    this.#hold.update(this.#charger.outlivesUnplugging);
    // Before the start it is not known who was authorised.
    if (this.#readiness.begun && this.#ports.config.unlock_when_deauthorized)
      this.#pilot.setAuthorized(this.#session.authorized);
    this.#charger.update();
  }

  #onPilotEvent(event: PilotEvent): void {
    this.#sessionLog.row('CAR', event);
    this.link?.pilot(event);
    if (event === 'CarUnplugged') {
      // One that stays locked in the socket is not read again.
      if (!this.#hold.held) this.energy.limit.setCableRating(undefined);
      this.#charger.noteUnplugged();
    }
    if (event === 'PowerOff') this.#unlock.relayOpened();
    this.#update();
  }

  #onState(state: ChargerStateName): void {
    const { publish } = this.#ports;
    const { text, number } = stateNames[state];
    this.#sessionLog.row('SYS', `state ${text}`);
    publish.external('state/state_string', text);
    publish.external('state/state', String(number));
    if (state === 'WaitingForAuthentication' || state === 'Finished') this.energy.request(true);
  }

  #tell(event: types.evse_manager.SessionEventEnum): void {
    this.#events.publish(event, this.#session.id);
  }

  #watchCurrent(): void {
    const { state } = this.#charger;
    const watched = state === 'Charging' || state === 'ChargingPausedEV';
    this.#overCurrent.offered(watched && this.#offer.running ? this.#offer.offeredA : undefined);
  }
}
