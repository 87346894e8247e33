import { type Clock, type Logger, messageOf, parseTimestamp } from '@chargemesh/base';
import { type ChangeListener, ChangeListeners } from './change-listeners.ts';
import { CustomKeys } from './custom-keys.ts';
import { formatFinding } from './finding.ts';
import { withFittingProfile } from './fitting-profile.ts';
import type { KeySpec } from './key-spec.ts';
import { CurrentValues } from './key-values.ts';
import { findKey, type KeyName, type KeyValues, keySpecs } from './keys.ts';
import { Layers, layersOf } from './layers.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { OcppConfigurationError } from './ocpp-configuration-error.ts';
import { priceTextKey, priceTextLanguage, readPriceText, writePriceText } from './price-texts.ts';
import { findFaults } from './rules.ts';
import { schemaAccess } from './schema-access.ts';
import { checkText, itemsOf } from './text-rules.ts';
import { UserFile } from './user-file.ts';
import { checkValue } from './value-check.ts';
import { longestWireValue, parseWireValue } from './wire-value.ts';
import { type ConfigurationReport, WireView } from './wire-view.ts';

/** What a configuration is of, whatever it is read from. */
export interface ConfigurationOptions {
  /** How many connectors there are, 1 … N: NumberOfConnectors, whatever the file says. */
  readonly connectors: number;
  readonly log: Logger;
  /** For keys that name a time to come. Without it any time is taken. */
  readonly clock?: Pick<Clock, 'wallMs'>;
  /** What a CSMS may do with single keys, other than the table says: make CentralSystemURI writable, or a key read-only. */
  readonly access?: Partial<Readonly<Record<KeyName, 'RW' | 'RO'>>>;
}

/** What {@link Configuration.load} reads. */
export interface LoadOptions extends ConfigurationOptions {
  readonly baseFile: string;
  /** Where changes are kept. Without it they are lost with the process. */
  readonly userFile?: string;
  /** This run's flags, by key. Never written down. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** The schema of the section Custom. Default: Custom.json beside the base file. */
  readonly customSchemaFile?: string;
}

/** @see OCPP 1.6, 7.22 ConfigurationStatus */
export type ChangeStatus = 'Accepted' | 'Rejected' | 'NotSupported' | 'RebootRequired';

/** A change that is made and written down, and whose effects have still to begin. */
export interface PreparedChange {
  readonly status: ChangeStatus;
  /** Tells the listeners. To be called once, after the answer is on its way. */
  readonly announce: () => void;
}

interface Parts extends ConfigurationOptions {
  readonly values: CurrentValues;
  readonly user: JsonObject;
  readonly userFile: UserFile | undefined;
  readonly custom: CustomKeys;
}

const NOTHING = (): void => {};

/**
 * The configuration keys of a station: read from the file of ChargePointConfigPath with the user's file and this run's flags over it,
 * changed by the CSMS and by the station, kept in the user's file.
 */
