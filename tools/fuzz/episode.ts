import { type Random, SeededRandom, SqliteStore } from '@chargemesh/base';
import { ocppMigrations } from '@chargemesh/ocpp-core';
import { Bench, type Sections } from '../../packages/ocpp-core/test/support/bench.ts';
import { WatchedStore } from '../../packages/ocpp-core/test/support/watched-store.ts';
import { happens, pick } from './chance.ts';
import { type Expectation, expectationOf } from './expectation.ts';
import { faultsOf } from './faults.ts';
import { type MadeFrame, makeFrame } from './frame-maker.ts';
import { answerAtRandom, failingStation, follow, SLOW_MS, slowStation } from './fuzz-station.ts';
import type { Hints } from './payload-maker.ts';
import type { StationState } from './station-states.ts';

/** What an episode tells while it goes on. */
export interface EpisodeListener {
  readonly sent: (frame: MadeFrame) => void;
  /** A frame of the station. */
  readonly heard?: (text: string) => void;
  /** The station did not do what it has to. */
  readonly violation: (frame: MadeFrame, said: string) => void;
}

/** Which episode is to be played. The same one is the same each time. */
export interface EpisodeOptions {
  readonly seed: number;
  readonly state: StationState;
  /** At most so many; it ends sooner where the station leaves its state. */
  readonly frames: number;
}

const ALL_PROFILES = ['Core', 'FirmwareManagement', 'LocalAuthListManagement', 'Reservation', 'RemoteTrigger'] as const;
/** Seldom, time passes: requests of the station time out, timers fire. */
const PASSES = 0.01;
const LONGEST_MS = 120_000;

/** What the station does is a matter of its configuration, too: another one each time. */
function sectionsOf({ coreOnly, queueLimit }: StationState, random: Random): Sections {
  const flag = (): boolean => happens(random, 0.5);
  return {
    Internal: {
      ...(queueLimit === undefined ? {} : { MessageQueueSizeThreshold: queueLimit }),
      RejectRemoteStartTransactionWithoutConnectorId: flag(),
      RemoteStartTransactionWithoutConnectorIdFindFirst: flag(),
      StopTransactionIfUnlockNotSupported: flag(),
    },
    Core: {
      SupportedFeatureProfiles: coreOnly ? 'Core' : ALL_PROFILES.join(','),
      AuthorizationCacheEnabled: flag(),
      GetConfigurationMaxKeys: pick(random, [0, 1, 100]),
    },
    LocalAuthListManagement: { LocalAuthListEnabled: flag(), LocalAuthListMaxLength: 100, SendLocalListMaxLength: 50 },
    Reservation: { ReserveConnectorZeroSupported: flag() },
  };
}

/** Brings a station into a state and lets frames loose on it. */
export async function playEpisode(options: EpisodeOptions, listener: EpisodeListener): Promise<void> {
  const episode = new Episode(options, listener);
  try {
    await episode.play();
  } finally {
    episode.end();
  }
}

class Episode {
  readonly #options: EpisodeOptions;
  readonly #listener: EpisodeListener;
  readonly #random: SeededRandom;
  readonly #bench: Bench;
  readonly #store: WatchedStore | undefined;
  #waiting: { id: string; action: string } | undefined;
  #keys: readonly string[] = [];

