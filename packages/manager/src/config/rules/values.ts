import type { ConfigEntry, Contracts, Manifest } from '@chargemesh/contracts';
import type { ManifestById } from '../catalogue.ts';
import type { ConfigPath } from '../finding.ts';
import type { Findings } from '../findings.ts';
import type { RawModule } from '../raw-configuration.ts';
import type { Sources } from '../sources.ts';
import { nearest, suggest } from '../suggest.ts';
import { describe } from './structure.ts';

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

type Values = Readonly<Record<string, boolean | number | string>>;
type Entries = Readonly<Record<string, ConfigEntry>>;

interface ValueContext {
  readonly findings: Findings;
  readonly sources: Sources;
  readonly contracts: Contracts;
}

/** Finds configuration values that are missing, of the wrong type or against the manifest's rules. */
export function checkValues(
  context: ValueContext,
  modules: Readonly<Record<string, RawModule>>,
  manifests: ManifestById,
): void {
  for (const [id, raw] of Object.entries(modules)) {
    const manifest = manifests.get(id);
    if (!manifest) continue;
    const path = ['active_modules', id];
    checkSet(context, manifest, undefined, raw.config_module ?? {}, [...path, 'config_module']);
    for (const implementation of Object.keys(manifest.provides)) {
      const values = raw.config_implementation?.[implementation] ?? {};
      checkSet(context, manifest, implementation, values, [...path, 'config_implementation', implementation]);
    }
    for (const implementation of Object.keys(raw.config_implementation ?? {}))
      if (!Object.hasOwn(manifest.provides, implementation))
        context.findings.report({
          code: 'CONFIG_IMPLEMENTATION_UNKNOWN',
          path: [...path, 'config_implementation', implementation],
          at: 'key',
          message: `${manifest.name} provides no implementation "${implementation}"`,
          remedy: suggest(implementation, Object.keys(manifest.provides)),
        });
  }
}

function checkSet(
  context: ValueContext,
  manifest: Manifest,
  implementation: string | undefined,
  values: Values,
  path: ConfigPath,
): void {
  const { findings } = context;
  const entries = implementation === undefined ? manifest.config : (manifest.provides[implementation]?.config ?? {});
  const owner = implementation === undefined ? manifest.name : `${implementation} of ${manifest.name}`;
  for (const [key, value] of Object.entries(values)) {
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (entry) checkValue(context, { key, entry, value, manifest, implementation }, [...path, key]);
    else reportUnknown(findings, owner, key, entries, [...path, key]);
  }
  for (const [key, entry] of Object.entries(entries)) {
    if (entry.default !== undefined || Object.hasOwn(values, key) || findings.touches([...path, key])) continue;
    if (findings.touches(path) && Object.keys(values).length === 0) continue;
    findings.report({
      code: 'CONFIG_VALUE_MISSING',
      path: [...path, key],
      at: 'key',
      message: `${owner} needs a value for "${key}"`,
      remedy: `give ${expectation(entry)} below ${path.slice(2).join('.')}`,
    });
  }
}

function checkValue(
  { findings, sources, contracts }: ValueContext,
  subject: {
    key: string;
    entry: ConfigEntry;
    value: boolean | number | string;
    manifest: Manifest;
    implementation: string | undefined;
  },
  path: ConfigPath,
): void {
  const { key, entry, value, manifest, implementation } = subject;
  const typeFault = wrongType(entry, value, sources.plainText(path));
  if (typeFault !== undefined) {
    findings.report({
      code: 'CONFIG_VALUE_TYPE',
      path,
      message: `"${key}" of ${manifest.name} is ${describe(value)}${typeFault === '' ? '' : ` (${typeFault})`}`,
      remedy: `it has to be ${expectation(entry)}${typeRemedy(entry, value)}`,
    });
    return;
  }
  const faults = contracts.validators.config(
    manifest.name,
    implementation,
  )({ ...defaultsOf(manifest, implementation), [key]: value });
  for (const fault of faults)
    if (fault.path === key)
      findings.report({
        code: 'CONFIG_VALUE',
        path,
        message: `"${key}" of ${manifest.name} ${fault.message}`,
        remedy: oneOf(entry, value),
      });
}

/** Why a value is not of its entry's type; undefined where it is, an empty text where there is nothing to add. */
function wrongType(
  { type }: ConfigEntry,
  value: boolean | number | string,
  written: string | undefined,
): string | undefined {
  switch (type) {
    case 'boolean':
    case 'string':
      return typeof value === type ? undefined : '';
    case 'number':
      return typeof value === 'number' ? undefined : '';
    case 'integer':
      if (typeof value !== 'number') return '';
      if (!Number.isInteger(value)) return 'not a whole number';
      if (written !== undefined && /[.eE]/.test(written) && !written.startsWith('0x'))
        return `written ${written}, which is no whole number`;
      return value < INT_MIN || value > INT_MAX ? 'it does not fit into 32 bits' : undefined;
  }
}

function typeRemedy({ type }: ConfigEntry, value: boolean | number | string): string {
  if (type === 'string') return `: write "${String(value)}"`;
  if (type === 'boolean' && typeof value === 'string')
    return /^(yes|no|on|off|true|false)$/i.test(value)
      ? `: write ${/^(yes|on|true)$/i.test(value) ? 'true' : 'false'} without quotes (yes, no, on and off are text)`
      : '';
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return `: write ${value} without quotes`;
  return '';
}

function expectation({ type, schema }: ConfigEntry): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  const words = { boolean: 'true or false', integer: 'a whole number', number: 'a number', string: 'text' };
  const limits = [
    ...(schema.minimum === undefined ? [] : [`at least ${schema.minimum}`]),
    ...(schema.maximum === undefined ? [] : [`at most ${schema.maximum}`]),
  ];
  return [words[type], ...limits].join(', ');
}

function oneOf(entry: ConfigEntry, value: boolean | number | string): string {
  const names = (entry.schema.enum ?? []).map(String);
  const near = nearest(String(value), names);
  return near === undefined ? `it has to be ${expectation(entry)}` : `did you mean "${near}"?`;
}

function defaultsOf(manifest: Manifest, implementation: string | undefined): Record<string, unknown> {
  const entries: Entries =
    implementation === undefined ? manifest.config : (manifest.provides[implementation]?.config ?? {});
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, entry]) => (entry.default === undefined ? [] : [[key, entry.default]])),
  );
}

function reportUnknown(findings: Findings, owner: string, key: string, entries: Entries, path: ConfigPath): void {
  findings.report({
    code: 'CONFIG_PARAMETER_UNKNOWN',
    severity: 'warning',
    path,
    at: 'key',
    message: `${owner} has no configuration key "${key}": it is ignored`,
    remedy: suggest(key, Object.keys(entries)),
  });
}
