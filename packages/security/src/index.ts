export { EvseSecurityModule } from './module.ts';
