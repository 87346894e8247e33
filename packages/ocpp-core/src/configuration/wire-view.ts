import type { Logger } from '@chargemesh/base';
import type { KeyValue } from '../schemas/messages.ts';
import type { CustomKeys } from './custom-keys.ts';
import type { KeySpec } from './key-spec.ts';
import type { CurrentValues } from './key-values.ts';
import { findKey, type KeyName, keyNames, keySpecs } from './keys.ts';
import { priceTextKey, priceTextLanguage, priceTextLanguages, readPriceText } from './price-texts.ts';
import { longestWireValue, writeWireValue } from './wire-value.ts';

/** What GetConfiguration is answered with. */
export interface ConfigurationReport {
  readonly configurationKey: readonly KeyValue[];
  readonly unknownKey: readonly string[];
}

/** What {@link WireView} stands on. */
export interface WireViewParts {
  readonly values: CurrentValues;
  readonly custom: CustomKeys;
  readonly readOnly: (key: KeyName) => boolean;
  readonly log: Logger;
}

/** The configuration as a CSMS sees it. @see OCPP 1.6, 5.8 GetConfiguration */
export class WireView {
  readonly #parts: WireViewParts;

  constructor(parts: WireViewParts) {
    this.#parts = parts;
  }

  /** @param keys which ones, in any case of letters; none: all that there are */
  read(keys: readonly string[]): ConfigurationReport {
    if (keys.length === 0) return { configurationKey: this.#all(), unknownKey: [] };
    const configurationKey = new Map<string, KeyValue>();
    const unknownKey = new Set<string>();
    for (const key of this.#allowed(keys)) {
      const found = this.#find(key);
      if (found) configurationKey.set(found.key, found);
      else unknownKey.add(key);
    }
    return { configurationKey: [...configurationKey.values()], unknownKey: [...unknownKey] };
  }

  /** No more than GetConfigurationMaxKeys. */
  #allowed(keys: readonly string[]): readonly string[] {
    const most = this.#parts.values.get('GetConfigurationMaxKeys');
    if (most === 0 || keys.length <= most) return keys;
    this.#parts.log.warn('GetConfiguration asks for too many keys', { asked: keys.length, answered: most });
    return keys.slice(0, most);
  }

  #all(): readonly KeyValue[] {
    const { values } = this.#parts;
    const builtIn = keyNames.flatMap((key) => {
      switch (key) {
        case 'MeterPublicKeys':
          return (values.get(key) ?? []).map((_, index) => `MeterPublicKey${index + 1}`);
        case 'DefaultPriceText':
          return priceTextLanguages(values.get(key)).map(priceTextKey);
        default:
          return [key];
      }
    });
    return [...builtIn, ...Object.keys(values.custom).filter((key) => !findKey(key))].flatMap(
      (key) => this.#find(key) ?? [],
    );
  }

  #find(name: string): KeyValue | undefined {
    const key = findKey(name);
    if (key) return this.#builtIn(key);
    return this.#meterPublicKey(name) ?? this.#priceText(name) ?? this.#custom(name);
  }

  #builtIn(key: KeyName): KeyValue | undefined {
    const spec: KeySpec = keySpecs[key];
    const value = this.#parts.values.get(key);
    if (value === undefined || spec.hidden === true || spec.access === 'WO') return undefined;
    return this.#told(key, this.#parts.readOnly(key), writeWireValue(spec, value));
  }

  #meterPublicKey(name: string): KeyValue | undefined {
    const number = /^MeterPublicKey([1-9]\d{0,8})$/i.exec(name)?.[1];
    if (number === undefined) return undefined;
    const value = this.#parts.values.get('MeterPublicKeys')?.[Number(number) - 1];
    return value === undefined ? undefined : this.#told(`MeterPublicKey${number}`, true, value);
  }

  #priceText(name: string): KeyValue | undefined {
    const { values } = this.#parts;
    const language = priceTextLanguage(name);
    if (language === undefined || values.get('CustomMultiLanguageMessages') !== true) return undefined;
    return this.#told(priceTextKey(language), false, readPriceText(values.get('DefaultPriceText'), language));
  }

  #custom(name: string): KeyValue | undefined {
    const { values, custom } = this.#parts;
    const spec = custom.find(name);
    const value = Object.hasOwn(values.custom, name) ? values.custom[name] : undefined;
    if (!spec || value === undefined) return undefined;
    return this.#told(name, spec.readOnly, typeof value === 'string' ? value : JSON.stringify(value));
  }

  /** What is too long for OCPP is cut, since a whole answer would be refused for it (B-09). */
  #told(key: string, readonly: boolean, value: string): KeyValue {
    const characters = [...value];
    if (characters.length <= longestWireValue) return { key, readonly, value };
    this.#parts.log.warn('the value of a key is too long to be told', { key, length: characters.length });
    return { key, readonly, value: characters.slice(0, longestWireValue).join('') };
  }
}
