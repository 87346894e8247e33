import { afterEach } from '@jest/globals';
import { MeshProcess } from './mesh-process.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Does so when the present test is over, last in first out. */
export function atEnd(work: () => Promise<void> | void): void {
  cleanUps.push(work);
}

/** A mesh for the present test. */
export function newMesh(): MeshProcess {
  const mesh = new MeshProcess();
  atEnd(() => mesh.end());
  return mesh;
}
