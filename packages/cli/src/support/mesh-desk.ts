import { type Clock, formatTimestamp, type Logger } from '@chargemesh/base';
import {
  announceMesh,
  type ControlMethod,
  ControlServer,
  controlSocketPath,
  EvseWatch,
  type Mesh,
  meshMethods,
  type StationLayout,
} from '@chargemesh/manager';

/** What is asked about and what it is asked by. */
export interface MeshDeskOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly mesh: Mesh;
  readonly layout: StationLayout;
  readonly file: string;
  readonly stateFolder: string;
  /** What can be asked beside what every mesh answers. */
  readonly methods?: Readonly<Record<string, ControlMethod>>;
}

/** Where the commands of other processes find a running mesh: its control socket, and a note that says where that is. */
export class MeshDesk {
  /** Resolves when one of them asks for the end of the mesh. */
  readonly stopAsked: Promise<void>;
  readonly #control: ControlServer;
  readonly #forget: () => void;

  private constructor(control: ControlServer, stopAsked: Promise<void>, forget: () => void) {
    this.#control = control;
    this.stopAsked = stopAsked;
    this.#forget = forget;
  }

  static async open({ clock, log, mesh, layout, file, stateFolder, methods = {} }: MeshDeskOptions): Promise<MeshDesk> {
    const stopAsked = Promise.withResolvers<void>();
    const socket = controlSocketPath(stateFolder, process.env);
    const since = formatTimestamp(clock.wallMs());
    const control = new ControlServer(log);
    control.register(
      meshMethods(
        mesh,
        { since, config: file, state: stateFolder, station: layout },
        {
          wallMs: () => clock.wallMs(),
          stop: () => stopAsked.resolve(),
          evses: await EvseWatch.start(mesh, layout.evses),
        },
      ),
    );
    control.register(methods);
    await control.listen(socket);
    const forget = announceMesh({ pid: process.pid, since, config: file, state: stateFolder, socket }, process.env);
    return new MeshDesk(control, stopAsked.promise, forget);
  }

  async close(): Promise<void> {
    this.#forget();
    await this.#control.close();
  }
}
