import type { ChargerContext } from './charger-context.ts';
import { pauseReasons } from './pause-reasons.ts';

export type ActionName =
  | 'enablePilot'
  | 'disablePilot'
  | 'steady'
  | 'showF'
  | 'showFault'
  | 'hideFault'
  | 'restPilot'
  | 'powerOff'
  | 'offer'
  | 'endOffer'
  | 'endShownOffer'
  | 'grantPower'
  | 'noteWoken'
  | 'beginErrorSequence'
  | 'forgetWaking'
  | 'noteFault'
  | 'openSession'
  | 'closeSession'
  | 'forgetSession'
  | 'giveUpCar'
  | 'beginTransaction'
  | 'endTransaction'
  | 'clearSessionFaults'
  | 'switchPhases'
  | 'tellDisabled'
  | 'tellAuthRequired'
  | 'tellPrepareCharging'
  | 'tellChargingStarted'
  | 'tellPausedEv'
  | 'tellPausedEvse'
  | 'tellStoppingCharging'
  | 'tellSwitchingPhases';

interface Action {
  readonly text: string;
  act(context: ChargerContext): void;
}

/** What the rows of the charger's table do. */
export const chargerActions: Readonly<Record<ActionName, Action>> = {
  enablePilot: { text: 'board on', act: ({ pilot }) => pilot.enable() },
  disablePilot: { text: 'F, board off', act: ({ pilot }) => pilot.disable() },
  steady: { text: 'steady pilot', act: ({ pilot }) => pilot.steady() },
  showF: { text: 'F', act: ({ pilot }) => pilot.showF() },
  showFault: {
    text: 'F',
    act: ({ pilot, memory }) => {
      memory.faultShown = true;
      pilot.showF();
    },
  },
  hideFault: {
    text: 'steady pilot',
    act: ({ pilot, memory }) => {
      memory.faultShown = false;
      pilot.steady();
    },
  },
  restPilot: {
    text: 'steady pilot, or F (`switch_3ph1ph_cp_state`)',
    act: ({ pilot, offer, options }) => {
      if (options.phaseSwitchShowsF) pilot.showF();
      else offer.stop();
    },
  },
  powerOff: { text: 'relay opens at once', act: ({ pilot }) => pilot.powerOff() },
  offer: { text: 'PWM follows the limit', act: ({ offer, limit }) => offer.offer(limit.limitA ?? 0) },
  endOffer: { text: 'PWM ends', act: ({ offer }) => offer.stop() },
  endShownOffer: {
    text: 'PWM ends',
    act: ({ offer }) => {
      if (offer.running) offer.stop();
    },
  },
  grantPower: { text: 'relay may close', act: ({ pilot }) => pilot.grantPower('FullPowerCharging') },
  noteWoken: {
    text: 'the car counts as woken',
    act: ({ memory }) => {
      memory.wokenUp = true;
    },
  },
  beginErrorSequence: {
    text: 'the modem has its F',
    act: ({ memory }) => {
      memory.errorSequenceWanted = false;
    },
  },
  forgetWaking: {
    text: 'the car may be woken',
    act: ({ memory }) => {
      memory.wokenUp = false;
    },
  },
  noteFault: {
    text: 'a fault that is there is no new one',
    act: ({ shutdown, memory }) => {
      memory.faultNoted = shutdown !== 'none';
    },
  },
  openSession: {
    text: 'a session begins, unless one is open',
    act: ({ session }) => {
      if (!session.isOpen) session.openByPlug();
    },
  },
  closeSession: {
    text: 'an open session ends (SessionFinished)',
    act: ({ session }) => {
      if (session.isOpen) session.close();
    },
  },
  forgetSession: { text: 'a pause is forgotten', act: (context) => context.forgetSession() },
  giveUpCar: { text: 'a car that is away is not waited for', act: (context) => context.giveUpCar() },
  beginTransaction: { text: 'the meter is to begin the transaction', act: ({ session }) => session.beginTransaction() },
  endTransaction: {
    text: 'a transaction that runs ends (ChargingFinished, TransactionFinished)',
    act: ({ session }) => {
      if (session.transaction === 'active') session.endTransaction();
    },
  },
  clearSessionFaults: { text: 'faults of the session are cleared', act: ({ events }) => events.clearSessionFaults() },
  switchPhases: { text: 'the board switches the phases', act: (context) => context.switchPhases() },
  tellDisabled: { text: 'Disabled', act: ({ events }) => events.disabled() },
  tellAuthRequired: { text: 'AuthRequired', act: ({ events }) => events.authRequired() },
  tellPrepareCharging: { text: 'PrepareCharging', act: ({ events }) => events.prepareCharging() },
  tellChargingStarted: { text: 'ChargingStarted', act: ({ events }) => events.chargingStarted() },
  tellPausedEv: { text: 'ChargingPausedEV', act: ({ events }) => events.chargingPausedEv() },
  tellPausedEvse: {
    text: 'ChargingPausedEVSE with the reasons',
    act: (context) => {
      const reasons = pauseReasons(context);
      context.memory.toldReasons = reasons.join();
      context.events.chargingPausedEvse(reasons);
    },
  },
  tellStoppingCharging: { text: 'StoppingCharging', act: ({ events }) => events.stoppingCharging() },
  tellSwitchingPhases: { text: 'SwitchingPhases', act: ({ events }) => events.switchingPhases() },
};
