import { parseArgs } from 'node:util';
import { createLogger, messageOf, RealClock, systemRandom } from '@chargemesh/base';
import { serveCsms } from './serve-csms.ts';

/** The CSMS alone: `node main.ts --port 9000 --tags tags.yaml --transcript frames.ndjson`. Ends on SIGINT and SIGTERM. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9000' },
      host: { type: 'string', default: '127.0.0.1' },
      tags: { type: 'string' },
      transcript: { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port is 0 to 65535, not ${values.port}`);
  const served = await serveCsms({
    clock: new RealClock(),
    random: systemRandom,
    log: createLogger('info'),
    port,
    host: values.host,
    ...(values.tags === undefined ? {} : { tagsFile: values.tags }),
    ...(values.transcript === undefined ? {} : { transcriptFile: values.transcript }),
  });
  process.stdout.write(`${served.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      served.stop().then(() => process.exit(0));
    });
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
