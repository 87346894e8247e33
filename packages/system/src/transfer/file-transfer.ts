import type { Clock } from '@chargemesh/base';
import { downloadByFtp, uploadByFtp } from './ftp.ts';
import { downloadByHttp, uploadByHttp } from './http.ts';
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

/** Moves files by FTP, FTPS, HTTP and HTTPS. A download that fails leaves no file. */
export class FileTransfer {
  readonly #options: TransferOptions;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  /** @throws TransferError */
  async download(address: string, path: string, signal: AbortSignal): Promise<void> {
    const trip = this.#trip(address, path, signal);
    await (isFtp(trip) ? downloadByFtp(trip) : downloadByHttp(trip));
  }

  /** @param address of the file there @throws TransferError */
  async upload(path: string, address: string, signal: AbortSignal): Promise<void> {
    const trip = this.#trip(address, path, signal);
    await (isFtp(trip) ? uploadByFtp(trip) : uploadByHttp(trip));
  }

  #trip(address: string, path: string, signal: AbortSignal): Trip {
    return { location: parseLocation(address), path, signal, options: this.#options };
  }
}

function isFtp({ location: { protocol } }: Trip): boolean {
  return protocol === 'ftp:' || protocol === 'ftps:';
}
