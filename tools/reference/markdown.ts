/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Says to whoever opens a page in an editor where it comes from. */
export function generatedNote(source: string): string {
  return `<!-- Written by \`pnpm generate\` from ${source}. -->`;
}
