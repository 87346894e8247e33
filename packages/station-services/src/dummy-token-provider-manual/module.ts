import { messageOf } from '@chargemesh/base';
import { defineModule, type Module, type ModuleDefinition } from '@chargemesh/framework';
import { readToken } from './read-token.ts';

/** A card reader that programs outside the mesh hold cards to. */
export const DummyTokenProviderManualModule: ModuleDefinition = defineModule('DummyTokenProviderManual', setUp);

function setUp(module: Module<'DummyTokenProviderManual'>): undefined {
  const provider = module.provide('main');
  provider.implement({});
  module.mqtt.subscribe(provider.config.mqtt_topic || `everest_api/${module.id}/cmd/provide`, (payload) => {
    try {
      provider.publish('provided_token', readToken(payload));
    } catch (error) {
      module.log.warn(`a card was refused: ${messageOf(error)}`, { payload });
    }
  });
}
