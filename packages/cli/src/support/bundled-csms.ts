import { join } from 'node:path';
import { type Clock, type Logger, systemRandom } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
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

const USUAL_PORT = 9000;

/** Starts the bundled CSMS on port 9000, or on a free one where that is taken. Every frame is kept in the state folder. */
export async function bundledCsms(ports: { clock: Clock; stateFolder: string; log: Logger }): Promise<RunningCsms> {
  const { csmsMethods, serveCsms } = await import('@chargemesh/csms');
  const options = {
    clock: ports.clock,
    random: systemRandom,
    log: ports.log.child({ module: 'csms' }),
    tagsFile: join(repositoryFolder, 'config', 'tags.yaml'),
    transcriptFile: join(ports.stateFolder, 'csms-frames.ndjson'),
  };
  const served = await serveCsms({ ...options, port: USUAL_PORT }).catch(() => serveCsms({ ...options, port: 0 }));
  return {
    url: served.url,
    bundled: true,
    methods: Object.fromEntries(
      Object.entries(csmsMethods(served.csms)).map(([name, method]): [string, ControlMethod] => [
        `csms.${name}`,
        (params) => method(params),
      ]),
    ),
    stop: () => served.stop(),
  };
}
