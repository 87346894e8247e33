import type { BoardPort } from '../iec/control-pilot.ts';

/** A board, with what it is told written down as well. */
export function loggedBoard(board: BoardPort, write: (message: string) => void): BoardPort {
  return {
    enable: (on) => {
      write(on ? 'board on' : 'board off');
      board.enable(on);
    },
    pwmOn: (dutyPercent) => {
      write(`PWM ${dutyPercent.toFixed(1)} %`);
      board.pwmOn(dutyPercent);
    },
    steady: () => {
      write('steady control pilot');
      board.steady();
    },
    showF: () => {
      write('control pilot F');
      board.showF();
    },
    allowPower: (allowed, reason) => {
      write(allowed ? `relay may close: ${reason}` : 'relay must open');
      board.allowPower(allowed, reason);
    },
  };
}
