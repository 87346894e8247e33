import type { ActionName } from './charger-actions.ts';
import type { ConditionName } from './charger-conditions.ts';
import type { ChargerStateName } from './charger-state.ts';
import type { TimerName } from './charger-timers.ts';

/** Something that holds, or does not; a time that was begun and is over; a time that is not over. */
export type RowCondition =
  | ConditionName
  | { readonly not: ConditionName }
  | { readonly over: TimerName }
  | { readonly within: TimerName };

/** Something that is done, or a time that begins (unless it runs already) or is forgotten. */
export type RowAction = ActionName | { readonly start: TimerName } | { readonly stop: TimerName };

/**
 * A row of a state: where all of `all` and one of `any` hold, `does` is done. Then comes the state `next`; or nothing more is looked at
 * (`stay`); or, without it, the next row.
 */
export interface ChargerRow {
  readonly all?: readonly RowCondition[];
  readonly any?: readonly RowCondition[];
  readonly does?: readonly RowAction[];
  readonly next?: ChargerStateName | 'stay';
}

/** The rules of a state. Its rows are gone through on entering it, after each event and when a time is over, until no other state follows. */
export interface ChargerStateRules {
  readonly about: string;
  readonly enter: readonly RowAction[];
  readonly rows: readonly ChargerRow[];
}

const not = (condition: ConditionName): RowCondition => ({ not: condition });
const over = (timer: TimerName): RowCondition => ({ over: timer });
const within = (timer: TimerName): RowCondition => ({ within: timer });
const start = (timer: TimerName): RowAction => ({ start: timer });
const stop = (timer: TimerName): RowAction => ({ stop: timer });

/** The transaction is to end for good. */
const endsForGood: readonly RowCondition[] = [
  not('authorized'),
  not('transactionActive'),
  'carGone',
  'disableRequested',
];
/** Charging must not go on now. */
const mustStop: readonly RowCondition[] = ['faulty', ...endsForGood];
/** The EVSE holds charging back. */
const heldBack: readonly RowCondition[] = [not('hasPower'), 'pauseRequested', 'faulty'];
/** A session that has no transaction yet, or a step on the way, is cut short. */
const cutShort: readonly RowCondition[] = ['faulty', not('carPlugged'), 'disableRequested'];
/** Where no current flows the phases are switched at once. */
const switchAtRest: ChargerRow = { all: ['phaseSwitchWanted', 'relayOpen'], does: ['switchPhases'] };

/**
 * The state machine of one EVSE.
 * @see docs/reference/evse-states.md, which is written from it
 */
