import { ChargemeshError, RealClock } from '@chargemesh/base';
import { findMesh, type MeshTarget } from './find-mesh.ts';
import { MeshSession } from './mesh-session.ts';
import { note } from './output.ts';

const LOOK_EVERY_MS = 100;

/**
 * Looks at a mesh for as long as its process lives: at a hard reset that process builds the mesh anew, and `look` begins anew with it.
 * @throws CliError where no mesh runs, ChargemeshError `MESH_GONE` where its process ended
 */
export async function followMesh<T>(target: MeshTarget, look: (session: MeshSession) => Promise<T>): Promise<T> {
  let where = target;
  for (;;) {
    let pid: number | undefined;
    try {
      return await MeshSession.with(where, (session) => {
        // While it is away, another one could be taken for it.
        where = { state: session.status.state };
        pid = session.status.pid;
        return look(session);
      });
    } catch (error) {
      const isGone = error instanceof ChargemeshError && error.code === 'MESH_GONE';
      if (!isGone || pid === undefined || !(await isBack(where, pid))) throw error;
      note('the mesh was started anew');
    }
  }
}

async function isBack(where: MeshTarget, pid: number): Promise<boolean> {
  const clock = new RealClock();
  while (isAlive(pid)) {
    const client = await findMesh(where).catch(() => undefined);
    if (client) {
      client.close();
      return true;
    }
    await clock.sleep(LOOK_EVERY_MS);
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
