import { join } from 'node:path';
import { type Clock, type Logger, systemRandom } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { type Csms, csmsMethods, serveCsms } from '@chargemesh/csms';
import type { ControlMethod } from '@chargemesh/manager';

/** A CSMS that the station of a mesh talks to. */
export interface RunningCsms {
  readonly url: string;
  /** Whether it is ours. */
  readonly bundled: boolean;
  /** What it can be asked through the control socket, as `csms.<name>`. */
  readonly methods: Readonly<Record<string, ControlMethod>>;
  stop(): Promise<void>;
}

/** Where the ledger of a CSMS is in its state folder. */
export const CSMS_LEDGER = 'csms.db';

const USUAL_PORT = 9000;

/** Starts the bundled CSMS on port 9000, or on a free one where that is taken. Its ledger and every frame are kept in the state folder. */
export async function bundledCsms(ports: { clock: Clock; stateFolder: string; log: Logger }): Promise<RunningCsms> {
  const options = {
    clock: ports.clock,
    random: systemRandom,
    log: ports.log.child({ module: 'csms' }),
    tagsFile: join(repositoryFolder, 'config', 'tags.yaml'),
    transcriptFile: join(ports.stateFolder, 'csms-frames.ndjson'),
    ledgerFile: join(ports.stateFolder, CSMS_LEDGER),
  };
  const served = await serveCsms({ ...options, port: USUAL_PORT }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      return serveCsms({ ...options, port: 0 });
    throw error;
  });
  return {
    url: served.url,
    bundled: true,
    methods: csmsControl(served.csms),
    stop: () => served.stop(),
  };
}

/** What a CSMS can be asked through a control socket, as `csms.<name>`. */
export function csmsControl(csms: Csms): Record<string, ControlMethod> {
  const methods = Object.entries(csmsMethods(csms));
  return Object.fromEntries(methods.map(([name, method]): [string, ControlMethod] => [`csms.${name}`, method]));
}
