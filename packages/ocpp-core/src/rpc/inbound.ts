import { type Clock, type Logger, messageOf, type Timer } from '@chargemesh/base';
import type { FrameValidator } from '../schemas/frame-validator.ts';
import { type BrokenFrame, type CallFrame, writeError, writeResult } from './frame.ts';
import { RpcError } from './rpc-error.ts';

/** A handler's answer, and what is to happen once it is on the wire. */
export interface Answer {
  readonly response: object;
  readonly afterwards?: () => void;
}

/** Answers a request. A thrown {@link RpcError} becomes its CALLERROR, anything else InternalError. */
export type RequestHandler = (payload: unknown) => Answer | Promise<Answer>;

/** What {@link Inbound} stands on. */
export interface InboundParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly validator: FrameValidator;
  readonly send: (text: string) => void;
  /** False while nothing may be answered: before the first answer to BootNotification, and while Rejected (C-72, C-73). */
  readonly open: () => boolean;
  /** The handler of an action; undefined where the action is known but not supported here. */
  readonly handler: (action: string) => RequestHandler | undefined;
  /** A request was malformed. */
  readonly invalid: (text: string) => void;
  /** Called when no request is being answered any more, so that own requests may go on (C-67). */
  readonly idle: () => void;
}

/** A handler that takes longer than this no longer holds back our own requests. Its answer is sent all the same. */
const LONGEST_HOLD_MS = 30_000;

/** A request whose answer is waited for. */
interface Hold {
  readonly sinceMs: number;
}

/** Requests of the CSMS: checked, handed to their action, answered. */
export class Inbound {
  readonly #parts: InboundParts;
  /** Told apart by link, so that an answer never goes out on another connection than its request came in on. */
  #link = 0;
  /** The requests that wait for our answer, oldest first. */
  readonly #holds = new Set<Hold>();
  /** Looks after the oldest. One for all: most requests are answered at once, and a timer costs more than they do. */
  #patience: Timer | undefined;

  constructor(parts: InboundParts) {
    this.#parts = parts;
  }

  /** Whether a request waits for our answer. */
  get busy(): boolean {
    return this.#holds.size > 0;
  }

  /** The link is gone: answers under way have nobody to go to. */
  lost(): void {
    this.#link++;
    this.#holds.clear();
    this.#patience?.cancel();
    this.#patience = undefined;
  }

  /** @param text the frame as received, for the security event */
  received(frame: CallFrame, text: string): void {
    const { log, open, validator, handler, invalid } = this.#parts;
    const { id, action, payload } = frame;
    if (!open()) {
      log.info('request ignored: the CSMS has not accepted this charge point', { action, id });
      return;
    }
    if (!validator.isAction(action)) {
      this.#refuse(id, new RpcError('NotImplemented', `${action} is unknown`));
      return;
    }
    const handle = handler(action);
    if (!handle) {
      this.#refuse(id, new RpcError('NotSupported', `${action} is not supported`));
      return;
    }
    const [fault] = validator.request(action, payload);
    if (fault) {
      invalid(text);
      const details = { path: fault.path, rule: fault.rule };
      this.#refuse(id, new RpcError('FormationViolation', `${fault.path} ${fault.message}`.trim(), details));
      return;
    }
    this.#answer(id, action, handle, payload);
  }

  /** A text that is no frame (D20). */
  broken(frame: BrokenFrame, text: string): void {
    const { log, open, invalid } = this.#parts;
    log.warn('unreadable message from the CSMS', { reason: frame.reason });
    if (frame.silent || !open()) return;
    invalid(text);
    this.#refuse(
      frame.id ?? '-1',
      new RpcError(frame.id === undefined ? 'GenericError' : 'FormationViolation', frame.reason),
    );
  }

  #answer(id: string, action: string, handle: RequestHandler, payload: unknown): void {
    const link = this.#link;
    const hold: Hold = { sinceMs: this.#parts.clock.monotonicMs() };
    this.#holds.add(hold);
    const write = (answer: () => void): void => {
      if (link === this.#link) answer();
      else this.#parts.log.warn('the link broke before a request was answered', { action, id });
    };
    const succeed = (answer: Answer): void => {
      write(() => this.#result(id, action, answer.response));
      // Its effects are wanted even where the CSMS did not hear the answer.
      this.#run(action, answer.afterwards);
      this.#release(hold);
    };
    const fail = (thrown: unknown): void => {
      write(() => this.#refuse(id, this.#asRpcError(action, thrown)));
      this.#release(hold);
    };
    try {
      const answer = handle(payload);
      if (!('then' in answer)) {
        succeed(answer);
        return;
      }
      this.#patience ??= this.#parts.clock.setTimer(LONGEST_HOLD_MS, () => this.#losePatience());
      answer.then(succeed, fail);
    } catch (thrown) {
      fail(thrown);
    }
  }

  #release(hold: Hold): void {
    this.#holds.delete(hold);
    if (this.#holds.size > 0) return;
    try {
      this.#parts.idle();
    } catch (thrown) {
      this.#parts.log.error('what waited for a request to be answered failed', { error: messageOf(thrown) });
    }
  }

  /** Those that take too long hold nothing back any more; the others have their time. */
  #losePatience(): void {
    const { clock } = this.#parts;
    const nowMs = clock.monotonicMs();
    for (const hold of this.#holds) if (hold.sinceMs + LONGEST_HOLD_MS <= nowMs) this.#release(hold);
    const [oldest] = this.#holds;
    this.#patience = oldest && clock.setTimer(oldest.sinceMs + LONGEST_HOLD_MS - nowMs, () => this.#losePatience());
  }

  #result(id: string, action: string, response: object): void {
    const { validator, log, send } = this.#parts;
    const [fault] = validator.response(action, response);
    if (!fault) {
      send(writeResult(id, response));
      return;
    }
    log.error('our own answer does not fit its schema', { action, path: fault.path, rule: fault.rule });
    this.#refuse(id, new RpcError('InternalError', 'the answer could not be built'));
  }

  #refuse(id: string, error: RpcError): void {
    this.#parts.log.warn('request refused', { id, code: error.rpcCode, description: error.message });
    this.#parts.send(writeError(id, error.rpcCode, error.message, error.details));
  }

  #asRpcError(action: string, thrown: unknown): RpcError {
    if (thrown instanceof RpcError) return thrown;
    this.#parts.log.error('handling a request failed', { action, error: messageOf(thrown) });
    return new RpcError('InternalError', `${action} could not be carried out`);
  }

  #run(action: string, afterwards: (() => void) | undefined): void {
    try {
      afterwards?.();
    } catch (thrown) {
      this.#parts.log.error('what follows a request failed', { action, error: messageOf(thrown) });
    }
  }
}
