import { isAbsolute } from 'node:path';
import { messageOf } from '@chargemesh/base';
import { defineModule, type Module, type ModuleDefinition } from '@chargemesh/framework';
import { ErrorArchive, errorMigrations } from './error-archive.ts';

/** Remembers all errors of the mesh. */
export const ErrorHistoryModule: ModuleDefinition = defineModule('ErrorHistory', setUp);

function setUp(module: Module<'ErrorHistory'>): undefined {
  const path = module.provide('error_history').config.database_path;
  const archive = new ErrorArchive(
    module.openStore(isAbsolute(path) ? path : path.replace(/\.db$/, ''), errorMigrations),
  );
  archive.startAnew();
  /** A full disk must not keep anybody from hearing of an error. */
  const note = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      module.log.error(`an error was not written to the history: ${messageOf(error)}`);
    }
  };
  module.globalErrors.listen({
    raised: (error) => note(() => archive.raised(error)),
    cleared: (error) => note(() => archive.cleared(error)),
  });
  module.provide('error_history').implement({ get_errors: ({ filters }) => archive.find(filters) });
}
