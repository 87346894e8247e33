import { describe, expect, test } from '@jest/globals';
import { JsonDocument, JsonSyntaxFault } from '../../src/configuration/json-document.ts';

const text = `{
  "Core": { "Lists": ["a", {"b": null}],
    "Number": -1.5e2, "Text": "q\\"\\u00e9" }
}
`;

function faultOf(source: string): string {
  try {
    new JsonDocument(source);
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxFault) return `${thrown.place.line}:${thrown.place.column} ${thrown.message}`;
  }
  throw new Error('no fault');
}

describe('JsonDocument', () => {
  test('reads what JSON.parse reads', () => {
    for (const source of [
      text,
      '[]',
      '{}',
      ' [ 1 , [ ] , { } ] ',
      '"a\\\\"',
      'true',
      '-0.5',
      'null',
      '{"__proto__": 1}',
    ])
      expect(new JsonDocument(source).value).toEqual(JSON.parse(source));
    expect(new JsonDocument('\uFEFF{"a":1}').value).toEqual({ a: 1 });
  });

  test('tells where names and values stand', () => {
    const document = new JsonDocument(text);
    expect(document.find(['Core'], 'name')).toEqual({ line: 2, column: 3 });
    expect(document.find(['Core'])).toEqual({ line: 2, column: 11 });
    expect(document.find(['Core', 'Lists', 1, 'b'])).toEqual({ line: 2, column: 34 });
    expect(document.find(['Core', 'Number'], 'name')).toEqual({ line: 3, column: 5 });
    expect(document.find(['Core', 'Number'])).toEqual({ line: 3, column: 15 });
    expect(document.find(['Core', 'None'])).toBeUndefined();
    expect(document.find([])).toEqual({ line: 1, column: 1 });
  });

  test('a path of dots is not the path of its parts', () => {
    expect(new JsonDocument('{"a.b": 1}').find(['a', 'b'])).toBeUndefined();
  });

  test('names what stands twice, and takes the last', () => {
    const document = new JsonDocument('{"a": {"b": 1,\n "b": 2}}');
    expect(document.repeated).toEqual([['a', 'b']]);
    expect(document.value).toEqual({ a: { b: 2 } });
    expect(document.find(['a', 'b'], 'name')).toEqual({ line: 2, column: 2 });
  });

  test.each([
    ['{"a": 1,}', '1:9 no comma may stand before }'],
    ['{"a": 1\n "b": 2}', '2:2 a comma or } has to stand here'],
    ['{a: 1}', '1:2 a name in double quotes has to stand here'],
    ['{"a" 1}', '1:6 a colon has to follow "a"'],
    ['{"a": yes}', '1:7 yes is no value of JSON'],
    ['{"a": 012}', '1:7 012 is no value of JSON'],
    ['{"a": }', '1:7 a value has to stand here'],
    ['{"a": "b\n"}', '1:7 this text in double quotes does not end on its line'],
    ['{"a": "\\x"}', '1:7 "\\x" is no value of JSON'],
    ['{"a": 1', '1:8 a comma or } has to stand here'],
    ['{"a":', '1:6 the file ends too early'],
    ['', '1:1 the file ends too early'],
    ['{} {}', '1:4 nothing may follow the end of the object'],
  ])('%j is no JSON: %s', (source, fault) => {
    expect(faultOf(source)).toBe(fault);
    expect(() => JSON.parse(source)).toThrow(SyntaxError);
  });
});
