import { type Clock, messageOf, type Random, type Timer } from '@chargemesh/base';
import type { Bus } from '../bus/bus.ts';
import { CommandError } from '../module/command-error.ts';
import { decodeResult, encodeCommand, type ResultMessage } from '../wire/envelope.ts';
import type { Topics } from '../wire/topics.ts';

interface Pending {
  readonly moduleId: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CommandError) => void;
  readonly timer: Timer;
}

/** Whom to call, what and for how long to wait. */
export interface CommandCall {
  readonly moduleId: string;
  readonly implementationId: string;
  readonly command: string;
  readonly args: unknown;
  readonly deadlineMs: number;
}

/** The calls of one module that wait for their answers. Answers are matched by id alone; each call is answered once. */
export class CommandClient {
  readonly #origin: string;
  readonly #bus: Bus;
  readonly #topics: Topics;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #pending = new Map<string, Pending>();

  constructor(origin: string, port: { bus: Bus; topics: Topics; clock: Clock; random: Random }) {
    this.#origin = origin;
    this.#bus = port.bus;
    this.#topics = port.topics;
    this.#clock = port.clock;
    this.#random = port.random;
  }

  /** @throws CommandError */
  call({ moduleId, implementationId, command, args, deadlineMs }: CommandCall): Promise<unknown> {
    const id = this.#random.uuid();
    const name = `${moduleId}/${implementationId}/${command}`;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(deadlineMs, () =>
        this.#fail(id, new CommandError('CmdTimeout', `${name} did not answer within ${deadlineMs / 1000} s`)),
      );
      this.#pending.set(id, { moduleId, resolve, reject, timer });
      const topic = this.#topics.command(moduleId, implementationId, command);
      this.#bus
        .publish(topic, encodeCommand({ id, origin: this.#origin, args }))
        .catch((error) => this.#fail(id, new CommandError('NotReady', `${name} was not sent: ${messageOf(error)}`)));
    });
  }

  /** Takes an answer from the bus. Unknown ids are answers that came too late, or not ours. @throws WireFault */
  take(payload: string): ResultMessage {
    const result = decodeResult(payload);
    const pending = this.#pending.get(result.id);
    if (pending) {
      this.#forget(result.id, pending);
      if ('error' in result) pending.reject(result.error);
      else pending.resolve(result.retval);
    }
    return result;
  }

  /** Fails what waits for this module, or everything. */
  failAll(error: CommandError, moduleId?: string): void {
    for (const [id, pending] of [...this.#pending])
      if (moduleId === undefined || pending.moduleId === moduleId) this.#fail(id, error);
  }

  #fail(id: string, error: CommandError): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#forget(id, pending);
    pending.reject(error);
  }

  #forget(id: string, pending: Pending): void {
    pending.timer.cancel();
    this.#pending.delete(id);
  }
}
