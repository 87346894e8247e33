import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Finding, PreparedMesh } from '@chargemesh/manager';
import { checkOcppConfiguration } from '@chargemesh/ocpp-core';

/** What is wrong with the OCPP configuration that a mesh names: looked up as the OCPP module looks it up (D5). */
export function ocppFindings({ configuration, searchPaths }: PreparedMesh): readonly Finding[] {
  const ocpp = configuration?.modules.find(({ name }) => name === 'OCPP');
  if (!configuration || !ocpp) return [];
  const path = String(ocpp.config.ChargePointConfigPath);
  const places = isAbsolute(path) ? [path] : searchPaths.map((folder) => join(folder, path));
  const baseFile = places.find((place) => existsSync(place));
  if (baseFile === undefined)
    return [
      {
        severity: 'error',
        file: configuration.file,
        line: 1,
        column: 1,
        path: `active_modules.${ocpp.id}.config_module.ChargePointConfigPath`,
        code: 'OCPP_CONFIG_MISSING',
        message: `the OCPP configuration ${path} was not found`,
        remedy: `put it at one of ${places.join(', ')}`,
      },
    ];
  const connectors = ocpp.connections.evse_manager?.length ?? 0;
  return checkOcppConfiguration({ baseFile, connectors }).map((finding) => ({
    ...finding,
    message: finding.path === '' ? finding.message : `${finding.path} ${finding.message}`,
  }));
}
