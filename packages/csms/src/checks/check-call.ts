import { CsmsError } from '../csms-error.ts';
import type { FrameValidator } from './schema-validator.ts';

/** Looks a request over before it is sent. @throws CsmsError `CSMS_CALL_INVALID` where OCPP does not have such a one */
export function checkCall(validator: FrameValidator, action: string, payload: unknown): void {
  if (!validator.isAction(action)) throw new CsmsError('CSMS_CALL_INVALID', `${action} is no action of OCPP 1.6`);
  const faults = validator.request(action, payload);
  if (faults.length === 0) return;
  const said = faults.map((fault) => `${fault.path || 'the payload'} ${fault.message} (${fault.rule})`).join('; ');
  throw new CsmsError('CSMS_CALL_INVALID', `${action} is refused by its schema: ${said}`, { details: { faults } });
}
