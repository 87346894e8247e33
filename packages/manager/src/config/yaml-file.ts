import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type ScalarTag,
  type Tags,
} from 'yaml';
import type { ConfigPath } from './finding.ts';

/** A place in a file, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A fault of the syntax. */
export interface SyntaxFault extends Place {
  readonly duplicateKey: boolean;
  readonly message: string;
}

/** Whether a place is that of a key or of what stands behind it. */
export type Part = 'key' | 'value';

/**
 * A YAML (or JSON) file with the places of everything in it. Only unquoted `true` and `false` are booleans: `yes`, `no`, `on`, `off`
 * stay text, as EVerest reads them (bus.md 3.1).
 */
export class YamlFile {
  readonly path: string;
  /** The content as plain values; where a key stands twice, the last one counts. Undefined where the syntax is broken otherwise. */
  readonly value: unknown;
  readonly faults: readonly SyntaxFault[];
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(path: string, text: string) {
    this.path = path;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      merge: true,
      prettyErrors: false,
      customTags: (tags): Tags =>
        tags.map((tag) => (typeof tag === 'object' && tag.tag === strictBoolean.tag ? strictBoolean : tag)),
    });
    this.faults = this.#document.errors.map((error) => ({
      ...this.#place(error.pos[0]),
      duplicateKey: error.code === 'DUPLICATE_KEY',
      message: error.message,
    }));
    this.value = this.faults.every(({ duplicateKey }) => duplicateKey) ? this.#document.toJS() : undefined;
  }

  /** Where this path stands, or undefined where the file has no such path. */
  find(path: ConfigPath, part: Part): Place | undefined {
    const found = this.#node(path);
    if (!found) return undefined;
    const node = part === 'key' ? (found.key ?? found.value) : (found.value ?? found.key);
    return this.#place(node?.range?.[0] ?? 0);
  }

  /** A scalar as it was written, without its quotes; undefined where there is none, or it was quoted. */
  plainText(path: ConfigPath): string | undefined {
    const value = this.#node(path)?.value;
    return isScalar(value) && value.type === 'PLAIN' ? value.source : undefined;
  }

  #node(path: ConfigPath): { key: Node | undefined; value: Node | undefined } | undefined {
    let key: Node | undefined;
    let value: Node | undefined = this.#document.contents ?? undefined;
    for (const step of path) {
      if (isAlias(value)) value = value.resolve(this.#document);
      if (isMap(value)) {
        const pair = pairOf(value.items, step);
        if (!pair) return undefined;
        key = pair.key ?? undefined;
        value = pair.value ?? undefined;
      } else if (isSeq(value) && typeof step === 'number') {
        const item = value.items[step] as Node | undefined;
        if (!item) return undefined;
        key = undefined;
        value = item;
      } else return undefined;
    }
    return { key, value };
  }

  #place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** `True`, `TRUE` and their like stay text, as in the reference. */
const strictBoolean: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  identify: (value) => typeof value === 'boolean',
  test: /^(?:true|false)$/,
  resolve: (text) => text === 'true',
};

function pairOf(items: readonly Pair[], step: string | number): Pair<Node, Node | null> | undefined {
  return items.findLast(
    (item): item is Pair<Node, Node | null> => isScalar(item.key) && String(item.key.value) === String(step),
  );
}
