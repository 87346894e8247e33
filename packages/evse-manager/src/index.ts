export { EvseManagerModule } from './module.ts';
