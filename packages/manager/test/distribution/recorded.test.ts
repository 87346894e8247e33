import { encodeEnvelope } from '@chargemesh/framework';
import { describe, expect, test } from '@jest/globals';
import { definitions, prepareMesh } from '../../src/index.ts';
import { recording } from '../recordings.ts';
import { referencePath } from '../reference.ts';
import { ServedMesh } from './served-mesh.ts';

const config = referencePath('golden', 'config.yaml');

interface Recorded {
  readonly topic: string;
  readonly payload: string;
}

/** The recording names the files and folders of its run. */
function withoutPaths(answer: string | undefined): string | undefined {
  return answer?.replace(
    /"name":"(ChargePointConfigPath|UserConfigPath|DatabasePath|MessageLogPath)","value":"[^"]*"/g,
    '"name":"$1","value":"a path"',
  );
}

/** Texts are ours, and so are the folders; everything else is held to the letter. */
const comparable = (payload: string): unknown =>
  JSON.parse(payload, (key, value: unknown) => {
    if (key === 'description' && typeof value === 'string') return undefined;
    if (key === 'authors') return 'authors';
    return ['data_dir', 'etc_dir', 'modules_dir', 'prefix'].includes(key) ? 'folder' : value;
  });

(config === undefined ? describe.skip : describe)('what EVerest told its modules, we tell ours', () => {
  const prepared = config === undefined ? undefined : prepareMesh({ configFile: config, environment: {} });
  const { configuration, library } = prepared ?? {};

  const responses = recording<Recorded>('bus-session').filter(({ topic }) =>
    /^everest\/modules\/[^/]+\/response$/.test(topic),
  );
  test.each(responses.map(({ topic, payload }) => [topic.split('/')[2] ?? '', payload] as const))(
    'the configuration of %s, to the byte',
    async (moduleId, payload) => {
      if (!configuration) return;
      const mesh = new ServedMesh(configuration);
      await mesh.start();
      expect(withoutPaths(await mesh.get(moduleId, { type: 'Module' }))).toBe(withoutPaths(payload));
    },
  );

  test('the definitions: the same topics, in the same order of kinds, with the same content', () => {
    if (!configuration || !library) return;
    const ours = definitions(configuration, library.contracts).map(({ name, data }) => ({
      topic: `everest/${name}`,
      payload: encodeEnvelope('ConfigurationResponse', data),
    }));
    const theirs = recording<Recorded>('retained-topics').filter(({ payload }) => payload !== '');
    expect(theirs.length).toBeGreaterThan(30);
    expect(ours.map(({ topic }) => topic)).toEqual(theirs.map(({ topic }) => topic));
    for (const [index, { topic, payload }] of theirs.entries())
      expect([topic, comparable(ours[index]?.payload ?? 'null')]).toEqual([topic, comparable(payload)]);
  });
});
