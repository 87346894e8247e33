export { EvManagerModule } from './ev-manager/module.ts';
export { checkScript } from './ev-manager/script.ts';
export { SlacSimulatorModule } from './slac-simulator/module.ts';
export { YetiSimulatorModule } from './yeti-simulator/module.ts';
