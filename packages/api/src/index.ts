export { APIModule } from './api/module.ts';
export { EvAPIModule } from './ev-api/module.ts';
