import { ChargemeshError } from '@chargemesh/base';
import { isObject } from '../config/merge-patch.ts';
import type { EvseActivity } from '../mesh/evse-activity.ts';
import type { EvseWatch } from '../mesh/evse-watch.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { ModuleState } from '../mesh/module-state.ts';
import type { StationLayout } from '../mesh/station-layout.ts';
import type { ControlMethod } from './control-server.ts';

/** What `status` answers. */
export interface MeshStatus {
  readonly pid: number;
  readonly since: string;
  readonly config: string;
  readonly state: string;
  readonly ready: boolean;
  readonly broker: { readonly kind: string; readonly host: string; readonly port: number };
  readonly prefixes: { readonly mesh: string; readonly external: string; readonly own: string };
  readonly modules: readonly ModuleState[];
  readonly station: StationLayout;
  /** What each EVSE is doing, in the order of the layout. */
  readonly evses: readonly (EvseActivity & { readonly evse: number })[];
}

/** A message as `subscribe` sends it on. */
export interface BusEvent {
  readonly topic: string;
  readonly payload: string;
  readonly retained: boolean;
  /** Milliseconds since the Unix epoch, by the mesh's clock. */
  readonly atMs: number;
}

/** What does not change while a mesh runs. */
export interface MeshFacts {
  readonly since: string;
  readonly config: string;
  readonly state: string;
  readonly station: StationLayout;
}

/**
 * What can be asked of a mesh through its control socket.
 *
 * | method | parameters | answer |
 * |---|---|---|
 * | status | | MeshStatus |
 * | publish | topic, payload | publishes below the external prefix |
 * | subscribe | filters | an event BusEvent for each message, until the caller hangs up |
 * | stop | | ends the mesh |
 */
export function meshMethods(
  mesh: Mesh,
  facts: MeshFacts,
  ports: { wallMs: () => number; stop: () => void; evses: Pick<EvseWatch, 'activities'> },
): Record<string, ControlMethod> {
  return {
    status: (): MeshStatus => ({
      ...facts,
      pid: process.pid,
      ready: mesh.isReady,
      broker: mesh.broker,
      prefixes: {
        mesh: mesh.topics.prefixes.mesh,
        external: mesh.topics.prefixes.external,
        own: mesh.topics.own,
      },
      modules: mesh.modules(),
      evses: ports.evses.activities(),
    }),
    publish: async (params) => {
      await mesh.publishExternal(text(params, 'topic'), text(params, 'payload'));
    },
    subscribe: async (params, { emit, signal }) => {
      const filters = isObject(params) && Array.isArray(params.filters) ? params.filters.map(String) : [];
      if (filters.length === 0) throw new ChargemeshError('CONTROL_BAD_REQUEST', 'subscribe: "filters" are missing');
      const subscription = await mesh.subscribe(filters, ({ topic, payload, retained }) =>
        emit({ topic, payload, retained, atMs: ports.wallMs() } satisfies BusEvent),
      );
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await subscription.close();
    },
    stop: () => ports.stop(),
  };
}

function text(params: unknown, key: string): string {
  const value = isObject(params) ? params[key] : undefined;
  if (typeof value !== 'string') throw new ChargemeshError('CONTROL_BAD_REQUEST', `"${key}" has to be text`);
  return value;
}
