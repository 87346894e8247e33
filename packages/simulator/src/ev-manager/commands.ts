import { offersCurrent } from '../offered-current.ts';
import type { CarActions } from './car-actions.ts';
import { ScriptError } from './script-error.ts';

/** What a car has beside its plug. */
export interface Equipment {
  /** A communication controller (ISO 15118). */
  readonly ev: boolean;
  /** A power line modem. */
  readonly slac: boolean;
}

/** Tells whether a command has come to its end. Asked whenever something changes. */
export type Ended = () => boolean;

/** A command of the car's language. */
export interface CommandRule {
  /** The least and the most arguments. */
  readonly args: readonly [least: number, most: number];
  /** Without this connection the script is refused. */
  readonly needs?: keyof Equipment;
  /** A wrong number of arguments spoils the whole script, not this command alone. */
  readonly strict?: boolean;
  /** Starts it. @returns when it is over; undefined: at once */
  readonly start: (car: CarActions, args: Arguments) => Ended | undefined;
}

/** The arguments of a command, by place. */
export class Arguments {
  readonly #values: readonly string[];

  constructor(values: readonly string[]) {
    this.#values = values;
  }

  get count(): number {
    return this.#values.length;
  }

  text(place: number): string {
    return this.#values[place] ?? '';
  }

