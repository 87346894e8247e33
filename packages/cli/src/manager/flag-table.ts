/** The flags that take nothing; one word; any number of words. */
export type SwitchName =
  | 'version'
  | 'help'
  | 'check'
  | 'db-init'
  | 'reset-from-yaml'
  | 'into-idle'
  | 'idle-on-failure'
  | 'recover-module-crashes'
  | 'graceful-shutdown'
  | 'retain-topics'
  | 'dontvalidateschema';
export type WordName =
  | 'dump'
  | 'dumpmanifests'
  | 'prefix'
  | 'config'
  | 'db'
  | 'status-fifo'
  | 'mqtt_everest_prefix'
  | 'log-level';
export type WordsName = 'standalone' | 'ignore' | 'isolate';

/** A flag of EVerest's manager, or one of ours beside them. */
export type FlagRow = {
  readonly aliases?: readonly string[];
  /** What the word is, for the usage. */
  readonly word?: string;
  readonly meaning: string;
  /** Why it changes nothing here; said on standard error when it is given. */
  readonly noEffect?: string;
} & (
  | { readonly name: SwitchName; readonly takes: 'nothing' }
  | { readonly name: WordName; readonly takes: 'one' }
  /** Words up to the next flag. */
  | { readonly name: WordsName; readonly takes: 'many' }
);

/** Every flag, in the order of the usage. @see reference bus.md 2.1 */
export const MANAGER_FLAGS: readonly FlagRow[] = [
  { name: 'version', takes: 'nothing', meaning: 'print the version' },
  { name: 'help', aliases: ['h'], takes: 'nothing', meaning: 'print the flags' },
  {
    name: 'check',
    takes: 'nothing',
    meaning: 'check the file of --config: exit code 0 where it could be started, else 1',
  },
  {
    name: 'dump',
    takes: 'one',
    word: 'DIR',
    meaning: 'write the configuration (config.json) and the manifests of its modules (<Module>.json) there',
  },
  {
    name: 'dumpmanifests',
    takes: 'one',
    word: 'DIR',
    meaning: 'write all manifests there, as JSON in <Module>.yaml, and end',
  },
  { name: 'prefix', takes: 'one', word: 'DIR', meaning: 'the installation folder' },
  {
    name: 'standalone',
    aliases: ['s'],
    takes: 'many',
    word: 'ID',
    meaning: 'modules that somebody else starts, and that are waited for',
  },
  { name: 'ignore', takes: 'many', word: 'ID', meaning: 'modules that are neither started nor waited for' },
  {
    name: 'config',
    aliases: ['conf'],
    takes: 'one',
    word: 'FILE',
    meaning: 'the configuration: a file, or a name for <prefix>/etc/everest/<name>.yaml (default: default)',
  },
  {
    name: 'db',
    takes: 'one',
    word: 'FILE',
    meaning:
      'keeps the state in a folder beside this file, <FILE>.state; else in the state folder of the configuration',
  },
  { name: 'db-init', takes: 'nothing', meaning: 'nothing', noEffect: 'there is no database of configurations to make' },
  {
    name: 'reset-from-yaml',
    takes: 'nothing',
    meaning: 'forget what modules changed in the configuration while they ran; needs --config',
  },
  { name: 'into-idle', takes: 'nothing', meaning: 'start no module, and wait for a signal' },
  {
    name: 'idle-on-failure',
    takes: 'nothing',
    meaning: 'wait for a signal, where the mesh cannot be started or cannot go on, instead of ending with exit code 1',
  },
  {
    name: 'recover-module-crashes',
    takes: 'nothing',
    meaning:
      'say each module that died and is started again in the status FIFO; it is started again without the flag too',
  },
  { name: 'graceful-shutdown', takes: 'nothing', meaning: 'tell modules that somebody else started to end as well' },
  {
    name: 'status-fifo',
    takes: 'one',
    word: 'FIFO',
    meaning: 'a named pipe that hears how the mesh comes up and ends',
  },
  {
    name: 'retain-topics',
    takes: 'nothing',
    meaning:
      'leave what modules fetch at their start on the broker when the mesh has ended; while it runs they stay anyway',
  },
  {
    name: 'mqtt_everest_prefix',
    takes: 'one',
    word: 'TEXT',
    meaning: 'the prefix of the mesh, in the place of the setting',
  },
  { name: 'dontvalidateschema', takes: 'nothing', meaning: 'nothing', noEffect: 'what modules say is always checked' },
  {
    name: 'isolate',
    takes: 'many',
    word: 'ID',
    meaning: 'ours: a process of its own for each of these modules; "all" for all of them',
  },
  {
    name: 'log-level',
    takes: 'one',
    word: 'LEVEL',
    meaning: 'ours: what is said on standard error: silent, error, warn, info (default) or debug',
  },
];

/** What is printed by `--help`. */
export function managerUsage(): string {
  const lines = MANAGER_FLAGS.map((row) => `  ${flagText(row).padEnd(34)} ${row.meaning}`);
  return ['Usage: manager --config FILE [flags]', '', ...lines].join('\n');
}

/** A flag as one writes it, with its other names. */
export function flagText({ name, aliases = [], takes, word }: FlagRow): string {
  const names = [`--${name}`, ...aliases.map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`))].join(', ');
  if (takes === 'nothing') return names;
  return `${names} ${word ?? 'WORD'}${takes === 'many' ? '…' : ''}`;
}
