import { resolve } from 'node:path';
import {
  ControlClient,
  controlSocketPath,
  defaultStateFolder,
  listMeshes,
  type RunningMesh,
} from '@chargemesh/manager';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

/** Which mesh a command is meant for. */
export interface MeshTarget {
  /** Its state folder. */
  readonly state?: string;
  /** Its configuration, where it keeps its state in the default folder. */
  readonly config?: string;
}

/**
 * Connects to the mesh that is meant: the one of that state folder or configuration; else the only one that runs.
 * @throws CliError with exit code 3 where none runs, or several do
 */
export async function findMesh({ state, config }: MeshTarget): Promise<ControlClient> {
  const { env } = process;
  const folder = state ?? env.CHARGEMESH_STATE ?? (config === undefined ? undefined : defaultStateFolder(config, env));
  if (folder !== undefined) return await connectTo(resolve(folder));
  const running = await runningMeshes();
  const [only, ...others] = running;
  if (!only) throw new CliError('MESH_NOT_RUNNING', 'no mesh runs here: start one with "./mesh up"', EXIT.noMesh);
  if (others.length === 0) return only.client;
  for (const { client } of running) client.close();
  const list = running.map(({ mesh }) => `  --state ${mesh.state}   (${mesh.config}, pid ${mesh.pid})`).join('\n');
  throw new CliError('MESH_AMBIGUOUS', `${running.length} meshes run: say which one is meant\n${list}`, EXIT.noMesh);
}

/** The meshes that answer, with a connection to each. */
export async function runningMeshes(): Promise<{ mesh: RunningMesh; client: ControlClient }[]> {
  const found: { mesh: RunningMesh; client: ControlClient }[] = [];
  for (const mesh of listMeshes(process.env)) {
    const client = await ControlClient.connect(mesh.socket).catch(() => undefined);
    if (client) found.push({ mesh, client });
  }
  return found;
}

async function connectTo(folder: string): Promise<ControlClient> {
  try {
    return await ControlClient.connect(controlSocketPath(folder, process.env));
  } catch {
    throw new CliError('MESH_NOT_RUNNING', `no mesh runs with the state folder ${folder}`, EXIT.noMesh);
  }
}