  /** @throws ScriptError where it is no number */
  number(place: number): number {
    const value = Number(this.#values[place]);
    if (!Number.isFinite(value)) throw new ScriptError(`${this.text(place) || 'nothing'} is no number`);
    return value;
  }

  /** A number that is not below 0. */
  amount(place: number): number {
    const value = this.number(place);
    if (value < 0) throw new ScriptError(`${value} is below 0`);
    return value;
  }

  /** 3 is three phases, anything else is one. */
  phases(place: number): 1 | 3 {
    return this.text(place) === '3' ? 3 : 1;
  }
}

const payments = { auto: undefined, externalpayment: 'ExternalPayment', contract: 'Contract' } as const;
const MOST_BCB_TOGGLES = 3;

/** Sets up what the car does and is done. */
function at(work: (car: CarActions, args: Arguments) => void): CommandRule['start'] {
  return (car, args) => {
    work(car, args);
    return undefined;
  };
}

/** The name of a command. */
export type CommandName =
  | 'sleep'
  | 'iec_wait_pwr_ready'
  | 'draw_power_regulated'
  | 'draw_power_fixed'
  | 'pause'
  | 'unplug'
  | 'plugin'
  | 'wait_for_real_plugin'
  | 'error_e'
  | 'diode_fail'
  | 'rcd_current'
  | 'set_soc'
  | 'iso_wait_pwm_is_running'
  | 'iso_wait_slac_matched'
  | 'iso_start_v2g_session'
  | 'iso_wait_pwr_ready'
  | 'iso_dc_power_on'
  | 'iso_draw_power_regulated'
  | 'iso_stop_charging'
  | 'iso_pause_charging'
  | 'iso_wait_for_stop'
  | 'iso_wait_v2g_session_stopped'
  | 'iso_wait_for_resume'
  | 'iso_start_bcb_toggle';

/** The car's language. */
export const commands: Readonly<Record<CommandName, CommandRule>> = {
  sleep: { args: [1, 1], start: (car, args) => car.timer(args.amount(0)) },
  iec_wait_pwr_ready: {
    args: [0, 0],
    start: (car) => {
      car.become({ kind: 'plugged' });
      return () => offersCurrent(car.dutyPercent());
    },
  },
  draw_power_regulated: {
    args: [2, 2],
    start: at((car, args) =>
      car.draw({ kind: 'charging', regulated: true, currentA: args.number(0), phases: args.phases(1) }),
    ),
  },
  draw_power_fixed: {
    args: [2, 2],
    start: at((car, args) =>
      car.draw({ kind: 'charging', regulated: false, currentA: args.number(0), phases: args.phases(1) }),
    ),
  },
  pause: { args: [0, 0], start: at((car) => car.become({ kind: 'plugged' })) },
  unplug: {
    args: [0, 0],
    start: at((car) => {
      car.become({ kind: 'unplugged' });
      car.stopHlc();
    }),
  },
  plugin: { args: [0, 0], start: at((car) => car.insertPluginCommands()) },
  wait_for_real_plugin: {
    args: [0, 0],
    start: (car) => {
      car.forget('real-plugin');
      return () => {
        if (!car.heard('real-plugin')) return false;
        car.become({ kind: 'plugged' });
        return true;
      };
    },
  },
  error_e: { args: [0, 0], start: at((car) => car.become({ kind: 'error-e' })) },
  diode_fail: { args: [0, 0], start: at((car) => car.become({ kind: 'diode-fail' })) },
  rcd_current: { args: [1, 1], start: at((car, args) => car.setRcdCurrent(args.number(0))) },
  set_soc: { args: [1, 1], start: at((car, args) => car.setSoc(args.number(0))) },
  iso_wait_pwm_is_running: {
    args: [0, 0],
    start: (car) => {
      car.become({ kind: 'plugged' });
      return () => car.dutyPercent() >= 4 && car.dutyPercent() <= 97;
    },
  },
  iso_wait_slac_matched: {
    args: [0, 0],
    needs: 'slac',
    start: (car) => {
      car.become({ kind: 'plugged' });
      if (car.slacState() === 'UNMATCHED') car.triggerMatching();
      return () => car.slacState() === 'MATCHED';
    },
  },
  iso_start_v2g_session: {
    args: [1, 4],
    needs: 'ev',
    strict: true,
    start: at((car, args) => {
      const mode = args.text(0);
      if (mode !== 'ac' && mode !== 'dc') throw new ScriptError(`${mode} is no energy transfer: ac or dc`);
      const hasPayment = args.count === 2 || args.count === 4;
      const payment = hasPayment ? args.text(1) : 'auto';
      if (!isPayment(payment)) throw new ScriptError(`${payment} is no payment: auto, externalpayment or contract`);
      const times = hasPayment ? 2 : 1;
      car.startHlc({
        mode,
        payment: payments[payment],
        ...(args.count > 2 ? { departureS: args.amount(times), energyWh: args.amount(times + 1) } : {}),
      });
    }),
  },
  iso_wait_pwr_ready: {
    args: [0, 0],
    needs: 'ev',
    start: (car) => () => {
      if (!car.evPowerReady()) return false;
      car.become({ kind: 'iso-ready' });
      return true;
    },
  },
  iso_dc_power_on: {
    args: [0, 0],
    needs: 'ev',
    start: (car) => {
      car.become({ kind: 'iso-ready' });
      return () => car.heard('dc-power-on');
    },
  },
  iso_draw_power_regulated: {
    args: [2, 2],
    needs: 'ev',
    start: at((car, args) => car.draw({ kind: 'iso-charging', currentA: args.number(0), phases: args.phases(1) })),
  },
  iso_stop_charging: {
    args: [0, 0],
    needs: 'ev',
    start: at((car) => {
      car.stopHlc();
      car.become({ kind: 'plugged' });
    }),
  },
  iso_pause_charging: {
    args: [0, 0],
    needs: 'ev',
    start: at((car) => {
      car.pauseHlc();
      car.become({ kind: 'plugged' });
    }),
  },
  iso_wait_for_stop: {
    args: [1, 1],
    needs: 'ev',
    start: (car, args) => {
      const late = car.timer(args.amount(0));
      return () => {
        const paused = car.heard('pause-from-charger');
        if (!late() && !paused && !car.heard('stop-from-charger')) return false;
        car.become({ kind: 'plugged' });
        if (paused) car.insert(['iso_wait_v2g_session_stopped', 'iso_wait_for_resume']);
        else car.stopHlc();
        return true;
      };
    },
  },
  iso_wait_v2g_session_stopped: { args: [0, 0], needs: 'ev', start: (car) => () => car.hlcFinished() },
  // The car goes on only when somebody changes its script.
  iso_wait_for_resume: { args: [0, 0], needs: 'ev', start: () => () => false },
  iso_start_bcb_toggle: {
    args: [1, 1],
    start: (car, args) => {
      const count = args.amount(0);
      if (count > MOST_BCB_TOGGLES) throw new ScriptError(`${count} toggles are more than ${MOST_BCB_TOGGLES}`);
      return car.toggleBcb(count);
    },
  },
};

function isPayment(word: string): word is keyof typeof payments {
  return Object.hasOwn(payments, word);
}
