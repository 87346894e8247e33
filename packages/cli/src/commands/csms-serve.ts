import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createLogger, formatTimestamp, RealClock, systemRandom } from '@chargemesh/base';
import { serveCsms } from '@chargemesh/csms';
import { announceMesh, ControlServer, controlSocketPath } from '@chargemesh/manager';
import { csmsControl } from '../support/bundled-csms.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
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

/** Runs the CSMS alone, without a mesh, until it is told to end. With a state folder, the other commands find it there. */
export async function csmsServe(options: CsmsServeOptions): Promise<ExitCode> {
  const stopped = untilSignal();
  const clock = new RealClock();
  const log = createLogger('warn');
  const served = await serveCsms({
    clock,
    random: systemRandom,
    log,
    port: options.port,
    host: options.host,
    ...(options.tags !== undefined && { tagsFile: options.tags }),
    ...(options.transcript !== undefined && { transcriptFile: options.transcript }),
  });
  const control = new ControlServer(log);
  control.register(csmsControl(served.csms));
  const state = options.state ?? process.env.CHARGEMESH_STATE;
  let forget = (): void => {};
  if (state !== undefined) {
    const folder = resolve(state);
    mkdirSync(folder, { recursive: true });
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
