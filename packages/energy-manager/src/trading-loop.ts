import type { Clock, Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type EnergyFlowRequest = types.energy.EnergyFlowRequest;

/** What the loop needs. */
export interface TradingLoopOptions {
  readonly clock: Clock;
  /** From one trading to the next while the tree reports. */
  readonly intervalMs: number;
  /** Trades the tree and hands the result out. Must not throw. */
  readonly trade: (tree: EnergyFlowRequest) => Promise<void>;
}

/**
 * Decides when to trade: once an interval while the tree reports, at once where a node asks for it, and not at all while nobody
 * reports. Tradings never overlap; what arrives during one is traded right after it, and only the newest tree counts.
 */
export class TradingLoop {
  readonly #options: TradingLoopOptions;
  #tree: EnergyFlowRequest | undefined;
  /** Whether the tree has not been traded yet. */
  #fresh = false;
  #running = false;
  #again = false;
  #open = false;
  #timer: Timer | undefined;
  #tradedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: TradingLoopOptions) {
    this.#options = options;
  }

  /** Commands may be sent from now on. */
  start(): void {
    this.#open = true;
    if (this.#tree) this.#wake();
  }

  stop(): void {
    this.#open = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  receive(tree: EnergyFlowRequest): void {
    this.#tree = tree;
    this.#fresh = true;
    if (!this.#open) return;
    if (hasPriority(tree)) this.#wake();
    else this.#schedule();
  }

  #schedule(): void {
    if (this.#timer || this.#running) return;
    const { clock, intervalMs } = this.#options;
    const dueMs = this.#tradedAtMs + intervalMs;
    this.#timer = clock.setTimer(Math.max(0, dueMs - clock.monotonicMs()), () => this.#wake());
  }

  #wake(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#running) this.#again = true;
    else void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    do {
      this.#again = false;
      this.#fresh = false;
      this.#tradedAtMs = this.#options.clock.monotonicMs();
      if (this.#tree) await this.#options.trade(this.#tree);
    } while (this.#again && this.#open);
    this.#running = false;
    if (this.#fresh && this.#open) this.#schedule();
  }
}

/** Whether any node of the tree wants to be heard at once. */
export function hasPriority(tree: EnergyFlowRequest): boolean {
  return tree.priority_request === true || tree.children.some(hasPriority);
}
