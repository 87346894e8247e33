import { SeededRandom, SqliteStore, silentLogger, VirtualClock } from '@chargemesh/base';
import { loadContracts, type types } from '@chargemesh/contracts';
import type { MeshError, Severity } from '@chargemesh/framework';
import { boardCapabilities } from '@chargemesh/testkit';
import { Evse } from '../../src/evse.ts';
import type { EvseConfig, EvsePublisher } from '../../src/evse-ports.ts';
import { resumeMigration } from '../../src/session/resume-memory.ts';
import { transactionMigrations } from '../../src/session/transaction-memory.ts';
import { SessionOrder } from './session-order.ts';

export type Letter = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/** What is done to an EVSE. */
export type Step =
  | { readonly kind: 'letter'; readonly letter: Letter | 'Disconnected' }
  | { readonly kind: 'relayDrops' }
  | { readonly kind: 'weld'; readonly on: boolean }
  | { readonly kind: 'board'; readonly present: boolean }
  | { readonly kind: 'authorize'; readonly accepted: boolean }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'stop'; readonly reason: types.evse_manager.StopTransactionReason }
  | { readonly kind: 'pause'; readonly on: boolean }
  | {
      readonly kind: 'enable';
      readonly connectorId: number;
      readonly source: types.evse_manager.EnableDisableSource['enable_source'];
      readonly state: types.evse_manager.EnableDisableSource['enable_state'];
      readonly priority: number;
    }
  | { readonly kind: 'reserve'; readonly id: number }
  | { readonly kind: 'cancelReservation' }
  | { readonly kind: 'unlock' }
  | { readonly kind: 'limit'; readonly limitA: number; readonly validForS: number; readonly phases: number }
  /** What the cable in a socket bears, in ampere; 0 for none that can be read. */
  | { readonly kind: 'cable'; readonly bearsA: keyof typeof ampacities }
  | { readonly kind: 'phases'; readonly three: boolean }
  | { readonly kind: 'errorSequence' }
  | { readonly kind: 'fault'; readonly type: string; readonly severity: Severity; readonly active: boolean }
  | { readonly kind: 'meter'; readonly mood: 'sound' | 'slow' | 'refuses'; readonly currentA: number }
  | { readonly kind: 'outlive'; readonly on: boolean }
  /** The way into a charge: without it few would get there. */
  | { readonly kind: 'charge'; readonly cardFirst: boolean }
  | { readonly kind: 'wait'; readonly forMs: number };

const ampacities = { 0: 'None', 13: 'A_13', 20: 'A_20', 32: 'A_32', 63: 'A_63_3ph_70_1ph' } as const;

const LEAST_A = 5.9;
const RELAY_MS = 20;
/** How long the car may take to end the load. */
const CAR_MS = 6_000;

const defaults = Object.fromEntries(
  Object.entries(loadContracts().manifest('EvseManager').config).map(([key, entry]) => [key, entry.default]),
);

/**
 * An EVSE on a board that does as it is told, and what has to hold whatever is done to either: who may have current, how much, behind which
 * lock, and the order of what is told.
 */
export class EvseRig {
  readonly clock = new VirtualClock();
  readonly order = new SessionOrder();
  readonly #store = new SqliteStore({ path: ':memory:', migrations: [...transactionMigrations, resumeMigration(2)] });
  readonly #config: EvseConfig;
  readonly #evse: Evse;
  readonly #faults = new Map<string, MeshError>();
  readonly #ownFaults = new Map<string, MeshError>();
  readonly #sources = new Set<string>();
  readonly #wrong: string[] = [];

  // The board
  #present = true;
  #enabled = false;
  #car: Letter = 'A';
  #signal: 'steady' | 'pwm' | 'F' = 'steady';
  #offeredA = 0;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #letter: Letter | 'Disconnected' | undefined;
  #allowed = false;
  #closed = false;
  #welded = false;
  #locked: boolean | undefined;
  #meterMood: 'sound' | 'slow' | 'refuses' = 'sound';

  // What the EVSE may do
  #authorized = false;
  #cancelled = false;
  #authorizationLostAtMs = 0;
  #limitA = 0;
  #limitEndsAtMs = 0;
  #limitLostAtMs = 0;

