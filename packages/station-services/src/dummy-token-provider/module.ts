import { ChargemeshError } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import { defineModule, type Module, type ModuleDefinition } from '@chargemesh/framework';

type AuthorizationType = types.authorization.AuthorizationType;

const authorizationTypes: readonly AuthorizationType[] = ['OCPP', 'RFID', 'Autocharge', 'PlugAndCharge', 'BankCard'];

/** Provides the configured card as soon as a session begins, as if somebody stood there. */
export const DummyTokenProviderModule: ModuleDefinition = defineModule('DummyTokenProvider', setUp);

function setUp(module: Module<'DummyTokenProvider'>): undefined {
  const provider = module.provide('main');
  const { token, type, connector_id } = provider.config;
  const authorizationType = authorizationTypes.find((known) => known === type);
  if (!authorizationType)
    throw new ChargemeshError(
      'CONFIG_VALUE',
      `${module.id}: type is ${type}, not one of ${authorizationTypes.join(', ')}`,
      { details: { module: module.id, key: 'type', value: type } },
    );
  provider.implement({});
  module.one('evse').subscribe('session_event', ({ event }) => {
    if (event !== 'SessionStarted') return;
    const idToken = { value: token, type: 'ISO14443' } as const;
    provider.publish('provided_token', {
      id_token: idToken,
      parent_id_token: idToken,
      authorization_type: authorizationType,
      ...(connector_id > 0 ? { connectors: [connector_id] } : {}),
    });
  });
}
