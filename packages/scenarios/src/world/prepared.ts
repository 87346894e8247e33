import { ChargemeshError } from '@chargemesh/base';
import { Topics } from '@chargemesh/framework';
import {
  canStart,
  formatFinding,
  type MeshConfiguration,
  type PreparedMesh,
  prepareMesh,
  type StationLayout,
  stationLayout,
} from '@chargemesh/manager';

/** A configuration that a world can be made of. */
export interface PreparedWorld {
  readonly prepared: PreparedMesh;
  readonly configuration: MeshConfiguration;
  readonly layout: StationLayout;
  readonly topics: Topics;
}

/** @throws ChargemeshError `SCENARIO_CONFIG` where the configuration has faults */
export function prepareWorld(configFile: string): PreparedWorld {
  const prepared = prepareMesh({ configFile, environment: {} });
  const { configuration, findings } = prepared;
  if (!configuration || !canStart(findings))
    throw new ChargemeshError('SCENARIO_CONFIG', findings.map(formatFinding).join('\n'));
  const { meshPrefix, externalPrefix, telemetryPrefix } = configuration.settings;
  return {
    prepared,
    configuration,
    layout: stationLayout(configuration.modules),
    topics: new Topics({ mesh: meshPrefix, external: externalPrefix, telemetry: telemetryPrefix }),
  };
}
