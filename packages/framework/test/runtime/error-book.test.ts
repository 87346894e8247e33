import { describe, expect, test } from '@jest/globals';
import type { MeshError } from '../../src/index.ts';
import { ErrorBook } from '../../src/runtime/error-book.ts';

function error(over: Partial<MeshError> = {}): MeshError {
  return {
    type: 'evse_board_support/BrownOut',
    sub_type: '',
    message: 'too little voltage',
    description: 'Brown out.',
    severity: 'High',
    state: 'Active',
    origin: { module_id: 'board', implementation_id: 'board_support' },
    vendor_id: 'everest',
    uuid: 'first',
    timestamp: '2026-01-01T00:00:00.000Z',
    ...over,
  };
}

const cleared = (over: Partial<MeshError> = {}): MeshError => error({ state: 'ClearedByModule', ...over });

/** A book and what it tells. */
function open() {
  const book = new ErrorBook();
  const told: string[] = [];
  book.listen({
    raised: ({ type, sub_type, uuid }) => told.push(`+${type}/${sub_type} ${uuid}`),
    cleared: ({ type, sub_type, uuid, state }) => told.push(`-${type}/${sub_type} ${uuid} ${state}`),
  });
  return { book, told };
}

describe('an error', () => {
  test('is its type, its sub type and its origin: each is told once', () => {
    const { book, told } = open();
    const others: Partial<MeshError>[] = [
      { type: 'evse_board_support/VendorError', uuid: 'type' },
      { sub_type: 'L1', uuid: 'sub type' },
      { origin: { module_id: 'other', implementation_id: 'board_support' }, uuid: 'module' },
      { origin: { module_id: 'board', implementation_id: 'rcd' }, uuid: 'implementation' },
    ];
    for (const over of [{}, ...others]) for (let twice = 0; twice < 2; twice++) book.note(error(over));
    expect(told.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      'first',
      'type',
      'sub type',
      'module',
      'implementation',
    ]);
    expect(book.active()).toHaveLength(5);
  });

  test('does not depend on where it is mapped', () => {
    const { book } = open();
    book.note(error({ origin: { module_id: 'board', implementation_id: 'board_support', mapping: { evse: 1 } } }));
    expect(book.note(cleared())).toBe(true);
    expect(book.active()).toEqual([]);
  });

  test('that was never raised cannot be cleared', () => {
    const { book, told } = open();
    expect(book.note(cleared())).toBe(false);
    expect(told).toEqual([]);
  });

  test('of a sub type is not cleared by a clear without one, nor the other way round', () => {
    const { book } = open();
    book.note(error());
    book.note(error({ sub_type: 'L1' }));
    book.note(cleared());
    expect(book.active().map(({ sub_type }) => sub_type)).toEqual(['L1']);
  });

  test('is cleared as what it was raised as, whatever uuid clears it', () => {
    const { book, told } = open();
    book.note(error());
    book.note(cleared({ uuid: 'another', message: 'gone' }));
    expect(told).toEqual([
      '+evse_board_support/BrownOut/ first',
      '-evse_board_support/BrownOut/ first ClearedByModule',
    ]);
  });

  test('that a reboot cleared is told so', () => {
    const { book, told } = open();
    book.note(error());
    book.note(error({ state: 'ClearedByReboot' }));
    expect(told.at(-1)).toBe('-evse_board_support/BrownOut/ first ClearedByReboot');
  });
});

describe('a module that was started anew', () => {
  test('and raises the same again changes nothing; what clears it then clears it', () => {
    const { book, told } = open();
    book.note(error());
    expect(book.note(error({ uuid: 'second', timestamp: '2026-01-01T00:00:09.000Z' }))).toBe(false);
    book.note(cleared({ uuid: 'second' }));
    expect(told).toEqual([
      '+evse_board_support/BrownOut/ first',
      '-evse_board_support/BrownOut/ first ClearedByModule',
    ]);
  });

  test.each<Partial<MeshError>>([
    { message: 'more' },
    { description: 'Other words.' },
    { severity: 'Low' },
    { vendor_id: 'somebody' },
  ])('and raises it with %j is heard', (over) => {
    const { book, told } = open();
    book.note(error());
    expect(book.note(error({ uuid: 'second', ...over }))).toBe(true);
    expect(told.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      'first',
      'first ClearedByModule',
      'second',
    ]);
    expect(book.active()).toMatchObject([over]);
  });

  test('and has less errors than before has cleared the others, of that implementation alone', () => {
    const { book, told } = open();
    const elsewhere = error({ origin: { module_id: 'board', implementation_id: 'rcd' }, uuid: 'rcd' });
    book.note(error());
    book.note(error({ sub_type: 'L1', uuid: 'L1' }));
    book.note(elsewhere);
    book.replace('board', 'board_support', [error({ uuid: 'again' }), error({ sub_type: 'L2', uuid: 'L2' })]);
    expect(told.slice(3)).toEqual([
      '-evse_board_support/BrownOut/L1 L1 ClearedByModule',
      '+evse_board_support/BrownOut/L2 L2',
    ]);
    expect(book.active()).toContain(elsewhere);
  });
});

describe('who asks for the state', () => {
  test('hears whether an error of a type is active, or that of a sub type', () => {
    const { book } = open();
    book.note(error({ sub_type: 'L1' }));
    const type = 'evse_board_support/BrownOut';
    expect([book.isActive(type), book.isActive(type, 'L1'), book.isActive(type, ''), book.isActive('a/B')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('hears whether all of some conditions hold', () => {
    const { book } = open();
    book.note(error());
    const type = 'evse_board_support/BrownOut';
    expect(book.satisfies({ type, active: true })).toBe(true);
    expect(book.satisfies({ type, active: false })).toBe(false);
    expect(book.satisfies({ type, active: true }, { type: 'a/B', active: false })).toBe(true);
    expect(book.satisfies({ type, active: true }, { type: 'a/B', active: true })).toBe(false);
    expect(book.satisfies({ type, subType: 'L1', active: false })).toBe(true);
    expect(book.satisfies()).toBe(true);
  });

  test('and listens from now on is told first what is active', () => {
    const { book } = open();
    book.note(error());
    const late: string[] = [];
    book.listen({ raised: ({ uuid }) => late.push(uuid) });
    expect(late).toEqual(['first']);
  });
});
