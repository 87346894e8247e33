import {
  type ConfigurationText,
  mergedText,
  type PreparedMesh,
  prepareMesh,
  readConfigurationText,
  YamlFile,
} from '@chargemesh/manager';
import { note } from '../support/output.ts';
import type { ManagerFlags } from './manager-flags.ts';

/** Which configuration a manager is to run, and how. */
export interface ManagerTask {
  readonly flags: ManagerFlags;
  /** The absolute path of its configuration. */
  readonly file: string;
  /** The installation folder; undefined where there is none. */
  readonly prefix: string | undefined;
  /** The patch that keeps what was set at run time. */
  readonly valuesFile: string | undefined;
}

/** Reads and checks the configuration as the flags have it. @throws ChargemeshError where it cannot be read */
export function prepareManager({ flags, file, prefix, valuesFile }: ManagerTask): PreparedMesh & {
  readonly text: ConfigurationText;
} {
  let text = readConfigurationText(file, valuesFile);
  const meshPrefix = flags.word('mqtt_everest_prefix');
  const known = moduleIds(text);
  const prepared = prepareMesh({
    configFile: file,
    environment: process.env,
    ...(valuesFile !== undefined && { valuesFile }),
    ...(prefix !== undefined && { prefix }),
    selection: {
      standalone: idsOf('standalone', flags.words('standalone'), known),
      ignore: idsOf('ignore', flags.words('ignore'), known),
    },
    transform: (read) => {
      text = meshPrefix === undefined ? read : withMeshPrefix(read, meshPrefix);
      return text;
    },
  });
  return { ...prepared, text };
}

/** Harnesses name modules that a configuration may not have: as in the reference, those are passed over. */
function idsOf(flag: string, ids: readonly string[], known: ReadonlySet<string>): string[] {
  for (const id of ids) if (!known.has(id)) note(`--${flag} ${id}: the configuration has no such module`);
  return ids.filter((id) => known.has(id));
}

function moduleIds(text: ConfigurationText): ReadonlySet<string> {
  const merged = mergedText(text);
  const modules = typeof merged === 'object' && merged !== null && 'active_modules' in merged && merged.active_modules;
  return new Set(typeof modules === 'object' && modules !== null ? Object.keys(modules) : []);
}

function withMeshPrefix(text: ConfigurationText, prefix: string): ConfigurationText {
  const overlay = new YamlFile(
    `${text.file} (with --mqtt_everest_prefix)`,
    JSON.stringify({ settings: { mqtt_everest_prefix: prefix } }),
  );
  return { ...text, overlays: [overlay, ...text.overlays] };
}
