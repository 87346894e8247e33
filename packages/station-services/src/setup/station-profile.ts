import type { JsonValue } from '@chargemesh/contracts';

/** Who may set the station up: only its owner, or whoever comes by. */
export type SetupMode = 'private' | 'public';

/** What a station's owner has chosen, as other programs are told. */
export interface StationProfile {
  /** Whether somebody has set the station up. */
  readonly initialized: boolean;
  readonly mode: SetupMode;
  readonly default_language: string;
  readonly current_language: string;
}

/** What nobody has chosen yet. */
export function freshProfile(initialized: boolean): StationProfile {
  return { initialized, mode: 'private', default_language: 'en', current_language: 'en' };
}

/** Reads what was stored; what is missing or makes no sense is as in a fresh one. */
export function readProfile(stored: JsonValue, fresh: StationProfile): StationProfile {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return fresh;
  const { initialized, mode, default_language, current_language } = stored as Readonly<Record<string, JsonValue>>;
  return {
    initialized: typeof initialized === 'boolean' ? initialized : fresh.initialized,
    mode: mode === 'private' || mode === 'public' ? mode : fresh.mode,
    default_language: isLanguage(default_language) ? default_language : fresh.default_language,
    current_language: isLanguage(current_language) ? current_language : fresh.current_language,
  };
}

/** A command of the outside world. @returns the profile that follows from it; undefined where it makes no sense */
export function afterCommand(profile: StationProfile, command: string, payload: string): StationProfile | undefined {
  const text = payload.trim();
  switch (command) {
    case 'set_initialized':
      return { ...profile, initialized: true };
    case 'reset_initialized':
      return { ...profile, initialized: false };
    case 'set_mode':
      return text === 'private' || text === 'public' ? { ...profile, mode: text } : undefined;
    case 'set_default_language':
      return isLanguage(text) ? { ...profile, default_language: text } : undefined;
    case 'set_current_language':
      return isLanguage(text) ? { ...profile, current_language: text } : undefined;
    default:
      return undefined;
  }
}

/** A language tag such as en or de-DE. */
function isLanguage(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(value) && value.length <= 35;
}
