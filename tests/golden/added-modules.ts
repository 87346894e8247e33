/** What was laid over the configuration of the recordings for one of them: modules, and their connections to the others. */
export const addedModules: Readonly<Record<string, object>> = {
  api: {
    active_modules: {
      api: {
        module: 'API',
        connections: {
          evse_manager: [{ module_id: 'connector_1', implementation_id: 'evse' }],
          ocpp: [{ module_id: 'ocpp', implementation_id: 'ocpp_generic' }],
          error_history: [{ module_id: 'error_history', implementation_id: 'error_history' }],
        },
      },
      error_history: {
        module: 'ErrorHistory',
        config_implementation: { error_history: { database_path: 'errors.db' } },
      },
      persistent_store: { module: 'PersistentStore' },
      connector_1: { connections: { store: [{ module_id: 'persistent_store', implementation_id: 'main' }] } },
      auth: { connections: { kvs: [{ module_id: 'persistent_store', implementation_id: 'main' }] } },
    },
  },
};
