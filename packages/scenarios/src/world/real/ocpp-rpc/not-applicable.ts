import type { Scenario, Step } from '../../../language/scenario.ts';

/** Why a scenario cannot be played at a CSMS on `ocpp-rpc`; undefined where it can. */
export function notApplicable({ steps }: Scenario): string | undefined {
  return steps.map(whatItLacks).find((reason) => reason !== undefined);
}

function whatItLacks(step: Step): string | undefined {
  if ('link' in step && step.link === 'half-open') return 'ocpp-rpc cannot leave a link half open';
  if ('call' in step && step.call.force) return 'ocpp-rpc sends no request that the schemas refuse (force)';
  return undefined;
}
