import type { Findings } from '../findings.ts';
import type { ConfiguredModule } from '../mesh-configuration.ts';
import { suggest } from '../suggest.ts';

/** The ways in which Auth can choose an EVSE for a token. `UserInput` exists in name only. */
const SELECTION_ALGORITHMS = ['FindFirst', 'PlugEvents', 'PlugEventsFIFO', 'PlugEventsLIFO'];

/** Finds what has the right form and still does not do what its author wants. */
export function checkAdvice(findings: Findings, modules: readonly ConfiguredModule[]): void {
  for (const module of modules) {
    if (module.name === 'OCPP') checkSchedules(findings, module);
    if (module.name === 'Auth') checkSelection(findings, module);
    if (module.name === 'API') checkSinks(findings, module, modules);
  }
}

/** @see reference ocpp-module.rst, PublishChargingScheduleDurationS */
function checkSchedules(findings: Findings, { id, config }: ConfiguredModule): void {
  const intervalS = Number(config.PublishChargingScheduleIntervalS);
  const durationS = Number(config.PublishChargingScheduleDurationS);
  if (intervalS === 0 || durationS > intervalS) return;
  const values = ['active_modules', id, 'config_module'];
  findings.report({
    code: 'OCPP_SCHEDULE_DURATION',
    severity: 'warning',
    path: [...values, 'PublishChargingScheduleDurationS'],
    message: `charging schedules of ${durationS} s are published every ${intervalS} s: between two of them none is valid`,
    remedy: `PublishChargingScheduleDurationS has to be above PublishChargingScheduleIntervalS (${intervalS})`,
  });
}

function checkSelection(findings: Findings, { id, config }: ConfiguredModule): void {
  const algorithm = String(config.selection_algorithm);
  if (SELECTION_ALGORITHMS.includes(algorithm)) return;
  findings.report({
    code: 'AUTH_SELECTION_ALGORITHM',
    path: ['active_modules', id, 'config_module', 'selection_algorithm'],
    message:
      algorithm === 'UserInput'
        ? 'the selection algorithm UserInput is not implemented'
        : `there is no selection algorithm "${algorithm}"`,
    remedy: suggest(algorithm, SELECTION_ALGORITHMS),
  });
}

/** By its EVSE a sink is found: one that has none would be limited by nobody, and EVerest's API does not start with it. */
function checkSinks(
  findings: Findings,
  { id, connections }: ConfiguredModule,
  modules: readonly ConfiguredModule[],
): void {
  for (const [index, { moduleId, implementationId }] of (connections.evse_energy_sink ?? []).entries()) {
    const sink = modules.find((module) => module.id === moduleId);
    if (!sink || sink.mapping?.module || sink.mapping?.implementations?.[implementationId]) continue;
    findings.report({
      code: 'API_SINK_MAPPING',
      path: ['active_modules', id, 'connections', 'evse_energy_sink', index, 'module_id'],
      message: `${moduleId} has no mapping: ${id} does not know for which EVSE it takes limits`,
      remedy: `give ${moduleId} a mapping: {module: {evse: N}}`,
    });
  }
}
