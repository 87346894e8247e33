import type { Mutation } from '../mutation.ts';

const model = ['test', 'packages/evse-manager/test/property'];
const charger = ['test', 'packages/evse-manager/test/charger'];
const units = ['test', 'packages/evse-manager'];

/** What an EVSE keeps whatever is done to it: most of it is found by the model. */
export const evseRules: readonly Mutation[] = [
  {
    rule: 'the relay closes under PWM alone',
    file: 'packages/evse-manager/src/iec/control-pilot.ts',
    find: "if (this.#state !== 'C' || !this.#pwmRunning || this.#grant === undefined",
    replace: "if (this.#state !== 'C' || this.#grant === undefined",
    notices: units,
  },
  {
    rule: 'a car that leaves C finds the relay open',
    file: 'packages/evse-manager/src/iec/pilot-table.ts',
    find: "    plugged: true,\n    does: ['powerOff', 'stopRelayTimer'],",
    replace: "    plugged: true,\n    does: ['stopRelayTimer'],",
    notices: model,
  },
  {
    rule: 'the relay opens six seconds after the offer ended, whatever the car does',
    file: 'packages/evse-manager/src/iec/control-pilot.ts',
    find: 'export const RELAY_OPENS_AFTER_MS = 6_000;',
    replace: 'export const RELAY_OPENS_AFTER_MS = 9_000;',
    notices: model,
  },
  {
    rule: 'a fault opens the relay at once',
    file: 'packages/evse-manager/src/evse.ts',
    find: '          if (this.#pilot.relayMayBeClosed) this.#pilot.powerOff();\n',
    replace: '',
    notices: model,
  },
  {
    rule: 'an emergency ends the offer at once',
    file: 'packages/evse-manager/src/evse.ts',
    find: "          if (shutdown === 'emergency' && this.#pilot.pwmRunning) this.#offer.stop();\n",
    replace: '',
    notices: units,
  },
  {
    rule: 'a higher offer waits for five seconds since the last change',
    file: 'packages/evse-manager/src/iec/pwm-offer.ts',
    find: 'export const RAISE_PERIOD_MS = 5_000;',
    replace: 'export const RAISE_PERIOD_MS = 3_000;',
    notices: model,
  },
  {
    rule: 'a lower offer waits for nothing',
    file: 'packages/evse-manager/src/iec/pwm-offer.ts',
    find: 'if (!this.running || duty < shown) this.#show();',
    replace: 'if (!this.running) this.#show();',
    notices: model,
  },
  {
    rule: 'a lock that is held, wanted or forced is never free while the relay is closed',
    file: 'packages/evse-manager/src/iec/lock-rule.ts',
    find: '    if (this.#relayClosed) return false;\n',
    replace: '',
    notices: model,
  },
  {
    rule: 'a car that nobody is authorised for any more is not charged on',
    file: 'packages/evse-manager/src/charger/charger-table.ts',
    find: "const endsForGood: readonly RowCondition[] = [\n  not('authorized'),",
    replace: 'const endsForGood: readonly RowCondition[] = [',
    notices: model,
  },
  {
    rule: 'phases are switched without load alone',
    file: 'packages/evse-manager/src/charger/charger-table.ts',
    find: "{ all: ['relayOpen'], does: ['switchPhases', 'steady'],",
    replace: "{ does: ['switchPhases', 'steady'],",
    notices: units,
  },
  {
    rule: 'after a switch of phases the pilot shows the car again',
    file: 'packages/evse-manager/src/charger/charger-table.ts',
    find: "does: ['switchPhases', 'steady']",
    replace: "does: ['switchPhases']",
    notices: units,
  },
  {
    rule: 'the reasons of a pause are told once for each change',
    file: 'packages/evse-manager/src/charger/charger-table.ts',
    find: "      { all: [not('reasonsTold')], does: ['tellPausedEvse'] },",
    replace: "      { does: ['tellPausedEvse'] },",
    notices: model,
  },
  {
    rule: 'what a state remembers ends with it',
    file: 'packages/evse-manager/src/charger/charger.ts',
    find: '    this.#timers.clear();\n',
    replace: '',
    notices: charger,
  },
  {
    rule: 'a car that left while the meter began its transaction ends it',
    file: 'packages/evse-manager/src/charger/charger-table.ts',
    find: "      { any: cutShort, next: 'Finished' },\n      { all: ['transactionActive'], next: 'PrepareCharging' },",
    replace:
      "      { all: ['transactionActive'], next: 'PrepareCharging' },\n      { any: cutShort, next: 'Finished' },",
    notices: units,
  },
  {
    rule: 'a cancelled session takes no late authorisation',
    file: 'packages/evse-manager/src/session/session.ts',
    find: '    if (this.#open?.cancelled) return;\n',
    replace: '',
    notices: units,
  },
  {
    rule: 'a car that pauses by itself is asked the least current for',
    file: 'packages/evse-manager/src/energy/energy-request.ts',
    find: "return state === 'ChargingPausedEV' && requestZeroPowerInIdle && leastA >= LEAST_OFFER_A ? leastA : hardwareA;",
    replace: 'return hardwareA;',
    notices: units,
  },
  {
    rule: 'F that the modem asked for is taken back where it is cut short',
    file: 'packages/evse-manager/src/charger/charger-table.ts',
    find: "{ any: cutShort, does: ['steady'], next: 'WaitingForAuthentication' },",
    replace: "{ any: cutShort, next: 'WaitingForAuthentication' },",
    notices: charger,
  },
  {
    rule: 'while a contract is awaited a card counts for nothing',
    file: 'packages/evse-manager/src/hlc/car-link.ts',
    find: "if (this.#waitsFor === 'contract' && !isContract) return !isAccepted;",
    replace: '',
    notices: units,
  },
  {
    rule: 'the limit in watt counts on the phases that there are',
    file: 'packages/evse-manager/src/energy/energy-leaf.ts',
    find: '    if (this.#limits) this.#take(this.#limits);\n',
    replace: '',
    notices: units,
  },
  {
    rule: 'a board that has the permission still may close the relay',
    file: 'packages/evse-manager/src/iec/control-pilot.ts',
    find: 'return this.#permitted || !this.relayOpen;',
    replace: 'return !this.relayOpen;',
    notices: ['test', 'packages/evse-manager/test/iec'],
  },
  {
    rule: 'a session that a fault has ended before its transaction is no plug-in time-out',
    file: 'packages/evse-manager/src/evse.ts',
    find: "this.#session.withdraw(this.#charger.state !== 'Finished')",
    replace: 'this.#session.withdraw(true)',
    notices: units,
  },
  {
    rule: 'rules for contracts that are set meanwhile count',
    file: 'packages/evse-manager/src/hlc/car-link.ts',
    find: 'contract: pnc_enabled ?? this.#payment.contract',
    replace: 'contract: this.#payment.contract',
    notices: units,
  },
];
