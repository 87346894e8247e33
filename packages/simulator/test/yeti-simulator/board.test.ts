import { describe, expect, test } from '@jest/globals';
import { Board, type BoardOutputs } from '../../src/yeti-simulator/board.ts';

function makeBoard() {
  const log: string[] = [];
  const out: BoardOutputs = {
    event: (event) => log.push(event),
    carEvent: (letter) => log.push(`car ${letter}`),
    duty: (percent) => log.push(`duty ${percent}`),
    current: ([l1, l2, l3]) => log.push(`current ${l1} ${l2} ${l3}`),
    plugged: () => log.push('plugged'),
    diodeFault: (active) => log.push(`diode ${active}`),
  };
  const board = new Board(out);
  /** What has happened since the last look. */
  const happened = () => log.splice(0);
  return { board, happened };
}

/** A board with a car that charges with 16 A on three phases. */
function charging() {
  const made = makeBoard();
  const { board, happened } = made;
  board.enable(true);
  board.setCarLimit(16);
  board.setCar('B');
  board.pwmOn(50);
  board.setCar('C');
  board.allowPower(true);
  happened();
  return made;
}

describe('control pilot', () => {
  test('says nothing before it is enabled, then its state, and each change once', () => {
    const { board, happened } = makeBoard();
    board.pwmOff();
    expect(happened()).toEqual([]);
    board.enable(true);
    expect(happened()).toEqual(['A']);
    board.setCar('B');
    board.setCar('B');
    expect(happened()).toEqual(['car B', 'plugged', 'B', 'car B']);
    board.enable(true);
    expect(happened()).toEqual(['B', 'PowerOff']);
  });

  test('shows F while disabled and forgets F when it is enabled', () => {
    const { board, happened } = makeBoard();
    board.enable(true);
    board.showF();
    board.enable(false);
    expect(happened()).toEqual(['A', 'F']);
    board.enable(true);
    board.pwmOff();
    expect(happened()).toEqual(['A']);
  });

  test('a car that leaves while the EVSE shows F is gone afterwards', () => {
    const { board, happened } = charging();
    board.showF();
    board.setCar('A');
    happened();
    board.pwmOff();
    expect(happened()).toContain('A');
  });

  test('a car is new only when the board saw that there was none', () => {
    const { board, happened } = makeBoard();
    board.setCar('B');
    board.enable(true);
    expect(happened()).not.toContain('plugged');
    board.setCar('A');
    board.setCar('C');
    expect(happened()).toEqual(['car A', 'A', 'car C', 'plugged', 'C']);
  });
});

describe('relay', () => {
  test('closes in C with PWM and permission', () => {
    const { board, happened } = makeBoard();
    board.enable(true);
    board.setCar('C');
    board.allowPower(true);
    expect(board.relayClosed).toBe(false);
    happened();
    board.pwmOn(50);
    expect(happened()).toEqual(['duty 50', 'current 30 30 30', 'PowerOn']);
    expect(board.relayClosed).toBe(true);
  });

  test.each([
    ['the permission is taken', (board: Board) => board.allowPower(false), ['current 0 0 0', 'PowerOff']],
    ['the car goes to B', (board: Board) => board.setCar('B'), ['car B', 'current 0 0 0', 'B', 'PowerOff']],
    ['the car is pulled off', (board: Board) => board.setCar('A'), ['car A', 'current 0 0 0', 'A', 'PowerOff']],
    ['the car shorts the pilot', (board: Board) => board.setCar('E'), ['car E', 'current 0 0 0', 'E', 'PowerOff']],
    ['the EVSE shows F', (board: Board) => board.showF(), ['duty 100', 'current 0 0 0', 'F', 'PowerOff']],
    ['it is disabled', (board: Board) => board.enable(false), ['current 0 0 0', 'F', 'PowerOff']],
    ['nobody controls it', (board: Board) => board.goSafe(), ['duty 100', 'current 0 0 0', 'PowerOff']],
  ])('opens when %s', (_, change, expected) => {
    const { board, happened } = charging();
    change(board);
    expect(happened()).toEqual(expected);
    expect(board.relayClosed).toBe(false);
  });

  test('stays closed without current when only the PWM ends, until the EVSE opens it', () => {
    const { board, happened } = charging();
    board.pwmOff();
    expect(happened()).toEqual(['duty 100', 'current 0 0 0']);
    expect(board.relayClosed).toBe(true);
    board.allowPower(false);
    expect(happened()).toEqual(['PowerOff']);
  });

  test('does not close for a new charge by the permission of the last', () => {
    const { board, happened } = charging();
    board.setCar('B');
    board.setCar('C');
    expect(happened()).not.toContain('PowerOn');
  });

  test('works in D as in C', () => {
    const { board, happened } = charging();
    board.setCar('D');
    expect(board.relayClosed).toBe(true);
    expect(happened()).toEqual(['car D', 'D']);
  });
});

