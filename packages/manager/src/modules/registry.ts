/** The modules that come with the mesh, and the package of each. A package is imported when one of its modules is started. */
export const builtinModules: Readonly<Record<string, () => Promise<object>>> = {
  Auth: () => import('@chargemesh/auth'),
  DummyTokenProvider: () => import('@chargemesh/station-services'),
  DummyTokenProviderManual: () => import('@chargemesh/station-services'),
  DummyTokenValidator: () => import('@chargemesh/station-services'),
  EnergyManager: () => import('@chargemesh/energy-manager'),
  EnergyNode: () => import('@chargemesh/energy-node'),
  ErrorHistory: () => import('@chargemesh/station-services'),
  EvManager: () => import('@chargemesh/simulator'),
  EvseManager: () => import('@chargemesh/evse-manager'),
  EvseSecurity: () => import('@chargemesh/security'),
  OCPP: () => import('@chargemesh/ocpp'),
  PersistentStore: () => import('@chargemesh/station-services'),
  SlacSimulator: () => import('@chargemesh/simulator'),
  System: () => import('@chargemesh/system'),
  YetiSimulator: () => import('@chargemesh/simulator'),
};
