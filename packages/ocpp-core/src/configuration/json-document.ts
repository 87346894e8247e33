/** A place in a text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The way to a value: names of properties, indexes of items. */
export type JsonPath = readonly (string | number)[];

/** Why a text is no JSON, and where it stops to be. */
export class JsonSyntaxFault extends Error {
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** Where a value and, in an object, its name begin. */
interface Spot {
  readonly nameAt: number;
  readonly valueAt: number;
  /** The same name stood in this object before. */
  readonly repeated: boolean;
}

/** A JSON text that still knows where everything stands, so that a fault can be shown where it is. */
export class JsonDocument {
  readonly value: unknown;
  readonly #text: string;
  readonly #spots: ReadonlyMap<string, Spot>;

  /** @throws JsonSyntaxFault */
  constructor(text: string) {
    const reader = new JsonReader(text);
    this.#text = text;
    this.value = reader.read();
    this.#spots = reader.spots;
  }

  /** Where the value at this path stands, or its name; undefined where the text has no such path. */
  find(path: JsonPath, part: 'name' | 'value' = 'value'): Place | undefined {
    const spot = this.#spots.get(keyOf(path));
    return spot && placeOf(this.#text, part === 'name' ? spot.nameAt : spot.valueAt);
  }

  /** The paths of names that an object has twice. The last one counts. */
  get repeated(): readonly JsonPath[] {
    return [...this.#spots].filter(([, { repeated }]) => repeated).map(([key]): JsonPath => JSON.parse(key));
  }
}

function keyOf(path: JsonPath): string {
  return JSON.stringify(path);
}

function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Reads JSON as RFC 8259 has it; JSON.parse takes its strings and numbers apart. */
class JsonReader {
  readonly spots = new Map<string, Spot>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    // Editors of some systems begin a file with a byte order mark.
    if (this.#text.startsWith('\uFEFF')) this.#at++;
    this.#skip();
    this.spots.set(keyOf([]), { nameAt: this.#at, valueAt: this.#at, repeated: false });
    const value = this.#value([]);
    this.#skip();
    if (this.#at < this.#text.length) this.#fail('nothing may follow the end of the object');
    return value;
  }

  #value(path: JsonPath): unknown {
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(path);
    if (next === '[') return this.#array(path);
    if (next === '"') return this.#string();
    return this.#scalar();
  }

  #object(path: JsonPath): unknown {
    const value: Record<string, unknown> = {};
    this.#items('}', () => {
      if (this.#text[this.#at] !== '"') this.#fail('a name in double quotes has to stand here');
      const nameAt = this.#at;
      const name = this.#string();
      this.#skip();
      this.#take(':', `a colon has to follow "${name}"`);
      this.#skip();
      const inner = [...path, name];
      const key = keyOf(inner);
      this.spots.set(key, { nameAt, valueAt: this.#at, repeated: this.spots.has(key) });
      // Not by assignment: "__proto__" is a name as any other.
      Object.defineProperty(value, name, {
        value: this.#value(inner),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    });
    return value;
  }

  #array(path: JsonPath): unknown {
    const value: unknown[] = [];
    this.#items(']', () => {
      const inner = [...path, value.length];
      this.spots.set(keyOf(inner), { nameAt: this.#at, valueAt: this.#at, repeated: false });
      value.push(this.#value(inner));
    });
    return value;
  }

  #items(end: '}' | ']', item: () => void): void {
    this.#at++;
    this.#skip();
    if (this.#text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      this.#skip();
      if (this.#text[this.#at] === end) break;
      this.#take(',', `a comma or ${end} has to stand here`);
      this.#skip();
      if (this.#text[this.#at] === end) this.#fail(`no comma may stand before ${end}`);
    }
    this.#at++;
  }

  #string(): string {
    const match = this.#match(/"(?:[^"\\\p{Cc}]|\\.)*"/uy);
    if (match === undefined) this.#fail('this text in double quotes does not end on its line');
    return this.#parse(match);
  }

  #scalar(): unknown {
    const match = this.#match(/[^\s,:{}[\]"]+/y);
    if (match === undefined)
      this.#fail(this.#at < this.#text.length ? 'a value has to stand here' : 'the file ends too early');
    return this.#parse(match);
  }

  #parse<T>(text: string): T {
    try {
      return JSON.parse(text);
    } catch {
      this.#at -= text.length;
      this.#fail(`${text} is no value of JSON`);
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text)?.[0];
    this.#at += match?.length ?? 0;
    return match;
  }

  #skip(): void {
    this.#match(/[ \t\r\n]*/y);
  }

  #take(sign: string, otherwise: string): void {
    if (this.#text[this.#at] !== sign) this.#fail(otherwise);
    this.#at++;
  }

  #fail(message: string): never {
    throw new JsonSyntaxFault(message, placeOf(this.#text, Math.min(this.#at, this.#text.length)));
  }
}
