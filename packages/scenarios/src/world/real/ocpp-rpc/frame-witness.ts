import { type Clock, formatTimestamp } from '@chargemesh/base';
import {
  CsmsError,
  type FrameValidator,
  type PassedFrame,
  type RuleCode,
  StationChecker,
  type StationView,
  transcriptLine,
  type Violation,
  viewTransaction,
} from '@chargemesh/csms';

/** What a {@link FrameWitness} is made of. */
export interface FrameWitnessOptions {
  readonly clock: Clock;
  readonly validator: FrameValidator;
  /** Takes each frame as a line of NDJSON. */
  readonly transcript: (line: string) => void;
}

interface Seen {
  readonly checker: StationChecker;
  connected: boolean;
  sinceMs: number;
}

/**
 * Sees what passes between stations and a CSMS that is not ours, and holds the stations against the same rules as ours does. It takes no
 * part in it.
 */
export class FrameWitness {
  readonly violations: Violation[] = [];
  readonly #options: FrameWitnessOptions;
  readonly #stations = new Map<string, Seen>();
  readonly #listeners = new Set<(frame: PassedFrame) => void>();

  constructor(options: FrameWitnessOptions) {
    this.#options = options;
  }

  connected(station: string, path: string): void {
    const seen = this.#seen(station);
    seen.connected = true;
    this.#pass(seen, station, 'event', `connected ${path}`);
    seen.checker.connected();
  }

  disconnected(station: string): void {
    const seen = this.#seen(station);
    seen.connected = false;
    this.#pass(seen, station, 'event', 'disconnected');
    seen.checker.disconnected();
  }

  /** A frame from the station. */
  received(station: string, text: string): void {
    const seen = this.#seen(station);
    this.#pass(seen, station, 'rx', text);
    seen.checker.received(text, this.#options.clock.wallMs());
  }

  /** A frame that the CSMS sent. */
  sent(station: string, text: string): void {
    const seen = this.#seen(station);
    this.#pass(seen, station, 'tx', text);
    seen.checker.sent(text, this.#options.clock.wallMs());
  }

  /** What the CSMS itself has found wrong in a frame of a station. */
  objected(station: string, rule: RuleCode, message: string, frame: string): void {
    const at = formatTimestamp(this.#options.clock.wallMs());
    this.violations.push({ station, at, rule, message, frame });
  }

  onFrame(listener: (frame: PassedFrame) => void): { cancel(): void } {
    this.#listeners.add(listener);
    return { cancel: () => void this.#listeners.delete(listener) };
  }

  list(): StationView[] {
    return [...this.#stations.keys()].map((station) => this.view(station));
  }

  /** @throws CsmsError `CSMS_UNKNOWN_STATION` */
  view(station: string): StationView {
    const seen = this.#stations.get(station);
    if (!seen) throw new CsmsError('CSMS_UNKNOWN_STATION', `no station ${station} was ever connected`);
    const { registration, statuses, transactions, configuration } = seen.checker;
    return {
      station,
      connected: seen.connected,
      since: formatTimestamp(seen.sinceMs),
      halfOpen: false,
      registration: registration.state,
      boot: registration.boot ?? null,
      connectors: statuses.view(),
      transactions: transactions.transactions.map(viewTransaction),
      configuration: configuration.view(),
      violations: this.violations.filter((violation) => violation.station === station).length,
    };
  }

  #seen(station: string): Seen {
    const known = this.#stations.get(station);
    if (known) return known;
    const { clock, validator } = this.#options;
    const checker = new StationChecker({
      station,
      validator,
      onViolation: (violation) => this.violations.push(violation),
    });
    const seen = { checker, connected: false, sinceMs: clock.wallMs() };
    this.#stations.set(station, seen);
    return seen;
  }

  #pass(seen: Seen, station: string, dir: PassedFrame['dir'], text: string): void {
    const { clock, transcript } = this.#options;
    const atMs = clock.wallMs();
    if (dir === 'event') seen.sinceMs = atMs;
    transcript(transcriptLine(station, dir, text, atMs));
    for (const listener of this.#listeners) listener({ station, atMs, dir, text });
  }
}
