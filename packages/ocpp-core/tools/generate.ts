import { mkdirSync, writeFileSync } from 'node:fs';
import { generatedFiles, repository } from './generated-files.ts';

// Writes what is made from the table of configuration keys: node --conditions=development packages/ocpp-core/tools/generate.ts
for (const [path, content] of generatedFiles()) {
  const file = new URL(path, repository);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, content);
}
