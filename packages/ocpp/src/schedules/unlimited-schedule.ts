import { formatTimestamp } from '@chargemesh/base';
import type { types } from '@chargemesh/contracts';

/** What a composite schedule looks like while no charging profile says anything. */
export interface UnlimitedSchedule {
  /** OCPP connector, 0 for the station. */
  readonly connectorId: number;
  readonly startMs: number;
  readonly durationS: number;
  readonly unit: 'A' | 'W';
  readonly limit: number;
}

/** The start of a schedule: whole seconds, as composite schedules have them. */
export function scheduleStartMs(nowMs: number): number {
  return Math.floor(nowMs / 1000) * 1000;
}

/** As the variable `charging_schedules` has it. */
export function chargingSchedule(schedule: UnlimitedSchedule): types.ocpp.ChargingSchedule {
  return {
    charging_rate_unit: schedule.unit,
    charging_schedule_period: [{ limit: schedule.limit, stack_level: 0, start_period: 0 }],
    duration: schedule.durationS,
    evse: schedule.connectorId,
    start_schedule: formatTimestamp(schedule.startMs),
  };
}

/** As an energy node takes it. Export stays as the node has it. */
export function externalLimits(schedule: UnlimitedSchedule, source: string): types.energy.ExternalLimits {
  const limit = { source, value: schedule.limit };
  return {
    schedule_export: [],
    schedule_import: [
      {
        limits_to_leaves: schedule.unit === 'A' ? { ac_max_current_A: limit } : { total_power_W: limit },
        limits_to_root: {},
        timestamp: formatTimestamp(schedule.startMs),
      },
    ],
    schedule_setpoints: [],
  };
}
