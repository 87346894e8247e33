import { readFileSync } from 'node:fs';

interface Pattern {
  readonly text: string;
  readonly regExp: RegExp;
  /** It has to come up in the scenario that it is for; one for all scenarios may fit none of a run's. */
  readonly needed: boolean;
  /** What is waited for, in words; undefined where the difference stays. */
  readonly part: string | undefined;
  used: boolean;
}

/** What came of the differences of a scenario. */
export interface Judged {
  /** Those that nobody expected, and expectations that nothing came of. */
  readonly faults: readonly string[];
  /** Parts that are waited for. */
  readonly waiting: readonly string[];
}

/**
 * Differences that docs/explanation/deviations.md names. Blocks marked `bus-shape` hold regular expressions for all scenarios. Those marked
 * `golden NAME…` hold lines for these scenarios, with `*` for any text and a `?` before what need not come up; where the mark ends in
 * `waits for PART`, they go when that is there.
 */
export class ExpectedDifferences {
  readonly #patterns: readonly Pattern[];

  /** @param text of the page */
  constructor(text: string, scenario: string) {
    this.#patterns = [...text.matchAll(/```(bus-shape|golden [^\n]*)\n([^`]*)```/g)].flatMap(
      ([, mark = '', block = '']) => {
        const lines = block.split('\n').filter((line) => line.trim() !== '');
        if (mark === 'bus-shape')
          return lines.map((text) => ({
            text,
            regExp: new RegExp(`^${text.trim()}$`),
            needed: false,
            part: undefined,
            used: false,
          }));
        const [names = '', part] = mark.slice('golden '.length).split(' waits for ');
        if (!names.split(' ').includes(scenario)) return [];
        return lines.map((text) => {
          const needed = !text.startsWith('? ');
          return { text, regExp: glob(needed ? text : text.slice(2)), needed, part, used: false };
        });
      },
    );
  }

  static read(page: string, scenario: string): ExpectedDifferences {
    return new ExpectedDifferences(readFileSync(page, 'utf8'), scenario);
  }

  judge(differences: readonly string[]): Judged {
    const faults: string[] = [];
    const waiting = new Set<string>();
    for (const difference of differences) {
      const found = this.#patterns.find(({ regExp }) => regExp.test(difference));
      if (!found) faults.push(difference);
      else {
        found.used = true;
        if (found.part !== undefined) waiting.add(found.part);
      }
    }
    for (const { needed, used, text } of this.#patterns)
      if (needed && !used) faults.push(`expected, and not there: ${text}`);
    return { faults, waiting: [...waiting] };
  }
}

function glob(line: string): RegExp {
  const parts = line.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(?:${parts.join('.*')})$`);
}
