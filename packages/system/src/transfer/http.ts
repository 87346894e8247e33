import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { rootCertificates } from 'node:tls';
import { messageOf, type Timer } from '@chargemesh/base';
import type { Trip } from './file-transfer.ts';
import { type Location, parseLocation } from './location.ts';
import { TransferError } from './transfer-error.ts';

const MOST_REDIRECTS = 10;

/** @throws TransferError */
export async function downloadByHttp(trip: Trip): Promise<void> {
  const { path } = trip;
  try {
    await attempt(trip, async (signal, alive) => {
      const answer = await follow(trip, signal);
      answer.on('data', alive);
      const announced = answer.headers['content-length'];
      await pipeline(answer, createWriteStream(path), { signal });
      const got = (await stat(path)).size;
      if (announced !== undefined && got !== Number(announced))
        throw new TransferError('Failed', `${announced} bytes were announced, and ${got} came`);
    });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** By PUT, as `curl -T` does. @throws TransferError */
export async function uploadByHttp(trip: Trip): Promise<void> {
  const { path, location } = trip;
  await attempt(trip, async (signal, alive) => {
    const { size } = await stat(path);
    const put = open(trip, location, 'PUT', signal, { 'content-length': String(size) });
    const answered = answerOf(put);
    // A server may answer before it has read everything, and not read on.
    answered.catch(() => {});
    const file = createReadStream(path);
    file.on('data', alive);
    await Promise.race([pipeline(file, put, { signal }), answered]);
    const answer = await answered;
    answer.resume();
    checkStatus(answer, location);
  });
}

/** Runs `work` until it is done, told to end, or silent for too long. */
async function attempt(
  { location, signal, options }: Trip,
  work: (signal: AbortSignal, alive: () => void) => Promise<void>,
): Promise<void> {
  const { clock, silenceMs } = options;
  const silence = new AbortController();
  const watch = (): Timer =>
    clock.setTimer(silenceMs, () => silence.abort(new Error(`nothing has moved for ${silenceMs / 1000} s`)));
  let timer = watch();
  const alive = (): void => {
    timer.cancel();
    timer = watch();
  };
  const either = AbortSignal.any([signal, silence.signal]);
  try {
    await work(either, alive);
  } catch (error) {
    if (error instanceof TransferError) throw error;
    const why = either.aborted ? either.reason : error;
    throw new TransferError('Failed', `${location.shown}: ${messageOf(why)}`, { cause: error });
  } finally {
    timer.cancel();
  }
}

async function follow(trip: Trip, signal: AbortSignal): Promise<IncomingMessage> {
  let location = trip.location;
  for (let count = 0; count <= MOST_REDIRECTS; count++) {
    const asked = open(trip, location, 'GET', signal);
    asked.end();
    const answer = await answerOf(asked);
    const { statusCode = 0, headers } = answer;
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) {
      checkStatus(answer, location);
      return answer;
    }
    answer.resume();
    location = parseLocation(new URL(headers.location, location.shown).href);
    if (location.protocol !== 'http:' && location.protocol !== 'https:')
      throw new TransferError('NotSupportedOperation', `${trip.location.shown} leads away from HTTP`);
  }
  throw new TransferError('Failed', `${trip.location.shown} leads on and on`);
}

function open(
  { options: { ca } }: Trip,
  { protocol, host, port, path, user, password }: Location,
  method: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): ClientRequest {
  const start = protocol === 'https:' ? httpsRequest : httpRequest;
  return start({
    method,
    host,
    ...(port !== undefined && { port }),
    path,
    headers,
    signal,
    ...(user !== undefined && { auth: `${user}:${password ?? ''}` }),
    ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
  });
}

function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
}

function checkStatus({ statusCode = 0, statusMessage }: IncomingMessage, { shown }: Location): void {
  if (statusCode >= 200 && statusCode < 300) return;
  const denied = statusCode === 401 || statusCode === 403;
  throw new TransferError(denied ? 'PermissionDenied' : 'Failed', `${shown}: ${statusCode} ${statusMessage ?? ''}`);
}
