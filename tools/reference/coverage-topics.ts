/** What rows of the coverage table may wait for, by the name that stands in `later`. */
export const coverageTopics = {
  'smart charging': 'charging profiles, composite schedules, and what limits come of them',
  security: 'security profiles, TLS, certificates of the CSMS, security events, signed firmware, logs of security',
  'plug and charge': 'contracts of cars, certificates for ISO 15118, OCSP',
  pricing: 'the messages of the California pricing extension',
} as const;

/** The name of a topic. */
export type CoverageTopic = keyof typeof coverageTopics;

/** Whether there is a topic of this name. */
export function isCoverageTopic(name: string): name is CoverageTopic {
  return Object.hasOwn(coverageTopics, name);
}
