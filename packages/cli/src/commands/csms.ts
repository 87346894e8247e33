import {
  ANSWER_USAGE,
  renderAnswers,
  renderLedger,
  renderList,
  renderOutcome,
  renderRules,
  renderTags,
  renderViolations,
} from '@chargemesh/csms';
import { askCsms } from '../support/ask-csms.ts';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
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
  options: CsmsOptions & { readonly force?: boolean; readonly timeout?: number },
): Promise<ExitCode> {
  const { force, timeout } = options;
  const params = {
    ...{ station, action, payload: parsePayload(payload), force },
    ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
  };
  const outcome = await askCsms('csms.call', params, options);
  if (options.json) printJson(outcome);
  else print(renderOutcome(outcome).trimEnd());
  return isError(outcome) ? EXIT.failed : EXIT.ok;
}

/** Sends a text to the station as it is. */
export function csmsRaw(station: string, text: string, options: CsmsOptions): Promise<ExitCode> {
  return ask('csms.raw', { station, text }, options, () => `the text was sent to ${station}`);
}

/** Where stations broke the rules, as the CSMS sees it. */
export async function csmsViolations(
  options: CsmsOptions & { readonly rule?: string; readonly clear?: boolean },
): Promise<ExitCode> {
  const { station, rule, clear } = options;
  return await ask('csms.violations', { station, rule, clear }, options, renderViolations);
}

/** What the CSMS holds stations to. */
export function csmsRules(options: CsmsOptions): Promise<ExitCode> {
  return ask('csms.rules', {}, options, renderRules);
}

/** The cards that the CSMS knows. */
export function csmsTags(options: CsmsOptions): Promise<ExitCode> {
  return ask('csms.tags', {}, options, renderTags);
}

/** Takes a station that is gone out of the ledger. */
export function csmsForget(station: string, options: CsmsOptions): Promise<ExitCode> {
  return ask('csms.forget', { station }, options, () => `${station} is forgotten`);
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
  const on = isOn('refuse', word);
  return await ask('csms.refuse', { on }, options, () =>
    on ? 'new connections are refused' : 'new connections are taken again',
  );
}

/** Plays dead on the connection of a station, or lives again. */
export async function csmsHalfOpen(station: string, word: string, options: CsmsOptions): Promise<ExitCode> {
  const on = isOn('half-open', word);
  return await ask('csms.halfOpen', { station, on }, options, () =>
    on
      ? `the connection of ${station} stays, and nothing passes on it`
      : `frames pass on the connection of ${station} again`,
  );
}

/** Answers whoever wants to connect late. */
export function csmsDelayUpgrade(delayMs: number, options: CsmsOptions): Promise<ExitCode> {
  return ask('csms.delayUpgrade', { delayMs }, options, () =>
    delayMs > 0 ? `new connections wait ${delayMs} ms for their answer` : 'new connections are answered at once',
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
  const answer = await askCsms(method, params, options);
  if (options.json) printJson(answer);
  else print(render(answer).trimEnd());
  return EXIT.ok;
}

function isOn(command: string, word: string): boolean {
  if (word === 'on' || word === 'off') return word === 'on';
  throw new CliError('CLI_USAGE', `csms ${command} ${word}: write "on" or "off"`, EXIT.usage);
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
