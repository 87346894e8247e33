import { type Logger, messageOf } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';
import type { Authorizations } from './authorizations.ts';
import type { Evse } from './evse.ts';
import type { Evses } from './evses.ts';
import { sameId } from './id-token.ts';
import type { PublishStatus } from './ports.ts';
import type { TokenProcess } from './token-process.ts';

type Request = types.authorization.WithdrawAuthorizationRequest;

/** What taking back needs. */
export interface WithdrawalOptions {
  readonly evses: Evses;
  readonly authorizations: Authorizations;
  readonly processes: ReadonlySet<TokenProcess>;
  readonly publishStatus: PublishStatus;
  readonly log: Logger;
}

/**
 * Takes authorizations back: of an EVSE, of an identifier, of both, or all. A token that is on its way is stopped there, a transaction
 * that runs on a placed one ends as deauthorized.
 */
export async function withdrawAuthorization(
  request: Request,
  options: WithdrawalOptions,
): Promise<types.authorization.WithdrawAuthorizationResult> {
  const { evses, processes } = options;
  if (request.evse_id !== undefined && !evses.find(request.evse_id)) return 'EvseNotFound';
  const onTheirWay = [...processes].filter((process) => isMeant(process, request));
  for (const process of onTheirWay) process.withdraw();
  await Promise.all(onTheirWay.map((process) => process.finished));
  const placed = evses.all.filter(
    ({ id, identifier }) =>
      identifier &&
      (request.evse_id === undefined || request.evse_id === id) &&
      (!request.id_token || sameId(request.id_token.value, identifier.token.id_token.value)),
  );
  await Promise.all(placed.map((evse) => take(evse, options)));
  return onTheirWay.length + placed.length > 0 ? 'Accepted' : 'AuthorizationNotFound';
}

/** A token that may go to any EVSE is not meant by a request that names an EVSE alone, unless it can go nowhere else. */
function isMeant({ token, referenced }: TokenProcess, request: Request): boolean {
  const idMatches = !request.id_token || sameId(request.id_token.value, token.id_token.value);
  if (request.evse_id === undefined) return idMatches;
  if (token.connectors) return idMatches && token.connectors.includes(request.evse_id);
  return idMatches && (request.id_token !== undefined || referenced.every(({ id }) => id === request.evse_id));
}

async function take(evse: Evse, { authorizations, publishStatus, log }: WithdrawalOptions): Promise<void> {
  const { identifier } = evse;
  if (!evse.transactionActive) {
    await authorizations.withdraw(evse);
    if (identifier) publishStatus(identifier.token, 'Withdrawn');
    // Its car may have come while the word was on its way: then the EVSE has passed over it.
    const isTooLate = evse.transactionActive && sameId(evse.identifier?.token.id_token.value, idOf(identifier));
    if (!isTooLate) return;
  }
  try {
    await evse.port.stop({ reason: 'DeAuthorized' });
  } catch (thrown) {
    log.error('the transaction could not be stopped', { evse: evse.id, error: messageOf(thrown) });
  }
}

const idOf = (identifier: Evse['identifier']): string | undefined => identifier?.token.id_token.value;
