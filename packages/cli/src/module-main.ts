// Twenty of these start at once where each module has a process of its own: nothing is imported that one module does not need.
import { runOneModule } from './commands/module.ts';
import { exitCodeOf } from './support/cli-error.ts';
import { report } from './support/report.ts';

try {
  process.exit(await runOneModule(process.argv[2] ?? '', {}));
} catch (error) {
  report(error);
  process.exit(exitCodeOf(error));
}
