import { appendFileSync } from 'node:fs';
import type { Clock } from '@chargemesh/base';
import { tcpStream } from '@chargemesh/framework';
import { MqttClient } from 'mqtt';

/** Writes down every message of a broker, with QoS and retain flag as published (an MQTT 5 option). */
export async function record(port: number, file: string, clock: Clock): Promise<MqttClient> {
  const client = new MqttClient(() => tcpStream('127.0.0.1', port), {
    protocolVersion: 5,
    reconnectPeriod: 0,
    clean: true,
  });
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
  });
  client.on('message', (topic, payload, { qos, retain }) =>
    appendFileSync(
      file,
      `${JSON.stringify({ t: clock.wallMs() / 1000, topic, qos, retain, payload: payload.toString() })}\n`,
    ),
  );
  await client.subscribeAsync('#', { qos: 2, rap: true });
  return client;
}
