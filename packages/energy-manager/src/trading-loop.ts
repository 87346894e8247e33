import type { Clock, Timer } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

type EnergyFlowRequest = types.energy.EnergyFlowRequest;

/** Why a tree is traded: it has come, or what was granted by it has to be renewed. */
export type TradeCause = 'news' | 'renewal';

/** What the loop needs. */
export interface TradingLoopOptions {
  readonly clock: Clock;
  /** From one trading to the next while the tree reports. */
  readonly intervalMs: number;
  /** From one trading to a renewal of what was granted. */
  readonly renewalMs: number;
  /**
   * Trades the tree and hands the result out. Must not throw.
   * @returns whether anything of it has to be renewed before it runs out
   */
  readonly trade: (tree: EnergyFlowRequest, cause: TradeCause) => Promise<boolean>;
}

/**
 * Decides when to trade: once an interval while the tree reports, at once where a node asks for it, now and then while grants are in
 * use, and else not at all. Tradings never overlap; what arrives during one is traded right after it, and only the newest tree counts.
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

  /** Whoever reported has left: there is nothing to trade until somebody reports again. */
  forget(): void {
    this.#tree = undefined;
    this.#fresh = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  receive(tree: EnergyFlowRequest): void {
    const wasFresh = this.#fresh;
    this.#tree = tree;
    this.#fresh = true;
    if (!this.#open) return;
    if (hasPriority(tree)) this.#wake();
    else if (!wasFresh && !this.#running) this.#schedule(this.#options.intervalMs);
  }

  #schedule(afterMs: number): void {
    const { clock } = this.#options;
    this.#timer?.cancel();
    const dueMs = this.#tradedAtMs + afterMs;
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
    let renew = false;
    do {
      const cause = this.#fresh || this.#again ? 'news' : 'renewal';
      this.#again = false;
      this.#fresh = false;
      this.#tradedAtMs = this.#options.clock.monotonicMs();
      renew = this.#tree !== undefined && (await this.#options.trade(this.#tree, cause));
    } while (this.#again && this.#open);
    this.#running = false;
    if (!this.#open) return;
    if (this.#fresh) this.#schedule(this.#options.intervalMs);
    else if (renew && this.#tree) this.#schedule(this.#options.renewalMs);
  }
}

/** Whether any node of the tree wants to be heard at once. */
export function hasPriority(tree: EnergyFlowRequest): boolean {
  return tree.priority_request === true || tree.children.some(hasPriority);
}
