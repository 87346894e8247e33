/** How to reach the CSMS. */
export interface TransportOptions {
  /** Scheme, host, port, path and identity: ready to be dialled. */
  readonly url: string;
  /** Extra header lines of the upgrade request, Authorization excluded. */
  readonly headers: Readonly<Record<string, string>>;
  /** HTTP basic authentication, profiles 1 and 2. */
  readonly basicAuth?: { readonly user: string; readonly password: string | Uint8Array };
  /** The network interface to go out by, such as `wwan0`; undefined: as the machine's routes say. */
  readonly networkInterface?: string;
  /** TLS, profiles 2 and 3. PEM texts. */
  readonly tls?: {
    readonly ca?: readonly string[];
    readonly certificate?: string;
    readonly privateKey?: string;
    readonly ciphers?: string;
    readonly verifyHostName: boolean;
  };
}

/** Why a connection ended, or never came to be. */
export interface TransportClosed {
  /** The websocket close code, or undefined where the connection broke or never opened. */
  readonly code?: number;
  readonly reason: string;
  /** The HTTP status with which the CSMS refused the upgrade. */
  readonly httpStatus?: number;
  /** The certificate of the CSMS was not trusted. */
  readonly tlsError?: string;
}

/** Who hears of what happens on a connection. */
export interface TransportListener {
  /** The websocket is open. `subProtocol` is what the server picked, empty where it picked none. */
  opened(subProtocol: string): void;
  /** A whole text message arrived. */
  received(text: string): void;
  ponged(): void;
  /** The connection is gone. Said once, also where it never opened; nothing follows. */
  closed(why: TransportClosed): void;
}

/** One websocket connection. After `closed` all its functions do nothing. */
export interface Transport {
  send(text: string): void;
  ping(payload: string): void;
  /** Closes properly; `closed` follows even where the peer does not answer. */
  close(code: number, reason: string): void;
  /** Drops the connection without ceremony; `closed` follows. */
  terminate(): void;
}

/** Opens connections. Never throws: what goes wrong is told through {@link TransportListener.closed}. */
export interface TransportFactory {
  open(options: TransportOptions, listener: TransportListener): Transport;
}
