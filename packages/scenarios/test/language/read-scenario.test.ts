import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readScenario } from '../../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chargemesh-scenario-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  const file = join(folder, 'one.yaml');
  writeFileSync(file, text);
  return readScenario(file);
}

test('a scenario has its steps with their lines, and its configuration', () => {
  const { scenario, lines, configFile } = read('name: One\nsteps:\n  - plug: 1\n  # between\n  - wait: 1 s\n');
  expect(scenario.steps).toEqual([{ plug: 1 }, { wait: '1 s' }]);
  expect(lines).toEqual([3, 5]);
  expect(configFile).toMatch(/config-sil-ocpp\.yaml$/);
});

test('all faults are told in one pass, each with its place', () => {
  expect(() => read('name: One\ncolour: red\nsteps:\n  - plugg: 1\n  - wait: soon\n  - status: {evse: 0}\n')).toThrow(
    /one\.yaml:2:1: "colour" is not known here[\s\S]*one\.yaml:4:5: "plugg" is not known here[\s\S]*one\.yaml:5:11: [\s\S]*one\.yaml:6:20: /,
  );
});

test.each([
  ['name: [', /one\.yaml:1:8/],
  ['name: One\nconfig: nowhere.yaml\nsteps: [{plug: 1}]\n', /one\.yaml:2:9: there is no configuration nowhere\.yaml/],
])('%j is refused', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('a file that is not there is said so', () => {
  expect(() => readScenario(join(folder, 'none.yaml'))).toThrow('cannot be read');
});
