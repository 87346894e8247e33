import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

/** Unix sockets have short names: 108 bytes on Linux, 104 elsewhere. */
const SOCKET_PATH_MAX = 100;

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of all meshes of this user. */
export function stateRoot(environment: Environment): string {
  const base = environment.XDG_STATE_HOME;
  return join(base?.startsWith('/') ? base : join(homedir(), '.local', 'state'), 'chargemesh');
}

/** Where a configuration keeps its state unless told otherwise: one folder a configuration file. */
export function defaultStateFolder(configFile: string, environment: Environment): string {
  const file = resolve(configFile);
  const name = basename(file).replace(/\.(yaml|json)$/, '');
  return join(stateRoot(environment), `${name}-${hash(file)}`);
}

/** The control socket of a state folder: in it, or, where its path would be too long, below the system's folder for such things. */
export function controlSocketPath(stateFolder: string, environment: Environment): string {
  const path = join(stateFolder, 'control.sock');
  if (Buffer.byteLength(path) <= SOCKET_PATH_MAX) return path;
  return join(environment.XDG_RUNTIME_DIR ?? tmpdir(), `chargemesh-${hash(stateFolder)}.sock`);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
