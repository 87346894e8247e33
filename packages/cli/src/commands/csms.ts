import { createLogger, RealClock, systemRandom } from '@chargemesh/base';
import { ANSWER_USAGE, renderAnswers, renderLedger, renderList, renderOutcome, serveCsms } from '@chargemesh/csms';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { MeshSession } from '../support/mesh-session.ts';
import { print, printJson } from '../support/output.ts';
import { untilSignal } from '../support/signals.ts';

/** The flags of commands to the bundled CSMS. */
export interface CsmsOptions extends MeshTarget {
  readonly station?: string;
  readonly next?: number;
  readonly json?: boolean;
}

/** The stations that the CSMS knows, a line a connector. */
export function csmsList(options: CsmsOptions): Promise<ExitCode> {
  return ask('csms.list', {}, options, renderList);
}

/** The transactions that the CSMS was told of. */
export function csmsLedger(options: CsmsOptions): Promise<ExitCode> {
  return ask('csms.ledger', { station: options.station }, options, renderLedger);
}

/** Sends an OCPP request to the station, and shows its answer. */
export async function csmsCall(action: string, payload: string | undefined, options: CsmsOptions): Promise<ExitCode> {
  return await MeshSession.with(options, async (session) => {
    const params = { station: options.station, action, payload: parsePayload(payload) };
    const outcome = await session.call('csms.call', params);
    if (options.json) printJson(outcome);
    else print(renderOutcome(outcome).trimEnd());
    return isError(outcome) ? EXIT.failed : EXIT.ok;
  });
}

/** Changes how the CSMS answers an action; without words, shows what is in force. */
export async function csmsAnswer(
  action: string | undefined,
  words: readonly string[],
  options: CsmsOptions & { readonly reset?: boolean },
): Promise<ExitCode> {
  if (options.reset) return await ask('csms.resetAnswers', {}, options, renderAnswers);
  if (action === undefined) return await ask('csms.answers', {}, options, renderAnswers);
  if (words.length === 0) throw new CliError('CLI_USAGE', `csms answer ${action}: how? ${ANSWER_USAGE}`, EXIT.usage);
  const { station, next } = options;
  return await ask('csms.answer', { action, words, station, next }, options, renderAnswers);
}

/** Runs the CSMS alone, without a mesh, until it is told to end. */
export async function csmsServe(options: {
  readonly port: number;
  readonly host: string;
  readonly tags?: string;
  readonly transcript?: string;
}): Promise<ExitCode> {
  const stopped = untilSignal();
  const served = await serveCsms({
    clock: new RealClock(),
    random: systemRandom,
    log: createLogger('warn'),
    port: options.port,
    host: options.host,
    ...(options.tags !== undefined && { tagsFile: options.tags }),
    ...(options.transcript !== undefined && { transcriptFile: options.transcript }),
  });
  print(`CSMS: ${served.url}   (Ctrl-C ends it)`);
  await stopped;
  await served.stop();
  return EXIT.ok;
}

function ask(
  method: string,
  params: unknown,
  options: CsmsOptions,
  render: (answer: unknown) => string,
): Promise<ExitCode> {
  return MeshSession.with(options, async (session) => {
    const answer = await session.call(method, params).catch((error) => {
      if (error instanceof Error && 'code' in error && error.code === 'CONTROL_UNKNOWN_METHOD')
        throw new CliError('CLI_NO_CSMS', 'this mesh talks to a CSMS of its own; the bundled one does not run');
      throw error;
    });
    if (options.json) printJson(answer);
    else print(render(answer).trimEnd());
    return EXIT.ok;
  });
}

function parsePayload(text: string | undefined): unknown {
  if (text === undefined) return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError('CLI_USAGE', `the payload is no JSON: ${text}`, EXIT.usage);
  }
}

function isError(outcome: unknown): boolean {
  return typeof outcome === 'object' && outcome !== null && 'kind' in outcome && outcome.kind !== 'result';
}
