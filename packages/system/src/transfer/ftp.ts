import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { messageOf } from '@chargemesh/base';
import { type AccessOptions, Client, FTPError } from 'basic-ftp';
import type { Trip } from './file-transfer.ts';
import { TransferError } from './transfer-error.ts';

/** Of FTPS from the first byte on. On the port of plain FTP it is asked for once connected. */
const PORTS = { plain: 21, implicit: 990 } as const;
/** Not logged in; account or action not allowed. @see RFC 959, 4.2 */
const DENIED: readonly number[] = [530, 532, 550, 553];

/** @throws TransferError */
export async function downloadByFtp(trip: Trip): Promise<void> {
  const { path, location } = trip;
  try {
    await withClient(trip, async (client) => {
      const size = await sizeOf(client, location.path);
      const file = createWriteStream(path);
      const broken = new Promise<never>((_, reject) => file.once('error', reject));
      await Promise.race([client.downloadTo(file, location.path), broken]);
      const got = (await stat(path)).size;
      if (size !== undefined && got !== size)
        throw new TransferError('Failed', `${location.shown} has ${size} bytes, and ${got} of them came`);
    });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** @throws TransferError */
export async function uploadByFtp(trip: Trip): Promise<void> {
  await withClient(trip, async (client) => {
    await client.uploadFrom(trip.path, trip.location.path);
  });
}

async function withClient(trip: Trip, work: (client: Client) => Promise<void>): Promise<void> {
  const { location, signal, options } = trip;
  const client = new Client(options.silenceMs);
  const giveUp = (): void => client.close();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    signal.throwIfAborted();
    await client.access(access(trip));
    await work(client);
  } catch (error) {
    if (error instanceof TransferError) throw error;
    const denied = error instanceof FTPError && DENIED.includes(error.code);
    throw new TransferError(denied ? 'PermissionDenied' : 'Failed', `${location.shown}: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', giveUp);
    client.close();
  }
}

function access({ location, options: { ca } }: Trip): AccessOptions {
  const { protocol, host, port, user, password } = location;
  const secure = protocol === 'ftp:' ? false : port === PORTS.plain ? true : 'implicit';
  return {
    host,
    port: port ?? (secure === 'implicit' ? PORTS.implicit : PORTS.plain),
    secure,
    ...(user !== undefined && { user, password: password ?? '' }),
    ...(ca !== undefined && { secureOptions: { ca: [...rootCertificates, ca] } }),
  };
}

/** A server need not tell. */
async function sizeOf(client: Client, path: string): Promise<number | undefined> {
  try {
    return await client.size(path);
  } catch (error) {
    if (error instanceof FTPError && !client.closed) return undefined;
    throw error;
  }
}
