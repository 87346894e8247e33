import { CORE } from './core.ts';
import type { MessageTable, MessageTables } from './field.ts';
import { PROFILES } from './profiles.ts';
import { SECURITY } from './security.ts';

/** Every action of OCPP 1.6-J with the security extension, 39 of them. */
export const MESSAGES: MessageTables = { ...CORE, ...PROFILES, ...SECURITY };

/** The table of an action, or undefined for a name that OCPP 1.6 does not know. */
export function messageTable(action: string): MessageTable | undefined {
  return Object.hasOwn(MESSAGES, action) ? MESSAGES[action] : undefined;
}
