#!/usr/bin/env node
// First of all, whatever becomes of it: whoever started this may have had SIGINT ignored.
import { untilSignal } from './support/signals.ts';

const stopped = untilSignal();
// Whoever reads the log may leave; the mesh stays.
process.stderr.on('error', () => {});
const { runManager } = await import('./manager/run-manager.ts');
const { CHARGEMESH_MANAGER: calledAs } = process.env;
// Modules in processes of their own have no use for it.
delete process.env.CHARGEMESH_MANAGER;
process.exit(await runManager({ words: process.argv.slice(2), calledAs, stopped }));
