import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Timer } from '@chargemesh/base';
import { defineModule, IN_MEMORY, type Module, type ModuleDefinition, type ModuleHooks } from '@chargemesh/framework';
import { BootRecord } from './boot-record.ts';
import { keepingInstaller, programInstaller } from './firmware/installer.ts';
import { UNSIGNED, UnsignedUpdate } from './firmware/unsigned-update.ts';
import { LogUpload } from './logs/log-upload.ts';
import { stationFacts } from './logs/station-facts.ts';
import { MeshTime } from './mesh-time.ts';
import { runProgram } from './run-program.ts';
import { SystemStore, systemMigrations } from './system-store.ts';
import { FileTransfer } from './transfer/file-transfer.ts';

/** A server that moves nothing for so long is given up. */
const SILENCE_MS = 60_000;
/** EVerest's uploads begin with such a pause: whoever asks meanwhile hears that one is under way. */
const LEAST_UPLOAD_MS = 2_000;

/** What concerns the station as a whole: its time, its restarts, its software. */
export const SystemModule: ModuleDefinition = defineModule('System', setUp);
export default SystemModule;

function setUp(module: Module<'System'>): ModuleHooks {
  const { config, clock, log } = module;
  const store = new SystemStore(module.openStore('system', systemMigrations));
  const boot = new BootRecord(store);
  const { CHARGEMESH_FIRMWARE_INSTALLER: installer, CHARGEMESH_CLOCK_SETTER: clockSetter } = process.env;
  const machineClock =
    clockSetter === undefined
      ? undefined
      : (timestamp: string): Promise<void> => clock.track(runProgram(clockSetter, timestamp));
  const time = new MeshTime(clock, store, log, machineClock);
  let resetTimer: Timer | undefined;
  time.restore();

  const main = module.provide('main');
  const transfer = new FileTransfer({ clock, silenceMs: SILENCE_MS });
  const defaults = { retries: config.DefaultRetries, intervalS: config.DefaultRetryInterval };
  const state =
    module.paths.state === IN_MEMORY ? mkdtempSync(join(tmpdir(), 'chargemesh-system-')) : module.paths.state;
  const upload = new LogUpload({
    clock,
    random: module.random,
    log,
    transfer,
    defaults,
    leastMs: LEAST_UPLOAD_MS,
    workFolder: state,
    logsFolder: module.paths.state === IN_MEMORY ? state : dirname(state),
    facts: () => stationFacts(clock.wallMs()),
    publish: (status) => main.publish('log_status', status),
  });
  const update = new UnsignedUpdate({
    clock,
    random: module.random,
    log,
    transfer,
    defaults,
    install: installer === undefined ? keepingInstaller : programInstaller(installer),
    folder: state,
    publish: (status) => main.publish('firmware_update_status', status),
    note: (phase) => {
      store.updatePhase = phase;
    },
    installed: () => boot.announce('FirmwareUpdate'),
  });

  main.implement({
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
    upload_logs: ({ upload_logs_request }) => upload.start(upload_logs_request),
    update_firmware: ({ firmware_update_request }) => {
      if (firmware_update_request.request_id === UNSIGNED) return update.request(firmware_update_request);
      log.warn('update_firmware is refused: signed firmware is not supported');
      return 'Rejected';
    },
    allow_firmware_installation: () => {
      update.allowInstallation();
      return null;
    },
    configure_network: ({ request }) => {
      log.warn('configure_network is refused: this station does not configure its network', {
        interface: request.interface,
      });
      return { status: 'NotSupported' };
    },
  });

  return {
    ready: () => update.recover(store.updatePhase),
    shutdown: () => {
      resetTimer?.cancel();
      upload.stop();
      update.stop();
    },
  };
}
