import { arch, cpus, freemem, loadavg, platform, release, totalmem } from 'node:os';
import { formatTimestamp } from '@chargemesh/base';

/** What a person who reads the logs wants to know of the machine: times UTC, memory in bytes. */
export function stationFacts(nowMs: number): Readonly<Record<string, unknown>> {
  return {
    time: formatTimestamp(nowMs),
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    processors: cpus().length,
    loadAverage: loadavg(),
    memory: { total: totalmem(), free: freemem(), used: process.memoryUsage.rss() },
  };
}
