import { formatTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { AuthorizationResult, IdTagInfo } from '@chargemesh/ocpp-core';

/** What the station library found out about an idTag, as Auth wants to hear it. */
export function validationResult(result: AuthorizationResult): types.authorization.ValidationResult {
  return {
    authorization_status: result.status,
    tariff_messages: [],
    ...(result.expiryMs !== undefined && { expiry_time: formatTimestamp(result.expiryMs) }),
    ...(result.parentIdTag !== undefined && { parent_id_token: { value: result.parentIdTag, type: 'Central' } }),
  };
}

/** The news about a token that a StartTransaction.conf brought. */
export function validationUpdate(connectorId: number, info: IdTagInfo): types.authorization.ValidationResultUpdate {
  return {
    connector_id: connectorId,
    validation_result: {
      authorization_status: info.status,
      tariff_messages: [],
      ...(info.expiryDate !== undefined && { expiry_time: info.expiryDate }),
      ...(info.parentIdTag !== undefined && { parent_id_token: { value: info.parentIdTag, type: 'ISO14443' } }),
    },
  };
}
