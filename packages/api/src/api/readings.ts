import type { types } from '@chargemesh/contracts';
import { type Member, spacedObject } from '../json-text.ts';
import type { Precision, Quantity } from './precision.ts';

/** Values by phase, in the order in which they are written. */
const parts = ['total', 'DC', 'L1', 'L2', 'L3', 'N'] as const;

/** The payload of `powermeter`. Signed values and temperatures are not part of it. */
export function powermeterText(meter: types.powermeter.Powermeter, precision: Precision): string {
  const byPhase = (quantity: Quantity, values: object | undefined): string | undefined => {
    if (!values) return undefined;
    const known = new Map<string, unknown>(Object.entries(values));
    return spacedObject(
      parts.map((part): Member => {
        const value = known.get(part);
        return [part, typeof value === 'number' ? precision.text(quantity, value) : undefined];
      }),
    );
  };
  return spacedObject([
    ['timestamp', JSON.stringify(meter.timestamp)],
    ['meter_id', JSON.stringify(meter.meter_id)],
    ['phase_seq_error', JSON.stringify(meter.phase_seq_error)],
    ['energy_Wh_import', byPhase('powermeter_energy_import', meter.energy_Wh_import)],
    ['energy_Wh_export', byPhase('powermeter_energy_export', meter.energy_Wh_export)],
    ['power_W', byPhase('powermeter_power', meter.power_W)],
    ['voltage_V', byPhase('powermeter_voltage', meter.voltage_V)],
    ['VAR', byPhase('powermeter_VAR', meter.VAR)],
    ['current_A', byPhase('powermeter_current', meter.current_A)],
    ['frequency_Hz', byPhase('powermeter_frequency', meter.frequency_Hz)],
  ]);
}

/** The payload of `hardware_capabilities`. */
export function capabilitiesText(
  capabilities: types.evse_board_support.HardwareCapabilities,
  precision: Precision,
): string {
  const { max_plug_temperature_C: plugC } = capabilities;
  return spacedObject([
    ['max_phase_count_import', String(capabilities.max_phase_count_import)],
    ['min_phase_count_import', String(capabilities.min_phase_count_import)],
    ['max_phase_count_export', String(capabilities.max_phase_count_export)],
    ['min_phase_count_export', String(capabilities.min_phase_count_export)],
    ['supports_changing_phases_during_charging', String(capabilities.supports_changing_phases_during_charging)],
    ['max_current_A_import', precision.text('hw_caps_max_current_import', capabilities.max_current_A_import)],
    ['min_current_A_import', precision.text('hw_caps_min_current_import', capabilities.min_current_A_import)],
    ['max_current_A_export', precision.text('hw_caps_max_current_export', capabilities.max_current_A_export)],
    ['min_current_A_export', precision.text('hw_caps_min_current_export', capabilities.min_current_A_export)],
    [
      'max_plug_temperature_C',
      plugC === undefined ? undefined : precision.text('hw_caps_max_plug_temperature_C', plugC),
    ],
    ['connector_type', JSON.stringify(capabilities.connector_type)],
  ]);
}

/** The payload of `limits`. */
export function limitsText(limits: types.evse_manager.Limits, precision: Precision): string {
  return spacedObject([
    ['uuid', JSON.stringify(limits.uuid)],
    ['nr_of_phases_available', String(limits.nr_of_phases_available)],
    ['max_current', precision.text('limits_max_current', limits.max_current)],
  ]);
}

/** The payload of `telemetry`. EVerest says under `phase_seq_error` whether the relay is closed; here `relais_on` says it as well. */
export function telemetryText(telemetry: types.evse_board_support.Telemetry, precision: Precision): string {
  const { plug_temperature_C: plugC } = telemetry;
  return spacedObject([
    ['phase_seq_error', String(telemetry.relais_on)],
    ['relais_on', String(telemetry.relais_on)],
    ['temperature', precision.text('telemetry_evse_temperature_C', telemetry.evse_temperature_C)],
    ['fan_rpm', precision.text('telemetry_fan_rpm', telemetry.fan_rpm)],
    ['supply_voltage_12V', precision.text('telemetry_supply_voltage_12V', telemetry.supply_voltage_12V)],
    [
      'supply_voltage_minus_12V',
      precision.text('telemetry_supply_voltage_minus_12V', telemetry.supply_voltage_minus_12V),
    ],
    ['plug_temperature_C', plugC === undefined ? undefined : precision.text('telemetry_plug_temperature_C', plugC)],
  ]);
}
