export { SystemModule } from './module.ts';