test.each([
  ['without PWM', ['C'], (board: Board) => board.allowPower(true)],
  ['without a permission', ['C'], (board: Board) => board.pwmOn(50)],
  ['in A', ['A'], allPower],
  ['in B', ['B'], allPower],
  ['in E', ['E'], allPower],
  ['by a permission of an earlier state', ['B', 'C'], (board: Board) => board.pwmOn(50)],
  ['while it shows F', ['C'], (board: Board) => [board.showF(), board.allowPower(true)]],
  ['while it shows E', ['C'], (board: Board) => [board.showE(), board.allowPower(true)]],
  ['while it is disabled', ['C'], (board: Board) => [board.enable(false), allPower(board)]],
] as const)('the relay does not close %s', (_, letters, change) => {
  const { board, happened } = makeBoard();
  board.enable(true);
  for (const letter of letters) {
    board.setCar(letter);
    if (letter !== letters.at(-1)) board.allowPower(true);
  }
  change(board);
  expect(happened()).not.toContain('PowerOn');
  expect(board.relayClosed).toBe(false);
});

function allPower(board: Board): void {
  board.pwmOn(50);
  board.allowPower(true);
}

test('E that the EVSE shows is one, and the relay opens', () => {
  const { board, happened } = charging();
  board.showE();
  expect(happened()).toEqual(['duty 100', 'current 0 0 0', 'E', 'PowerOff']);
});

test('a car that feeds back does so as long as it may', () => {
  const { board, happened } = charging();
  board.setCarLimit(-10);
  expect(happened()).toEqual(['current -10 -10 -10']);
  board.setCarPhases(1);
  expect(happened()).toEqual(['current -10 0 0']);
  board.pwmOn(10);
  expect(happened()).toEqual(['duty 10', 'current -6 0 0']);
});

describe('a shorted diode', () => {
  test('is none without PWM, and is found as soon as there is one', () => {
    const { board, happened } = makeBoard();
    board.enable(true);
    board.setCar('B');
    board.setDiodeFailed(true);
    expect(happened()).not.toContain('diode true');
    board.pwmOn(50);
    expect(happened()).toEqual(['duty 50', 'diode true']);
    board.pwmOff();
    expect(happened()).toEqual(['duty 100']);
  });

  test('that is healed is a fault until the car is unplugged', () => {
    const { board, happened } = charging();
    board.setDiodeFailed(true);
    board.setDiodeFailed(false);
    expect(happened()).toEqual(['diode true']);
    board.setCar('A');
    expect(happened()).toContain('diode false');
  });

  test('is a fault while PWM runs, the state stays, and unplugging clears it', () => {
    const { board, happened } = charging();
    board.setDiodeFailed(true);
    expect(happened()).toEqual(['diode true']);
    expect(board.letter).toBe('C');
    board.setCar('A');
    expect(happened()).toEqual(['car A', 'current 0 0 0', 'diode false', 'A', 'PowerOff']);
  });
});

test('a changed limit changes the current while charging, at once', () => {
  const { board, happened } = charging();
  board.pwmOn(20);
  expect(happened()).toEqual(['duty 20', 'current 12 12 12']);
  board.useThreePhases(false);
  expect(happened()).toEqual(['current 12 0 0']);
});

test('a car that is taken away is unplugged and sound again', () => {
  const { board, happened } = charging();
  board.setDiodeFailed(true);
  happened();
  board.removeCar();
  board.setCar('B');
  expect(happened()).toEqual(['car A', 'current 0 0 0', 'diode false', 'A', 'PowerOff', 'car B', 'plugged', 'B']);
});
