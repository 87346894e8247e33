import type { Mutation } from '../mutation.ts';

/** The journal. */
export const journalMutations: readonly Mutation[] = [
  {
    rule: 'a value of a journal is taken once',
    file: 'packages/framework/src/journal/journal-follower.ts',
    find: '    if (mark.number < this.#next) return;\n',
    replace: '',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'what a reader missed is in the answer of a journal',
    file: 'packages/framework/src/journal/journal.ts',
    find: 'WHERE number > ? ORDER BY number',
    replace: 'WHERE number > ? + 1 ORDER BY number',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'a journal that was begun anew is read from where it is',
    file: 'packages/framework/src/journal/journal-follower.ts',
    find: 'if (mark.epoch !== this.#epoch) this.#begin(mark.epoch, mark.number);',
    replace: 'if (this.#epoch === undefined) this.#begin(mark.epoch, mark.number);',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'what comes before its turn waits for what is missing',
    file: 'packages/framework/src/journal/journal-follower.ts',
    find: '    this.#early.set(mark.number, value);\n',
    replace: '    this.#next = mark.number; this.#early.set(mark.number, value);\n',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'a reader hears that there is more than it has',
    file: 'packages/framework/src/journal/journal-follower.ts',
    find: '|| last >= this.#next) this.catchUp();',
    replace: '|| last > this.#next) this.catchUp();',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'a value is committed before it is published',
    file: 'packages/framework/src/journal/journal.ts',
    find: '    this.#insert.run(number, JSON.stringify(value));\n    this.#last = number;\n    this.#core.outbox.send(this.#topic, encodeVariable(value, { epoch: this.#epoch, number }));',
    replace:
      '    this.#last = number;\n    this.#core.outbox.send(this.#topic, encodeVariable(value, { epoch: this.#epoch, number }));\n    this.#insert.run(number, JSON.stringify(value));',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'only what all readers have is deleted',
    file: 'packages/framework/src/journal/journal.ts',
    find: 'const taken = Math.min(...this.#acknowledged.values());',
    replace: 'const taken = Math.max(...this.#acknowledged.values());',
    notices: ['test', 'packages/framework'],
  },
  {
    rule: 'a long journal keeps its newest events',
    file: 'packages/framework/src/journal/journal.ts',
    find: 'this.#first = Math.min(upTo + 1, this.#last);',
    replace: 'this.#first = upTo + 1;',
    notices: ['test', 'packages/framework'],
  },
];
