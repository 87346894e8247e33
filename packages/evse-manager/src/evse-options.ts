import type { ChargerOptions } from './charger/charger-context.ts';
import type { EnergyLeafOptions } from './energy/energy-leaf.ts';
import type { EvseConfig } from './evse-ports.ts';
import type { CarLinkOptions } from './hlc/car-link.ts';
import type { ControlPilotOptions } from './iec/control-pilot.ts';
import type { SoftOverCurrentOptions } from './metering/soft-over-current.ts';
import type { SessionOptions } from './session/session.ts';

/** What the configuration says to each part of an EVSE. */
export interface EvseOptions {
  readonly pilot: ControlPilotOptions;
  readonly energy: EnergyLeafOptions;
  readonly overCurrent: SoftOverCurrentOptions;
  readonly session: SessionOptions;
  readonly charger: ChargerOptions;
  readonly carLink: CarLinkOptions;
}

/** Reads the manifest's keys in the words of the parts that they are for. */
export function evseOptions(moduleId: string, config: EvseConfig): EvseOptions {
  return {
    pilot: {
      hasVentilation: config.has_ventilation,
      lockInStateB: config.lock_connector_in_state_b,
      limitSimplifiedTo10A: config.hack_simplified_mode_limit_10A,
    },
    energy: {
      moduleId,
      nominalVoltageV: config.ac_nominal_voltage,
      requestZeroPowerInIdle: config.request_zero_power_in_idle,
      randomDelay: {
        enabled: config.uk_smartcharging_random_delay_enable,
        maxDurationS: config.uk_smartcharging_random_delay_max_duration,
        atAnyChange: config.uk_smartcharging_random_delay_at_any_change,
      },
    },
    overCurrent: {
      tolerancePercent: config.soft_over_current_tolerance_percent,
      noiseA: config.soft_over_current_measurement_noise_A,
      timeoutMs: config.soft_over_current_timeout_ms,
    },
    session: {
      evseId: config.evse_id,
      failOnMeterErrors: config.fail_on_powermeter_errors,
      disableAuthentication: config.disable_authentication,
    },
    charger: {
      showFAfterFaultMs: config.state_F_after_fault_ms,
      phaseSwitchDelayMs: config.switch_3ph1ph_delay_s * 1000,
      phaseSwitchShowsF: config.switch_3ph1ph_cp_state === 'F',
    },
    carLink: {
      connectorId: config.connector_id,
      payment: { external: config.payment_enable_eim, contract: config.payment_enable_contract },
      certificates: {
        installation: config.contract_certificate_installation_enabled,
        centralValidation: config.central_contract_validation_allowed,
      },
      autocharge: autochargeBy(config),
    },
  };
}

/** By what a car is known without a card, where it is. */
function autochargeBy(config: EvseConfig): CarLinkOptions['autocharge'] {
  if (!config.enable_autocharge) return 'no';
  return config.autocharge_use_slac_instead_of_hlc ? 'byModem' : 'bySession';
}
