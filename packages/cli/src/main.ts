#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// Twenty megabytes less in one process, at no cost that could be measured. It has to be said before anything is allocated.
setFlagsFromString('--max-semi-space-size=1');

const { main } = await import('./program.ts');
process.exit(await main(process.argv));
