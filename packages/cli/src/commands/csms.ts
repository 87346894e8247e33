import {
  ANSWER_USAGE,
  renderAnswers,
  renderLedger,
  renderList,
  renderOutcome,
  renderViolations,
} from '@chargemesh/csms';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { findMesh, type MeshTarget } from '../support/find-mesh.ts';
import { print, printJson } from '../support/output.ts';

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
export async function csmsCall(
  station: string,
  action: string,
  payload: string | undefined,
  options: CsmsOptions,
): Promise<ExitCode> {
  const outcome = await request('csms.call', { station, action, payload: parsePayload(payload) }, options);
  if (options.json) printJson(outcome);
  else print(renderOutcome(outcome).trimEnd());
  return isError(outcome) ? EXIT.failed : EXIT.ok;
}

/** Where a station broke the rules, as the CSMS sees it. */
export async function csmsViolations(options: CsmsOptions): Promise<ExitCode> {
  return await ask('csms.violations', { station: options.station }, options, renderViolations);
}

/** Breaks the connection of a station. */
export async function csmsDrop(
  station: string,
  options: CsmsOptions & { readonly clean?: boolean },
): Promise<ExitCode> {
  return await ask(
    'csms.drop',
    { station, clean: options.clean ?? false },
    options,
    () => `the connection of ${station} was broken`,
  );
}

/** Refuses new connections, or takes them again. */
export async function csmsRefuse(word: string, options: CsmsOptions): Promise<ExitCode> {
  if (word !== 'on' && word !== 'off')
    throw new CliError('CLI_USAGE', `csms refuse ${word}: write "on" or "off"`, EXIT.usage);
  const on = word === 'on';
  return await ask('csms.refuse', { on }, options, () =>
    on ? 'new connections are refused' : 'new connections are taken again',
  );
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

async function ask(
  method: string,
  params: unknown,
  options: CsmsOptions,
  render: (answer: unknown) => string,
): Promise<ExitCode> {
  const answer = await request(method, params, options);
  if (options.json) printJson(answer);
  else print(render(answer).trimEnd());
  return EXIT.ok;
}

/** Asks the CSMS of a mesh, or one that runs alone. */
async function request(method: string, params: unknown, target: MeshTarget): Promise<unknown> {
  const client = await findMesh(target);
  try {
    return await client.call(method, params);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'CONTROL_UNKNOWN_METHOD')
      throw new CliError('CLI_NO_CSMS', 'this mesh talks to a CSMS of its own; the bundled one does not run');
    throw error;
  } finally {
    client.close();
  }
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
