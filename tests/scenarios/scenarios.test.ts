import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '@chargemesh/base';
import { play, readScenario } from '@chargemesh/scenarios';
import { describe, expect, jest, test } from '@jest/globals';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '../..');
const topics = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const folders = ['examples/scenarios', ...topics.map(({ name }) => join('tests/scenarios', name))];

/** Each scenario in virtual time; in real time, in every layout, they are for the long run. */
describe.each(folders)('%s', (folder) => {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml'));
  test.each(files)('%s', async (file) => {
    const read = readScenario(join(root, folder, file));
    const { failures } = await play(read, { world: { kind: 'virtual', seed: 1 }, log: silentLogger });
    expect(failures).toEqual([]);
  });
});
