import type { BrokerChoice, MeshSettings } from '@chargemesh/manager';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

/**
 * Which broker a mesh uses: the flag's, else the environment's or the file's, else one of its own.
 * @throws CliError where the flag is no `host:port`
 */
export function brokerChoice(flag: string | undefined, settings: MeshSettings): BrokerChoice {
  if (flag !== undefined) return { kind: 'outside', ...parseAddress(flag) };
  if (settings.brokerSocket !== undefined) return { kind: 'socket', path: settings.brokerSocket };
  return settings.broker ? { kind: 'outside', ...settings.broker } : { kind: 'embedded' };
}

/** Reads `host:port` or `host`. @throws CliError */
export function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:mqtt:\/\/)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(text);
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  const port = Number(match?.[2] ?? 1883);
  if (host === undefined || port < 1 || port > 65_535)
    throw new CliError('CLI_USAGE', `--broker ${text}: write host:port, such as 127.0.0.1:1883`, EXIT.usage);
  return { host, port };
}
