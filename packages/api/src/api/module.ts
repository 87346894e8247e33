import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { ChargemeshError, messageOf } from '@chargemesh/base';
import { defineModule, isShutdown, type Module, type ModuleDefinition, type ModuleHooks } from '@chargemesh/framework';
import { ApiMemory, memoryMigrations } from './api-memory.ts';
import { readChargerInformation } from './charger-information.ts';
import { EvseApi } from './evse-api.ts';
import { Precision } from './precision.ts';
import { Release } from './release.ts';

/** How often all is said. */
const PERIOD_MS = 1_000;

/** Shows the station to programs outside of the mesh, and takes their commands, on topics below everest_api/. */
export const APIModule: ModuleDefinition = defineModule('API', setUp);

function setUp(module: Module<'API'>): ModuleHooks {
  const { config, clock, log, mqtt } = module;
  for (const { moduleId, implementationId, mapping } of module.all('evse_energy_sink'))
    if (!mapping)
      throw new ChargemeshError(
        'API_SINK_MAPPING',
        `${module.id}: evse_energy_sink ${moduleId}/${implementationId} has no mapping that says for which EVSE it is`,
        { details: { module: module.id, key: 'evse_energy_sink', value: moduleId } },
      );

  const connections = module.all('evse_manager');
  const precision = new Precision(config);
  const memory = new ApiMemory(module.openStore('api', memoryMigrations), module.runOptions.run);
  const release = new Release(connections.map(({ moduleId }) => moduleId));
  const evses = connections.map((evse) => new EvseApi({ module, evse, memory, precision, release }));
  const connectors = JSON.stringify(connections.map(({ moduleId }) => moduleId));

  let connectionStatus = 'unknown';
  let newSchedules: string | undefined;
  const ocpp = module.optional('ocpp');
  ocpp?.subscribe('connection_status', ({ connected }) => {
    connectionStatus = connected ? 'connected' : 'disconnected';
  });
  ocpp?.subscribe('charging_schedules', (schedules) => {
    newSchedules = JSON.stringify(schedules);
  });

  let information = config.charger_information_file === '' ? undefined : readInformationFile(module);
  const charger = module.optional('charger_information');
  const askForInformation = async (): Promise<void> => {
    if (!charger || config.charger_information_file !== '') return;
    try {
      information = JSON.stringify(await charger.call('get_charger_information', {}));
    } catch (error) {
      if (!isShutdown(error)) log.warn(`nothing is known of the charger: ${messageOf(error)}`);
    }
  };
  charger?.onPresence((present) => {
    if (present) void askForInformation();
  });

  const history = module.optional('error_history');
  let asking = false;
  let silent = false;
  const publishErrors = async (): Promise<void> => {
    if (!history || asking) return;
    asking = true;
    try {
      const errors = await history.call('get_errors', { filters: { state_filter: 'Active' } });
      mqtt.publish('everest_api/errors/var/active_errors', JSON.stringify(errors));
      silent = false;
    } catch (error) {
      if (!silent && !isShutdown(error)) log.warn(`active errors are not known: ${messageOf(error)}`);
      silent = true;
    } finally {
      asking = false;
    }
  };

  const tick = (): void => {
    mqtt.publish('everest_api/connectors', connectors);
    for (const evse of evses) evse.tick();
    if (information !== undefined) mqtt.publish('everest_api/info/var/info', information);
    mqtt.publish('everest_api/ocpp/var/connection_status', connectionStatus);
    if (newSchedules !== undefined) mqtt.publish('everest_api/ocpp/var/charging_schedules', newSchedules);
    newSchedules = undefined;
    void publishErrors();
  };

  let timer: { cancel(): void } | undefined;
  return {
    ready: () => {
      void askForInformation();
      for (const evse of evses) void evse.ready();
      tick();
      timer = clock.setPeriodic(PERIOD_MS, tick);
    },
    shutdown: () => timer?.cancel(),
  };
}

function readInformationFile({ id, config, paths }: Module<'API'>): string {
  const file = config.charger_information_file;
  const places = isAbsolute(file) ? [file] : paths.search.map((folder) => join(folder, file));
  return readChargerInformation(id, places.find((place) => existsSync(place)) ?? file);
}
