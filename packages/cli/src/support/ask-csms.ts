import { CliError } from './cli-error.ts';
import { findMesh, type MeshTarget } from './find-mesh.ts';

/**
 * Asks the CSMS of a mesh, or one that runs alone.
 * @param onEvent is given what comes before the answer
 * @param over ends the question early
 * @returns the answer; undefined where it ended early
 * @throws CliError `CLI_NO_CSMS` where the mesh talks to another one
 */
export async function askCsms(
  method: string,
  params: unknown,
  target: MeshTarget,
  { onEvent, over }: { onEvent?: (event: unknown) => void; over?: Promise<unknown> } = {},
): Promise<unknown> {
  const client = await findMesh(target);
  try {
    const answer = client.call(method, params, onEvent);
    return await (over === undefined ? answer : Promise.race([answer, over.then(() => undefined)]));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'CONTROL_UNKNOWN_METHOD')
      throw new CliError('CLI_NO_CSMS', 'this mesh talks to a CSMS of its own; the bundled one does not run');
    throw error;
  } finally {
    client.close();
  }
}
