import { isAbsolute } from 'node:path';
import { formatTimestamp, messageOf } from '@chargemesh/base';
import { defineModule, type Module, type ModuleDefinition } from '@chargemesh/framework';
import { ErrorArchive, errorMigrations, isTellable } from './error-archive.ts';

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
    raised: (error) => {
      if (!isTellable(error))
        module.log.warn('an error is written down, and left out of answers: one of its ids is too short', { ...error });
      note(() => archive.raised(error, formatTimestamp(module.clock.wallMs())));
    },
    cleared: (error) => note(() => archive.cleared(error)),
  });
  module.provide('error_history').implement({ get_errors: ({ filters }) => archive.find(filters) });
}
