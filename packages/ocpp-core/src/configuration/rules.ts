import type { CustomKeys } from './custom-keys.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { KeySpec, Section } from './key-spec.ts';
import {
  isKeyName,
  isSection,
  type KeyName,
  keyNames,
  keySpecs,
  mandatorySections,
  sections,
  tolerantSections,
} from './keys.ts';
import type { Layers } from './layers.ts';
import { isJsonObject } from './merge-patch.ts';
import { nearest } from './nearest.ts';
import { checkText, itemsOf, type RuleContext } from './text-rules.ts';
import { checkValue, describeValue } from './value-check.ts';

/** What the rules look at. */
export interface RuleInput {
  readonly layers: Pick<Layers, 'findings' | 'merged' | 'locate'>;
  /** Undefined where it is not known how many there will be. */
  readonly connectors: number | undefined;
  readonly custom: CustomKeys;
}

/** Sections that a feature profile cannot do without (H-02). */
const SECTION_OF_PROFILE: readonly Section[] = ['LocalAuthListManagement', 'SmartCharging'];

/** Everything that is wrong with a configuration, as it stands in its files. */
export function findFaults(input: RuleInput): readonly Finding[] {
  // What cannot be read has no keys that could be missing.
  if (input.layers.findings.length > 0) return input.layers.findings;
  const book = new RuleBook(input);
  return book.run();
}

class RuleBook {
  readonly #layers: RuleInput['layers'];
  readonly #input: RuleInput;
  readonly #findings: Finding[] = [];

  constructor(input: RuleInput) {
    this.#input = input;
    this.#layers = input.layers;
  }

  run(): readonly Finding[] {
    this.#sections();
    for (const name of keyNames) this.#key(name);
    this.#custom();
    this.#security();
    this.#pings();
    return this.#findings;
  }

  #sections(): void {
    for (const name of Object.keys(this.#layers.merged)) {
      if (name === 'Custom') continue;
      if (isSection(name)) this.#namesIn(name);
      else {
        const near = nearest(name, sections);
        this.#report(
          [name],
          'OCPP_CONFIG_SECTION',
          'is no section',
          near ? `did you mean ${near}?` : `known are ${sections.join(', ')}`,
          'name',
        );
      }
    }
    for (const section of mandatorySections)
      if (!(section in this.#layers.merged))
        this.#report(
          [section],
          'OCPP_CONFIG_MISSING',
          'is missing',
          `add the section ${section} with ${required(section)}`,
        );
    const profiles = itemsOf(this.#text('SupportedFeatureProfiles') ?? '');
    for (const section of SECTION_OF_PROFILE)
      if (profiles.includes(section) && !(section in this.#layers.merged))
        this.#report(
          ['Core', 'SupportedFeatureProfiles'],
          'OCPP_CONFIG_MISSING',
          `names ${section}, whose section is missing`,
          `add the section ${section} with ${required(section)}, or leave the profile out`,
        );
  }

  #namesIn(section: Section): void {
    const content = this.#layers.merged[section];
    if (!isJsonObject(content)) {
      this.#report([section], 'OCPP_CONFIG_TYPE', 'is no object', `write { ${required(section)} }`);
      return;
    }
    for (const name of Object.keys(content)) {
      if (isKeyName(name) && keySpecs[name].section === section) continue;
      const tolerated = tolerantSections.includes(section);
      this.#report(
        [section, name],
        'OCPP_CONFIG_KEY',
        'is no key of this section',
        hint(name, section),
        'name',
        tolerated,
      );
    }
  }

