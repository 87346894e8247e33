import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ChargemeshError, type Clock, type Logger, messageOf, type Timer } from '@chargemesh/base';
import {
  AnswerBook,
  type AnswerScope,
  type Behaviour,
  type CallOptions,
  type CallOutcome,
  CsmsError,
  checkCall,
  type FrameValidator,
  type PassedFrame,
  type StationView,
  TagList,
  type Violation,
} from '@chargemesh/csms';
import { mergePatch } from '@chargemesh/manager';
import type { RPCClient, RPCServer } from 'ocpp-rpc';
import type { ListeningCsms } from '../../trial-csms.ts';
import { FrameWitness } from './frame-witness.ts';
import { RightAnswers } from './right-answers.ts';

type Library = typeof import('ocpp-rpc');
type Payload = Readonly<Record<string, unknown>>;

/** A request of a station, as the library hands it on. */
interface Asked {
  readonly messageId?: string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly signal?: AbortSignal;
}

/** What the library tells of a payload that its schemas refuse. */
interface StrictFailure {
  readonly method: string;
  readonly outbound: boolean;
  readonly error: Error;
}

/** What a {@link OcppRpcCsms} is made of. */
export interface OcppRpcCsmsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly validator: FrameValidator;
  /** Default: every card is accepted. */
  readonly tags?: TagList | undefined;
  /** Takes each frame as a line of NDJSON. */
  readonly transcript: (line: string) => void;
}

const PROTOCOL = 'ocpp1.6';
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * A CSMS that others have written: the server of the library `ocpp-rpc`, which holds every payload against the schemas of OCPP 1.6. Its
 * sockets, its frames, its queue of requests and its judgement are not ours; our checker looks on.
 * @see https://github.com/mikuso/ocpp-rpc
 */
export class OcppRpcCsms implements ListeningCsms {
  readonly #options: OcppRpcCsmsOptions;
  readonly #witness: FrameWitness;
  readonly #answers: RightAnswers;
  readonly #told = new AnswerBook();
  readonly #links = new Map<string, RPCClient>();
  #running: { readonly library: Library; readonly server: RPCServer } | undefined;
  #refusing = false;
  #upgradeDelayMs = 0;

  constructor(options: OcppRpcCsmsOptions) {
    this.#options = options;
    this.#witness = new FrameWitness(options);
    this.#answers = new RightAnswers(options.tags ?? TagList.acceptAll());
  }

