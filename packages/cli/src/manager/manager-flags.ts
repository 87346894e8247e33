import { CliError } from '../support/cli-error.ts';
import { EXIT } from '../support/exit-codes.ts';
import { type FlagRow, MANAGER_FLAGS, type SwitchName, type WordName, type WordsName } from './flag-table.ts';

/** The command line of `manager`, read. */
export class ManagerFlags {
  readonly #given: ReadonlyMap<string, readonly string[]>;

  private constructor(given: ReadonlyMap<string, readonly string[]>) {
    this.#given = given;
  }

  /**
   * Reads it as the reference does: `--flag word` or `--flag=word`, no abbreviations.
   * @throws CliError where it cannot be read
   * @see reference bus.md 2.1
   */
  static parse(words: readonly string[]): ManagerFlags {
    const given = new Map<string, string[]>();
    const rest = [...words];
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      const { flag, spelled, attached } = recognise(word);
      if (given.has(flag.name) && flag.takes !== 'many')
        throw usage(
          spelled === flag.name ? `--${spelled} is given twice` : `--${flag.name} and --${spelled}: give one of them`,
        );
      const values = given.get(flag.name) ?? [];
      if (attached !== undefined) values.push(attached);
      else if (flag.takes === 'one') values.push(...nextWord(rest));
      else if (flag.takes === 'many')
        while (rest[0] !== undefined && !rest[0].startsWith('-')) values.push(rest.shift() ?? '');
      if (flag.takes === 'nothing' ? attached !== undefined : values.length === 0)
        throw usage(`--${flag.name} ${flag.takes === 'nothing' ? 'takes no value' : 'needs a value'}`);
      given.set(flag.name, values);
    }
    return new ManagerFlags(given);
  }

  has(name: SwitchName): boolean {
    return this.#given.has(name);
  }

  word(name: WordName): string | undefined {
    return this.#given.get(name)?.[0];
  }

  words(name: WordsName): readonly string[] {
    return this.#given.get(name) ?? [];
  }

  /** What flags that were given do not do here, a line each. */
  get notes(): readonly string[] {
    return MANAGER_FLAGS.flatMap(({ name, noEffect }) =>
      noEffect !== undefined && this.#given.has(name) ? [`--${name} changes nothing here: ${noEffect}`] : [],
    );
  }
}

function recognise(word: string): { flag: FlagRow; spelled: string; attached: string | undefined } {
  const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word);
  if (!match) throw usage(`"${word}" belongs to no flag`);
  const [, spelled = '', attached] = match;
  const flag = MANAGER_FLAGS.find(({ name, aliases = [] }) => name === spelled || aliases.includes(spelled));
  if (!flag) throw usage(`there is no flag ${word}`);
  return { flag, spelled, attached };
}

function nextWord(rest: string[]): string[] {
  const [next] = rest;
  if (next === undefined || next.startsWith('--')) return [];
  rest.shift();
  return [next];
}

function usage(text: string): CliError {
  return new CliError('CLI_USAGE', `${text} (--help shows the flags)`, EXIT.usage);
}
