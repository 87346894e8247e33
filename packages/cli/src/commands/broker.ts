import { EmbeddedBroker } from '@chargemesh/framework';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { print, printJson } from '../support/output.ts';
import { untilSignal } from '../support/signals.ts';

/** The flags of `broker`. */
export interface BrokerOptions {
  readonly port?: number;
  readonly host?: string;
  readonly json?: boolean;
}

/** Runs the broker that `up` brings along by itself, until it is told to end. */
export async function runBroker({ port = 1883, host = '127.0.0.1', json }: BrokerOptions): Promise<ExitCode> {
  const stopped = untilSignal();
  const broker = await EmbeddedBroker.start({ host, port });
  if (json) printJson({ host, port: broker.port });
  else print(`MQTT broker on ${host}:${broker.port}`);
  await stopped;
  await broker.close();
  return EXIT.ok;
}
