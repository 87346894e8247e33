import { checkFields, messageTable } from '@chargemesh/csms';
import type { Expectation } from './expectation.ts';

/** What is wrong with the answers that a frame was met with, in words. @param answers CALLRESULTs and CALLERRORs as they were sent */
export function faultsOf(expected: Expectation, answers: readonly (readonly unknown[])[]): readonly string[] {
  const [answer, ...more] = answers;
  if (expected.kind === 'silence')
    return answer ? [`answered what is not to be answered: ${JSON.stringify(answer)}`] : [];
  if (!answer) return ['not answered'];
  if (more.length > 0) return [`answered ${answers.length} times: ${JSON.stringify(answers)}`];
  const [type, id, said] = answer;
  if (id !== expected.id) return [`answered under the id ${JSON.stringify(id)}`];
  const { action, result, codes } = expected;
  if (type === 4)
    return codes.includes(String(said))
      ? []
      : [`answered ${String(said)}, not ${codes.join(' or ') || 'with a result'}`];
  return result ? faultsOfResult(action, said) : [`taken, not refused with ${codes.join(' or ')}`];
}

function faultsOfResult(action: string | undefined, payload: unknown): readonly string[] {
  const faults: string[] = [];
  const table = messageTable(action ?? '');
  if (table)
    checkFields(table.response, payload, (rule, message) => {
      // The version is the one that the CSMS gave its list, however far it counts.
      if (action !== 'GetLocalListVersion' || rule !== 'FIELD_RANGE')
        faults.push(`its answer breaks ${rule}: ${message}`);
    });
  return faults;
}
