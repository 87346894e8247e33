import { formatTimestamp, messageOf } from '@chargemesh/base';
import type { Interfaces, types } from '@chargemesh/contracts';
import { isShutdown, type JournalPosition, type Module, type Required } from '@chargemesh/framework';
import { type ApiCommand, readCommand } from './api-command.ts';
import type { ApiMemory } from './api-memory.ts';
import { carryOut, type EvsePorts } from './carry-out.ts';
import type { Precision } from './precision.ts';
import { capabilitiesText, limitsText, powermeterText, telemetryText } from './readings.ts';
import type { Release } from './release.ts';
import { SessionInfo } from './session-info.ts';

type EvseManager = Required<Interfaces['evse_manager']>;

interface Surroundings {
  readonly module: Module<'API'>;
  readonly evse: EvseManager;
  readonly memory: ApiMemory;
  readonly precision: Precision;
  readonly release: Release;
}

/** The topics of one EVSE: everest_api/<id of its module>/… */
export class EvseApi {
  readonly #at: Surroundings;
  readonly #session = new SessionInfo();
  #capabilities = '';
  #protocol = '';
  /** The number of the EVSE, by which its energy node is found. */
  #evseId: number | undefined;
  /** Commands are carried out one after the other. */
  #last: Promise<void> = Promise.resolve();

  /** To be made in set-up. */
  constructor(surroundings: Surroundings) {
    this.#at = surroundings;
    this.#evseId = surroundings.evse.mapping?.evse;
    surroundings.memory.recall(surroundings.evse.moduleId, this.#session);
    this.#listen();
    this.#takeCommands();
  }

  /** The mesh is ready: the EVSE is asked which it is. */
  async ready(): Promise<void> {
    const { evse, module } = this.#at;
    try {
      this.#evseId = (await evse.call('get_evse', {})).id;
    } catch (error) {
      if (!isShutdown(error)) module.log.warn(`${evse.moduleId} did not say which EVSE it is: ${messageOf(error)}`);
    }
  }

  /** What is said each second. */
  tick(): void {
    const { clock } = this.#at.module;
    this.#publish('datetime', formatTimestamp(clock.wallMs()));
    this.#publishSession();
    this.#publish('hardware_capabilities', this.#capabilities);
    this.#publish('selected_protocol', this.#protocol);
  }

  #listen(): void {
    const { evse, module, precision, release } = this.#at;
    evse.follow('session_event', {
      position: () => this.#at.memory.position(evse.moduleId),
      take: (event, position, done) => {
        this.#take(event);
        if (this.#remember(position)) done();
      },
    });
    evse.subscribe('powermeter', (meter) => {
      this.#session.read(meter, module.clock.wallMs());
      this.#publish('powermeter', powermeterText(meter, precision));
    });
    evse.subscribe('hw_capabilities', (capabilities) => {
      this.#capabilities = capabilitiesText(capabilities, precision);
      this.#publish('hardware_capabilities', this.#capabilities);
    });
    evse.subscribe('limits', (limits) => this.#publish('limits', limitsText(limits, precision)));
    evse.subscribe('telemetry', (telemetry) => this.#publish('telemetry', telemetryText(telemetry, precision)));
    evse.subscribe('ev_info', (info) => this.#publish('ev_info', JSON.stringify(info)));
    evse.subscribe('selected_protocol', (protocol) => {
      this.#protocol = protocol;
    });
    evse.subscribe('ready', (ready) => {
      if (ready) release.ready(evse.moduleId);
    });
    this.#delayOf()?.subscribe('countdown', (countDown) => this.#session.delay(countDown));
  }

  /** A full disk must not keep anybody from hearing of a session. */
  #remember(position: JournalPosition | undefined): boolean {
    const { evse, module, memory } = this.#at;
    try {
      memory.save(evse.moduleId, this.#session, position);
      return true;
    } catch (error) {
      module.log.error(`what ${evse.moduleId} is at was not kept: ${messageOf(error)}`);
      return false;
    }
  }

  #take(event: types.evse_manager.SessionEvent): void {
    this.#session.take(event, this.#at.module.clock.wallMs());
    const logFolder = event.session_started?.logging_path;
    if (event.event === 'SessionStarted' && logFolder !== undefined) this.#publish('logging_path', logFolder);
    if (event.event === 'TransactionFinished') this.#publishSession();
  }

  #takeCommands(): void {
    const { evse, module, release } = this.#at;
    for (const [name, read] of Object.entries(readCommand))
      module.mqtt.subscribe(`everest_api/${evse.moduleId}/cmd/${name}`, (payload) => {
        let command: ApiCommand;
        try {
          command = read(payload);
        } catch (error) {
          module.log.warn(`${name} for ${evse.moduleId} was ignored: ${messageOf(error)}`, { payload });
          return;
        }
        release.run(() => {
          this.#last = this.#last
            .then(() => carryOut(command, this.#ports(), formatTimestamp(module.clock.wallMs())))
            .catch((error) => {
              if (!isShutdown(error)) module.log.warn(`${name} for ${evse.moduleId} failed: ${messageOf(error)}`);
            });
        });
      });
  }

  #ports(): EvsePorts {
    const { evse, module } = this.#at;
    const sink = module.all('evse_energy_sink').find(({ mapping }) => mapping?.evse === this.#evseId);
    const delay = this.#delayOf();
    return {
      enableDisable: (connector_id, cmd_source) => evse.call('enable_disable', { connector_id, cmd_source }),
      pause: () => evse.call('pause_charging', {}),
      resume: () => evse.call('resume_charging', {}),
      stop: (reason) => evse.call('stop_transaction', { request: { reason } }),
      unlock: (connector_id) => evse.call('force_unlock', { connector_id }),
      limit: sink && ((value) => sink.call('set_external_limits', { value })),
      delay: delay && {
        command: (what) => delay.call(what, {}),
        longest: (value) => delay.call('set_duration_s', { value }),
      },
    };
  }

  /** The random delay of an EVSE is another implementation of its own module. */
  #delayOf(): Required<Interfaces['uk_random_delay']> | undefined {
    const { evse, module } = this.#at;
    return module.all('random_delay').find(({ moduleId }) => moduleId === evse.moduleId);
  }

  #publishSession(): void {
    const { evse, module } = this.#at;
    const isFaulted = evse.errors.isActive('evse_manager/Inoperative');
    this.#publish('session_info', this.#session.text(isFaulted, formatTimestamp(module.clock.wallMs())));
  }

  #publish(variable: string, payload: string): void {
    const { evse, module } = this.#at;
    module.mqtt.publish(`everest_api/${evse.moduleId}/var/${variable}`, payload);
  }
}
