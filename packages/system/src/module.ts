import type { Timer } from '@chargemesh/base';
import { defineModule, type Module, type ModuleDefinition, type ModuleHooks } from '@chargemesh/framework';
import { BootRecord } from './boot-record.ts';
import { MeshTime } from './mesh-time.ts';
import { SystemStore, systemMigrations } from './system-store.ts';

/** What concerns the station as a whole: its time, its restarts, its software. */
export const SystemModule: ModuleDefinition = defineModule('System', setUp);
export default SystemModule;

function setUp(module: Module<'System'>): ModuleHooks {
  const { config, clock, log } = module;
  const store = new SystemStore(module.openStore('system', systemMigrations));
  const boot = new BootRecord(store);
  const time = new MeshTime(clock, store, log);
  let resetTimer: Timer | undefined;
  time.restore();

  module.provide('main').implement({
    get_boot_reason: () => boot.tell(),
    set_system_time: ({ timestamp }) => {
      boot.accepted();
      return time.set(timestamp);
    },
    is_reset_allowed: () => true,
    reset: ({ type, scheduled }) => {
      boot.announce(scheduled ? 'ScheduledReset' : 'RemoteReset');
      log.info(`${type} reset in ${config.ResetDelay} s`);
      // Never within this call: its answer has to be on its way first. A second reset does not put the first one off.
      const how = type === 'Hard' ? 'reboot' : 'restart';
      resetTimer ??= clock.setTimer(config.ResetDelay * 1000, () => module.requestStop(how, `${type} reset`));
      return null;
    },
    upload_logs: ({ upload_logs_request }) => {
      log.warn('upload_logs is refused: this station cannot upload logs', { location: upload_logs_request.location });
      return { upload_logs_status: 'Rejected' };
    },
    update_firmware: ({ firmware_update_request }) => {
      log.warn('update_firmware is refused: this station cannot update its firmware', {
        location: firmware_update_request.location,
      });
      return 'Rejected';
    },
    allow_firmware_installation: () => {
      log.warn('allow_firmware_installation: no installation is waiting for it');
      return null;
    },
    configure_network: ({ request }) => {
      log.warn('configure_network is refused: this station does not configure its network', {
        interface: request.interface,
      });
      return { status: 'NotSupported' };
    },
  });

  return { shutdown: () => resetTimer?.cancel() };
}
