import { hostname } from 'node:os';
import { TestMesh } from '@chargemesh/testkit';
import { describe, expect, test } from '@jest/globals';
import { PersistentStoreModule, SetupModule } from '../../src/index.ts';

async function startMesh(config: Record<string, string | boolean> = {}, store: 'there' | 'broken' = 'there') {
  const mesh = new TestMesh();
  if (store === 'there') mesh.add(PersistentStoreModule, { id: 'store' });
  else mesh.probe('store', { main: 'kvs' });
  mesh.add(SetupModule, { id: 'setup', config, connections: { store: [['store', 'main']] } });
  await mesh.start();
  const said = (name: string): string | undefined =>
    mesh.external.messages(`everest_api/setup/var/${name}`).at(-1)?.payload;
  const profile = () => JSON.parse(said('application_info') ?? 'null');
  const command = async (name: string, payload = ''): Promise<void> => {
    mesh.external.publish(`everest_api/setup/cmd/${name}`, payload);
    await mesh.settle();
  };
  return { mesh, said, profile, command };
}

const fresh = {
  initialized: true,
  mode: 'private',
  default_language: 'en',
  current_language: 'en',
  release_metadata_file: 'release.json',
};

describe('a station that nobody has set up', () => {
  test('says what it is, and that it changes no network', async () => {
    const { said, profile } = await startMesh({ localization: true, setup_simulation: true, setup_wifi: true });
    expect(profile()).toEqual(fresh);
    expect(said('hostname')).toBe(hostname());
    expect(JSON.parse(said('supported_setup_features') ?? '')).toEqual({
      setup_wifi: false,
      localization: true,
      setup_simulation: true,
    });
  });

  test('is set up or not as the configuration says', async () => {
    const { profile } = await startMesh({ initialized_by_default: false, release_metadata_file: 'mine.json' });
    expect(profile()).toEqual({ ...fresh, initialized: false, release_metadata_file: 'mine.json' });
  });
});

test('what is chosen outlives the module', async () => {
  const { mesh, profile, command } = await startMesh({ initialized_by_default: false });
  await command('set_initialized');
  await command('set_mode', 'public');
  await command('set_default_language', 'de');
  await command('set_current_language', 'fr-CA');
  const chosen = { ...fresh, mode: 'public', default_language: 'de', current_language: 'fr-CA' };
  expect(profile()).toEqual(chosen);
  await mesh.kill('setup');
  await mesh.startModule('setup');
  await mesh.sayReady();
  expect(profile()).toEqual(chosen);
  await command('reset_initialized');
  expect(profile()).toEqual({ ...chosen, initialized: false });
});

test('a command that comes before the station knows what was chosen changes that', async () => {
  const { mesh, profile, command } = await startMesh();
  await command('set_default_language', 'de');
  await mesh.kill('setup');
  await mesh.startModule('setup');
  await command('set_mode', 'public');
  await mesh.sayReady();
  const both = { ...fresh, mode: 'public', default_language: 'de' };
  expect(profile()).toEqual(both);
  expect(await mesh.call('store', 'main', 'load', { key: 'setup_profile' })).toMatchObject({
    mode: 'public',
    default_language: 'de',
  });
});

test.each([
  ['set_mode', 'open'],
  ['set_default_language', ''],
  ['set_current_language', 'no language'],
  ['set_current_language', 'x'.repeat(40)],
  ['reboot', ''],
  ['__proto__', ''],
])('%s with "%s" changes nothing', async (name, payload) => {
  const { profile, command } = await startMesh();
  await command(name, payload);
  expect(profile()).toEqual(fresh);
});

test('without a store that works, what is chosen holds for this run', async () => {
  const { profile, command } = await startMesh({}, 'broken');
  expect(profile()).toEqual(fresh);
  await command('set_mode', 'public');
  expect(profile()).toMatchObject({ mode: 'public' });
});

test.each([null, 'text', [1], { initialized: 'yes', mode: 3, default_language: '?' }])(
  'what is stored as %j is as good as nothing',
  async (stored) => {
    const { mesh, profile } = await startMesh();
    await mesh.call('store', 'main', 'store', { key: 'setup_profile', value: stored });
    await mesh.kill('setup');
    await mesh.startModule('setup');
    await mesh.sayReady();
    expect(profile()).toEqual(fresh);
  },
);
