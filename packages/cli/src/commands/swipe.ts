import { RealClock, type Timer } from '@chargemesh/base';
import { decodeVariable } from '@chargemesh/framework';
import type { EvseActivity } from '@chargemesh/manager';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { MeshSession } from '../support/mesh-session.ts';
import { print, printJson } from '../support/output.ts';
import { afterSession, afterStatus, OUTCOMES, outcomeOf, type SwipeFacts, type SwipeOutcome } from './swipe-outcome.ts';

/** The flags of `swipe`. */
export interface SwipeOptions extends MeshTarget {
  /** Waits for a car, or for whatever else has to come, as long as it takes. */
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** Holds a card to the reader of an EVSE, and says what became of it. */
export function swipe(evse: number, idTag: string, options: SwipeOptions): Promise<ExitCode> {
  return MeshSession.with(options, async (session) => {
    const { connectorId, moduleId } = session.evse(evse);
    const { cardTopics, authModuleId } = session.status.station;
    const [topic] = cardTopics;
    if (topic === undefined || authModuleId === undefined)
      throw new CliError('CLI_NO_READER', 'this mesh has no card reader (a module DummyTokenProviderManual)');
    const activity = session.status.evses.find((found) => found.evse === evse);
    const sessionEvents = session.topics.variable(moduleId, 'evse', 'session_event');
    const statuses = session.topics.variable(authModuleId, 'main', 'token_validation_status');
    const token = {
      id_token: { value: idTag, type: 'ISO14443' },
      authorization_type: 'RFID',
      connectors: [connectorId],
    };
    const seen: SwipeFacts = { status: undefined, car: activity?.session !== undefined, transaction: 'none' };
    const { status, outcome } = await lastOutcome(seen, options.wait ?? false, (take) => {
      const listening = session.listen([statuses, sessionEvents], (event) => {
        const value = readValue(event.payload);
        const ofAuth = event.topic === statuses;
        take((facts) => (ofAuth ? afterStatus(facts, value, idTag, connectorId) : afterSession(facts, value, idTag)));
      });
      return Promise.all([listening, session.publish(topic, JSON.stringify(token))]);
    });
    const { good, text } = OUTCOMES[outcome];
    const why = outcome === 'rejected' && activity ? hindrance(evse, activity) : '';
    if (options.json) printJson({ evse, idTag, status: status ?? null, outcome });
    else print(`EVSE ${evse}: card ${idTag} ${text(evse)}${why}`);
    return good ? EXIT.ok : EXIT.failed;
  });
}

/** What cannot be read says nothing: anybody may publish on the bus. */
function readValue(payload: string): unknown {
  try {
    return decodeVariable(payload);
  } catch {
    return undefined;
  }
}

/** What an EVSE was doing when the card came, where that is why a card that is known may be of no use. */
function hindrance(evse: number, { status, session }: EvseActivity): string {
  if (session?.transaction) return `; EVSE ${evse} has a transaction of card ${session.idTag ?? '(unknown)'}`;
  return FREE.has(status) ? '' : `; EVSE ${evse} is ${status}`;
}

const FREE: ReadonlySet<string> = new Set(['Available', 'Preparing']);

/**
 * Follows what is seen until nothing better is to be expected.
 * @param wait whether to be patient where something has to come
 * @param start is given what takes each change; what it returns ends with an error where nothing more will be seen
 */
async function lastOutcome(
  first: SwipeFacts,
  wait: boolean,
  start: (take: (change: (facts: SwipeFacts) => SwipeFacts) => void) => Promise<unknown>,
): Promise<{ status: string | undefined; outcome: SwipeOutcome }> {
  const clock = new RealClock();
  const { promise, resolve } = Promise.withResolvers<void>();
  let facts = first;
  let timer: Timer | undefined;
  const look = (): void => {
    const { patienceMs, open } = OUTCOMES[outcomeOf(facts)];
    timer?.cancel();
    timer = wait && open ? undefined : clock.setTimer(patienceMs, resolve);
  };
  look();
  const watching = start((change) => {
    const before = outcomeOf(facts);
    facts = change(facts);
    if (outcomeOf(facts) !== before) look();
  });
  try {
    await Promise.race([promise, watching]);
  } finally {
    timer?.cancel();
  }
  return { status: facts.status, outcome: outcomeOf(facts) };
}
