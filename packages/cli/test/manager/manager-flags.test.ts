import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import { describe, expect, test } from '@jest/globals';
import { type FlagRow, flagText, MANAGER_FLAGS, managerUsage } from '../../src/manager/flag-table.ts';
import { ManagerFlags } from '../../src/manager/manager-flags.ts';

const parse = (line: string): ManagerFlags => ManagerFlags.parse(line.split(' '));

describe('the command line of the manager', () => {
  test('is read as EVerest’s tools write it', () => {
    const flags = parse(
      '--config c.yaml --db x.db --status-fifo /f --prefix /p --standalone probe meter --retain-topics --graceful-shutdown',
    );
    expect(flags.word('config')).toBe('c.yaml');
    expect(flags.word('db')).toBe('x.db');
    expect(flags.word('status-fifo')).toBe('/f');
    expect(flags.word('prefix')).toBe('/p');
    expect(flags.words('standalone')).toEqual(['probe', 'meter']);
    expect(flags.has('retain-topics')).toBe(true);
    expect(flags.has('graceful-shutdown')).toBe(true);
    expect(flags.has('into-idle')).toBe(false);
  });

  test('--conf is the old name of --config, -s a short one of --standalone', () => {
    expect(parse('--conf c.yaml').word('config')).toBe('c.yaml');
    expect(parse('-s a b --config c').words('standalone')).toEqual(['a', 'b']);
  });

  test('a value may be attached, and ids may come in several goes', () => {
    const flags = parse('--config=a=b.yaml --standalone=x --standalone y');
    expect(flags.word('config')).toBe('a=b.yaml');
    expect(flags.words('standalone')).toEqual(['x', 'y']);
  });

  test.each([
    ['--config a --conf b', '--config and --conf: give one of them'],
    ['--config a --config b', '--config is given twice'],
    ['--conf', '--config needs a value'],
    ['--config --db x', '--config needs a value'],
    ['--standalone --check', '--standalone needs a value'],
    ['--check=yes', '--check takes no value'],
    ['--conff a', 'there is no flag --conff'],
    ['--stand probe', 'there is no flag --stand'],
    ['config.yaml', '"config.yaml" belongs to no flag'],
  ])('%s is refused', (line, words) => {
    expect(() => parse(line)).toThrow(words);
  });

  test('a flag without effect says so, and no other', () => {
    expect(parse('--dontvalidateschema --into-idle').notes).toEqual([
      '--dontvalidateschema changes nothing here: what modules say is always checked',
    ]);
  });

  test('every flag of the reference is there', () => {
    const reference =
      'version help check dump dumpmanifests prefix standalone ignore config db db-init reset-from-yaml into-idle idle-on-failure ' +
      'recover-module-crashes graceful-shutdown status-fifo retain-topics mqtt_everest_prefix dontvalidateschema';
    const names: readonly string[] = MANAGER_FLAGS.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(reference.split(' ')));
  });

  test('the reference page has every flag as it is', () => {
    const page = readFileSync(join(repositoryFolder, 'docs/reference/manager.md'), 'utf8');
    const rows: readonly FlagRow[] = MANAGER_FLAGS;
    for (const row of rows) {
      expect(managerUsage()).toContain(flagText(row));
      expect(page).toContain(`| \`${flagText(row)}\` | ${row.meaning.replaceAll('<', '&lt;')} |`);
    }
  });
});
