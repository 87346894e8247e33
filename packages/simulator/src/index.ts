export { YetiSimulatorModule } from './yeti-simulator/module.ts';
