import { resolve } from 'node:path';
import { cliReference } from '../../packages/cli/tools/cli-reference.ts';
import { generatedFiles } from '../../packages/ocpp-core/tools/generated-files.ts';
import { coveragePage } from './coverage-page.ts';
import { errorsPage } from './errors-page.ts';
import { everestModulesPage } from './everest-modules-page.ts';
import { evseStatesPage } from './evse-states-page.ts';

const root = resolve(import.meta.dirname, '../..');

/** Files beside those of the contracts that are made from code: path and text. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/reference/coverage.md', coveragePage(root)],
    ['docs/reference/cli.md', cliReference()],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/everest-modules.md', everestModulesPage()],
    ['docs/reference/evse-states.md', evseStatesPage()],
    ...generatedFiles(),
  ]);
}
