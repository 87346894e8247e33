/** What a command's exit code says. Scripts rely on them. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  noMesh: 3,
  configuration: 4,
  alreadyRunning: 5,
  reset: 75,
  notApplicable: 77,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The meaning of each code, for the documentation. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done',
  failed: 'what was asked for failed; the message says why',
  usage: 'the command line is wrong',
  noMesh: 'no mesh runs that could be asked, or it is not clear which one is meant',
  configuration: 'the configuration has faults',
  alreadyRunning: 'a mesh of this configuration runs already',
  reset: 'the station asked to be started anew (a hard reset): whoever started it starts it again',
  notApplicable: 'nothing was tried: what was asked for does not apply here; the message says why',
};
