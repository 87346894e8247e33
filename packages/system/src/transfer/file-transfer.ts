import type { Clock } from '@chargemesh/base';
import { type Location, parseLocation } from './location.ts';

/** How files are moved. */
export interface TransferOptions {
  readonly clock: Clock;
  /** A server that moves nothing for so long is given up. */
  readonly silenceMs: number;
  /** Certificates to be trusted beside those of the machine, PEM. */
  readonly ca?: string | undefined;
}

/** One file on its way. */
export interface Trip {
  readonly location: Location;
  /** The file on this machine. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly options: TransferOptions;
}

/** Moves files by FTP, FTPS, HTTP and HTTPS. A download that fails leaves no file. What speaks a protocol is loaded when it is needed. */
export class FileTransfer {
  readonly #options: TransferOptions;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  /** @throws TransferError */
  async download(address: string, path: string, signal: AbortSignal): Promise<void> {
    const trip = this.#trip(address, path, signal);
    if (isFtp(trip)) await (await import('./ftp.ts')).downloadByFtp(trip);
    else await (await import('./http.ts')).downloadByHttp(trip);
  }

  /** @param address of the file there @throws TransferError */
  async upload(path: string, address: string, signal: AbortSignal): Promise<void> {
    const trip = this.#trip(address, path, signal);
    if (isFtp(trip)) await (await import('./ftp.ts')).uploadByFtp(trip);
    else await (await import('./http.ts')).uploadByHttp(trip);
  }

  #trip(address: string, path: string, signal: AbortSignal): Trip {
    return { location: parseLocation(address), path, signal, options: this.#options };
  }
}

function isFtp({ location: { protocol } }: Trip): boolean {
  return protocol === 'ftp:' || protocol === 'ftps:';
}