export const chargerTable: Readonly<Record<ChargerStateName, ChargerStateRules>> = {
  Disabled: {
    about: 'Out of service: the pilot shows F and the board is off.',
    enter: ['disablePilot', 'tellDisabled'],
    rows: [switchAtRest, { all: [not('disableRequested')], does: ['enablePilot'], next: 'Idle' }],
  },
  Idle: {
    about: 'Waits for a car. While a fault is active the pilot shows F, so that a car is not taken in.',
    enter: ['forgetWaking', 'forgetSession', 'clearSessionFaults', 'steady'],
    rows: [
      switchAtRest,
      { all: ['disableRequested'], does: ['closeSession'], next: 'Disabled' },
      { all: ['faulty', not('faultShown')], does: ['showFault'] },
      { all: [not('faulty'), 'faultShown'], does: ['hideFault'] },
      { all: ['plugged', not('faulty')], next: 'WaitingForAuthentication' },
    ],
  },
  WaitingForAuthentication: {
    about:
      'A car is plugged in. Goes on when somebody is authorised and the meter has begun the transaction. The meter is asked once; whatever happens meanwhile is looked at when it has answered.',
    enter: ['powerOff', 'openSession', 'tellAuthRequired'],
    rows: [
      switchAtRest,
      { all: ['transactionStarting'], next: 'stay' },
      { any: cutShort, next: 'Finished' },
      { all: ['transactionActive'], next: 'PrepareCharging' },
      { all: ['errorSequenceWanted'], does: ['beginErrorSequence'], next: 'T_step_EF' },
      { all: ['authorized', 'transactionUnbegun', 'limitKnown'], does: ['beginTransaction'] },
    ],
  },
  PrepareCharging: {
    about: 'Offers power and waits for the car to ask for it. A car that sleeps is woken once.',
    enter: ['tellPrepareCharging'],
    rows: [
      switchAtRest,
      { any: [...mustStop, 'pauseRequested'], next: 'StoppingCharging' },
      { all: [not('plugged')], next: 'ChargingPausedEV' },
      { all: ['errorSequenceWanted'], does: ['beginErrorSequence'], next: 'T_step_EF' },
      { all: [not('hasPower')], does: ['endShownOffer', stop('patience')], next: 'stay' },
      { does: ['offer', start('patience')] },
      { all: ['carWantsPower'], next: 'Charging' },
      { all: [over('patience'), 'carWokenUp'], next: 'ChargingPausedEV' },
      { all: [over('patience')], does: ['noteWoken'], next: 'T_step_EF' },
    ],
  },
  Charging: {
    about:
      'Power flows, or may. A relay that the board opened without being told and without a fault, as its dead man does, is closed again after a while, with the offer shown anew since the board may have dropped it too.',
    enter: ['forgetWaking', 'tellChargingStarted', 'offer', 'grantPower'],
    rows: [
      { any: [...mustStop, 'pauseRequested', not('carWantsPower'), not('hasPower')], next: 'StoppingCharging' },
      { all: ['phaseSwitchWanted'], next: 'SwitchPhases' },
      { does: ['offer'] },
      { all: [not('relayOpen')], does: [stop('closeAgain')] },
      { all: ['relayOpen'], does: [start('closeAgain')] },
      { all: [over('closeAgain')], does: [stop('closeAgain'), 'endOffer', 'offer', 'grantPower'] },
    ],
  },
  ChargingPausedEV: {
    about:
      'The car takes a break. The offer stays, so that it can go on by itself; a car that was unplugged and is waited for has none meanwhile.',
    enter: ['tellPausedEv'],
    rows: [
      switchAtRest,
      { any: endsForGood, next: 'StoppingCharging' },
      { all: [not('plugged')], next: 'stay' },
      { any: heldBack, next: 'ChargingPausedEVSE' },
      { all: ['carWantsPower'], next: 'PrepareCharging' },
      { does: ['offer'] },
    ],
  },
  ChargingPausedEVSE: {
    about:
      'The EVSE holds charging back. Each change of the reasons is told, so the event may repeat with other contents; without a reason left charging goes on.',
    enter: ['endOffer', 'noteFault'],
    rows: [
      switchAtRest,
      { any: endsForGood, next: 'StoppingCharging' },
      { all: ['newFault'], does: ['showF', start('showF')] },
      { does: ['noteFault'] },
      { all: [over('showF')], does: [stop('showF'), 'steady'] },
      { all: [not('pausedForReasons')], next: 'PrepareCharging' },
      { all: [not('reasonsTold')], does: ['tellPausedEvse'] },
    ],
  },
  StoppingCharging: {
    about:
      'Takes the offer back and waits for the relay to open; what comes then depends on why. It comes before each pause, too: it is no sign of the end.',
    enter: ['forgetWaking', 'tellStoppingCharging', 'endOffer', start('forceOpen'), start('giveUpOnRelay')],
    rows: [
      { all: [over('forceOpen')], does: [stop('forceOpen'), 'powerOff'] },
      { all: [not('relayOpen'), within('giveUpOnRelay')], next: 'stay' },
      { any: endsForGood, next: 'Finished' },
      { all: [not('plugged')], next: 'ChargingPausedEV' },
      { any: heldBack, next: 'ChargingPausedEVSE' },
      { next: 'ChargingPausedEV' },
    ],
  },
  Finished: {
    about:
      'The transaction is over; the session is over when the car is unplugged too. A car that stays is not charged again.',
    enter: ['giveUpCar', 'endTransaction', 'powerOff'],
    rows: [
      switchAtRest,
      { all: ['transactionStopping'], next: 'stay' },
      { all: ['disableRequested'], does: ['closeSession'], next: 'Disabled' },
      { all: [not('carPlugged')], does: ['closeSession'], next: 'Idle' },
    ],
  },
  T_step_EF: {
    about:
      'The pilot shows F for a while and then a steady state, which wakes a car that sleeps, and has a modem look for its EVSE anew.',
    enter: ['showF', start('wakeF'), start('wakeSteady')],
    rows: [
      { all: ['transactionActive'], any: cutShort, next: 'PrepareCharging' },
      // F would hide whether the car is still there.
      { any: cutShort, does: ['steady'], next: 'WaitingForAuthentication' },
      { all: [over('wakeF')], does: [stop('wakeF'), 'steady'] },
      { all: [over('wakeSteady'), 'transactionActive'], next: 'PrepareCharging' },
      { all: [over('wakeSteady')], next: 'WaitingForAuthentication' },
    ],
  },
  SwitchPhases: {
    about:
      'Charging rests for a while, so that the car notices that it comes back with another number of phases. The phases are never switched under load.',
    enter: ['tellSwitchingPhases', 'restPilot', start('phaseSwitch'), start('giveUpOnRelay')],
    rows: [
      { any: cutShort, next: 'PrepareCharging' },
      { all: [within('phaseSwitch')], next: 'stay' },
      { all: ['relayOpen'], does: ['switchPhases', 'steady'], next: 'PrepareCharging' },
      { all: [over('giveUpOnRelay')], next: 'StoppingCharging' },
    ],
  },
};
