import type { KeySpec, Section } from './key-spec.ts';
import { type KeyName, type KeyValues, keySpecs, mandatorySections } from './keys.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { itemsOf } from './text-rules.ts';

/** Sections whose keys count only while their feature profile is supported. */
const PROFILE_SECTIONS: readonly Section[] = ['FirmwareManagement', 'LocalAuthListManagement', 'SmartCharging'];

/** The values of a configuration that was found to be right, defaults included. */
export class CurrentValues {
  readonly #sections: Record<string, JsonObject>;
  readonly #profiles: readonly string[];

  /** @param document sections with keys, checked before */
  constructor(document: JsonObject) {
    this.#sections = {};
    for (const [section, content] of Object.entries(document))
      if (isJsonObject(content)) this.#sections[section] = { ...content };
    this.#profiles = itemsOf(this.get('SupportedFeatureProfiles'));
  }

  /** The value; the default where there is none; undefined where the station has no such key. */
  get<K extends KeyName>(key: K): KeyValues[K] {
    const spec: KeySpec = keySpecs[key];
    const value = this.has(spec.section) ? (this.#sections[spec.section]?.[key] ?? spec.default) : undefined;
    // The rules have seen to it that what was loaded has the type of its key.
    return value as KeyValues[K];
  }

  /** Puts a value in; undefined takes it away. */
  put(section: string, key: string, value: unknown): void {
    const { [key]: _, ...others } = this.#sections[section] ?? {};
    this.#sections[section] = value === undefined ? others : { ...others, [key]: value };
  }

  /** The section of the integrator's own keys. */
  get custom(): JsonObject {
    return this.#sections.Custom ?? {};
  }

  /** Whether the station has this section's keys. */
  has(section: Section): boolean {
    if (mandatorySections.includes(section)) return true;
    if (!(section in this.#sections)) return false;
    return !PROFILE_SECTIONS.includes(section) || this.#profiles.includes(section);
  }
}
