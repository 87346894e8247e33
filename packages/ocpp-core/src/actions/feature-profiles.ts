import type { Configuration } from '../configuration/configuration.ts';
import type { FeatureProfile } from './incoming-action.ts';

/** The names in a text that was read last: the text hardly ever changes, and is asked for with each request. */
let known: { readonly text: string; readonly names: ReadonlySet<string> } = { text: '', names: new Set() };

/** Whether a feature profile is switched on. @see OCPP 1.6, 3.4 */
export function supportsProfile(configuration: Configuration, profile: FeatureProfile): boolean {
  if (profile === 'always') return true;
  const text = configuration.get('SupportedFeatureProfiles');
  if (text !== known.text) known = { text, names: new Set(text.split(',').map((name) => name.trim())) };
  return known.names.has(profile);
}
