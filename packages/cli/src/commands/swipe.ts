import { decodeVariable } from '@chargemesh/framework';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { MeshSession } from '../support/mesh-session.ts';
import { print, printJson } from '../support/output.ts';
import { waitFor } from '../support/wait-for.ts';

/** The flags of `swipe`. */
export interface SwipeOptions extends MeshTarget {
  readonly json?: boolean;
}

const ANSWER_WITHIN_MS = 6_000;

/** What becomes of a card, in words. `Processing` is only the beginning. */
const OUTCOMES: Readonly<Record<string, { readonly text: string; readonly good: boolean }>> = {
  Accepted: { text: 'accepted', good: true },
  UsedToStart: { text: 'accepted', good: true },
  UsedToStop: { text: 'accepted: it ends the session', good: true },
  UsedToReauthorize: { text: 'accepted: the session goes on', good: true },
  Rejected: { text: 'rejected', good: false },
  TimedOut: { text: 'accepted, but no car was plugged in in time', good: false },
  Withdrawn: { text: 'withdrawn', good: false },
};

/** Holds a card to the reader of an EVSE, and says what became of it. */
export function swipe(evse: number, idTag: string, options: SwipeOptions): Promise<ExitCode> {
  return MeshSession.with(options, async (session) => {
    const { connectorId } = session.evse(evse);
    const { cardTopics, authModuleId } = session.status.station;
    const [topic] = cardTopics;
    if (topic === undefined || authModuleId === undefined)
      throw new CliError('CLI_NO_READER', 'this mesh has no card reader (a module DummyTokenProviderManual)');
    const token = {
      id_token: { value: idTag, type: 'ISO14443' },
      authorization_type: 'RFID',
      connectors: [connectorId],
    };
    const status = await waitFor<string>(ANSWER_WITHIN_MS, (found) => {
      session
        .listen([session.topics.variable(authModuleId, 'main', 'token_validation_status')], ({ payload }) => {
          const message = decodeVariable(payload) as { status: string; token: { id_token: { value: string } } };
          if (message.token.id_token.value === idTag && message.status !== 'Processing') found(message.status);
        })
        .catch(() => {});
      void session.publish(topic, JSON.stringify(token));
    });
    const outcome = status === undefined ? undefined : OUTCOMES[status];
    if (options.json) printJson({ evse, idTag, status: status ?? null });
    else print(`EVSE ${evse}: card ${idTag} ${outcome?.text ?? 'was read; nobody has said yet what becomes of it'}`);
    return outcome?.good === false ? EXIT.failed : EXIT.ok;
  });
}
