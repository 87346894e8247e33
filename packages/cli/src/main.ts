#!/usr/bin/env node
import { main } from './program.ts';
import { exitWhenRead } from './support/exit-when-read.ts';
import { endWithReader } from './support/signals.ts';

endWithReader();
exitWhenRead(await main(process.argv));
