import type { Configuration } from '../configuration/configuration.ts';
import type { FeatureProfile } from './incoming-action.ts';

/** Whether a feature profile is switched on. @see OCPP 1.6, 3.4 */
export function supportsProfile(configuration: Configuration, profile: FeatureProfile): boolean {
  if (profile === 'always') return true;
  return configuration
    .get('SupportedFeatureProfiles')
    .split(',')
    .some((name) => name.trim() === profile);
}
