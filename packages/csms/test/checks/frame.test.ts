import { describe, expect, test } from '@jest/globals';
import { parseFrame } from '../../src/checks/frame.ts';

describe('a frame', () => {
  test('is read by its message type', () => {
    expect(parseFrame('[2,"a","Heartbeat",{}]')).toEqual({ kind: 'call', id: 'a', action: 'Heartbeat', payload: {} });
    expect(parseFrame('[3,"a",{"x":1}]')).toEqual({ kind: 'result', id: 'a', payload: { x: 1 } });
    expect(parseFrame('[4,"a","GenericError","why",{}]')).toEqual({
      kind: 'error',
      id: 'a',
      code: 'GenericError',
      description: 'why',
      details: {},
    });
  });

  const broken: Readonly<Record<string, string>> = {
    '': 'RPC_NOT_JSON',
    '[2,"a"': 'RPC_NOT_JSON',
    '{}': 'RPC_SHAPE',
    '[]': 'RPC_MESSAGE_TYPE',
    '["2","a","Heartbeat",{}]': 'RPC_MESSAGE_TYPE',
    '[2,"a","Heartbeat",{},{}]': 'RPC_SHAPE',
    '[2,7,"Heartbeat",{}]': 'RPC_ID',
    '[2,"","Heartbeat",{}]': 'RPC_ID',
    '[2,"a",7,{}]': 'RPC_SHAPE',
    '[3,"a"]': 'RPC_SHAPE',
    '[4,"a","GenericError"]': 'RPC_SHAPE',
    '[4,"a","GenericError",null,{}]': 'RPC_SHAPE',
    '[4,"a","GenericError","",[]]': 'RPC_SHAPE',
  };
  for (const [text, rule] of Object.entries(broken))
    test(`${text || 'an empty text'} breaks ${rule}`, () => {
      expect(parseFrame(text)).toMatchObject({ kind: 'broken', rule });
    });
});
