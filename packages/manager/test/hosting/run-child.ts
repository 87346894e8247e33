/** Runs one built-in module as a child of a mesh under test: `node run-child.ts <module id>`. */
import { RealClock, silentLogger, systemRandom } from '@chargemesh/base';
import { Topics } from '@chargemesh/framework';
import { BrokerLink, ModuleLibrary, readChildEnvironment, runModule } from '../../src/index.ts';

const clock = new RealClock();
const { broker, prefixes, stateFolder = '', runOptions = {} } = readChildEnvironment(process.env);
if (!broker) throw new RangeError('no broker was named');
const ports = { clock, random: systemRandom, log: silentLogger };
const link = await BrokerLink.open({ kind: 'outside', ...broker }, ports);
const runtime = await runModule(process.argv[2] ?? '', {
  ...ports,
  connect: (will) => link.connect({ will }),
  topics: new Topics(prefixes),
  source: (name) => ModuleLibrary.open({ names: [name], moduleFolders: [] }),
  stateFolder,
  searchPaths: [],
  runOptions,
  telemetryEnabled: false,
});
const end = (): void => void runtime.stop().then(() => process.exit(0));
process.on('SIGTERM', end);
process.on('disconnect', end);
