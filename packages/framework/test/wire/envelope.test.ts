import {
  CommandError,
  decodeCommand,
  decodeError,
  decodeResult,
  decodeVariable,
  encodeCommand,
  encodeEnvelope,
  encodeError,
  encodeResult,
  encodeVariable,
  openEnvelope,
  WireFault,
} from '@chargemesh/framework';
import { describe, expect, test } from '@jest/globals';

const id = '6f1d0b52-3d0e-4a0e-8a6a-6b0c2f1f2a77';

describe('what is sent is the reference’s to the byte', () => {
  test('a variable has two levels of data', () => {
    expect(encodeVariable('1')).toBe('{"data":{"data":"1"},"msg_type":"Var"}');
    expect(encodeVariable(null)).toBe('{"data":{"data":null},"msg_type":"Var"}');
  });

  test('a command without arguments sends null', () => {
    expect(encodeCommand({ id, origin: 'ocpp', args: {} })).toBe(
      `{"data":{"args":null,"id":"${id}","origin":"ocpp"},"msg_type":"Cmd"}`,
    );
  });

  test('a command with arguments', () => {
    expect(encodeCommand({ id, origin: 'connector_1', args: { value: true } })).toBe(
      `{"data":{"args":{"value":true},"id":"${id}","origin":"connector_1"},"msg_type":"Cmd"}`,
    );
  });

  test('a result, and a result of nothing', () => {
    expect(encodeResult({ id, origin: 'bsp', retval: { id: 1 } })).toBe(
      `{"data":{"data":{"id":"${id}","origin":"bsp","retval":{"id":1}},"type":"result"},"msg_type":"CmdResult"}`,
    );
    expect(encodeResult({ id, origin: 'bsp', retval: undefined })).toContain('"retval":null');
  });

  test('an error in place of a result', () => {
    expect(encodeResult({ id, origin: 'bsp', error: new CommandError('HandlerException', 'boom') })).toBe(
      `{"data":{"data":{"error":{"__everest__error_msg":"boom","__everest__error_type":"HandlerException"},"id":"${id}","origin":"bsp"},"type":"result"},"msg_type":"CmdResult"}`,
    );
  });

  test('ready', () => {
    expect(encodeEnvelope('ModuleReady', true)).toBe('{"data":true,"msg_type":"ModuleReady"}');
  });
});

describe('what arrives is read as the reference reads it', () => {
  test('null arguments are no arguments', () => {
    expect(decodeCommand(`{"msg_type":"Cmd","data":{"id":"a","origin":"b","args":null}}`).args).toEqual({});
  });

  test('members that nobody knows are left out of account', () => {
    expect(decodeVariable('{"msg_type":"Var","seq":7,"data":{"data":1,"more":2},"x":0}')).toBe(1);
  });

  test('an error wins over a value', () => {
    const result = decodeResult(
      '{"msg_type":"CmdResult","data":{"type":"result","data":{"id":"a","origin":"b","retval":1,"error":{"__everest__error_msg":"no","__everest__error_type":"NotReady"}}}}',
    );
    expect(result).toMatchObject({ error: { type: 'NotReady', message: 'no' } });
  });

  test('an error type that nobody knows is a failed handler', () => {
    const result = decodeResult(
      '{"msg_type":"CmdResult","data":{"data":{"id":"a","error":{"__everest__error_type":"Odd"}}}}',
    );
    expect(result).toMatchObject({ error: { type: 'HandlerException' } });
  });

  test('an error object counts by its state, and odd severities are high', () => {
    const error = decodeError(
      '{"msg_type":"RaiseError","data":{"type":"a/B","state":"ClearedByModule","severity":"Odd","origin":{"module_id":"m","implementation_id":"i"}}}',
    );
    expect(error).toMatchObject({ state: 'ClearedByModule', severity: 'High', sub_type: '', vendor_id: '' });
    expect(encodeError(error)).toContain('"msg_type":"ClearError"');
  });

  test('data that is missing is the message itself', () => {
    expect(openEnvelope('{"a":1}')).toEqual({ type: undefined, data: { a: 1 } });
  });

  test.each([
    ['no JSON', () => decodeVariable('{')],
    ['no object', () => decodeVariable('[1]')],
    ['another type', () => decodeVariable('{"msg_type":"Cmd","data":{"data":1}}')],
    ['no inner data', () => decodeVariable('{"msg_type":"Var","data":{}}')],
    ['a command without id', () => decodeCommand('{"msg_type":"Cmd","data":{"origin":"b"}}')],
    ['a command without origin', () => decodeCommand('{"msg_type":"Cmd","data":{"id":"a"}}')],
    ['a result without id', () => decodeResult('{"msg_type":"CmdResult","data":{"data":{}}}')],
    ['an error without origin', () => decodeError('{"msg_type":"RaiseError","data":{"type":"a/B"}}')],
  ])('%s is a fault', (_name, decode) => {
    expect(decode).toThrow(WireFault);
  });
});
