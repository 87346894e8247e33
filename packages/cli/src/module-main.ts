import { setFlagsFromString } from 'node:v8';

// Twenty of these start at once where each module has a process of its own: nothing is imported that one module does not need.
setFlagsFromString('--max-semi-space-size=1');

const { runOneModule } = await import('./commands/module.ts');
const { exitCodeOf } = await import('./support/cli-error.ts');
const { report } = await import('./support/report.ts');
try {
  process.exit(await runOneModule(process.argv[2] ?? '', {}));
} catch (error) {
  report(error);
  process.exit(exitCodeOf(error));
}
