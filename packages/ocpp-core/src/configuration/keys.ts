import type { KeySpec, Section } from './key-spec.ts';
import { behaviourKeys } from './keys/behaviour.ts';
import { connectionKeys } from './keys/connection.ts';
import { coreKeys } from './keys/core.ts';
import { costAndPriceKeys } from './keys/cost-and-price.ts';
import { identityKeys } from './keys/identity.ts';
import { profileKeys, smartChargingKeys } from './keys/profiles.ts';
import { plugAndChargeKeys, securityKeys } from './keys/security.ts';

/** Every configuration key, by name. */
type KeyTable = typeof identityKeys &
  typeof connectionKeys &
  typeof behaviourKeys &
  typeof coreKeys &
  typeof profileKeys &
  typeof smartChargingKeys &
  typeof securityKeys &
  typeof plugAndChargeKeys &
  typeof costAndPriceKeys;

/** The name of a key that the station knows. */
export type KeyName = keyof KeyTable;

interface JsonObject {
  readonly [property: string]: unknown;
}

type ValueOf<Spec extends KeySpec> = Spec['type'] extends 'boolean'
  ? boolean
  : Spec['type'] extends 'integer' | 'number'
    ? number
    : Spec['type'] extends 'string'
      ? string
      : Spec['type'] extends 'list'
        ? readonly string[]
        : JsonObject;

/** The sections that every configuration has: what is required or has a default there is always known. */
type MandatorySection = 'Internal' | 'Core' | 'Security';

type Known<Spec extends KeySpec> = Spec['section'] extends MandatorySection
  ? Spec['presence'] extends 'required' | 'default'
    ? true
    : false
  : false;

/** The type of each key's value; `undefined` belongs to it where the station may be without it. */
export type KeyValues = {
  readonly [Name in KeyName]: KeyTable[Name] extends infer Spec extends KeySpec
    ? Known<Spec> extends true
      ? ValueOf<Spec>
      : ValueOf<Spec> | undefined
    : never;
};

/** The sections in the order in which GetConfiguration lists them. */
export const sections: readonly Section[] = [
  'Internal',
  'Core',
  'FirmwareManagement',
  'LocalAuthListManagement',
  'Reservation',
  'SmartCharging',
  'Security',
  'PnC',
  'CostAndPrice',
];

/** Sections without which no station starts. */
export const mandatorySections: readonly Section[] = ['Internal', 'Core', 'Security'];

/** Sections in which a key that is not known is no fault (B-06). */
export const tolerantSections: readonly Section[] = ['Security', 'PnC', 'CostAndPrice'];

/** The table of all keys. */
export const keySpecs: Readonly<Record<KeyName, KeySpec>> = {
  ...identityKeys,
  ...connectionKeys,
  ...behaviourKeys,
  ...coreKeys,
  ...profileKeys,
  ...smartChargingKeys,
  ...securityKeys,
  ...plugAndChargeKeys,
  ...costAndPriceKeys,
};

const NAMES = Object.keys(keySpecs).filter(isKeyName).sort(compareNames);
const BY_LOWER_CASE: ReadonlyMap<string, KeyName> = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

/** All names in the order of GetConfiguration: by section, then by code unit. */
export const keyNames: readonly KeyName[] = sections.flatMap((section) =>
  NAMES.filter((name) => keySpecs[name].section === section),
);

/** Whether a key has exactly this name. */
export function isKeyName(name: string): name is KeyName {
  return Object.hasOwn(keySpecs, name);
}

/** The key that goes by this name, whatever its letters' case (A-06). */
export function findKey(name: string): KeyName | undefined {
  return BY_LOWER_CASE.get(name.toLowerCase());
}

/** Whether the file has a section of this name. */
export function isSection(name: string): name is Section {
  return sections.some((section) => section === name);
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
