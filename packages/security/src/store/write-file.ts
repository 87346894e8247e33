import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Writes a file so that there is the old one or the new one, whatever happens; never half of it. Readable by its owner alone. */
export function writeFile(path: string, content: string | Uint8Array): void {
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}
