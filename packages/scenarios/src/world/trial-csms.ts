import type { Csms } from '@chargemesh/csms';

/** What a scenario needs of the CSMS that the station is tried at. */
export type TrialCsms = Pick<
  Csms,
  'start' | 'stop' | 'list' | 'ledger' | 'call' | 'setAnswer' | 'drop' | 'halfOpen' | 'violations' | 'onFrame'
>;

/** The same where it is reached over sockets. */
export type ListeningCsms = TrialCsms & Pick<Csms, 'refuse' | 'delayUpgrade'>;

/** Which CSMS a scenario is played at: that of this repository, or one that others have written. */
export type CsmsKind = 'ours' | 'ocpp-rpc';
