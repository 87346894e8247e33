import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { MeshSession } from '../support/mesh-session.ts';
import { columns, print, printJson } from '../support/output.ts';
import { askUndeliverable, type Undeliverable } from '../support/undeliverable.ts';

/** Shows the messages that the CSMS refused for good. */
export function ocppUndeliverable(options: MeshTarget & { readonly json?: boolean }): Promise<ExitCode> {
  return MeshSession.with(options, async (session) => {
    const { messages } = (await askUndeliverable(session, {})) as { messages: readonly Undeliverable[] };
    if (options.json) printJson(messages);
    else print(undeliverableText(messages));
    return EXIT.ok;
  });
}

/** A line for each message, oldest first. */
export function undeliverableText(messages: readonly Undeliverable[]): string {
  if (messages.length === 0) return 'the CSMS has refused no message for good';
  return columns([
    ['ID', 'LEDGER', 'ACTION', 'CONN', 'GIVEN UP', 'ATTEMPTS', 'WHY'],
    ...messages.map(({ id, ledgerId, action, connectorId, failedAt, attempts, error }) => [
      String(id),
      String(ledgerId ?? ''),
      action,
      String(connectorId ?? ''),
      failedAt,
      String(attempts),
      error,
    ]),
  ]);
}
