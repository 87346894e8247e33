import { isUtf8 } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ChargemeshError, messageOf } from '@chargemesh/base';
import { resolveAlias } from './aliases.ts';
import type { ModuleCatalogue } from './catalogue.ts';
import { configuredModules } from './configured-modules.ts';
import type { Finding } from './finding.ts';
import { Findings } from './findings.ts';
import { mergedText } from './merged-text.ts';
import type { MeshConfiguration } from './mesh-configuration.ts';
import type { RawConfiguration, RawModule } from './raw-configuration.ts';
import { checkAdvice } from './rules/advice.ts';
import { checkConnections } from './rules/connections.ts';
import { checkEnergyTree } from './rules/energy-tree.ts';
import { checkMappings } from './rules/mappings.ts';
import { checkModules, type ModuleSelection } from './rules/modules.ts';
import { readSettings } from './rules/settings.ts';
import { checkStructure } from './rules/structure.ts';
import { checkValues } from './rules/values.ts';
import { configurationShape } from './shape.ts';
import { Sources } from './sources.ts';
import { suggest } from './suggest.ts';
import { YamlFile } from './yaml-file.ts';

/** How a configuration is to be read. */
export interface LoadOptions {
  readonly catalogue: ModuleCatalogue;
  readonly selection?: Partial<ModuleSelection>;
  /** For `MQTT_SERVER_ADDRESS` and `MQTT_SERVER_PORT`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** What came of reading a configuration. */
export interface LoadedConfiguration {
  /** All that was found, in the order of the file. */
  readonly findings: readonly Finding[];
  /** What could be read; it can be started if no finding is an error. Undefined where the file itself cannot be read. */
  readonly configuration: MeshConfiguration | undefined;
}

/** A configuration file with its user configuration laid over it: text and places, not yet checked. */
export interface ConfigurationText {
  /** The absolute path. */
  readonly file: string;
  readonly base: YamlFile;
  /** What is laid over it, the uppermost first. */
  readonly overlays: readonly YamlFile[];
}

/**
 * Finds and reads a configuration file and the `user-config/` beside it.
 *
 * @param onTop a further patch, over both; it may not exist
 * @throws ChargemeshError `CONFIG_UNREADABLE` where there is no such file
 * @see reference bus.md 3.1
 */
export function readConfigurationText(path: string, onTop?: string): ConfigurationText {
  const file = findFile(resolve(path));
  if (file === undefined)
    throw new ChargemeshError('CONFIG_UNREADABLE', `there is no configuration ${path}`, { details: { path } });
  const patches = [...(onTop === undefined ? [] : [onTop]), join(dirname(file), 'user-config', basename(file))];
  return { file, base: readYaml(file), overlays: patches.filter((patch) => existsSync(patch)).map(readYaml) };
}

/** Checks a configuration and fills in its defaults: every fault in one pass. */
export function loadConfiguration(text: ConfigurationText, options: LoadOptions): LoadedConfiguration {
  const { base, overlays, file } = text;
  const sources = new Sources([...overlays, base]);
  const findings = new Findings(sources);
  for (const part of [base, ...overlays]) reportSyntax(findings, part);
  if ([base, ...overlays].some(isBroken)) return { findings: findings.sorted(), configuration: undefined };
  const raw = checkStructure(findings, mergedText(text), configurationShape) as RawConfiguration | undefined;
  const modules: Readonly<Record<string, RawModule>> = Object.fromEntries(
    Object.entries(raw?.active_modules ?? {}).map(([id, module]) => [id, resolveAlias(module)]),
  );
  const named = options.selection?.standalone ?? [];
  const selection = {
    standalone: named.includes('all') ? Object.keys(modules) : named,
    ignore: options.selection?.ignore ?? [],
  };
  if (Object.keys(modules).length === 0 && findings.errorCount === 0)
    findings.report({
      code: 'CONFIG_NO_MODULES',
      path: raw?.active_modules === undefined ? [] : ['active_modules'],
      message: 'this configuration has no modules',
      remedy: 'name them under "active_modules"',
    });
  checkSelection(findings, file, modules, selection);
  const settings = readSettings(findings, raw?.settings ?? {}, options.environment ?? {});
  const manifests = checkModules(findings, modules, options.catalogue, selection);
  checkValues({ findings, sources, contracts: options.catalogue.contracts }, modules, manifests);
  checkConnections(findings, modules, manifests);
  checkMappings(findings, modules, manifests);
  checkEnergyTree(findings, modules);
  const configured = configuredModules(modules, manifests, selection.standalone);
  checkAdvice(findings, configured);
  return { findings: findings.sorted(), configuration: { file, settings, modules: configured } };
}

/** Whether nothing can be said of what stands in the file. A key that stands twice hides no other fault. */
function isBroken({ faults }: YamlFile): boolean {
  return faults.some(({ duplicateKey }) => !duplicateKey);
}

/** As the reference: `.json` where there is no `.yaml` of that name. */
function findFile(path: string): string | undefined {
  const candidates = [path, ...(path.endsWith('.yaml') ? [`${path.slice(0, -5)}.json`] : [])];
  return candidates.find((candidate) => existsSync(candidate));
}

function readYaml(path: string): YamlFile {
  try {
    const content = readFileSync(path);
    if (!isUtf8(content) || content.includes(0)) throw new Error('it is no text (UTF-8)');
    return new YamlFile(path, content.toString());
  } catch (error) {
    throw new ChargemeshError('CONFIG_UNREADABLE', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function reportSyntax(findings: Findings, file: YamlFile): void {
  for (const { line, column, duplicateKey, message } of file.faults)
    findings.add({
      severity: 'error',
      file: file.path,
      line,
      column,
      path: '',
      code: duplicateKey ? 'CONFIG_DUPLICATE_KEY' : 'CONFIG_YAML',
      message: duplicateKey ? 'this key stands here a second time' : `this is no YAML: ${message}`,
      remedy: duplicateKey ? 'keep one of them, or give the second another name' : '',
    });
}

function checkSelection(
  findings: Findings,
  file: string,
  modules: Readonly<Record<string, RawModule>>,
  selection: ModuleSelection,
): void {
  for (const id of [...selection.standalone, ...selection.ignore])
    if (!Object.hasOwn(modules, id))
      findings.add({
        severity: 'error',
        file,
        line: 1,
        column: 1,
        path: '',
        code: 'CONFIG_SELECTION',
        message: `the command line names a module "${id}", which this configuration does not have`,
        remedy: suggest(id, Object.keys(modules)),
      });
}
