import { formatTimestamp } from '@chargemesh/base';
import { describeBehaviour } from '../answers/behaviour.ts';
import { ANSWER_USAGE, parseAnswer } from '../answers/parse-answer.ts';
import { RULES, type Violation } from '../checks/rules.ts';
import type { Csms } from '../csms.ts';
import { CsmsError } from '../csms-error.ts';
import type { PassedFrame } from '../stations/station.ts';
import { Parameters } from './parameters.ts';
import { summarise, timeStation } from './summary.ts';

/** What a method may do beside giving its answer. */
export interface MethodCall {
  /** Sends plain JSON to the caller, before the answer. */
  readonly emit: (event: unknown) => void;
  /** Is aborted when the caller hangs up. */
  readonly signal: AbortSignal;
}

/** A method of the control socket: plain JSON in, plain JSON out. */
export type CsmsMethod = (parameters?: unknown, call?: MethodCall) => Promise<unknown>;

/** A frame, or a connection that came or went, as `frames` gives it. */
export interface ShownFrame {
  /** ISO 8601 */
  readonly at: string;
  readonly station: string;
  readonly dir: PassedFrame['dir'];
  readonly text: string;
}

/**
 * What can be asked of a CSMS from outside its process, by name. Where a method takes a `station`, it may be left out as long as only
 * one is known.
 *
 * | method | parameters | answer |
 * |---|---|---|
 * | list | | stations in short: StationSummary[] |
 * | ledger | station? (all) | TimedStation[] |
 * | call | station?, action, payload?, timeoutMs?, force? | CallOutcome |
 * | answer | action, words, station?, next? | what is in force now |
 * | answers, resetAnswers | | what is in force now |
 * | violations | station?, rule?, clear? | Violation[]; `clear` forgets these after that |
 * | rules | | the rules, by code |
 * | frames | station? (all), last? (20), follow? | ShownFrame[]; with `follow` an event ShownFrame for each, until the caller hangs up |
 * | tags | | the cards |
 * | forget | station | |
 * | drop | station?, clean? | |
 * | refuse | on? | |
 * | halfOpen | station?, on? | |
 * | delayUpgrade | delayMs | |
 * | raw | station?, text | |
 *
 * All throw CsmsError.
 */
export function csmsMethods(csms: Csms): Record<string, CsmsMethod> {
  const { clock } = csms;
  const method = (
    name: string,
    run: (parameters: Parameters, call: MethodCall | undefined) => unknown,
  ): [string, CsmsMethod] => [
    name,
    async (parameters, call) => (await run(new Parameters(name, parameters), call)) ?? { ok: true },
  ];
  return Object.fromEntries([
    method('list', () => csms.list().map((view) => summarise(view, clock))),
    method('ledger', (parameters) => {
      const station = parameters.optionalText('station');
      const views = station === undefined ? csms.list() : [csms.ledger(station)];
      return views.map((view) => timeStation(view, clock));
    }),
    method('call', (parameters) => {
      const timeoutMs = parameters.optionalNumber('timeoutMs', 1);
      return csms.call(stationOf(csms, parameters), parameters.text('action'), parameters.value('payload') ?? {}, {
        force: parameters.flag('force', false),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
    }),
    method('answer', (parameters) => {
      const words = parameters.optionalWords('words');
      if (words === undefined)
        throw new CsmsError('CSMS_BAD_PARAMETER', `csms answer: "words" are missing (${ANSWER_USAGE})`);
      const [station, next] = [parameters.optionalText('station'), parameters.optionalNumber('next', 1)];
      csms.setAnswer(parameters.text('action'), parseAnswer(words), {
        ...(station === undefined ? {} : { station }),
        ...(next === undefined ? {} : { next }),
      });
      return shownAnswers(csms);
    }),
    method('answers', () => shownAnswers(csms)),
    method('resetAnswers', () => {
      csms.resetAnswers();
      return shownAnswers(csms);
    }),
    method('violations', (parameters) => {
      const [station, rule] = [parameters.optionalText('station'), ruleOf(parameters)];
      const picked = (violation: Violation): boolean =>
        (station ?? violation.station) === violation.station && (rule ?? violation.rule) === violation.rule;
      const found = csms.violations.filter(picked);
      if (parameters.flag('clear', false)) csms.clearViolations(picked);
      return found;
    }),
    method('rules', () => RULES),
    method('frames', (parameters, call) => frames(csms, parameters, call)),
    method('tags', () => ({ unknown: csms.tags.unknown, tags: csms.tags.all() })),
    method('forget', (parameters) => csms.forget(parameters.text('station'))),
    method('drop', (parameters) =>
      csms.drop(stationOf(csms, parameters), parameters.flag('clean', false) ? 'clean' : 'cut'),
    ),
    method('refuse', (parameters) => csms.refuse(parameters.flag('on', true))),
    method('halfOpen', (parameters) => csms.halfOpen(stationOf(csms, parameters), parameters.flag('on', true))),
    method('delayUpgrade', (parameters) => csms.delayUpgrade(parameters.optionalNumber('delayMs', 0) ?? 0)),
    method('raw', (parameters) => csms.sendRaw(stationOf(csms, parameters), parameters.text('text'))),
  ]);
}

/** Gives the last frames; where they are to be followed, each as an event, and then those that come. */
async function frames(csms: Csms, parameters: Parameters, call: MethodCall | undefined): Promise<unknown> {
  const station = parameters.optionalText('station');
  const last = parameters.optionalNumber('last', 0) ?? 20;
  const follow = parameters.flag('follow', false) ? call : undefined;
  // One that is waited for need not have come yet.
  const known = station === undefined || follow === undefined || csms.list().some((view) => view.station === station);
  const kept = known && last > 0 ? csms.frames(station).slice(-last).map(shownFrame) : [];
  if (follow === undefined) return kept;
  const { emit, signal } = follow;
  for (const frame of kept) emit(frame);
  const following = csms.onFrame((frame) => {
    if ((station ?? frame.station) === frame.station) emit(shownFrame(frame));
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  following.cancel();
  return [];
}

function shownFrame({ atMs, station, dir, text }: PassedFrame): ShownFrame {
  return { at: formatTimestamp(atMs), station, dir, text };
}

function ruleOf(parameters: Parameters): string | undefined {
  const rule = parameters.optionalText('rule');
  if (rule === undefined || Object.hasOwn(RULES, rule)) return rule;
  throw new CsmsError('CSMS_BAD_PARAMETER', `${rule} is no rule: "csms rules" shows them`);
}

function stationOf(csms: Csms, parameters: Parameters): string {
  const given = parameters.optionalText('station');
  if (given !== undefined) return given;
  const [only, ...others] = csms.list().map(({ station }) => station);
  if (only !== undefined && others.length === 0) return only;
  const why = only === undefined ? 'none was ever connected' : `there are ${[only, ...others].join(', ')}`;
  throw new CsmsError('CSMS_BAD_PARAMETER', `which station? ${why}`);
}

function shownAnswers(csms: Csms): unknown {
  return csms.answers().map(({ action, behaviour, station, left }) => ({
    action,
    answer: describeBehaviour(behaviour),
    station,
    left,
  }));
}
