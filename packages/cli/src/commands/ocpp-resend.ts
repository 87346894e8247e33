import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { MeshSession } from '../support/mesh-session.ts';
import { print, printJson } from '../support/output.ts';
import { askUndeliverable, type Undeliverable } from '../support/undeliverable.ts';

/** The flags of `ocpp resend`. */
export interface OcppResendOptions extends MeshTarget {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Queues messages again that the CSMS refused for good, behind all that waits. */
export async function ocppResend(ids: readonly number[], options: OcppResendOptions): Promise<ExitCode> {
  if (ids.length > 0 === (options.all ?? false))
    throw new CliError(
      'CLI_USAGE',
      'ocpp resend: name messages by the ids that "ocpp undeliverable" shows, or say --all',
      EXIT.usage,
    );
  return await MeshSession.with(options, async (session) => {
    const answer = await askUndeliverable(session, { resend: options.all ? 'all' : ids });
    const { resent, unknown } = answer as { resent: readonly Undeliverable[]; unknown: readonly number[] };
    if (options.json) printJson({ resent, unknown });
    else {
      for (const message of resent) print(resentText(message));
      if (resent.length === 0 && unknown.length === 0) print('there is nothing to send again');
    }
    if (unknown.length === 0) return EXIT.ok;
    throw new CliError('CLI_NO_MESSAGE', `no undeliverable message has the id ${unknown.join(', ')}`);
  });
}

/** One message that is queued again. */
export function resentText({ id, action, connectorId }: Undeliverable): string {
  const where = connectorId === undefined ? '' : ` of connector ${connectorId}`;
  return `${id}: ${action}${where} is queued again`;
}
