import { describe, expect, test } from '@jest/globals';
import { readFrame, writeCall, writeError, writeResult } from '../../src/rpc/frame.ts';

describe('reading', () => {
  test('a request, an answer and a refusal', () => {
    expect(readFrame('[2,"1","Reset",{"type":"Soft"}]')).toEqual({
      kind: 'call',
      id: '1',
      action: 'Reset',
      payload: { type: 'Soft' },
    });
    expect(readFrame('[3,"1",{}]')).toEqual({ kind: 'result', id: '1', payload: {} });
    expect(readFrame('[4,"1","NotSupported","no",{"a":1}]')).toEqual({
      kind: 'error',
      id: '1',
      code: 'NotSupported',
      description: 'no',
      details: { a: 1 },
    });
  });

  test('a refusal that is short of its description', () => {
    expect(readFrame('[4,"1","GenericError"]')).toMatchObject({ kind: 'error', code: 'GenericError', description: '' });
  });

  test.each([
    ['no JSON', '{oops'],
    ['no array', '{"a":1}'],
    ['a single element', '[2]'],
    ['an id that is no text', '[2,7,"Reset",{}]'],
    ['an id of 37 characters', `[2,"${'x'.repeat(37)}","Reset",{}]`],
    ['a type that is no number', '["2","1","Reset",{}]'],
  ])('%s: broken, to be answered without an id', (_, text) => {
    expect(readFrame(text)).toEqual({ kind: 'broken', reason: expect.any(String), silent: false });
  });

  test.each([
    ['a request with three elements', '[2,"1","Reset"]'],
    ['a request whose action is a number', '[2,"1",5,{}]'],
  ])('%s: broken, to be answered under its id', (_, text) => {
    expect(readFrame(text)).toMatchObject({ kind: 'broken', id: '1', silent: false });
  });

  test.each([
    ['a message type of OCPP 2.1', '[6,"1","NotifyPeriodicEventStream",{}]'],
    ['an answer with two elements', '[3,"1"]'],
    ['an answer whose id is a number', '[3,1,{}]'],
  ])('%s: never answered', (_, text) => {
    expect(readFrame(text)).toMatchObject({ kind: 'broken', silent: true });
  });
});

describe('writing', () => {
  test('a request keeps its payload to the byte', () => {
    expect(writeCall('1', 'Authorize', '{"idTag": "A"}')).toBe('[2,"1","Authorize",{"idTag": "A"}]');
  });

  test('an answer', () => {
    expect(writeResult('1', { status: 'Accepted' })).toBe('[3,"1",{"status":"Accepted"}]');
  });

  test('a refusal says no more than 255 characters', () => {
    const [, , , description] = JSON.parse(writeError('1', 'InternalError', 'x'.repeat(300), {}));
    expect(description).toHaveLength(255);
  });
});
