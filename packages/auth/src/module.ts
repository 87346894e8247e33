import { messageOf } from '@chargemesh/base';
import type { Interfaces, types } from '@chargemesh/contracts';
import { defineModule, isShutdown, type ModuleDefinition, type Required } from '@chargemesh/framework';
import { Auth } from './auth.ts';
import { AuthMemory, memoryMigrations } from './auth-memory.ts';
import type { Evse } from './evse.ts';
import type { EvsePort } from './ports.ts';
import { ReservationStore } from './reservations/reservation-store.ts';

type EvseManager = Required<Interfaces['evse_manager']>;

/** EVerest's Auth: brings tokens to EVSEs, and keeps reservations. */
export const AuthModule: ModuleDefinition = defineModule('Auth', (module) => {
  const { clock, log, config } = module;
  const main = module.provide('main');
  const reservation = module.provide('reservation');
  const kvs = module.optional('kvs');
  const store = new ReservationStore(
    module.id,
    log,
    kvs && {
      load: (key) => kvs.call('load', { key }),
      save: async (key, value) => {
        await kvs.call('store', { key, value });
      },
    },
  );

  const auth = new Auth({
    moduleId: module.id,
    config,
    clock,
    log,
    validators: module
      .all('token_validator')
      .map((validator) => (provided_token) => validator.call('validate_token', { provided_token })),
    publishStatus: (token, status, messages = []) =>
      main.publish('token_validation_status', { token, status, messages }),
    publishReservation: (reservation_id, reservation_status) =>
      reservation.publish('reservation_update', { reservation_id, reservation_status }),
    reservationsChanged: (reservations) => {
      // What is not read yet must not be written over.
      if (loaded) store.save(reservations);
      remember();
    },
    changed: () => remember(),
  });
  const { run } = module.runOptions;
  const memory = run === undefined ? undefined : new AuthMemory(module.openStore('auth', memoryMigrations), run);
  let restored = false;
  let loaded = false;
  const remember = (): void => {
    // Before the old state is back there is nothing worth keeping.
    if (restored) memory?.save(auth);
  };

  const connections = module.all('evse_manager');
  const evses = new Map<number, Evse>();
  const early: (() => void)[] = [];
  /** Runs at once when the EVSEs are known, else as soon as they are, in order. */
  const onceKnown = (work: () => void): void => {
    if (evses.size === connections.length) work();
    else early.push(work);
  };
  const withEvse = (index: number, work: (evse: Evse) => void): void =>
    onceKnown(() => {
      const evse = evses.get(index);
      if (evse) work(evse);
    });

  for (const connection of connections) {
    const { index } = connection;
    connection.follow('session_event', {
      position: () => memory?.position(connection.moduleId),
      take: (event, position, done) =>
        withEvse(index, (evse) => {
          if (position) memory?.noteRead(connection.moduleId, position);
          auth.sessions.take(evse, event);
          if (position) remember();
          done();
        }),
    });
    const takeFault = (): void => {
      const faulted = connection.errors.isActive('evse_manager/Inoperative');
      withEvse(index, (evse) => auth.sessions.takeFault(evse, faulted));
    };
    connection.errors.listen({ raised: takeFault, cleared: takeFault });
    connection.subscribe('ready', (ready) => {
      if (!ready) return;
      withEvse(index, (evse) => {
        void auth.authorizations.remind(evse);
        void auth.reservations.begun(evse);
      });
    });
    connection.onPresence((present) => {
      // Whoever is there at the start is asked then.
      const evse = evses.get(index);
      if (!evse) return;
      evse.reachable = present;
      if (present) void greet(evse, connection);
    });
  }
  const greet = async (evse: Evse, connection: EvseManager): Promise<void> => {
    const described = await describe(connection);
    if (described) evse.setConnectors(described.connectors);
    await auth.reservations.remind(evse);
  };

  for (const provider of module.all('token_provider'))
    provider.subscribe('provided_token', (token) => onceKnown(() => void auth.take(token)));
  for (const validator of module.all('token_validator'))
    validator.subscribe('validate_result_update', ({ connector_id, validation_result }) =>
      onceKnown(() => auth.updateValidation(connector_id, validation_result)),
    );

  main.implement({
    set_connection_timeout: ({ connection_timeout }) => {
      auth.settings.connectionTimeoutS = connection_timeout;
      remember();
      return null;
    },
    set_master_pass_group_id: ({ master_pass_group_id }) => {
      auth.settings.masterPassGroupId = master_pass_group_id || undefined;
      remember();
      return null;
    },
    withdraw_authorization: ({ request }) => auth.withdraw(request),
  });
  reservation.implement({
    reserve_now: ({ request }) => auth.reservations.make(request),
    cancel_reservation: ({ reservation_id }) => auth.reservations.cancel(reservation_id),
    exists_reservation: ({ request }) => auth.reservations.book.check(request),
  });

  return {
    ready: async () => {
      const found = await Promise.all(connections.map(describe));
      for (const [at, connection] of connections.entries()) {
        const evse = auth.addEvse(found[at] ?? assumed(connection), portOf(connection));
        evse.reachable = connection.isReady();
        evses.set(connection.index, evse);
      }
      const rejoined = memory?.restore(auth) ?? false;
      restored = true;
      for (const work of early.splice(0)) work();
      const kept = rejoined ? [] : await store.load();
      loaded = true;
      await auth.reservations.restore(kept);
      store.save(auth.reservations.book.all);
    },
    shutdown: () => auth.stop(),
  };

  async function describe(connection: EvseManager): Promise<types.evse_manager.Evse | undefined> {
    try {
      return await connection.call('get_evse', {});
    } catch (thrown) {
      if (!isShutdown(thrown))
        log.warn('the EVSE did not say what it is', { module: connection.moduleId, error: messageOf(thrown) });
      return undefined;
    }
  }
});

/** What an EVSE that does not answer is taken for, until it does. */
function assumed(connection: EvseManager): types.evse_manager.Evse {
  return { id: connection.mapping?.evse ?? connection.index + 1, connectors: [{ id: 1 }] };
}

function portOf(connection: EvseManager): EvsePort {
  return {
    authorize: async (provided_token, validation_result) => {
      await connection.call('authorize_response', { provided_token, validation_result });
    },
    withdraw: async () => {
      await connection.call('withdraw_authorization', {});
    },
    stop: (request) => connection.call('stop_transaction', { request }),
    reserve: (reservation_id) => connection.call('reserve', { reservation_id }),
    cancelReservation: async () => {
      await connection.call('cancel_reservation', {});
    },
  };
}

export default AuthModule;
