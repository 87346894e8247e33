/**
 * The end of the wire in the virtual machine.
 *
 *     station-wire.ts FOLDER PORT NAME
 */
import { RealClock } from '@chargemesh/base';
import { listenOnWire } from './file-wire.ts';

const [folder = '', port, name = ''] = process.argv.slice(2);
listenOnWire(new RealClock(), folder, { port: Number(port), name });
process.stdout.write(`listening on ${port}\n`);
