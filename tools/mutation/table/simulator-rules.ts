import type { Mutation } from '../mutation.ts';

const yeti = (file: string): string => `packages/simulator/src/yeti-simulator/${file}`;
const car = (file: string): string => `packages/simulator/src/ev-manager/${file}`;
const ofBoard = ['test', 'packages/simulator/test/yeti-simulator'];
const ofCar = ['test', 'packages/simulator/test/ev-manager'];

/** The simulated board, the simulated car, and the line between them. */
export const simulatorRules: readonly Mutation[] = [
  {
    rule: 'a level of the control pilot counts within 1.1 V',
    file: yeti('control-pilot.ts'),
    find: 'const TOLERANCE_V = 1.1;',
    replace: 'const TOLERANCE_V = 1.4;',
    notices: ofBoard,
  },
  {
    rule: 'a shorted diode shows in the lower half of the PWM signal',
    file: yeti('control-pilot.ts'),
    find: "    if (near(highV + lowV, 0)) return 'DiodeFault';\n",
    replace: '',
    notices: ofBoard,
  },
  {
    rule: 'a car keeps its own limit at 3 to 7 % of duty alone',
    file: yeti('charging-current.ts'),
    find: 'dutyPercent >= 3 && dutyPercent <= 7',
    replace: 'dutyPercent >= 3 && dutyPercent <= 8',
    notices: ofBoard,
  },
  {
    rule: 'three phases flow only where the EVSE has connected them',
    file: yeti('charging-current.ts'),
    find: 'carPhases === 3 && evseThreePhases',
    replace: 'carPhases === 3',
    notices: ofBoard,
  },
  {
    rule: 'a permission to close the relay ends with the C that it was given for',
    file: yeti('board.ts'),
    find: '    if (!carries) this.#powerAllowed = false;\n',
    replace: '',
    notices: ofBoard,
  },
  {
    rule: 'the relay of a board does not close without PWM',
    file: yeti('board.ts'),
    find: "carries && this.#powerAllowed && (this.#signal.kind === 'pwm' || this.#relayClosed)",
    replace: 'carries && this.#powerAllowed',
    notices: ofBoard,
  },
  {
    rule: 'a board that is started anew alone takes the car for no new one',
    file: yeti('board.ts'),
    find: 'const isNew = this.#carSeen === false;',
    replace: 'const isNew = this.#carSeen !== true;',
    notices: ofBoard,
  },
  {
    rule: 'what flows back is counted as export',
    file: yeti('meter.ts'),
    find: 'wh - Math.min(0, addedWh[phase])',
    replace: 'wh - Math.min(0, -addedWh[phase])',
    notices: ofBoard,
  },
  {
    rule: 'a meter begins anew with each car only where the configuration says so',
    file: yeti('module.ts'),
    find: '      if (!config.reset_powermeter_on_session_start) return;\n',
    replace: '',
    notices: ofBoard,
  },
  {
    rule: 'more than 5 mA of residual current trip',
    file: yeti('residual-current.ts'),
    find: 'const TRIP_MA = 5;',
    replace: 'const TRIP_MA = 5.05;',
    notices: ofBoard,
  },
  {
    rule: 'an injected fault of the diode does not go with the car',
    file: yeti('module.ts'),
    find: 'active || injectedDiodeFault',
    replace: 'active',
    notices: ofBoard,
  },
  {
    rule: 'every error of the lock can be injected',
    file: yeti('error-injection.ts'),
    find: "  'ConnectorLockFailedUnlock',\n",
    replace: '',
    notices: ['test', 'tests/scenarios/injections'],
  },
  {
    rule: 'an injected error of the meter is cleared',
    file: yeti('module.ts'),
    find: '        else powermeter.clear(error.type);\n',
    replace: '',
    notices: ['test', 'tests/scenarios/injections'],
  },
  {
    rule: 'a car without a script stands as it was left',
    file: car('car.ts'),
    find: '    if (!this.#runner.running) return;\n    const ended',
    replace: '    const ended',
    notices: ofCar,
  },
  {
    rule: 'a script with a wrong count of arguments for a session by ISO 15118 is refused as a whole',
    file: car('script.ts'),
    find: '  if (strict) checkCount(name, args.length, script);\n',
    replace: '',
    notices: ofCar,
  },
  {
    rule: 'a PWM of 5 % is one for ISO 15118',
    file: car('commands.ts'),
    find: 'car.dutyPercent() >= 4',
    replace: 'car.dutyPercent() >= 6',
    notices: ofCar,
  },
  {
    rule: 'a script is repeated only where the configuration says so',
    file: car('module.ts'),
    find: 'config.auto_exec && config.auto_exec_infinite ?',
    replace: 'config.auto_exec ?',
    notices: ofCar,
  },
  {
    rule: 'a battery that is full stays so',
    file: car('battery.ts'),
    find: '    this.#soc = Math.min(100, Math.max(0, soc));',
    replace: '    this.#soc = Math.max(0, soc);',
    notices: ofCar,
  },
  {
    rule: 'an EVSE that gives up its search for a car says that there is no link',
    file: 'packages/simulator/src/slac-simulator/slac-matching.ts',
    find: "if (hadLink || side === 'evse')",
    replace: 'if (hadLink)',
    notices: ['test', 'packages/simulator/test/slac-simulator'],
  },
  {
    rule: 'a call that was answered leaves nothing behind',
    file: 'packages/framework/src/runtime/command-client.ts',
    find: '    this.#pending.delete(id);\n',
    replace: '',
    notices: ['test', 'tests/endurance'],
  },
];
