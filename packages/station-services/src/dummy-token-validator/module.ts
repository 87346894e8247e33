import { defineModule, type Module, type ModuleDefinition } from '@chargemesh/framework';

/** Gives each card the configured answer, after the configured time. */
export const DummyTokenValidatorModule: ModuleDefinition = defineModule('DummyTokenValidator', setUp);

function setUp(module: Module<'DummyTokenValidator'>): undefined {
  const validator = module.provide('main');
  const { validation_result, validation_reason, sleep } = validator.config;
  validator.implement({
    validate_token: async ({ provided_token }) => {
      await module.clock.sleep(sleep * 1000);
      const { value } = provided_token.id_token;
      module.log.debug(`token is ${validation_result}: ${validation_reason}`, { token: value });
      return { authorization_status: validation_result, tariff_messages: [] };
    },
  });
}
