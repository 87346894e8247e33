import type { types } from '@chargemesh/contracts';

/** What kind of identification each type of token is to a meter that signs. @see OCMF specification, identification types */
export const identificationTypes: Readonly<
  Record<types.authorization.IdTokenType, types.powermeter.OCMFIdentificationType>
> = {
  Central: 'CENTRAL',
  eMAID: 'EMAID',
  MacAddress: 'UNDEFINED',
  ISO14443: 'ISO14443',
  ISO15693: 'ISO15693',
  KeyCode: 'KEY_CODE',
  Local: 'LOCAL',
  NoAuthorization: 'NONE',
};

/** What the meter is told of a transaction that begins. */
export function meterTransaction(transaction: {
  evseId: string;
  sessionId: string;
  token: types.authorization.ProvidedIdToken;
  tariffText: string | undefined;
}): types.powermeter.TransactionReq {
  const { evseId, sessionId, token, tariffText } = transaction;
  return {
    evse_id: evseId,
    transaction_id: sessionId,
    identification_status: 'ASSIGNED',
    identification_flags: [],
    identification_type: identificationTypes[token.id_token.type],
    identification_data: token.id_token.value,
    ...(tariffText !== undefined && { tariff_text: tariffText }),
  };
}
