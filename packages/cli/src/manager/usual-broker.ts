import { connect } from 'node:net';
import type { Clock } from '@chargemesh/base';
import type { BrokerChoice, MeshSettings } from '@chargemesh/manager';
import { brokerChoice } from '../support/broker-option.ts';

/** Where the reference, and tools that follow it, look for a broker that nobody named. */
const USUAL_PORT = 1883;
const ANSWERS_WITHIN_MS = 1_000;

/** The broker that is named; else the one at the usual place; else one of its own in that place. */
export async function managerBroker(settings: MeshSettings, clock: Clock): Promise<BrokerChoice> {
  const choice = brokerChoice(undefined, settings);
  if (choice.kind !== 'embedded') return choice;
  return (await isTaken(USUAL_PORT, clock))
    ? { kind: 'outside', host: '127.0.0.1', port: USUAL_PORT }
    : { kind: 'embedded', port: USUAL_PORT };
}

function isTaken(port: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const timer = clock.setTimer(ANSWERS_WITHIN_MS, () => end(false));
    const end = (answer: boolean): void => {
      timer.cancel();
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
  });
}