export class Configuration {
  readonly #parts: Parts;
  readonly #listeners: ChangeListeners;
  readonly #guards = new Map<KeyName, Set<(value: never) => boolean>>();
  readonly #view: WireView;
  #user: JsonObject;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#user = parts.user;
    this.#listeners = new ChangeListeners(parts.log);
    const { values, custom, log } = parts;
    this.#view = new WireView({ values, custom, log, readOnly: (key) => this.#access(key) === 'RO' });
  }

  /** @throws OcppConfigurationError which lists every fault with its file and place */
  static load(options: LoadOptions): Configuration {
    const { baseFile, userFile, overrides = {} } = options;
    const files = { baseFile, ...(userFile === undefined ? {} : { userFile }) };
    const flags = withFittingProfile(overrides, new Layers(files).merged);
    const layers = new Layers({ ...files, overrides: flags });
    const access = { ...schemaAccess(baseFile, options.log), ...options.access };
    const custom = CustomKeys.beside(baseFile, options.customSchemaFile);
    return Configuration.#from({ ...options, access }, layers, custom, userFile);
  }

  /**
   * A configuration that is in no file; changes are not kept.
   * @param document sections with keys, as in a file
   * @throws OcppConfigurationError
   */
  static of(
    document: Readonly<Record<string, unknown>>,
    options: ConfigurationOptions & { readonly customSchema?: object },
  ): Configuration {
    return Configuration.#from(options, layersOf(document), new CustomKeys(options.customSchema ?? {}), undefined);
  }

  static #from(
    options: ConfigurationOptions,
    layers: Pick<Layers, 'findings' | 'user' | 'merged' | 'locate'>,
    custom: CustomKeys,
    userFile: string | undefined,
  ): Configuration {
    const { connectors, log } = options;
    const findings = findFaults({ layers, connectors, custom });
    if (findings.some(({ severity }) => severity === 'error')) throw new OcppConfigurationError(findings);
    for (const finding of findings) log.warn(`OCPP configuration: ${formatFinding(finding)}`);
    const values = new CurrentValues(layers.merged);
    values.put('Core', 'NumberOfConnectors', connectors);
    const file = userFile === undefined ? undefined : UserFile.open(userFile);
    return new Configuration({ ...options, values, custom, user: layers.user, userFile: file });
  }

  /** The value of a key; undefined where the station has no such key or it has no value. */
  get<K extends KeyName>(key: K): KeyValues[K] {
    return this.#parts.values.get(key);
  }

  /** What GetConfiguration is answered with. @param keys none: all */
  read(keys: readonly string[]): ConfigurationReport {
    return this.#view.read(keys);
  }

  /** Changes a key as ChangeConfiguration asks, and tells the listeners at once. */
  change(key: string, value: string): ChangeStatus {
    const { status, announce } = this.prepareChange(key, value);
    announce();
    return status;
  }

  /**
   * Changes a key as ChangeConfiguration asks, and leaves it to the caller when the effects begin.
   * @see OCPP 1.6, 5.3
   */
  prepareChange(name: string, text: string): PreparedChange {
    const key = findKey(name);
    if (key) return this.#changeBuiltIn(key, text);
    const language = priceTextLanguage(name);
    if (language !== undefined) return this.#changePriceText(language, text);
    return this.#changeCustom(name, text);
  }

  /** Changes a key because the station itself wants to. The value is kept; where it is what it was, nothing happens. */
  set<K extends KeyName>(key: K, value: KeyValues[K]): void {
    const spec: KeySpec = keySpecs[key];
    const fault = value === undefined ? undefined : checkValue(spec, value);
    if (fault) this.#parts.log.error(`the station sets ${key} to what it cannot be: ${fault.message}`, { key });
    if (fault || same(this.get(key), value)) return;
    // The value counts in this run, though the disk refuses it.
    this.#keep(spec.section, key, value);
    this.#parts.values.put(spec.section, key, value);
    this.#listeners.tell(key, value);
  }

  /** Calls back after a change, by whomever. Any number may listen. @param key `*`: every key, the integrator's own included */
  onChange(key: KeyName | '*', listener: ChangeListener): { cancel(): void } {
    return this.#listeners.add(key, listener);
  }

  /** Lets a feature refuse values that the table allows: what it answers false to is Rejected. */
  guard<K extends KeyName>(key: K, allows: (value: NonNullable<KeyValues[K]>) => boolean): { cancel(): void } {
    const guards = this.#guards.get(key) ?? new Set();
    this.#guards.set(key, guards.add(allows));
    return { cancel: () => void guards.delete(allows) };
  }

  #access(key: KeyName): KeySpec['access'] {
    return this.#parts.access?.[key] ?? keySpecs[key].access;
  }

  #changeBuiltIn(key: KeyName, text: string): PreparedChange {
    const spec: KeySpec = keySpecs[key];
    const present = this.get(key);
    // What stands under other names cannot be changed under its own.
    if (spec.hidden === true || !this.#parts.values.has(spec.section)) return outcome('NotSupported');
    if (present === undefined && spec.presence === 'optional') return outcome('NotSupported');
    if (this.#access(key) === 'RO') return outcome('Rejected');
    const value = parseWireValue(spec, text);
    if (value === undefined || !this.#allows(key, spec, value)) return outcome('Rejected');
    return this.#store(spec.section, key, value, present, spec.reboot === true ? 'RebootRequired' : 'Accepted');
  }

  #allows(key: KeyName, spec: KeySpec, value: unknown): boolean {
    if (checkValue({ ...spec, ...wireRange(spec) }, value) !== undefined) return false;
    if (typeof value === 'string' && !this.#allowsText(spec, value)) return false;
    if (key === 'SecurityProfile' && !this.#raisesSecurity(Number(value))) return false;
    if (key === 'NextTimeOffsetTransitionDateTime' && !this.#isToCome(String(value))) return false;
    // Guards were registered for the type of their key, which the check above has seen to.
    return [...(this.#guards.get(key) ?? [])].every((allows) => allows(value as never));
  }

  #allowsText({ rule, itemsLimit }: KeySpec, value: string): boolean {
    const limit = itemsLimit === undefined ? undefined : findKey(itemsLimit);
    const most = limit && this.get(limit);
    if (typeof most === 'number' && itemsOf(value).length > most) return false;
    if (!rule) return true;
    const { connectors } = this.#parts;
    return checkText(rule, value, { connectors, supportedMeasurands: this.get('SupportedMeasurands') }) === undefined;
  }

  /** @see OCPP 1.6 security whitepaper, A05 (E-10); whether the certificates are there is a guard's business */
  #raisesSecurity(profile: number): boolean {
    const needsPassword = profile === 1 || profile === 2;
    return profile > this.get('SecurityProfile') && (!needsPassword || this.get('AuthorizationKey') !== undefined);
  }

  #isToCome(text: string): boolean {
    const atMs = parseTimestamp(text);
    const { clock } = this.#parts;
    return atMs !== undefined && (clock === undefined || atMs > clock.wallMs());
  }

  #changePriceText(language: string, text: string): PreparedChange {
    if (this.get('CustomMultiLanguageMessages') !== true) return outcome('NotSupported');
    const present = this.get('DefaultPriceText');
    const value = writePriceText(present, language, text, this.get('SupportedLanguages') ?? '');
    if (!value) return outcome('Rejected');
    const changed = readPriceText(value, language) !== readPriceText(present, language);
    if (!this.#keep('CostAndPrice', 'DefaultPriceText', value)) return outcome('Rejected');
    this.#parts.values.put('CostAndPrice', 'DefaultPriceText', value);
    const announce = (): void => {
      this.#listeners.tell(priceTextKey(language), text);
      this.#listeners.tell('DefaultPriceText', value);
    };
    return { status: 'Accepted', announce: changed ? announce : NOTHING };
  }

  #changeCustom(name: string, text: string): PreparedChange {
    const { values, custom } = this.#parts;
    const spec = custom.find(name);
    const present = Object.hasOwn(values.custom, name) ? values.custom[name] : undefined;
    if (!spec || present === undefined) {
      const isMeterPublicKey = this.read([name]).configurationKey.length > 0;
      return outcome(isMeterPublicKey ? 'Rejected' : 'NotSupported');
    }
    const value = spec.readOnly || text.length > longestWireValue ? undefined : custom.parse(spec, text);
    if (value === undefined || custom.faults({ ...values.custom, [name]: value }).length > 0)
      return outcome('Rejected');
    return this.#store('Custom', name, value, present, 'Accepted');
  }

  #store(section: string, key: string, value: unknown, present: unknown, status: ChangeStatus): PreparedChange {
    if (!this.#keep(section, key, value)) return outcome('Rejected');
    this.#parts.values.put(section, key, value);
    return { status, announce: same(present, value) ? NOTHING : () => this.#listeners.tell(key, value) };
  }

  /** Writes one value down. @returns false where the disk refuses it */
  #keep(section: string, key: string, value: unknown): boolean {
    const { userFile, log } = this.#parts;
    const user = added(this.#user, section, key, value);
    if (same(this.#user, user)) return true;
    try {
      userFile?.write(user);
      this.#user = user;
      return true;
    } catch (thrown) {
      log.error('a changed key cannot be kept', { key, error: messageOf(thrown) });
      return false;
    }
  }
}

function outcome(status: ChangeStatus): PreparedChange {
  return { status, announce: NOTHING };
}

function wireRange({ min, max, wireMin, wireMax }: KeySpec): Pick<KeySpec, 'min' | 'max'> {
  const least = wireMin ?? min;
  const most = wireMax ?? max;
  return { ...(least === undefined ? {} : { min: least }), ...(most === undefined ? {} : { max: most }) };
}

/** The user's file with one value more; where the value is gone, it says so, since the base file may have one. */
function added(user: JsonObject, section: string, key: string, value: unknown): JsonObject {
  const content = user[section];
  return { ...user, [section]: { ...(isJsonObject(content) ? content : {}), [key]: value ?? null } };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
