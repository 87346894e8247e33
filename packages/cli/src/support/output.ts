/** Prints a line of data to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints data for programs: one JSON value. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, process.stdout.isTTY ? 2 : undefined)}\n`);
}

/** Prints what is meant for a person beside the data, to standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Rows as columns of equal width. */
export function columns(rows: readonly (readonly string[])[], gap = 2): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, [...cell].length);
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd((widths[index] ?? 0) + gap))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}
