import type { types } from '@chargemesh/contracts';
import type { PilotEvent } from '../iec/pilot-letter.ts';
import { autochargeToken } from './autocharge-token.ts';
import { type PaymentRules, paymentOptions } from './payment-options.ts';

type ProvidedToken = types.authorization.ProvidedIdToken;
type ValidationResult = types.authorization.ValidationResult;

/** The power line modem on the EVSE's side. */
export interface SlacPort {
  reset(): void;
  enterBcd(): void;
  leaveBcd(): void;
}

/** The speaker of ISO 15118 on the EVSE's side. */
export interface HlcPort {
  setup(): void;
  /** What the car is told of paying in its next session. */
  sessionSetup(options: readonly types.iso15118.PaymentOption[], certificates: CertificateRules): void;
  resetError(): void;
  contactorClosed(closed: boolean): void;
  stopCharging(stop: boolean): void;
  linkReady(ready: boolean): void;
  meter(value: types.powermeter.Powermeter): void;
  maxCurrent(currentA: number): void;
  authorization(status: types.authorization.AuthorizationStatus, certificate: CertificateStatus): void;
  fail(error: types.iso15118.EvseError): void;
}

type CertificateStatus = types.authorization.CertificateStatus;

/** What may be done about the contract of a car. */
export interface CertificateRules {
  /** The car may have a certificate installed. */
  readonly installation: boolean;
  /** A contract that cannot be checked here may be checked by the CSMS. */
  readonly centralValidation: boolean;
}

export interface CarLinkOptions {
  readonly connectorId: number;
  readonly payment: PaymentRules;
  readonly certificates: CertificateRules;
  readonly autocharge: 'no' | 'byModem' | 'bySession';
}

export interface CarLinkPorts {
  readonly slac: SlacPort | undefined;
  readonly hlc: HlcPort;
  isAuthorized(): boolean;
  /** The car has identified itself. */
  token(token: ProvidedToken): void;
}

/**
 * What car and EVSE tell each other over the power line, beside the control pilot: the modem hears of the plug, the car of authorisation,
 * relay and meter.
 * @see ISO 15118-3, 7.5 (control pilot and data link)
 */
export class CarLink {
  readonly #options: CarLinkOptions;
  readonly #ports: CarLinkPorts;
  #payment: PaymentRules;
  #certificates: CertificateRules;
  #matched = false;
  /** A session of ISO 15118 is set up. */
  #talking = false;
  #waitsFor: 'nothing' | 'card' | 'contract' = 'nothing';
  #address: string | undefined;

  constructor(options: CarLinkOptions, ports: CarLinkPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#payment = options.payment;
    this.#certificates = options.certificates;
  }

  /** The peers may be called from now on. */
  begin(): void {
    this.#ports.hlc.setup();
    this.#setUpSession();
  }

