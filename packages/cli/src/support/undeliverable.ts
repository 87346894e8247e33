import { CliError } from './cli-error.ts';
import type { MeshSession } from './mesh-session.ts';
import { waitFor } from './wait-for.ts';

/** A message that the CSMS refused for good, as the OCPP module shows it. */
export interface Undeliverable {
  /** By which it is sent again. */
  readonly id: number;
  readonly action: string;
  readonly payload: unknown;
  readonly ledgerId?: number;
  readonly sessionId?: string;
  readonly connectorId?: number;
  readonly attempts: number;
  readonly failedAt: string;
  readonly error: string;
}

/** What the OCPP module was asked, without the id that its answer is known by. */
export type UndeliverableRequest = { readonly resend?: 'all' | readonly number[] };

const ANSWER_WITHIN_MS = 4_000;

/** Where the OCPP module says how many messages it could not deliver. Requests and responses are below it. */
export function undeliverableTopic(externalPrefix: string, ocppModuleId: string): string {
  return `${externalPrefix}chargemesh/modules/${ocppModuleId}/undeliverable`;
}

/** How many there are, by a message of {@link undeliverableTopic}; 0 where it cannot be read. */
export function undeliverableCount(payload: string): number {
  const count = read(payload).count;
  return typeof count === 'number' ? count : 0;
}

/**
 * Asks the OCPP module of a mesh, over the bus, for the messages that it could not deliver, or to send some of them again.
 * @throws CliError where the mesh has no such module, or it does not answer
 */
export async function askUndeliverable(
  session: MeshSession,
  request: UndeliverableRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const { station, prefixes, modules } = session.status;
  const { ocppModuleId } = station;
  if (ocppModuleId === undefined) throw new CliError('CLI_NO_OCPP', 'this mesh has no module that speaks OCPP');
  const state = modules.find(({ id }) => id === ocppModuleId)?.state;
  if (state !== 'ready') throw new CliError('CLI_NO_OCPP', `module ${ocppModuleId} is ${state ?? 'not there'}`);
  const topic = undeliverableTopic('', ocppModuleId);
  const id = `cli-${process.pid}`;
  let asked = false;
  const answer = await waitFor<Readonly<Record<string, unknown>>>(ANSWER_WITHIN_MS, (found) => {
    const listener = (event: { topic: string; payload: string }): void => {
      if (event.topic.endsWith('/response')) {
        const response = read(event.payload);
        if (response.id === id) found(response);
      } else if (!asked) {
        // The number is kept: that it comes says that the answer will be heard.
        asked = true;
        void session.publish(`${topic}/request`, JSON.stringify({ id, ...request }));
      }
    };
    session.listen([`${prefixes.external}${topic}/response`, prefixes.external + topic], listener).catch(() => {});
  });
  if (answer) return answer;
  throw new CliError('CLI_NO_OCPP', `module ${ocppModuleId} does not answer`);
}

function read(payload: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
