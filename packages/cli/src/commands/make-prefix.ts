import { copyFileSync, cpSync, existsSync, lstatSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '@chargemesh/base';
import { repositoryFolder } from '@chargemesh/contracts';
import { installation } from '@chargemesh/manager';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { print, printJson } from '../support/output.ts';

/** Contracts, for tools that read them. What a mesh goes by are always its own. */
const CONTRACTS = ['interfaces', 'types', 'errors', 'schemas'] as const;

/** Folders that tools expect, be they empty, below the installation folder. */
const FOLDERS = [
  'bin',
  'libexec/everest/modules',
  'share/everest/www',
  'share/everest/modules/OCPP/component_config/standardized',
  'share/everest/modules/OCPP/component_config/custom',
  'share/everest/modules/OCPP/device_model_migrations',
  ...['csms', 'cso', 'mf', 'mo', 'oem', 'v2g'].map((authority) => `etc/everest/certs/ca/${authority}`),
  ...['csms', 'cso', 'oem', 'v2g'].map((client) => `etc/everest/certs/client/${client}`),
];

/** Programs of the reference write their logs by it. */
const LOGGING = `# How programs of EVerest write their logs. What Chargemesh says goes by --log-level.
[Core]
DisableLogging=false
Filter="%Severity% >= INFO"

[Sinks.Console]
Destination=Console
Format="%TimeStamp% [%Severity%] %Process% :: %Message%"
Asynchronous=false
AutoFlush=true
`;

/** The configurations of ours, by their names in the installation. Without a name the manager takes `default`. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  'default.yaml': 'config-sil-ocpp.yaml',
  'config-sil-ocpp.yaml': 'config-sil-ocpp.yaml',
  'config-sil-one-evse.yaml': 'config/config-sil-one-evse.yaml',
};

/** Lays out an installation folder as EVerest has one. What somebody changed in `etc` or among the OCPP configurations stays. */
export async function makePrefix(folder: string, options: { readonly json?: boolean }): Promise<ExitCode> {
  const prefix = resolve(folder);
  if (existsSync(prefix) && !lstatSync(prefix).isDirectory())
    throw new CliError('CLI_USAGE', `${prefix} is no folder`, EXIT.usage);
  const { etc, share, ocpp } = installation(prefix);
  for (const path of FOLDERS) makeFolder(join(prefix, path));
  for (const kind of CONTRACTS) cpSync(join(repositoryFolder, kind), join(share, kind), { recursive: true });
  cpSync(join(repositoryFolder, 'config', 'ocpp'), ocpp, { recursive: true, force: false });
  for (const [name, source] of Object.entries(CONFIGURATIONS)) {
    const target = join(etc, name);
    if (!existsSync(target)) copyFileSync(join(repositoryFolder, source), target);
  }
  const logging = join(etc, 'default_logging.cfg');
  if (!existsSync(logging)) writeFileSync(logging, LOGGING);
  const manager = join(prefix, 'bin', 'manager');
  rmSync(manager, { force: true });
  symlinkSync(join(repositoryFolder, 'packages', 'cli', 'bin', 'manager'), manager);
  if (options.json) printJson({ prefix, manager });
  else print(`${prefix} is laid out; start it with\n  ${manager} --prefix ${prefix} --config config-sil-ocpp`);
  return EXIT.ok;
}