  /** Other rules for contracts than those of the configuration; what is left out stays as it was. A car hears of them with its next session. */
  setPlugAndCharge(wanted: types.evse_manager.PlugAndChargeConfiguration): void {
    const { pnc_enabled, contract_certificate_installation_enabled, central_contract_validation_allowed } = wanted;
    this.#payment = { ...this.#payment, contract: pnc_enabled ?? this.#payment.contract };
    this.#certificates = {
      installation: contract_certificate_installation_enabled ?? this.#certificates.installation,
      centralValidation: central_contract_validation_allowed ?? this.#certificates.centralValidation,
    };
  }

  /** The control pilot tells of the car. Said before the charger hears of it. */
  pilot(event: PilotEvent): void {
    const { slac, hlc } = this.#ports;
    switch (event) {
      case 'CarPluggedIn':
        hlc.resetError();
        hlc.contactorClosed(false);
        hlc.stopCharging(false);
        slac?.enterBcd();
        break;
      case 'EFtoBCD':
        slac?.enterBcd();
        break;
      case 'BCDtoEF':
        slac?.leaveBcd();
        break;
      case 'CarUnplugged':
        slac?.leaveBcd();
        if (this.#matched) slac?.reset();
        this.#end();
        break;
      case 'PowerOn':
      case 'PowerOff':
        hlc.contactorClosed(event === 'PowerOn');
        break;
      default:
    }
  }

  // What the peers tell

  slacState(state: types.slac.State): void {
    this.#matched = state !== 'UNMATCHED';
  }

  /** Modem and car are to find each other anew. */
  lookAnew(): void {
    this.#matched = false;
    this.#ports.slac?.reset();
  }

  linkReady(ready: boolean): void {
    this.#ports.hlc.linkReady(ready);
  }

  /** The car's modem, or the car itself, has an address. */
  address(macAddress: string, by: 'byModem' | 'bySession'): void {
    if (by === this.#options.autocharge) this.#address = macAddress;
  }

  sessionSetUp(): void {
    this.#talking = true;
  }

  /** The link is given up, for this session or for good. */
  linkEnded(): void {
    this.#talking = false;
  }

  /** The car waits for somebody to pay by card, app and the like. */
  waitsForCard(): void {
    const { hlc, isAuthorized, token } = this.#ports;
    if (isAuthorized()) {
      hlc.authorization('Accepted', 'NoCertificateAvailable');
      return;
    }
    this.#waitsFor = 'card';
    if (this.#address !== undefined) token(autochargeToken(this.#address, this.#options.connectorId));
  }

  /** The car waits for its contract to be taken. */
  waitsForContract(contract: ProvidedToken): void {
    const { isAuthorized, token } = this.#ports;
    if (isAuthorized()) return;
    this.#waitsFor = 'contract';
    token({ ...contract, connectors: [this.#options.connectorId] });
  }

  // What the EVSE tells

  /** Somebody has decided about a token. @returns whether it may be used: while a contract is awaited nothing else is */
  decided(token: ProvidedToken, { authorization_status, certificate_status }: ValidationResult): boolean {
    const isContract = token.authorization_type === 'PlugAndCharge';
    const isAccepted = authorization_status === 'Accepted';
    if (this.#waitsFor === 'contract' && !isContract) return !isAccepted;
    const isAwaited = isContract ? this.#waitsFor === 'contract' : this.#waitsFor === 'card' && isAccepted;
    if (isAwaited) {
      this.#waitsFor = 'nothing';
      const certificate = certificate_status ?? (isContract && isAccepted ? 'Accepted' : 'NoCertificateAvailable');
      this.#ports.hlc.authorization(authorization_status, certificate);
    }
    return true;
  }

  /** The EVSE has told this of its session: the car may have another choice of paying, or has to know. */
  told(event: types.evse_manager.SessionEventEnum): void {
    const { hlc } = this.#ports;
    switch (event) {
      case 'SessionStarted':
      case 'Authorized':
      case 'SessionFinished':
        this.#setUpSession();
        break;
      case 'PluginTimeout':
        if (this.#waitsFor !== 'nothing') hlc.authorization('Unknown', 'NoCertificateAvailable');
        this.#waitsFor = 'nothing';
        break;
      case 'StoppingCharging':
        if (this.#talking) hlc.stopCharging(true);
        break;
      default:
    }
  }

  /** A transaction is stopped for a reason that the car has to know. */
  stopped(reason: types.evse_manager.StopTransactionReason): void {
    if (!this.#talking) return;
    if (reason === 'EmergencyStop') this.#ports.hlc.fail('Error_EmergencyShutdown');
    if (reason === 'PowerLoss') this.#ports.hlc.fail('Error_UtilityInterruptEvent');
  }

  meter(value: types.powermeter.Powermeter): void {
    this.#ports.hlc.meter(value);
  }

  maxCurrent(currentA: number): void {
    this.#ports.hlc.maxCurrent(currentA);
  }

  #setUpSession(): void {
    const { hlc, isAuthorized } = this.#ports;
    hlc.sessionSetup(paymentOptions(this.#payment, isAuthorized()), this.#certificates);
  }

  #end(): void {
    this.#matched = false;
    this.#talking = false;
    this.#waitsFor = 'nothing';
    this.#address = undefined;
  }
}
