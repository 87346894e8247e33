import { isRecord } from '../checks/field-check.ts';
import { RPC_ERROR_CODES } from '../checks/frame.ts';
import { CsmsError } from '../csms-error.ts';
import type { Behaviour } from './behaviour.ts';

/** What `answer` understands, for help texts. */
export const ANSWER_USAGE =
  'CALLERROR [code] [description…] | {json} | replace {json} | late <ms|s> [answer] | never | garbage | default';

const DELAY = /^(\d+(?:\.\d+)?)(ms|s)?$/;

/**
 * Reads the words of `answer ACTION …` into a behaviour. Keywords may be in any case; JSON may be split over words.
 * @throws CsmsError `CSMS_BAD_ANSWER`
 */
export function parseAnswer(words: readonly string[]): Behaviour {
  const [first, ...rest] = words.map((word) => word.trim()).filter((word) => word !== '');
  if (first === undefined) throw bad('an answer is wanted');
  if (first.startsWith('{') || first.startsWith('['))
    return { kind: 'payload', payload: readJson([first, ...rest]), mode: 'merge' };
  switch (first.toLowerCase()) {
    case 'callerror':
      return readCallError(rest);
    case 'replace':
      if (rest.length === 0) throw bad('"replace" wants a JSON object');
      return { kind: 'payload', payload: readJson(rest), mode: 'replace' };
    case 'late':
      return readLate(rest);
    case 'never':
    case 'garbage':
    case 'default':
      if (rest.length > 0) throw bad(`nothing follows "${first}", but "${rest.join(' ')}" does`);
      return { kind: first.toLowerCase() as 'never' | 'garbage' | 'default' };
    default:
      throw bad(`"${first}" is no answer`);
  }
}

function readCallError(words: readonly string[]): Behaviour {
  const [code = 'InternalError', ...description] = words;
  const known = RPC_ERROR_CODES.find((candidate) => candidate.toLowerCase() === code.toLowerCase());
  // An unknown code is sent as it is: how a station takes that is worth a test.
  return { kind: 'callError', code: known ?? code, description: description.join(' ') };
}

function readLate(words: readonly string[]): Behaviour {
  const [delay = '', ...rest] = words;
  const parts = DELAY.exec(delay);
  if (parts === null) throw bad(`"late" wants a time such as 500, 500ms or 35s, not "${delay}"`);
  const answer = rest.length === 0 ? ({ kind: 'default' } as const) : parseAnswer(rest);
  if (answer.kind === 'late' || answer.kind === 'never') throw bad(`"late" cannot be followed by "${answer.kind}"`);
  return { kind: 'late', delayMs: Number(parts[1]) * (parts[2] === 's' ? 1000 : 1), answer };
}

function readJson(words: readonly string[]): Readonly<Record<string, unknown>> {
  const text = words.join(' ');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(`"${text}" is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isRecord(value)) throw bad(`a payload is a JSON object, not "${text}"`);
  return value;
}

function bad(message: string): CsmsError {
  return new CsmsError('CSMS_BAD_ANSWER', `${message} (${ANSWER_USAGE})`);
}
