/** Ends the process once whoever reads its output has taken all of it: what a pipe does not hold yet would be lost. */
export function exitWhenRead(code: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