  #key(name: KeyName): void {
    const spec = keySpecs[name];
    const content = this.#layers.merged[spec.section];
    if (!isJsonObject(content)) return;
    const path = [spec.section, name];
    const value = content[name];
    if (value === undefined) {
      if (spec.presence === 'required')
        this.#report(path, 'OCPP_CONFIG_MISSING', 'is missing', `add "${name}": ${describeValue(spec)}`);
      return;
    }
    const fault = checkValue(spec, value);
    if (fault) this.#report(path, fault.code, fault.message, fault.remedy);
    else this.#form(path, name, spec, value);
  }

  /** What a value of the right type can still have wrong. */
  #form(path: readonly string[], name: KeyName, spec: KeySpec, value: unknown): void {
    const { rule, ruleInFile = 'warning', wireMin, wireMax, itemsLimit } = spec;
    if (rule) {
      for (const text of Array.isArray(value) ? value : [String(value)]) {
        const fault = checkText(rule, text, this.#context(name));
        if (fault)
          this.#report(path, 'OCPP_CONFIG_TEXT', fault.message, fault.remedy, 'value', ruleInFile === 'warning');
      }
    }
    if (
      typeof value === 'number' &&
      wireMin !== undefined &&
      wireMax !== undefined &&
      (value < wireMin || value > wireMax)
    )
      this.#report(path, 'OCPP_CONFIG_RANGE', `is ${value}`, `stations take ${wireMin} to ${wireMax}`, 'value', true);
    const limit = itemsLimit === undefined ? undefined : this.#value('Core', itemsLimit);
    const items = typeof limit === 'number' ? itemsOf(String(value)).length : 0;
    if (typeof limit === 'number' && items > limit)
      this.#report(path, 'OCPP_CONFIG_LENGTH', `has ${items} items`, `${itemsLimit} allows ${limit}`, 'value', true);
  }

  #context(name: KeyName): RuleContext {
    const connectors = this.#input.connectors ?? Number.MAX_SAFE_INTEGER;
    const supported = this.#text('SupportedMeasurands') ?? keySpecs.SupportedMeasurands.default;
    return name === 'SupportedMeasurands' || typeof supported !== 'string'
      ? { connectors }
      : { connectors, supportedMeasurands: supported };
  }

  #custom(): void {
    const custom = this.#layers.merged.Custom;
    if (custom === undefined) return;
    for (const { path, message, remedy } of this.#input.custom.faults(custom))
      this.#report(['Custom', ...path], 'OCPP_CONFIG_CUSTOM', message, remedy);
  }

  /** @see ocpp16.md E-01, E-02, F-10: the station starts, and no connection is possible */
  #security(): void {
    const profile = this.#value('Security', 'SecurityProfile');
    const key = this.#text('AuthorizationKey');
    const path = ['Security', 'SecurityProfile'];
    if ((profile === 1 || profile === 2) && key === undefined)
      this.#warn(path, `is ${profile}, which needs a password`, 'add Security.AuthorizationKey');
    if (key !== undefined && key.length >= 8 && key.length < 16)
      this.#warn(['Security', 'AuthorizationKey'], 'is a short password', 'take 16 characters or more');
    const scheme = /^(wss?):\/\//i.exec(this.#text('CentralSystemURI') ?? '')?.[1]?.toLowerCase();
    if (typeof profile !== 'number' || scheme === undefined) return;
    const fitting = profile >= 2 ? 'wss' : 'ws';
    if (scheme !== fitting)
      this.#warn(
        ['Internal', 'CentralSystemURI'],
        `begins with ${scheme}://, which does not go with SecurityProfile ${profile}`,
        `begin it with ${fitting}://, leave the scheme out, or set another SecurityProfile`,
      );
  }

  #pings(): void {
    const pingS = this.#value('Core', 'WebSocketPingInterval');
    const pongS = this.#value('Internal', 'WebsocketPongTimeout') ?? keySpecs.WebsocketPongTimeout.default;
    if (typeof pingS === 'number' && typeof pongS === 'number' && pingS > 0 && pongS > pingS)
      this.#warn(
        ['Core', 'WebSocketPingInterval'],
        `is ${pingS}, shorter than the ${pongS} s that an answer may take`,
        'make it longer than Internal.WebsocketPongTimeout',
      );
  }

  #value(section: string, name: string): unknown {
    const content = this.#layers.merged[section];
    return isJsonObject(content) ? content[name] : undefined;
  }

  #text(name: KeyName): string | undefined {
    const value = this.#value(keySpecs[name].section, name);
    return typeof value === 'string' ? value : undefined;
  }

  #warn(path: readonly string[], message: string, remedy: string): void {
    this.#report(path, 'OCPP_CONFIG_TOGETHER', message, remedy, 'value', true);
  }

  #report(
    path: readonly (string | number)[],
    code: FindingCode,
    message: string,
    remedy: string,
    part: 'name' | 'value' = 'value',
    warning = false,
  ): void {
    const severity = warning ? 'warning' : 'error';
    this.#findings.push({ severity, ...this.#layers.locate(path, part), path: path.join('.'), code, message, remedy });
  }
}

function required(section: Section): string {
  return keyNames
    .filter((name) => keySpecs[name].section === section && keySpecs[name].presence === 'required')
    .join(', ');
}

/** Where a key belongs that stands in the wrong section, or how it is spelled. */
function hint(name: string, section: Section): string {
  if (isKeyName(name)) return `it belongs to the section ${keySpecs[name].section}`;
  const here = keyNames.filter((key) => keySpecs[key].section === section);
  const near = nearest(name, here) ?? nearest(name, keyNames);
  if (near === undefined || !isKeyName(near)) return 'leave it out; keys of your own go into the section Custom';
  const { section: home } = keySpecs[near];
  return `did you mean ${home === section ? near : `${near} of the section ${home}`}?`;
}
