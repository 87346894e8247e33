import type { ConfiguredModule } from '../config/mesh-configuration.ts';

/** One EVSE of a station, with the simulated car in front of it. */
export interface EvseLayout {
  /** As the configuration numbers them, from 1. */
  readonly evse: number;
  /** Its EvseManager. */
  readonly moduleId: string;
  readonly connectorId: number;
  /** The module of its board. */
  readonly boardId: string | undefined;
  /** The simulated car, where there is one. */
  readonly car: { readonly moduleId: string; readonly connectorId: number } | undefined;
}

/** What a person finds at a station: EVSEs, a reader of cards, the module that speaks OCPP. */
export interface StationLayout {
  readonly evses: readonly EvseLayout[];
  /** External topics where a card can be swiped. */
  readonly cardTopics: readonly string[];
  readonly ocppModuleId: string | undefined;
  readonly authModuleId: string | undefined;
}

/** Reads from a configuration what stands where. */
export function stationLayout(modules: readonly ConfiguredModule[]): StationLayout {
  const ofType = (name: string): ConfiguredModule[] => modules.filter((module) => module.name === name);
  const cars = ofType('EvManager');
  const evses = ofType('EvseManager').map((module): EvseLayout => {
    const connectorId = Number(module.config.connector_id);
    const board = module.connections.bsp?.[0]?.moduleId;
    const car = cars.find(({ connections }) => connections.ev_board_support?.[0]?.moduleId === board);
    return {
      evse: module.mapping?.module?.evse ?? connectorId,
      moduleId: module.id,
      connectorId,
      boardId: board,
      car: car && { moduleId: car.id, connectorId: Number(car.config.connector_id) },
    };
  });
  return {
    evses: evses.sort((a, b) => a.evse - b.evse),
    cardTopics: ofType('DummyTokenProviderManual').map(({ id, implementations }) => {
      const topic = String(implementations.main?.mqtt_topic ?? '');
      return topic === '' ? `everest_api/${id}/cmd/provide` : topic;
    }),
    ocppModuleId: ofType('OCPP')[0]?.id,
    authModuleId: ofType('Auth')[0]?.id,
  };
}
