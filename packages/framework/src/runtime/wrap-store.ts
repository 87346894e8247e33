import type { Store } from '@chargemesh/base';

/** Whose database it is. */
export interface StorePlace {
  readonly moduleId: string;
  /** As the module opened it: a name, or an absolute path. */
  readonly name: string;
}

/** Puts something between a module and a database of its own: a test that looks on, or has a write fail. */
export type WrapStore = (store: Store, place: StorePlace) => Store;
