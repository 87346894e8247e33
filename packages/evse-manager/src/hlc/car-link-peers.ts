import type { Module } from '@chargemesh/framework';
import type { Evse } from '../evse.ts';
import type { EvsePorts } from '../evse-ports.ts';
import type { CarLink } from './car-link.ts';

type EvseManager = Module<'EvseManager'>;
type Send = (what: string, call: Promise<unknown>) => void;

/** Modem and speaker of ISO 15118 as the EVSE drives them; undefined where cars charge by control pilot alone. */
export function carLinkPorts(module: EvseManager, send: Send): EvsePorts['carLink'] {
  const hlc = module.optional('hlc');
  const slac = module.optional('slac');
  const { config } = module;
  if (!config.ac_hlc_enabled || !hlc) return undefined;
  return {
    slac: slac && {
      reset: () => send('reset', slac.call('reset', { enable: false })),
      enterBcd: () => send('enter_bcd', slac.call('enter_bcd', {})),
      leaveBcd: () => send('leave_bcd', slac.call('leave_bcd', {})),
    },
    hlc: {
      setup: () => {
        send(
          'setup',
          hlc.call('setup', {
            evse_id: { evse_id: config.evse_id, evse_id_din: config.evse_id_din },
            sae_j2847_mode: 'None',
            debug_mode: config.session_logging_xml,
          }),
        );
        send('receipt_is_required', hlc.call('receipt_is_required', { receipt_required: config.ev_receipt_required }));
      },
      sessionSetup: (payment_options, { installation, centralValidation }) =>
        send(
          'session_setup',
          hlc.call('session_setup', {
            payment_options,
            supported_certificate_service: installation,
            central_contract_validation_allowed: centralValidation,
          }),
        ),
      resetError: () => send('reset_error', hlc.call('reset_error', {})),
      contactorClosed: (status) => send('ac_contactor_closed', hlc.call('ac_contactor_closed', { status })),
      stopCharging: (stop) => send('stop_charging', hlc.call('stop_charging', { stop })),
      linkReady: (value) => send('dlink_ready', hlc.call('dlink_ready', { value })),
      meter: (powermeter) => send('update_meter_info', hlc.call('update_meter_info', { powermeter })),
      maxCurrent: (max_current) => send('update_ac_max_current', hlc.call('update_ac_max_current', { max_current })),
      authorization: (authorization_status, certificate_status) =>
        send(
          'authorization_response',
          hlc.call('authorization_response', { authorization_status, certificate_status }),
        ),
      fail: (error) => send('send_error', hlc.call('send_error', { error })),
    },
  };
}

/** Lets the EVSE hear of what modem and car say. */
export function listenToCar(module: EvseManager, evse: Evse, link: CarLink): void {
  const hlc = module.optional('hlc');
  const slac = module.optional('slac');
  slac?.subscribe('state', (state) => link.slacState(state));
  slac?.subscribe('dlink_ready', (ready) => link.linkReady(ready));
  slac?.subscribe('request_error_routine', () => {
    evse.requestErrorSequence();
    link.lookAnew();
  });
  slac?.subscribe('ev_mac_address', (address) => link.address(address, 'byModem'));
  hlc?.subscribe('evcc_id', (address) => link.address(address, 'bySession'));
  hlc?.subscribe('v2g_setup_finished', () => link.sessionSetUp());
  hlc?.subscribe('dlink_terminate', () => link.linkEnded());
  hlc?.subscribe('dlink_error', () => link.linkEnded());
  hlc?.subscribe('dlink_pause', () => link.linkEnded());
  hlc?.subscribe('require_auth_eim', () => link.waitsForCard());
  hlc?.subscribe('require_auth_pnc', (contract) => link.waitsForContract(contract));
  hlc?.subscribe('selected_protocol', (protocol) => evse.takeProtocol(protocol));
}
