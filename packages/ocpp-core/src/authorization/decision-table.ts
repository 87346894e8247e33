/** What the list or the cache says of an idTag; an entry whose time is over refuses. */
export type Word = 'accepts' | 'refuses' | 'nothing';

/** What a decision about an idTag depends on. */
export interface Facts {
  /** Whether the CSMS can be asked. One that was asked and gave no answer cannot. */
  readonly online: boolean;
  readonly LocalPreAuthorize: boolean;
  readonly LocalAuthorizeOffline: boolean;
  readonly AllowOfflineTxForUnknownId: boolean;
  /** `nothing` while the list is not used. */
  readonly list: Word;
  /** `nothing` while the cache is not used. */
  readonly cache: Word;
}

/** Who decides: what the list or the cache says counts, the CSMS is asked, or the idTag is accepted or refused unknown. */
export type Verdict = 'list' | 'cache' | 'ask' | 'accept' | 'refuse';

/** What a row asks of the facts; of those that it does not name it asks nothing. `something` is either word. */
type Condition = Partial<Omit<Facts, 'list' | 'cache'>> & {
  readonly list?: Word | 'something';
  readonly cache?: Word | 'something';
};

/** From the top, the first row whose conditions all hold decides. */
const decisionTable: readonly { readonly when: Condition; readonly verdict: Verdict }[] = [
  // An entry of the list is final, whatever it says. The CSMS may have changed its mind about what the cache refuses (C-90).
  { when: { online: true, LocalPreAuthorize: true, list: 'something' }, verdict: 'list' },
  { when: { online: true, LocalPreAuthorize: true, cache: 'accepts' }, verdict: 'cache' },
  { when: { online: true }, verdict: 'ask' },
  { when: { LocalAuthorizeOffline: true, list: 'something' }, verdict: 'list' },
  { when: { LocalAuthorizeOffline: true, cache: 'something' }, verdict: 'cache' },
  // Who is known to be refused is not unknown, even where the known are not let in (OCPP 1.6, 3.5.4).
  { when: { AllowOfflineTxForUnknownId: true, list: 'refuses' }, verdict: 'list' },
  { when: { AllowOfflineTxForUnknownId: true, list: 'nothing', cache: 'refuses' }, verdict: 'cache' },
  { when: { AllowOfflineTxForUnknownId: true }, verdict: 'accept' },
  { when: {}, verdict: 'refuse' },
];

/**
 * Who decides about an idTag.
 * @see OCPP 1.6, 3.5 (local authorization and offline behaviour), 9.1.1, 9.1.12 and 9.1.13
 */
export function decide(facts: Facts): Verdict {
  return decisionTable.find(({ when }) => holds(when, facts))?.verdict ?? 'refuse';
}

const FACTS = [
  'online',
  'LocalPreAuthorize',
  'LocalAuthorizeOffline',
  'AllowOfflineTxForUnknownId',
  'list',
  'cache',
] as const satisfies readonly (keyof Facts)[];

function holds(when: Condition, facts: Facts): boolean {
  return FACTS.every((name) => {
    const wanted = when[name];
    return wanted === undefined || wanted === facts[name] || (wanted === 'something' && facts[name] !== 'nothing');
  });
}
