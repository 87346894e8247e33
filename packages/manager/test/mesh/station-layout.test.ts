import { join } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import { expect, test } from '@jest/globals';
import { prepareMesh, stationLayout } from '../../src/index.ts';
import { checkText } from '../config/check-text.ts';

test('the default mesh: two EVSEs with a car each, a reader, OCPP and Auth', () => {
  const configFile = join(repositoryFolder, 'config-sil-ocpp.yaml');
  const { configuration } = prepareMesh({ configFile, environment: {} });
  expect(stationLayout(configuration?.modules ?? [])).toEqual({
    evses: [1, 2].map((number) => ({
      evse: number,
      moduleId: `evse_manager_${number}`,
      connectorId: number,
      boardId: `yeti_driver_${number}`,
      car: { moduleId: `ev_manager_${number}`, connectorId: number },
    })),
    cardTopics: ['everest_api/dummy_token_provider/cmd/provide'],
    ocppModuleId: 'ocpp',
    authModuleId: 'auth',
  });
});

test('the car is the one at the same board, the number of an unmapped EVSE its connector, the topic of a reader its id', () => {
  const { configuration } = checkText(`active_modules:
  b: {module: EvseManager, config_module: {connector_id: 2, evse_id: x}, connections: {bsp: [{module_id: boardB, implementation_id: board_support}]}}
  a: {module: EvseManager, config_module: {connector_id: 7, evse_id: x}, mapping: {module: {evse: 1}}, connections: {bsp: [{module_id: boardA, implementation_id: board_support}]}}
  boardA: {module: YetiSimulator, config_module: {connector_id: 7}}
  boardB: {module: YetiSimulator, config_module: {connector_id: 2}}
  car: {module: EvManager, config_module: {connector_id: 9}, connections: {ev_board_support: [{module_id: boardB, implementation_id: ev_board_support}]}}
  reader: {module: DummyTokenProviderManual}
`);
  expect(stationLayout(configuration?.modules ?? [])).toEqual({
    evses: [
      { evse: 1, moduleId: 'a', connectorId: 7, boardId: 'boardA', car: undefined },
      { evse: 2, moduleId: 'b', connectorId: 2, boardId: 'boardB', car: { moduleId: 'car', connectorId: 9 } },
    ],
    cardTopics: ['everest_api/reader/cmd/provide'],
    ocppModuleId: undefined,
    authModuleId: undefined,
  });
});
