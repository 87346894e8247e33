export { OcppModule, ocppModule } from './module.ts';
