import type { IncomingAction } from './incoming-action.ts';
import { requiredTimestamp } from './required-timestamp.ts';

/** Answered even where the list is off: by NotSupported. @see OCPP 1.6, 5.15 */
export const sendLocalList: IncomingAction<'SendLocalList'> = {
  action: 'SendLocalList',
  profile: 'always',
  handle({ localList }, request) {
    if (!localList.enabled) return { response: { status: 'NotSupported' } };
    for (const { idTagInfo } of request.localAuthorizationList ?? [])
      if (idTagInfo?.expiryDate !== undefined) requiredTimestamp('expiryDate', idTagInfo.expiryDate);
    return { response: { status: localList.update(request) } };
  },
};
