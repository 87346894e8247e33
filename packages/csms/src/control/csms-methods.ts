import { formatTimestamp } from '@chargemesh/base';
import { describeBehaviour } from '../answers/behaviour.ts';
import { ANSWER_USAGE, parseAnswer } from '../answers/parse-answer.ts';
import { RULES } from '../checks/rules.ts';
import type { Csms } from '../csms.ts';
import { CsmsError } from '../csms-error.ts';
import { Parameters } from './parameters.ts';
import { summarise, timeStation } from './summary.ts';

/** A method of the control socket: plain JSON in, plain JSON out. */
export type CsmsMethod = (parameters?: unknown) => Promise<unknown>;

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
 * | violations | station?, rule?, clear? | Violation[] |
 * | rules | | the rules, by code |
 * | frames | station?, last? (20) | the last frames |
 * | tags | | the cards |
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
  const method = (name: string, run: (parameters: Parameters) => unknown): [string, CsmsMethod] => [
    name,
    async (parameters) => (await run(new Parameters(name, parameters))) ?? { ok: true },
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
      const [station, rule] = [parameters.optionalText('station'), parameters.optionalText('rule')];
      const found = csms.violations.filter(
        (violation) =>
          (station ?? violation.station) === violation.station && (rule ?? violation.rule) === violation.rule,
      );
      if (parameters.flag('clear', false)) csms.clearViolations();
      return found;
    }),
    method('rules', () => RULES),
    method('frames', (parameters) => {
      const last = parameters.optionalNumber('last', 1) ?? 20;
      return csms
        .frames(stationOf(csms, parameters))
        .slice(-last)
        .map(({ atMs, dir, text }) => ({ at: formatTimestamp(atMs), dir, text }));
    }),
    method('tags', () => ({ unknown: csms.tags.unknown, tags: csms.tags.all() })),
    method('drop', (parameters) =>
      csms.drop(stationOf(csms, parameters), parameters.flag('clean', false) ? 'clean' : 'cut'),
    ),
    method('refuse', (parameters) => csms.refuse(parameters.flag('on', true))),
    method('halfOpen', (parameters) => csms.halfOpen(stationOf(csms, parameters), parameters.flag('on', true))),
    method('delayUpgrade', (parameters) => csms.delayUpgrade(parameters.optionalNumber('delayMs', 0) ?? 0)),
    method('raw', (parameters) => csms.sendRaw(stationOf(csms, parameters), parameters.text('text'))),
  ]);
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
