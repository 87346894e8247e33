import type { Clock, Logger, Random } from '@chargemesh/base';
import type { ConnectionStatus, LoggedFrame, SecurityEvent } from '../charge-point-types.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { csmsUrl } from './csms-url.ts';
import { Link } from './link.ts';
import type { TransportClosed, TransportFactory, TransportOptions } from './transport.ts';

/** What {@link CsmsConnection} stands on. */
export interface CsmsConnectionParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly transport: TransportFactory;
  readonly softwareVersion: string | undefined;
  readonly up: () => void;
  readonly down: () => void;
  readonly received: (text: string) => void;
  readonly status: (status: ConnectionStatus) => void;
  readonly frame: (frame: LoggedFrame) => void;
  readonly securityEvent: (event: SecurityEvent) => void;
}

/** The connection to the CSMS as the configuration wants it, and what is told of it. */
export class CsmsConnection {
  readonly link: Link;
  readonly #parts: CsmsConnectionParts;
  /** InvalidCentralSystemCertificate is told once until a connection comes about (E-42). */
  #certificateToldOf = false;

  constructor(parts: CsmsConnectionParts) {
    this.#parts = parts;
    const { clock, random, log, configuration, transport } = parts;
    this.link = new Link({
      clock,
      random,
      log,
      transport,
      options: () => transportOptions(configuration, parts.softwareVersion),
      backOff: () => ({
        waitMinimumS: configuration.get('RetryBackoffWaitMinimum') ?? 3,
        randomRangeS: configuration.get('RetryBackoffRandomRange') ?? 10,
        repeatTimes: configuration.get('RetryBackoffRepeatTimes') ?? 3,
      }),
      ping: () => ({
        intervalS: configuration.get('WebSocketPingInterval') ?? 0,
        payload: configuration.get('WebsocketPingPayload') ?? '',
        pongTimeoutS: configuration.get('WebsocketPongTimeout') ?? 5,
      }),
      up: () => this.#up(),
      down: (why, wasUp) => this.#down(why, wasUp),
      received: (text) => {
        parts.frame({ timestampMs: clock.wallMs(), direction: 'in', text });
        parts.received(text);
      },
    });
  }

  get status(): ConnectionStatus {
    const { configuration } = this.#parts;
    return {
      connected: this.link.up,
      csmsUri: configuration.get('CentralSystemURI'),
      identity: configuration.get('ChargePointId'),
      securityProfile: configuration.get('SecurityProfile'),
    };
  }

  send(text: string): void {
    if (!this.link.up) return;
    this.#parts.frame({ timestampMs: this.#parts.clock.wallMs(), direction: 'out', text });
    this.link.send(text);
  }

  #up(): void {
    this.#certificateToldOf = false;
    this.#parts.status(this.status);
    this.#parts.up();
  }

  #down(why: TransportClosed, wasUp: boolean): void {
    const { securityEvent } = this.#parts;
    if (wasUp) {
      this.#parts.down();
      this.#parts.status({ ...this.status, reason: why.reason });
    }
    if (why.httpStatus === 401) securityEvent({ type: 'FailedToAuthenticateAtCentralSystem', info: why.reason });
    if (why.tlsError !== undefined && !this.#certificateToldOf) {
      this.#certificateToldOf = true;
      securityEvent({ type: 'InvalidCentralSystemCertificate', info: why.tlsError, critical: true });
    }
  }
}

/** @see OCPP-J 1.6, 3 and 6 (security) */
function transportOptions(configuration: Configuration, softwareVersion: string | undefined): TransportOptions {
  const securityProfile = configuration.get('SecurityProfile');
  const identity = configuration.get('ChargePointId');
  const hostName = configuration.get('HostName');
  const key = configuration.get('AuthorizationKey');
  const networkInterface = configuration.get('IFace');
  const basicAuth = securityProfile === 1 || securityProfile === 2;
  return {
    url: csmsUrl({ uri: configuration.get('CentralSystemURI'), identity, securityProfile }),
    headers: {
      ...(hostName === undefined ? {} : { 'User-Host': hostName }),
      ...(softwareVersion === undefined ? {} : { 'EVerest-Version': softwareVersion.slice(0, 100) }),
    },
    ...(networkInterface === undefined ? {} : { networkInterface }),
    ...(basicAuth ? { basicAuth: { user: identity, password: passwordOf(key ?? '') } } : {}),
    ...(securityProfile >= 2 ? { tls: { verifyHostName: configuration.get('VerifyCsmsCommonName') !== false } } : {}),
  };
}

/** A key of 16 to 40 hexadecimal digits stands for its bytes. @see OCPP 1.6 security whitepaper, ed. 3, AuthorizationKey (D24) */
function passwordOf(key: string): string | Uint8Array {
  return /^(?:[0-9a-f]{2}){8,20}$/i.test(key) ? Buffer.from(key, 'hex') : key;
}