  readonly #isSocket: boolean;
  #cableA = Number.POSITIVE_INFINITY;

  /** @param isSocket whether the customer brings the cable */
  constructor(config: Partial<EvseConfig>, isSocket: boolean = false) {
    this.#isSocket = isSocket;
    // The manifest says what each key holds.
    this.#config = { ...defaults, connector_id: 1, evse_id: '1', session_logging: false, ...config } as EvseConfig;
    this.#evse = this.#build();
  }

  /** The EVSE begins to work. */
  async start(): Promise<void> {
    this.#evse.energy.takeHardware({
      ...boardCapabilities,
      max_current_A_export: 0,
      ...(this.#isSocket && { connector_type: 'IEC62196Type2Socket' }),
    });
    this.#meterValue(0);
    await this.#evse.begin();
    await this.#settle();
  }

  async run(step: Step): Promise<void> {
    if (step.kind === 'charge') return await this.#charge(step.cardFirst);
    await this.#do(step);
    await this.#settle();
  }

  /** All is well again and the car has gone: every session is over, and nothing runs on. */
  async end(): Promise<void> {
    this.#meterMood = 'sound';
    for (const step of [
      { kind: 'board', present: true },
      { kind: 'weld', on: false },
      { kind: 'outlive', on: false },
      { kind: 'letter', letter: 'A' },
    ] as const)
      await this.run(step);
    this.#faults.clear();
    this.#evse.errorsChanged();
    await this.run({ kind: 'withdraw' });
    for (const key of this.#sources) {
      const [connectorId, source] = JSON.parse(key);
      await this.run({ kind: 'enable', connectorId, source, state: 'Enable', priority: 0 });
    }
    await this.run({ kind: 'wait', forMs: 120_000 });
    await this.run({ kind: 'withdraw' });
    await this.run({ kind: 'wait', forMs: 1_000 });
    const { counts, stage } = this.order;
    if (stage !== 'none') throw new Error(`a session does not end: ${stage}, after ${this.order.last}`);
    for (const what of ['Session', 'Transaction'] as const)
      if (counts[`${what}Started`] !== counts[`${what}Finished`]) throw new Error(`a ${what} does not end`);
    this.#evse.shutdown();
    // What the board itself still does.
    await this.clock.advance(RELAY_MS);
    if (this.clock.pendingTimers > 0) throw new Error(`${this.clock.pendingTimers} timers are left`);
    this.#store.close();
  }

  async #charge(cardFirst: boolean): Promise<void> {
    this.#faults.clear();
    this.#evse.errorsChanged();
    this.#meterMood = 'sound';
    const card: Step = { kind: 'authorize', accepted: true };
    const car: Step = { kind: 'letter', letter: 'B' };
    await this.run({ kind: 'letter', letter: 'A' });
    await this.run({ kind: 'wait', forMs: 100 });
    for (const step of cardFirst ? [card, car] : [car, card]) await this.run(step);
    await this.run({ kind: 'cable', bearsA: 20 });
    await this.run({ kind: 'limit', limitA: 16, validForS: 10_000, phases: 3 });
    await this.run({ kind: 'letter', letter: 'C' });
    await this.run({ kind: 'wait', forMs: 50 });
  }

  #do(step: Exclude<Step, { kind: 'charge' }>): void | Promise<void> {
    const evse = this.#evse;
    switch (step.kind) {
      case 'letter':
        if (step.letter === 'Disconnected') this.#report('Disconnected');
        else this.#car = step.letter;
        return this.#measure();
      case 'relayDrops':
        if (!this.#closed || this.#welded || !this.#present) return;
        this.#allowed = false;
        this.#closed = false;
        return evse.takeBoardEvent('PowerOff');
      case 'weld':
        this.#welded = step.on;
        return this.#move();
      case 'board':
        return this.#bePresent(step.present);
      case 'authorize':
        return evse.authorizeResponse(
          { id_token: { value: 'TAG', type: 'ISO14443' }, authorization_type: 'RFID' },
          { authorization_status: step.accepted ? 'Accepted' : 'Invalid', tariff_messages: [] },
        );
      case 'withdraw':
        return evse.withdrawAuthorization();
      case 'stop':
        // Whatever follows from it in the same moment must find that nobody is authorised.
        if (this.order.stage !== 'none' && this.order.stage !== 'open') this.#loseAuthorization();
        return void evse.stopTransaction({ reason: step.reason });
      case 'pause':
        return void evse.pause(step.on);
      case 'enable':
        return this.#enable(step);
      case 'reserve':
        return void evse.reserve(step.id);
      case 'cancelReservation':
        return evse.cancelReservation();
      case 'unlock':
        if (this.order.stage !== 'none' && this.order.stage !== 'open') this.#loseAuthorization();
        return void evse.forceUnlock(1).catch(() => {});
      case 'limit':
        return this.#limit(step);
      case 'cable':
        if (this.#isSocket && step.bearsA > 0) this.#cableA = step.bearsA;
        return evse.energy.takeProximityPilot(ampacities[step.bearsA]);
      case 'errorSequence':
        return evse.requestErrorSequence();
      case 'phases':
        return evse.useThreePhases(step.three);
      case 'fault':
        if (step.active) this.#faults.set(step.type, meshError(step.type, step.severity));
        else this.#faults.delete(step.type);
        return evse.errorsChanged();
      case 'meter':
        this.#meterMood = step.mood;
        return this.#meterValue(step.currentA);
      case 'outlive':
        return evse.outliveUnplugging(step.on);
      case 'wait':
        return this.clock.advance(step.forMs);
    }
  }

  async #settle(): Promise<void> {
    await this.clock.advance(2);
    this.#check();
    if (this.#wrong.length > 0) throw new Error(this.#wrong.join('; '));
  }

  // What has to hold

  get #nowMs(): number {
    return this.clock.monotonicMs();
  }

  get #mayOfferA(): number {
    return this.#nowMs < this.#limitEndsAtMs ? Math.min(this.#limitA, this.#cableA, 32) : 0;
  }

  get #active(): readonly MeshError[] {
    return [...this.#faults.values(), ...this.#ownFaults.values()];
  }

  get #fatal(): boolean {
    return this.#active.some(({ type }) => isFatal(type));
  }

  /** Since when authorisation or limit are missing. */
  get #lostAtMs(): number | undefined {
    if (!this.#authorized) return this.#authorizationLostAtMs;
    if (this.#mayOfferA >= LEAST_A) return undefined;
    return this.#limitA < LEAST_A ? this.#limitLostAtMs : this.#limitEndsAtMs;
  }

  get #carries(): boolean {
    return this.#letter === 'C' || (this.#letter === 'D' && this.#config.has_ventilation);
  }

  #check(): void {
    if (!this.#present) return;
    const lostAtMs = this.#lostAtMs;
    const pwm = this.#signal === 'pwm';
    this.#demand(!pwm || this.#authorized, 'PWM without authorisation');
    this.#demand(!pwm || this.#offeredA <= this.#mayOfferA + 0.11, `${this.#offeredA} A of ${this.#mayOfferA} A`);
    this.#demand(!this.#allowed || this.#carries, `relay closed in ${this.#letter}`);
    this.#demand(!this.#allowed || !this.#fatal, 'relay closed in a fault');
    this.#demand(
      !this.#allowed || lostAtMs === undefined || this.#nowMs <= lostAtMs + CAR_MS + 5,
      'relay closed after authorisation or limit were lost',
    );
    this.#demand(!this.#closed || this.#locked === true, 'the plug is free while the relay is closed');
    const emergency = this.#active.some(({ type, severity }) => isFatal(type) && severity === 'High');
    this.#demand(!emergency || !pwm, 'PWM in an emergency');
  }

  #demand(holds: boolean, otherwise: string): void {
    if (!holds) this.#wrong.push(`${otherwise} at ${this.#nowMs} ms, after ${this.order.last}`);
  }

  #loseAuthorization(): void {
    if (this.#authorized) this.#authorizationLostAtMs = this.#nowMs;
    this.#authorized = false;
    this.#cancelled = true;
  }

  // The world

  #limit({ limitA, validForS, phases }: Extract<Step, { kind: 'limit' }>): void {
    if (limitA < LEAST_A && this.#limitA >= LEAST_A) this.#limitLostAtMs = Math.min(this.#nowMs, this.#limitEndsAtMs);
    this.#limitA = limitA;
    this.#limitEndsAtMs = this.#nowMs + validForS * 1000;
    this.#evse.enforce({
      uuid: 'evse',
      valid_for: validForS,
      limits_root_side: {
        ac_max_current_A: { value: limitA, source: '' },
        ac_max_phase_count: { value: phases, source: '' },
      },
      schedule: [],
    });
  }

  #enable({ connectorId, source, state, priority }: Extract<Step, { kind: 'enable' }>): void {
    this.#sources.add(JSON.stringify([connectorId, source]));
    const inOrder = this.#evse.enableDisable(connectorId, {
      enable_source: source,
      enable_state: state,
      enable_priority: priority,
    });
    if (!inOrder && this.order.stage !== 'none') this.#loseAuthorization();
  }

  #meterValue(currentA: number): void {
    this.#evse.takeBillingMeter({
      timestamp: '2026-01-01T00:00:00.000Z',
      energy_Wh_import: { total: 1000 },
      current_A: { L1: currentA, L2: currentA, L3: currentA },
    });
  }

  #takeEvent(event: types.evse_manager.SessionEvent): void {
    try {
      this.order.take(event);
    } catch (error) {
      this.#wrong.push(String(error));
    }
    switch (event.event) {
      case 'SessionStarted':
        this.#cancelled = false;
        break;
      case 'Authorized':
        this.#demand(!this.#cancelled, 'a session that is being stopped takes a card');
        this.#authorized = true;
        break;
      case 'TransactionStarted':
        this.#authorized = !this.#cancelled;
        break;
      case 'Deauthorized':
        if (this.order.stage === 'open') this.#authorized = false;
        break;
      case 'SessionFinished':
        this.#authorized = false;
        break;
      case 'ChargingPausedEVSE': {
        const reasons = event.charging_paused_evse?.reasons ?? [];
        // A cable that is not read leaves nothing.
        const isPowerless = this.#mayOfferA < LEAST_A || (this.#isSocket && reasons.includes('NoEnergy'));
        this.#demand(reasons.includes('NoEnergy') === isPowerless, `paused for ${reasons.join()}`);
        this.#demand(reasons.includes('Error') === this.#fatal, `paused for ${reasons.join()}`);
        break;
      }
      default:
    }
  }

  // The board

  #bePresent(present: boolean): void {
    if (present === this.#present) return;
    this.#present = present;
    if (!present) {
      this.#signal = 'steady';
      this.#allowed = false;
      this.#closed = false;
      this.#letter = undefined;
    }
    this.#evse.boardPresent(present);
  }

  #measure(): void {
    const letter = !this.#enabled || this.#signal === 'F' ? 'F' : this.#car;
    if (this.#enabled && letter !== this.#letter) this.#report(letter);
  }

  #report(letter: Letter | 'Disconnected'): void {
    if (!this.#present) return;
    this.#letter = letter;
    this.#evse.takeBoardEvent(letter);
  }

  /** The relay follows what it was told. */
  #move(): void {
    this.clock.setTimer(RELAY_MS, () => {
      const closed = this.#allowed || (this.#closed && this.#welded);
      if (closed === this.#closed || !this.#present) return;
      this.#closed = closed;
      this.#evse.takeBoardEvent(closed ? 'PowerOn' : 'PowerOff');
    });
  }

  /** A board reports a moment later what it measures. */
  #measureSoon(): void {
    this.clock.setTimer(1, () => this.#measure());
  }

  #allow(allowed: boolean): void {
    if (!this.#present) return;
    if (allowed) {
      this.#demand(this.#carries, `relay closes in ${this.#letter}`);
      this.#demand(this.#signal === 'pwm', 'relay closes without PWM');
      this.#demand(this.#authorized, 'relay closes without authorisation');
      this.#demand(this.#mayOfferA >= LEAST_A, 'relay closes without a limit');
      this.#demand(!this.#fatal, 'relay closes in a fault');
    } else if (this.#allowed) {
      const lostAtMs = this.#lostAtMs;
      this.#demand(lostAtMs === undefined || this.#nowMs <= lostAtMs + CAR_MS, 'relay opens too late');
    }
    this.#allowed = allowed;
    this.#move();
  }

  #show(signal: 'steady' | 'pwm' | 'F'): void {
    if (!this.#present) return;
    this.#signal = signal;
    this.#measureSoon();
  }

  #pwm(dutyPercent: number): void {
    if (!this.#present) return;
    const offeredA = dutyPercent <= 85 ? dutyPercent * 0.6 : (dutyPercent - 64) * 2.5;
    if (this.#signal === 'pwm' && offeredA > this.#offeredA + 0.001)
      this.#demand(this.#nowMs >= this.#changedAtMs + 5_000, 'raised too soon');
    this.#demand(offeredA <= this.#mayOfferA + 0.11, `offers ${offeredA} A of ${this.#mayOfferA} A`);
    this.#offeredA = offeredA;
    this.#changedAtMs = this.#nowMs;
    this.#show('pwm');
  }

  #enableBoard(on: boolean): void {
    if (!this.#present) return;
    const again = on && this.#enabled;
    this.#enabled = on;
    if (!on) return;
    this.clock.setTimer(1, () => {
      if (!this.#enabled) return;
      this.#letter = undefined;
      this.#measure();
      if (again && this.#present) this.#evse.takeBoardEvent(this.#closed ? 'PowerOn' : 'PowerOff');
    });
  }

  async #meterAnswers<T>(sound: T, refused: T): Promise<T> {
    const mood = this.#meterMood;
    if (mood === 'slow') await this.clock.sleep(3_000);
    return mood === 'refuses' ? refused : sound;
  }

  #build(): Evse {
    const nothing = (): void => {};
    const publish: EvsePublisher = {
      sessionEvent: (event) => this.#takeEvent(event),
      written: async () => {},
      selectedProtocol: nothing,
      evInfo: nothing,
      limits: nothing,
      enforcedLimits: nothing,
      hardwareCapabilities: nothing,
      powermeter: nothing,
      energyRequest: nothing,
      countdown: nothing,
      evseId: nothing,
      waitingForExternalReady: nothing,
      supportedEnergyTransferModes: nothing,
      ready: nothing,
      token: nothing,
      external: nothing,
      logRow: nothing,
    };
    return new Evse({
      moduleId: 'evse',
      config: this.#config,
      clock: this.clock,
      random: new SeededRandom(1),
      log: { ...silentLogger, error: (message) => void this.#wrong.push(message) },
      store: this.#store,
      run: undefined,
      markFile: undefined,
      sessionLogRoot: '',
      board: {
        enable: (on) => this.#enableBoard(on),
        pwmOn: (dutyPercent) => this.#pwm(dutyPercent),
        steady: () => this.#show('steady'),
        showF: () => this.#show('F'),
        allowPower: (allowed) => this.#allow(allowed),
        setOverCurrentLimit: nothing,
        switchThreePhases: () => this.#demand(!this.#closed || this.#welded, 'the phases are switched under load'),
      },
      lock: {
        lock: async () => {
          this.#locked = true;
        },
        unlock: async () => {
          this.#demand(!this.#closed, 'the plug is freed while the relay is closed');
          this.#locked = false;
        },
      },
      carLink: undefined,
      billingMeter: {
        start: () => this.#meterAnswers({ status: 'OK' }, { status: 'UNEXPECTED_ERROR', error: 'broken' }),
        stop: () => this.#meterAnswers({ status: 'OK' }, { status: 'UNEXPECTED_ERROR', error: 'broken' }),
      },
      keyValue: undefined,
      ownFaults: {
        raise: ({ type, subType = '', severity = 'Low' }) =>
          void this.#ownFaults.set(`${type}/${subType}`, meshError(type, severity, subType)),
        clear: (type, subType = '') => void this.#ownFaults.delete(`${type}/${subType}`),
      },
      publish,
      activeErrors: () => this.#active,
    });
  }
}

function isFatal(type: string): boolean {
  return !/Inoperative|VendorWarning|MREC3HighTemperature/.test(type);
}

function meshError(type: string, severity: Severity, sub_type: string = ''): MeshError {
  return {
    type,
    sub_type,
    message: '',
    description: '',
    severity,
    state: 'Active',
    origin: { module_id: 'board', implementation_id: 'board_support' },
    vendor_id: '',
    uuid: type,
    timestamp: '2026-01-01T00:00:00.000Z',
  };
}