  /** Listens on a free port of this machine. @returns the address that stations connect to, their id appended */
  async start(): Promise<{ readonly port: number; readonly url: string }> {
    // 34 MB, for those alone who ask for it.
    const { default: library } = await import('ocpp-rpc');
    const server = new library.RPCServer({ protocols: [PROTOCOL], strictMode: true });
    server.auth(async (accept, reject, _handshake, signal) => {
      if (this.#upgradeDelayMs > 0) await this.#options.clock.sleep(this.#upgradeDelayMs, signal).catch(() => {});
      if (this.#refusing) reject(503, 'Service Unavailable');
      else accept({}, PROTOCOL);
    });
    server.on('client', (link: RPCClient) => this.#admit(library, link));
    const http = await server.listen(0, '127.0.0.1');
    if (!http.listening) await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    this.#running = { library, server };
    return { port, url: `ws://127.0.0.1:${port}` };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.server.close({ force: true });
  }

  list(): StationView[] {
    return this.#witness.list();
  }

  /** All that our checker has seen of one station. @throws CsmsError `CSMS_UNKNOWN_STATION` */
  ledger(station: string): StationView {
    return this.#witness.view(station);
  }

  /** What the stations did wrong, in the eyes of our checker or of the library. */
  get violations(): readonly Violation[] {
    return this.#witness.violations;
  }

  onFrame(listener: (frame: PassedFrame) => void): Timer {
    return this.#witness.onFrame(listener);
  }

  setAnswer(action: string, behaviour: Behaviour, scope: AnswerScope = {}): void {
    this.#told.set(action, behaviour, scope);
  }

  /**
   * Sends a request through the library's queue.
   * @throws CsmsError `CSMS_NOT_CONNECTED`, `CSMS_CALL_INVALID`, `CSMS_CALL_TIMEOUT`, `CSMS_LINK_LOST`
   */
  async call(station: string, action: string, payload: unknown = {}, options: CallOptions = {}): Promise<CallOutcome> {
    checkCall(this.#options.validator, action, payload);
    const callTimeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    try {
      return { kind: 'result', payload: await this.#link(station).call(action, payload, { callTimeoutMs }) };
    } catch (error) {
      return outcomeOf(error, station, action);
    }
  }

  drop(station: string, how: 'clean' | 'cut' = 'cut'): void {
    const link = this.#link(station);
    // From now on nothing of it counts, though the socket may take a moment to end.
    this.#gone(station, link);
    void link.close(how === 'cut' ? { force: true } : { code: 1001, reason: 'going away' });
  }

  /** @throws ChargemeshError `SCENARIO_NOT_APPLICABLE`, always */
  halfOpen(): never {
    throw new ChargemeshError('SCENARIO_NOT_APPLICABLE', 'ocpp-rpc cannot leave a link half open');
  }

  refuse(on: boolean): void {
    this.#refusing = on;
  }

  delayUpgrade(delayMs: number): void {
    this.#upgradeDelayMs = delayMs;
  }

  #link(station: string): RPCClient {
    const link = this.#links.get(station);
    if (!link) throw new CsmsError('CSMS_NOT_CONNECTED', `${station} is not connected`);
    return link;
  }

  #admit(library: Library, link: RPCClient): void {
    const station = link.identity ?? '';
    const witness = this.#witness;
    // The station has come again before the old connection was known to be gone.
    const older = this.#links.get(station);
    if (older) this.#gone(station, older);
    void older?.close({ force: true });
    this.#links.set(station, link);
    witness.connected(station, `/${station}`);
    link.on('message', ({ message, outbound }: { message: string; outbound: boolean }) => {
      if (outbound) witness.sent(station, message);
      else if (this.#links.get(station) === link) witness.received(station, message);
    });
    link.on('strictValidationFailure', ({ method, outbound, error }: StrictFailure) => {
      if (!outbound) witness.objected(station, 'SCHEMA', `ocpp-rpc on ${method}: ${error.message}`, '');
    });
    link.on('badMessage', ({ buffer, error, response }: { buffer: Buffer; error: Error; response: unknown }) => {
      // It has no answer to answers that nobody waits for any more: those are our checker's business.
      if (response !== null) witness.objected(station, 'RPC_SHAPE', `ocpp-rpc: ${error.message}`, String(buffer));
    });
    link.once('close', () => this.#gone(station, link));
    link.handle((asked: Asked) => this.#answer(library, link, asked));
  }

  #gone(station: string, link: RPCClient): void {
    if (this.#links.get(station) !== link) return;
    this.#links.delete(station);
    this.#witness.disconnected(station);
  }

  async #answer(library: Library, link: RPCClient, asked: Asked): Promise<Payload> {
    const { method = '', params = {}, messageId = '', signal } = asked;
    const { clock, validator } = this.#options;
    const right = (): Payload => {
      const answer = this.#answers.answer(method, params, clock.wallMs());
      if (answer) return answer;
      throw library.createRPCError('NotImplemented', `${method} is not implemented`);
    };
    /** Past the library's own care for what it sends. */
    const sendAsIs = (text: string): Payload => {
      link.sendRaw(text);
      return library.NOREPLY;
    };
    const act = async (behaviour: Behaviour): Promise<Payload> => {
      switch (behaviour.kind) {
        case 'default':
          return right();
        case 'never':
          return library.NOREPLY;
        case 'garbage':
          return sendAsIs(`[3,"${messageId}",{not JSON`);
        case 'callError':
          return sendAsIs(JSON.stringify([4, messageId, behaviour.code, behaviour.description, {}]));
        case 'late':
          await clock.sleep(behaviour.delayMs, signal);
          return act(behaviour.answer);
        case 'payload': {
          const { mode, payload } = behaviour;
          const told = mode === 'replace' ? payload : mergePatch(right(), payload);
          if (validator.response(method, told).length > 0) return sendAsIs(JSON.stringify([3, messageId, told]));
          return told as Payload;
        }
      }
    };
    return act(this.#told.take(method, link.identity ?? ''));
  }
}

/** What the library threw, in the words of ours. @throws CsmsError where there is no answer */
function outcomeOf(error: unknown, station: string, action: string): CallOutcome {
  if (error instanceof CsmsError) throw error;
  if (error instanceof Error && 'rpcErrorCode' in error) {
    const { rpcErrorCode, message } = error;
    const details = 'details' in error ? error.details : {};
    return { kind: 'error', code: String(rpcErrorCode), description: message, details };
  }
  const said = messageOf(error);
  if (said === 'Call timeout') throw new CsmsError('CSMS_CALL_TIMEOUT', `${station} did not answer ${action} in time`);
  throw new CsmsError('CSMS_LINK_LOST', `${station} did not answer ${action}: ${said}`);
}
