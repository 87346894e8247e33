/**
 * The other end of the OCPP benchmarks, in a process of its own so that its work is nobody's: a websocket server that answers every CALL at
 * once, and sends CALLs when it is told to. It knows neither our code nor that of `ocpp-rpc`.
 */
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What the benchmark tells this process. */
export interface PumpOrder {
  readonly action: string;
  readonly payload: object;
  readonly count: number;
  readonly inFlight: number;
}

/** What this process tells the benchmark: where it listens, and that all CALLs of an order were answered. */
export type PeerWord = { readonly port: number } | { readonly answered: number };

let current: WebSocket | undefined;
let answered: () => void = () => {};

const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  handleProtocols: (offered) => [...offered][0] ?? false,
});
server.on('listening', () => say({ port: (server.address() as AddressInfo).port }));
server.on('connection', (socket) => {
  current = socket;
  socket.on('message', (data) => {
    const [type, id, action]: [number, string, string] = JSON.parse(String(data));
    if (type === 2) socket.send(`[3,"${id}",${JSON.stringify(answerTo(action))}]`);
    else answered();
  });
});
process.on('message', (order: PumpOrder) => pump(order));
process.on('disconnect', () => process.exit());

function answerTo(action: string): object {
  switch (action) {
    case 'BootNotification':
      return { status: 'Accepted', currentTime: '2026-01-01T00:00:00.000Z', interval: 86_400 };
    case 'Heartbeat':
      return { currentTime: '2026-01-01T00:00:00.000Z' };
    default:
      return {};
  }
}

function pump({ action, payload, count, inFlight }: PumpOrder): void {
  const rest = `,${JSON.stringify(action)},${JSON.stringify(payload)}]`;
  let [sent, done] = [0, 0];
  const next = (): void => {
    if (sent < count) current?.send(`[2,"call-${sent++}"${rest}`);
  };
  answered = () => {
    if (++done === count) say({ answered: done });
    else next();
  };
  for (let at = 0; at < inFlight; at++) next();
}

function say(word: PeerWord): void {
  process.send?.(word);
}
