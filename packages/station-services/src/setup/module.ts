import { hostname } from 'node:os';
import { messageOf } from '@chargemesh/base';
import { defineModule, type Module, type ModuleDefinition, type ModuleHooks } from '@chargemesh/framework';
import { afterCommand, freshProfile, readProfile, type StationProfile } from './station-profile.ts';

/** Where the choices are in the store. */
const KEY = 'setup_profile';

/**
 * How the station was set up: whether it was, in which mode, in which languages. It keeps the choices and says them to programs outside the
 * mesh; the machine, its network and its clock are left alone, whatever is asked for.
 */
export const SetupModule: ModuleDefinition = defineModule('Setup', setUp);

function setUp(module: Module<'Setup'>): ModuleHooks {
  const { config, log, mqtt } = module;
  const store = module.one('store');
  const topic = `everest_api/${module.id}`;
  const fresh = freshProfile(config.initialized_by_default);
  let profile: StationProfile = fresh;
  if (config.setup_wifi) log.warn('setup_wifi is on, but this station does not change the network of its machine');

  const tell = (name: string, value: unknown): void =>
    mqtt.publish(`${topic}/var/${name}`, typeof value === 'string' ? value : JSON.stringify(value), { retain: true });
  const tellProfile = (): void =>
    tell('application_info', { ...profile, release_metadata_file: config.release_metadata_file });
  /** Where the store does not take them the choices hold until the end of this run. */
  const keep = async (): Promise<void> => {
    try {
      await store.call('store', { key: KEY, value: { ...profile } });
    } catch (error) {
      log.error(`what was chosen is not kept: ${messageOf(error)}`);
    }
  };

  const take = (command: string, payload: string): void => {
    const next = afterCommand(profile, command, payload);
    if (!next) {
      log.warn(`${command} is refused`, { payload });
      return;
    }
    profile = next;
    tellProfile();
    void keep();
  };
  /** Commands that came before it was known what they change. */
  let early: (() => void)[] | undefined = [];
  mqtt.subscribe(`${topic}/cmd/+`, (payload, at) => {
    const command = at.slice(at.lastIndexOf('/') + 1);
    if (early) early.push(() => take(command, payload));
    else take(command, payload);
  });

  return {
    ready: async () => {
      try {
        profile = readProfile(await store.call('load', { key: KEY }), fresh);
      } catch (error) {
        log.error(`what was chosen before is not known: ${messageOf(error)}`);
      }
      tell('hostname', hostname());
      tell('supported_setup_features', {
        setup_wifi: false,
        localization: config.localization,
        setup_simulation: config.setup_simulation,
      });
      tellProfile();
      const waiting = early ?? [];
      early = undefined;
      for (const work of waiting) work();
    },
  };
}
