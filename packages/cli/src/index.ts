export { createProgram, main } from './program.ts';
export { EXIT, EXIT_MEANINGS, type ExitCode } from './support/exit-codes.ts';
