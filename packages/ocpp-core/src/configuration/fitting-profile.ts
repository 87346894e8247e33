import { isJsonObject, type JsonObject } from './merge-patch.ts';

/**
 * Completes this run's flags: an address with a scheme, or a password, brings the security profile that fits unless one was named (D5).
 * @param overrides values by key
 * @param document the configuration that the flags are laid over
 */
export function withFittingProfile(overrides: JsonObject, document: JsonObject): JsonObject {
  if (overrides.SecurityProfile !== undefined) return overrides;
  const uri = overrides.CentralSystemURI;
  const scheme = typeof uri === 'string' ? /^(wss?):\/\//i.exec(uri)?.[1]?.toLowerCase() : undefined;
  const security = document.Security;
  const configured = isJsonObject(security) ? security.SecurityProfile : undefined;
  const present = typeof configured === 'number' ? configured : 0;
  const profile = fitting(scheme, present, overrides.AuthorizationKey !== undefined);
  return profile === present ? overrides : { ...overrides, SecurityProfile: profile };
}

function fitting(scheme: string | undefined, present: number, password: boolean): number {
  const plain = password ? 1 : 0;
  if (scheme === 'wss') return Math.max(present, 2);
  if (scheme === 'ws') return present >= 2 ? plain : Math.max(present, plain);
  return present === 0 ? plain : present;
}
