import { formatTimestamp } from '@chargemesh/base';
import { defineModule, type Module, type ModuleDefinition, type ModuleHooks } from '@chargemesh/framework';
import { jsonObject } from '../json-text.ts';

/** How often all is said. */
const PERIOD_MS = 1_000;

const pilotLetters: ReadonlySet<string> = new Set(['A', 'B', 'C', 'D', 'E', 'F']);

/** Shows simulated cars to programs outside of the mesh, on topics below everest_api/. */
export const EvAPIModule: ModuleDefinition = defineModule('EvAPI', setUp);

function setUp(module: Module<'EvAPI'>): ModuleHooks {
  const { clock, mqtt } = module;
  const cars = module.all('ev_manager').map((car) => {
    /** The letter of the control pilot. */
    let state = 'Unknown';
    car.subscribe('bsp_event', ({ event }) => {
      if (pilotLetters.has(event)) state = event;
    });
    const topic = (variable: string): string => `everest_api/${car.moduleId}/var/${variable}`;
    car.subscribe('ev_info', (info) => mqtt.publish(topic('ev_info'), JSON.stringify(info)));
    return {
      moduleId: car.moduleId,
      tick: (datetime: string): void => {
        mqtt.publish(topic('datetime'), datetime);
        const members = [
          ['datetime', JSON.stringify(datetime)],
          ['state', JSON.stringify(state)],
        ] as const;
        mqtt.publish(topic('session_info'), jsonObject(members));
      },
    };
  });
  const connectors = JSON.stringify(cars.map(({ moduleId }) => moduleId));
  const tick = (): void => {
    mqtt.publish('everest_api/ev_connectors', connectors);
    const datetime = formatTimestamp(clock.wallMs());
    for (const car of cars) car.tick(datetime);
  };
  let timer: { cancel(): void } | undefined;
  return {
    ready: () => {
      tick();
      timer = clock.setPeriodic(PERIOD_MS, tick);
    },
    shutdown: () => timer?.cancel(),
  };
}
