import { loadContracts } from '@chargemesh/contracts';
import {
  type Finding,
  type LoadedConfiguration,
  loadConfiguration,
  type ModuleSelection,
  YamlFile,
} from '../../src/index.ts';

/** Marks the place of a finding in a configuration's text. */
const MARK = '«';

/** How a text is to be checked. */
export interface CheckTextOptions {
  /** What lies in `user-config/`. */
  readonly userConfig?: string;
  readonly selection?: Partial<ModuleSelection>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Modules that have a manifest and no code. */
  readonly withoutCode?: readonly string[];
}

/** Reads and checks a configuration without any file. Its path is `mesh.yaml`, that of the user configuration `user-config/mesh.yaml`. */
export function checkText(text: string, options: CheckTextOptions = {}): LoadedConfiguration {
  const { userConfig, selection, environment, withoutCode = [] } = options;
  const overlays = userConfig === undefined ? [] : [new YamlFile('user-config/mesh.yaml', unmarked(userConfig))];
  return loadConfiguration(
    { file: 'mesh.yaml', base: new YamlFile('mesh.yaml', unmarked(text)), overlays },
    {
      catalogue: { contracts: loadContracts(), hasImplementation: (module) => !withoutCode.includes(module) },
      ...(selection && { selection }),
      ...(environment && { environment }),
    },
  );
}

/** `line:column` of each mark in a text, in order. */
export function marksOf(text: string): string[] {
  const places: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    let taken = 0;
    for (let at = line.indexOf(MARK); at >= 0; at = line.indexOf(MARK, at + 1)) {
      places.push(`${index + 1}:${at + 1 - taken}`);
      taken += 1;
    }
  }
  return places;
}

/** Where a finding stands. */
export function placeOf({ line, column }: Finding): string {
  return `${line}:${column}`;
}

function unmarked(text: string): string {
  return text.replaceAll(MARK, '');
}
