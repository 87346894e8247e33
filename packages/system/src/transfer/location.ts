import { TransferError } from './transfer-error.ts';

const PROTOCOLS = ['ftp:', 'ftps:', 'http:', 'https:'] as const;

/** One of the protocols that files are moved by. */
export type TransferProtocol = (typeof PROTOCOLS)[number];

/** Where a file comes from or goes to. */
export interface Location {
  readonly protocol: TransferProtocol;
  readonly host: string;
  /** Undefined where the address names none. */
  readonly port: number | undefined;
  /** Undefined where nobody logs in. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** As the protocol wants it: decoded for FTP, encoded for HTTP, with the query. */
  readonly path: string;
  /** The address without credentials, for logs and for HTTP. */
  readonly shown: string;
}

/**
 * Reads an address. What follows a # is no part of it.
 * @throws TransferError `BadMessage` where it is none, `NotSupportedOperation` for a protocol that we do not speak
 */
export function parseLocation(text: string): Location {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '')
    throw new TransferError('BadMessage', `${text} is no address of a file`);
  const protocol = PROTOCOLS.find((known) => known === url.protocol);
  if (protocol === undefined)
    throw new TransferError(
      'NotSupportedOperation',
      `${url.protocol.slice(0, -1)} is not spoken here, only ${PROTOCOLS.map((known) => known.slice(0, -1)).join(', ')}`,
    );
  const { hostname, username, password, port, pathname, search } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  const isFtp = protocol === 'ftp:' || protocol === 'ftps:';
  return {
    protocol,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? undefined : Number(port),
    user: username === '' ? undefined : decode(username),
    password: password === '' ? undefined : decode(password),
    path: isFtp ? decode(pathname) : pathname + search,
    shown: url.href,
  };
}

/** A file name put behind an address that names a folder; one that names a file stays. */
export function withFileName(text: string, name: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.pathname.endsWith('/')) url.pathname += encodeURIComponent(name);
  return url.href;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
