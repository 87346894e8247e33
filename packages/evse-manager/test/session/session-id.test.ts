import { SeededRandom } from '@chargemesh/base';
import { expect, test } from '@jest/globals';
import { newSessionId } from '../../src/session/session-id.ts';

test.each([
  ['UUID', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ['UUID_BASE64', /^[\w-]{22}$/],
  ['SHORT_BASE64', /^[\w-]{16}$/],
] as const)('a session id of type %s looks like one, and is new each time', (type, shape) => {
  const random = new SeededRandom(1);
  const ids = [newSessionId(random, type), newSessionId(random, type)];
  for (const id of ids) expect(id).toMatch(shape);
  expect(ids[0]).not.toBe(ids[1]);
});
