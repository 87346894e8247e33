import { join, resolve } from 'node:path';
import { type Clock, createLogger, formatTimestamp, RealClock, systemRandom } from '@chargemesh/base';
import { serveCsms } from '@chargemesh/csms';
import { announceMesh, ControlServer, controlSocketPath } from '@chargemesh/manager';
import { CSMS_LEDGER, csmsControl } from '../support/bundled-csms.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { lockState } from '../support/lock-state.ts';
import { print } from '../support/output.ts';
import { untilSignal } from '../support/signals.ts';

/** The flags of `csms serve`. */
export interface CsmsServeOptions {
  readonly port: number;
  readonly host: string;
  readonly tags?: string;
  readonly transcript?: string;
  readonly state?: string;
}

/**
 * Runs the CSMS alone, without a mesh, until it is told to end. With a state folder it keeps its ledger there, and the other commands
 * find it.
 */
export async function csmsServe(options: CsmsServeOptions): Promise<ExitCode> {
  const stopped = untilSignal();
  const clock = new RealClock();
  const state = options.state ?? process.env.CHARGEMESH_STATE;
  if (state === undefined) return await serve(options, clock, stopped);
  const folder = resolve(state);
  const lock = lockState(folder, clock);
  try {
    return await serve(options, clock, stopped, folder);
  } finally {
    lock.release();
  }
}

async function serve(
  options: CsmsServeOptions,
  clock: Clock,
  stopped: Promise<unknown>,
  folder?: string,
): Promise<ExitCode> {
  const log = createLogger('warn');
  const served = await serveCsms({
    clock,
    random: systemRandom,
    log,
    port: options.port,
    host: options.host,
    ...(options.tags !== undefined && { tagsFile: options.tags }),
    ...(options.transcript !== undefined && { transcriptFile: options.transcript }),
    ...(folder !== undefined && { ledgerFile: join(folder, CSMS_LEDGER) }),
  });
  const control = new ControlServer(log);
  control.register(csmsControl(served.csms));
  let forget = (): void => {};
  if (folder !== undefined) {
    const socket = controlSocketPath(folder, process.env);
    await control.listen(socket);
    const since = formatTimestamp(clock.wallMs());
    forget = announceMesh({ pid: process.pid, since, config: 'csms serve', state: folder, socket }, process.env);
  }
  print(`CSMS: ${served.url}   (Ctrl-C ends it)`);
  await stopped;
  forget();
  await control.close();
  await served.stop();
  return EXIT.ok;
}
