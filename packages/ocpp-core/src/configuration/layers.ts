import { readFileSync } from 'node:fs';
import { messageOf } from '@chargemesh/base';
import type { Finding } from './finding.ts';
import { JsonDocument, type JsonPath, JsonSyntaxFault, type Place } from './json-document.ts';
import { findKey, keySpecs } from './keys.ts';
import { isJsonObject, type JsonObject, mergePatch } from './merge-patch.ts';

/** Where a value of the configuration comes from. */
export interface Source extends Place {
  readonly file: string;
}

/** What a configuration is made of, lowest first (D5). */
export interface LayerFiles {
  /** The file of ChargePointConfigPath. */
  readonly baseFile: string;
  /** The file of UserConfigPath, where changes are kept. One that does not exist is empty. */
  readonly userFile?: string;
  /** Values of this run, by key. They are never written down. */
  readonly overrides?: JsonObject;
}

interface LayerFile {
  readonly path: string;
  readonly document: JsonDocument | undefined;
}

/** The name that this run's flags go by in findings. */
const COMMAND_LINE = 'command line';

/** The layers of one configuration, laid over each other, which still tell where each value was written. */
export class Layers {
  readonly findings: readonly Finding[];
  /** The user's file alone: what changes are added to. */
  readonly user: JsonObject;
  /** Base, user's file and flags together. */
  readonly merged: JsonObject;
  readonly #base: LayerFile;
  readonly #user: LayerFile | undefined;
  readonly #overrides: JsonObject;

  constructor({ baseFile, userFile, overrides = {} }: LayerFiles) {
    const findings: Finding[] = [];
    this.#base = readLayer(baseFile, true, findings);
    this.#user = userFile === undefined ? undefined : readLayer(userFile, false, findings);
    this.#overrides = bySection(overrides, findings);
    this.user = objectOf(this.#user);
    const merged = mergePatch(mergePatch(objectOf(this.#base), this.user), this.#overrides);
    this.merged = isJsonObject(merged) ? merged : {};
    this.findings = findings;
  }

  /** Where this path was written; where it is missing, where it would belong. */
  locate(path: JsonPath, part: 'name' | 'value' = 'value'): Source {
    if (hasPath(this.#overrides, path) && path.length > 1) return { file: COMMAND_LINE, line: 1, column: 1 };
    for (const layer of [this.#user, this.#base]) {
      const place = layer?.document?.find(path, part);
      if (layer && place) return { file: layer.path, ...place };
    }
    return path.length > 0 ? this.locate(path.slice(0, -1), 'name') : { file: this.#base.path, line: 1, column: 1 };
  }
}

/** The layers of a configuration that is in no file. */
export function layersOf(document: JsonObject): Pick<Layers, 'findings' | 'user' | 'merged' | 'locate'> {
  return { findings: [], user: {}, merged: document, locate: () => ({ file: 'configuration', line: 1, column: 1 }) };
}

function readLayer(path: string, required: boolean, findings: Finding[]): LayerFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    if (required || !isNotFound(thrown))
      findings.push({
        ...at(path, { line: 1, column: 1 }, 'OCPP_CONFIG_FILE'),
        message: `the file cannot be read: ${messageOf(thrown)}`,
        remedy: 'ChargePointConfigPath and UserConfigPath say where the files are',
      });
    return { path, document: undefined };
  }
  if (!required && text.trim() === '') return { path, document: undefined };
  try {
    const document = new JsonDocument(text);
    for (const repeated of document.repeated) {
      const place = document.find(repeated, 'name') ?? { line: 1, column: 1 };
      findings.push({
        ...at(path, place, 'OCPP_CONFIG_REPEATED'),
        path: repeated.join('.'),
        message: 'stands here a second time',
        remedy: 'leave one of them out',
      });
    }
    if (!isJsonObject(document.value))
      findings.push({
        ...at(path, { line: 1, column: 1 }, 'OCPP_CONFIG_TYPE'),
        message: 'the file is no JSON object',
        remedy: 'write { "Internal": { … }, "Core": { … }, "Security": { … } }',
      });
    return { path, document };
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxFault)) throw thrown;
    const finding = at(path, thrown.place, 'OCPP_CONFIG_SYNTAX');
    findings.push({ ...finding, message: `the file is no JSON: ${thrown.message}`, remedy: '' });
    return { path, document: undefined };
  }
}

function at(file: string, { line, column }: Place, code: Finding['code']): Omit<Finding, 'message' | 'remedy'> {
  return { severity: 'error', file, line, column, path: '', code };
}

function isNotFound(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ENOENT';
}

function objectOf(layer: LayerFile | undefined): JsonObject {
  const value = layer?.document?.value;
  return isJsonObject(value) ? value : {};
}

/** Flags name keys, files name sections and keys. */
function bySection(overrides: JsonObject, findings: Finding[]): JsonObject {
  const result: Record<string, Record<string, unknown>> = {};
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    const key = findKey(name);
    if (key) {
      const section = keySpecs[key].section;
      result[section] = { ...result[section], [key]: value };
    } else {
      const finding = at(COMMAND_LINE, { line: 1, column: 1 }, 'OCPP_CONFIG_KEY');
      findings.push({ ...finding, path: name, message: 'is no configuration key', remedy: '' });
    }
  }
  return result;
}

function hasPath(value: unknown, path: JsonPath): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  return isJsonObject(value) && Object.hasOwn(value, step) && hasPath(value[step], rest);
}
