import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { itemsOf } from './text-rules.ts';

const PREFIX = 'DefaultPriceText,';

/** The language of a key such as `DefaultPriceText,en`; undefined where it is another key. */
export function priceTextLanguage(key: string): string | undefined {
  return key.toLowerCase().startsWith(PREFIX.toLowerCase()) ? key.slice(PREFIX.length).trim() : undefined;
}

/** The key of a language's text. */
export function priceTextKey(language: string): string {
  return `${PREFIX}${language}`;
}

/** The texts of the key DefaultPriceText, by language. */
export function priceTexts(value: JsonObject | undefined): readonly JsonObject[] {
  const texts = value?.priceTexts;
  return Array.isArray(texts) ? texts.filter(isJsonObject) : [];
}

/** The languages that have a text. */
export function priceTextLanguages(value: JsonObject | undefined): readonly string[] {
  return priceTexts(value)
    .map(({ language }) => language)
    .filter((language) => typeof language === 'string');
}

/** A language's text as it is told: JSON without the language; empty where there is none yet, so that it can be set. */
export function readPriceText(value: JsonObject | undefined, language: string): string {
  const found = priceTexts(value).find((text) => same(text.language, language));
  if (!found) return '';
  const { language: _, ...text } = found;
  return JSON.stringify(text);
}

/**
 * Puts a language's text in.
 * @returns the new value of DefaultPriceText; undefined where the text or the language is refused
 */
export function writePriceText(
  value: JsonObject | undefined,
  language: string,
  text: string,
  supportedLanguages: string,
): JsonObject | undefined {
  if (!itemsOf(supportedLanguages).some((supported) => same(supported, language))) return undefined;
  const parsed = parse(text);
  if (!isJsonObject(parsed) || !isText(parsed.priceText)) return undefined;
  const offline = parsed.priceTextOffline;
  if (offline !== undefined && !isText(offline)) return undefined;
  const entry = {
    priceText: parsed.priceText,
    ...(offline === undefined ? {} : { priceTextOffline: offline }),
    language,
  };
  return { priceTexts: [...priceTexts(value).filter((other) => !same(other.language, language)), entry] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function same(a: unknown, b: string): boolean {
  return typeof a === 'string' && a.toLowerCase() === b.toLowerCase();
}
