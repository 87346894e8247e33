import { ChargemeshError, formatTimestamp, type Migration } from '@chargemesh/base';
import type { Manifest } from '@chargemesh/contracts';
import type { ErrorView } from '../module/mesh-error.ts';
import type { ExternalMqtt, Heartbeat, Telemetry } from '../module/module.ts';
import type { Acquaintances } from './acquaintances.ts';
import type { ModuleEnvironment } from './module-environment.ts';
import type { ModuleFiles } from './module-files.ts';
import { mappingOf } from './module-info.ts';
import type { ProvidedImplementation } from './provided-implementation.ts';
import type { RequiredConnection } from './required-connection.ts';
import type { RuntimeCore } from './runtime-core.ts';

/** What the context of a module is made from. */
export interface ContextParts {
  readonly core: RuntimeCore;
  readonly environment: ModuleEnvironment;
  readonly manifest: Manifest;
  readonly files: ModuleFiles;
  readonly provided: ReadonlyMap<string, ProvidedImplementation>;
  readonly required: ReadonlyMap<string, readonly RequiredConnection[]>;
  readonly external: ExternalMqtt;
  readonly heartbeat: Heartbeat;
  readonly acquaintances: Acquaintances;
  readonly globalErrors: ErrorView<string>;
}

/** What a module's set-up is given: the untyped side of `ModuleOf`. */
export function moduleContext(parts: ContextParts): unknown {
  const { core, environment, manifest, files, provided, required } = parts;
  const { info, clock, random, log, topics, outbox } = core;
  const known = <T>(map: ReadonlyMap<string, T>, id: string, part: string): T => {
    const found = map.get(id);
    if (found === undefined)
      throw new ChargemeshError('MANIFEST_MISMATCH', `module ${info.name}: its manifest ${part} no ${id}`);
    return found;
  };
  const enabled = <T>(flag: boolean, name: string, value: T): T => {
    if (!flag) throw new ChargemeshError('NOT_ENABLED', `module ${info.name}: its manifest lacks ${name}: true`);
    return value;
  };
  const all = (id: string): readonly RequiredConnection[] => known(required, id, 'requires');
  return {
    id: info.id,
    name: info.name,
    config: info.config,
    mapping: mappingOf(info.mapping),
    clock,
    random,
    log,
    runOptions: environment.runOptions,
    paths: {
      state: files.folder,
      search: environment.searchPaths,
      of: (key: string, implementation?: string) => files.pathOf(key, implementation),
    },
    provide: (id: string) => known(provided, id, 'provides'),
    all,
    optional: (id: string) => all(id)[0],
    one: (id: string) => {
      const [connection] = all(id);
      if (!connection) throw new ChargemeshError('NOT_CONNECTED', `module ${info.id}: ${id} has no connection`);
      return connection;
    },
    get mqtt(): ExternalMqtt {
      return enabled(manifest.enableExternalMqtt, 'enable_external_mqtt', parts.external);
    },
    get globalErrors(): ErrorView<string> {
      return enabled(manifest.enableGlobalErrors, 'enable_global_errors', parts.globalErrors);
    },
    heartbeat: parts.heartbeat,
    knows: (moduleId: string) => parts.acquaintances.knows(moduleId),
    telemetry: telemetry(core, environment.telemetryEnabled),
    openStore: (name: string, migrations: readonly Migration[]) => files.openStore(name, migrations),
    requestStop: (how: 'restart' | 'reboot' | 'stop', reason: string) =>
      outbox.send(`${topics.own}manager/stop`, JSON.stringify({ how, origin: info.id, reason })),
  };
}

function telemetry({ info, outbox, topics, clock }: RuntimeCore, isEnabled: boolean): Telemetry {
  const id = isEnabled ? info.telemetryId : undefined;
  return {
    publish: (category, subcategory, fields) => {
      if (id === undefined) return;
      const payload = { timestamp: formatTimestamp(clock.wallMs()), connector_id: id, ...fields };
      const topic = `${topics.prefixes.telemetry}${category}/${id}/${subcategory}`;
      outbox.send(topic, JSON.stringify(payload), { qos: 0 });
    },
  };
}
