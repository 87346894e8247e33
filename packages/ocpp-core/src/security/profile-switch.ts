import type { Clock, Logger, Timer } from '@chargemesh/base';
import type { Configuration } from '../configuration/configuration.ts';

/** SwitchSecurityProfileConnectionTimeout where it is not configured, in seconds. */
const PATIENCE_S = 20;

/** What {@link ProfileSwitch} stands on. */
export interface ProfileSwitchParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly configuration: Configuration;
  readonly redial: (reason: string) => void;
}

/**
 * A change of SecurityProfile: connects with the new one, and goes back to the old one where that does not work in time. Only profile 1 can
 * be switched to: 2 and 3 need certificates that are in place.
 * @see OCPP 1.6 security whitepaper, A05 (E-10 … E-12)
 */
export class ProfileSwitch {
  readonly #parts: ProfileSwitchParts;
  #present: number;
  #fallback: Timer | undefined;

  constructor(parts: ProfileSwitchParts) {
    this.#parts = parts;
    this.#present = parts.configuration.get('SecurityProfile');
  }

  /** @returns what to cancel at the end */
  watch(): Timer {
    const { configuration } = this.#parts;
    this.#present = configuration.get('SecurityProfile');
    const watched = [
      configuration.guard('SecurityProfile', (profile) => profile === 1),
      configuration.onChange('SecurityProfile', () => this.#changed(configuration.get('SecurityProfile'))),
    ];
    return {
      cancel: () => {
        for (const watch of watched) watch.cancel();
        this.#fallback?.cancel();
      },
    };
  }

  /** The connection came about: the present profile is good. */
  connected(): void {
    this.#fallback?.cancel();
    this.#fallback = undefined;
  }

  #changed(profile: number): void {
    const { clock, log, configuration, redial } = this.#parts;
    const before = this.#present;
    this.#present = profile;
    this.#fallback?.cancel();
    redial(`the security profile is ${profile} now`);
    if (profile < before) return; // back to what worked
    const patienceS = configuration.get('SwitchSecurityProfileConnectionTimeout') ?? PATIENCE_S;
    this.#fallback = clock.setTimer(patienceS * 1000, () => {
      log.error('no connection with the new security profile: back to the old one', { profile, before });
      configuration.set('SecurityProfile', before);
    });
  }
}
