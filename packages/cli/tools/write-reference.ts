/** Writes docs/reference/cli.md. A test says when it is stale. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '@chargemesh/contracts';
import { cliReference } from './cli-reference.ts';

writeFileSync(join(repositoryFolder, 'docs', 'reference', 'cli.md'), cliReference());
