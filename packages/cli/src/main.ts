#!/usr/bin/env node
import { main } from './program.ts';
import { endWithReader } from './support/signals.ts';

endWithReader();
process.exit(await main(process.argv));
