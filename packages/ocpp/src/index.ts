export { OcppModule } from './module.ts';
