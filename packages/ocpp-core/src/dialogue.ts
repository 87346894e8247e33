import { type Clock, type Logger, messageOf } from '@chargemesh/base';
import { sendHeartbeat } from './actions/heartbeat.ts';
import type { Heartbeat } from './boot/heartbeat.ts';
import type { Registration } from './boot/registration.ts';
import { type ToldTime, timeOfAnswer } from './boot/time-of-answer.ts';
import type { BootResponse, ChargePointEvents, UndeliverableMessage } from './charge-point-types.ts';
import type { Configuration } from './configuration/configuration.ts';
import type { Connectors } from './connectors/connectors.ts';
import type { Emitter } from './emitter.ts';
import type { FirmwareUpdates } from './firmware/firmware-updates.ts';
import type { Messenger } from './queue/messenger.ts';
import type { Resetter } from './reset/resetter.ts';
import type { Inbound } from './rpc/inbound.ts';
import type { SecurityEvents } from './security/security-events.ts';
import type { Station } from './station.ts';
import type { MeterValues } from './transactions/meter-values.ts';

/** What {@link Dialogue} stands on. */
export interface DialogueParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly station: Station;
  readonly emit: Emitter<ChargePointEvents>['emit'];
  readonly messenger: Messenger;
  readonly registration: Registration;
  readonly connectors: Connectors;
  readonly heartbeat: Heartbeat;
  readonly meterValues: MeterValues;
  readonly resetter: Resetter;
  readonly securityEvents: SecurityEvents;
  readonly inbound: Inbound;
  readonly firmware: Pick<FirmwareUpdates, 'refresh'>;
}

/** What the whole station does when its standing with the CSMS changes: the link comes and goes, a boot is answered. */
export class Dialogue {
  readonly #parts: DialogueParts;
  /** That are on their way. */
  #heartbeats = 0;

  constructor(parts: DialogueParts) {
    this.#parts = parts;
  }

  /** BootNotification first where it is due, then what has waited, then the states as they are now (F-25, C-14). */
  linkUp(): void {
    const { registration, messenger } = this.#parts;
    registration.linkUp();
    messenger.linkUp();
    if (registration.status === 'Accepted') this.#tellStates();
  }

  linkDown(): void {
    const { inbound, messenger, resetter } = this.#parts;
    inbound.lost();
    messenger.linkDown();
    resetter.check();
  }

  /** The CSMS answered a BootNotification (C-70 … C-75). */
  booted(response: BootResponse, tookMs: number): void {
    const { configuration, heartbeat, meterValues, messenger, emit } = this.#parts;
    emit('bootResponse', response);
    if (response.status !== 'Accepted') {
      heartbeat.stop();
      messenger.accepted = false;
      return;
    }
    this.#setSystemTime({ currentTimeMs: response.currentTimeMs, tookMs });
    if (response.intervalS > 0) configuration.set('HeartbeatInterval', response.intervalS);
    heartbeat.start(configuration.get('HeartbeatInterval'));
    meterValues.startAligned();
    messenger.accepted = true;
    this.#tellStates();
  }

  #tellStates(): void {
    this.#parts.connectors.reportAll();
    this.#parts.firmware.refresh();
  }

  /** Sends a Heartbeat, unless one waits still: a CSMS that is slow to answer is not to be told more often that we live. */
  beat({ triggered }: { triggered: boolean }): void {
    if (this.#heartbeats > 0 && !triggered) return;
    this.#heartbeats += 1;
    const over = (): void => {
      this.#heartbeats -= 1;
    };
    sendHeartbeat(this.#parts.messenger, (time) => this.#setSystemTime(time), { triggered, over });
  }

  /** A message of a transaction was refused for good. That of its end is worth a security event: a bill is missing (D18). */
  undeliverable(message: UndeliverableMessage): void {
    const { emit, securityEvents } = this.#parts;
    emit('undeliverable', message);
    if (message.action !== 'StopTransaction') return;
    const info = `StopTransaction could not be delivered: ${message.error}`;
    securityEvents.raise({ type: 'InvalidMessages', info, critical: true });
  }

  setConnectionTimeout(timeoutS: number): void {
    this.#tell('setConnectionTimeout', () => this.#parts.station.setConnectionTimeout(timeoutS));
  }

  #setSystemTime(told: ToldTime): void {
    const { clock, station } = this.#parts;
    this.#tell('setSystemTime', () => station.setSystemTime(timeOfAnswer(told, clock.wallMs())));
  }

  #tell(what: string, call: () => void | Promise<void>): void {
    const failed = (thrown: unknown): void =>
      this.#parts.log.error('the station failed', { what, error: messageOf(thrown) });
    try {
      call()?.catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  }
}
