export { Auth, type AuthOptions } from './auth.ts';
export type { AuthConfig } from './auth-settings.ts';
export { AuthModule } from './module.ts';
