import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateRoot } from './paths.ts';

/** A mesh that says it runs. */
export interface RunningMesh {
  readonly pid: number;
  readonly since: string;
  readonly config: string;
  readonly state: string;
  readonly socket: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Writes down that a mesh runs, so that commands find it wherever its state folder is. @returns how to take it back */
export function announceMesh(mesh: RunningMesh, environment: Environment): () => void {
  const folder = notesFolder(environment);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${createHash('sha256').update(mesh.state).digest('hex').slice(0, 16)}.json`);
  writeFileSync(path, JSON.stringify(mesh));
  return () => rmSync(path, { force: true });
}

/** All meshes that wrote down that they run. One that was killed may still be among them: try its socket. */
export function listMeshes(environment: Environment): RunningMesh[] {
  const folder = notesFolder(environment);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.sort().flatMap((name) => {
    try {
      return [JSON.parse(readFileSync(join(folder, name), 'utf8')) as RunningMesh];
    } catch {
      return [];
    }
  });
}

function notesFolder(environment: Environment): string {
  return join(stateRoot(environment), 'running');
}
