import { Topics } from '@chargemesh/framework';
import type { BusEvent, ControlClient, EvseLayout, MeshStatus } from '@chargemesh/manager';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import { findMesh, type MeshTarget } from './find-mesh.ts';

/** A running mesh as a command sees it. */
export class MeshSession {
  readonly status: MeshStatus;
  readonly topics: Topics;
  readonly #client: ControlClient;

  private constructor(client: ControlClient, status: MeshStatus) {
    this.#client = client;
    this.status = status;
    this.topics = new Topics({ mesh: status.prefixes.mesh, external: status.prefixes.external, telemetry: '' });
  }

  /** Connects, hands the session to `work` and hangs up after it. @throws CliError where no mesh runs */
  static async with<T>(target: MeshTarget, work: (session: MeshSession) => Promise<T>): Promise<T> {
    const client = await findMesh(target);
    try {
      const status = client.call('status').catch((error) => {
        // A CSMS that runs alone is found like a mesh, but is none.
        const alone = error instanceof Error && 'code' in error && error.code === 'CONTROL_UNKNOWN_METHOD';
        throw alone ? new CliError('MESH_NOT_RUNNING', 'no mesh runs here, only a CSMS', EXIT.noMesh) : error;
      });
      return await work(new MeshSession(client, (await status) as MeshStatus));
    } finally {
      client.close();
    }
  }

  /** The EVSE with that number. @throws CliError */
  evse(number: number): EvseLayout {
    const { evses } = this.status.station;
    const found = evses.find(({ evse }) => evse === number);
    if (found) return found;
    const known = evses.map(({ evse }) => evse).join(', ');
    throw new CliError('CLI_EVSE', `there is no EVSE ${number}: this station has ${known === '' ? 'none' : known}`);
  }

  /** The number of the simulated car in front of an EVSE. @throws CliError where there is none */
  car(number: number): number {
    const { car, evse } = this.evse(number);
    if (car) return car.connectorId;
    throw new CliError('CLI_EVSE', `EVSE ${evse} has no simulated car`);
  }

  /** Publishes for the mesh from outside of it. */
  async publish(topic: string, payload: string): Promise<void> {
    await this.#client.call('publish', { topic, payload });
  }

  call(method: string, params: unknown = {}): Promise<unknown> {
    return this.#client.call(method, params);
  }

  /** Listens to the bus until the session ends. Rejects where the mesh ends. */
  listen(filters: readonly string[], listener: (event: BusEvent) => void): Promise<unknown> {
    return this.#client.call('subscribe', { filters }, (event) => listener(event as BusEvent));
  }
}
