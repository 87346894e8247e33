/** Of SQLite: busy, locked, read-only, I/O error, full, cannot open, protocol. */
const DISK_CODES: ReadonlySet<number> = new Set([5, 6, 8, 10, 13, 14, 15]);

/** Whether a store failed because of its disk, so that the same may succeed later. @see https://www.sqlite.org/rescode.html */
export function isDiskFault(error: unknown): boolean {
  const { code, errcode } = Object(error) as { code?: unknown; errcode?: unknown };
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' && DISK_CODES.has(errcode & 0xff);
}