  constructor(options: EpisodeOptions, listener: EpisodeListener) {
    const { state } = options;
    this.#options = options;
    this.#listener = listener;
    this.#random = new SeededRandom(options.seed);
    this.#store = state.diskFull
      ? new WatchedStore(new SqliteStore({ path: ':memory:', migrations: ocppMigrations }), () => {})
      : undefined;
    const store = this.#store ? { store: this.#store } : {};
    const station = state.station === 'fails' ? { station: failingStation() } : {};
    const slow = state.station === 'slow' ? { station: slowStation(() => this.#bench) } : {};
    const sections = sectionsOf(state, this.#random);
    this.#bench = new Bench({ connectors: 2, sections, options: { ...store, ...station, ...slow } });
  }

  async play(): Promise<void> {
    const { state, frames } = this.#options;
    await this.#begin();
    for (let number = 0; number < frames && this.#holds(); number++) {
      const frame = makeFrame({ random: this.#random, hints: this.#hints(), waiting: this.#waiting }, number);
      await this.#let(frame);
      if (happens(this.#random, state.station === 'slow' ? 0.2 : PASSES))
        await this.#pass(frame, this.#random.integer(1, LONGEST_MS));
    }
  }

  end(): void {
    this.#bench[Symbol.dispose]();
    this.#store?.close();
  }

  async #begin(): Promise<void> {
    const { state } = this.#options;
    const { csms, clock, station, chargePoint, configuration } = this.#bench;
    if (state.boot === 'silence') csms.on('BootNotification', 'silence');
    else if (state.boot)
      csms.on('BootNotification', () => ({ status: state.boot, currentTime: csms.now(), interval: 3600 }));
    if (state.station === 'follows') follow(station, chargePoint, () => clock.wallMs());
    answerAtRandom(station, this.#random);
    await this.#bench.start();
    await state.enter?.(this.#bench);
    await clock.settle();
    const quiet = pick(this.#random, ['Heartbeat', 'StatusNotification', 'MeterValues', 'none']);
    if (quiet !== 'none') csms.on(quiet, 'silence');
    this.#keys = configuration.read([]).configurationKey.map(({ key }) => key);
    this.#hear();
  }

  #holds(): boolean {
    const { state } = this.#options;
    const { csms, station } = this.#bench;
    return csms.connected && station.calls('reset').length === 0 && (state.holds?.(this.#bench) ?? true);
  }

  /** Sends one frame and judges what follows. */
  async #let(frame: MadeFrame): Promise<void> {
    const { state } = this.#options;
    const { csms, clock, chargePoint } = this.#bench;
    const expected = expectationOf(frame.text, {
      open: ['Accepted', 'Pending'].includes(chargePoint.registration),
      profiles: state.coreOnly ? ['Core'] : ALL_PROFILES,
      broken: state.diskFull ? 'disk' : state.station === 'fails' ? 'hardware' : undefined,
    });
    if (this.#store) this.#store.failAfter = 1;
    this.#listener.sent(frame);
    try {
      csms.send(frame.text);
      if (state.station === 'slow') await clock.advance(2 * SLOW_MS);
      else await clock.settle();
    } catch (thrown) {
      this.#violation(frame, `threw ${String(thrown)}`);
    }
    this.#judge(frame, expected, this.#hear());
  }

  /** Time passes, in which no answer may come any more. */
  async #pass(frame: MadeFrame, durationMs: number): Promise<void> {
    try {
      await this.#bench.clock.advance(durationMs);
    } catch (thrown) {
      this.#violation(frame, `threw ${String(thrown)} ${durationMs} ms later`);
    }
    const late = this.#hear();
    if (late.length > 0) this.#violation(frame, `answered later, too: ${JSON.stringify(late)}`);
  }

  #judge(frame: MadeFrame, expected: Expectation, answers: readonly (readonly unknown[])[]): void {
    for (const said of faultsOf(expected, answers)) this.#violation(frame, said);
  }

  #violation(frame: MadeFrame, said: string): void {
    this.#listener.violation(frame, said);
  }

  /** Takes what the station has said since. @returns the answers among it */
  #hear(): (readonly unknown[])[] {
    const { csms } = this.#bench;
    const heard = csms.heard.splice(0);
    const answers: (readonly unknown[])[] = [];
    for (const { frame, text } of heard) {
      this.#listener.heard?.(text);
      const [type, id, action] = frame;
      if (type === 2) this.#waiting = { id: String(id), action: String(action) };
      else answers.push(frame);
    }
    return answers;
  }

  #hints(): Hints {
    const { chargePoint, clock } = this.#bench;
    const transactions = chargePoint.openTransactions().flatMap(({ transactionId }) => transactionId ?? []);
    return {
      wallMs: clock.wallMs(),
      texts: {
        key: this.#keys,
        value: ['true', 'false', '0', '1', '30', '86400', '-1', 'Core', 'Energy.Active.Import.Register', 'x', ''],
        idTag: ['TAG1', 'tag1', 'OTHER'],
        parentIdTag: ['TAG1', 'PARENT'],
        vendorId: ['TAG1', 'com.example'],
        location: ['ftp://user:secret@127.0.0.1/logs', 'http://127.0.0.1/', 'nowhere'],
      },
      integers: {
        connectorId: [0, 1, 1, 1, 2, 3],
        transactionId: [...transactions, 0, 7],
        reservationId: [0, 1, 7],
        retries: [0, 3],
        retryInterval: [0, 60],
        interval: [0, 60, 86400],
      },
    };
  }
}
