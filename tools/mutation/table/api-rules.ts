import type { Mutation } from '../mutation.ts';

interface ApiRuleBreak extends Omit<Mutation, 'file' | 'notices'> {
  /** Below packages/api/src. */
  readonly file: string;
}

const breaks: readonly ApiRuleBreak[] = [
  {
    rule: 'a transaction that was stopped here is finished by the EVSE',
    file: 'api/session-state.ts',
    find: `=== 'Local' ? 'FinishedEVSE' : 'Finished'`,
    replace: `=== 'Local' ? 'Finished' : 'FinishedEVSE'`,
  },
  {
    rule: 'a pause goes through FinishedEV',
    file: 'api/session-state.ts',
    find: `  StoppingCharging: 'FinishedEV',`,
    replace: `  StoppingCharging: undefined,`,
  },
  {
    rule: 'an event that says nothing of the state leaves it',
    file: 'api/session-state.ts',
    find: 'stateAfter[event.event] ?? state',
    replace: `stateAfter[event.event] ?? 'Unknown'`,
  },
  {
    rule: 'energy counts in a transaction alone',
    file: 'api/session-info.ts',
    find: 'if (this.#transaction && meteredStates.has(this.#state))',
    replace: 'if (meteredStates.has(this.#state))',
  },
  {
    rule: 'energy counts in the metered states alone',
    file: 'api/session-info.ts',
    find: 'if (this.#transaction && meteredStates.has(this.#state))',
    replace: 'if (this.#transaction)',
  },
  {
    rule: 'energy counts from the start of the transaction',
    file: 'api/session-info.ts',
    find: '      this.#end = this.#begin;\n',
    replace: '',
  },
  {
    rule: 'the source of the enable state stays until another one comes',
    file: 'api/session-info.ts',
    find: '    if (source)\n',
    replace: `    this.#enabledBy = { source: 'Unspecified', state: 'Enabled', priority: 0 };\n    if (source)\n`,
  },
  {
    rule: 'a random delay that is over is not shown',
    file: 'api/session-info.ts',
    find: 'if (!delay || delay.countdown_s <= 0)',
    replace: 'if (!delay)',
  },
  {
    rule: 'a limit of 0 closes both directions',
    file: 'api/external-limits.ts',
    find: 'wanted.watts : wanted.amps) > 0;',
    replace: 'wanted.watts : wanted.amps) >= 0;',
  },
  {
    rule: 'a limit closes the other direction',
    file: 'api/external-limits.ts',
    find: 'schedule_export: isImport ? closed : limited,',
    replace: 'schedule_export: isImport ? [] : limited,',
  },
  {
    rule: 'phases of a limit are fixed, not only limited',
    file: 'api/external-limits.ts',
    find: '        ac_min_phase_count: { value: wanted.phases, source },\n',
    replace: '',
  },
  {
    rule: 'a limit goes to the energy node of its EVSE',
    file: 'api/evse-api.ts',
    find: '.find(({ mapping }) => mapping?.evse === this.#evseId)',
    replace: '.find(({ mapping }) => mapping !== undefined)',
  },
  {
    rule: 'a random delay is that of its EVSE',
    file: 'api/evse-api.ts',
    find: '.find(({ moduleId }) => moduleId === evse.moduleId)',
    replace: '.at(0)',
  },
  {
    rule: 'nothing acts before all EVSEs are ready',
    file: 'api/release.ts',
    find: '|| this.#waitedFor.size > 0) return;',
    replace: ') return;',
  },
  {
    rule: 'an empty wish is none',
    file: 'api/api-command.ts',
    find: `    throw new RangeError('it is no JSON');`,
    replace: '    value = {};',
  },
  {
    rule: 'what is half a number is none',
    file: 'api/api-command.ts',
    find: `Number.NaN : Number(text);`,
    replace: `Number.NaN : Number.parseFloat(text);`,
  },
  {
    rule: 'a transaction is stopped before its lock is opened',
    file: 'api/carry-out.ts',
    find: `      await evse.stop('UnlockCommand');\n`,
    replace: '',
  },
  {
    rule: 'charging schedules are told once',
    file: 'api/module.ts',
    find: '    newSchedules = undefined;\n',
    replace: '',
  },
  {
    rule: 'an error history that is slow is asked once at a time',
    file: 'api/module.ts',
    find: 'if (!history || asking) return;',
    replace: 'if (!history) return;',
  },
  {
    rule: 'a session is known after the death of the API',
    file: 'api/evse-api.ts',
    find: '      memory.save(evse.moduleId, this.#session, position);\n',
    replace: '',
  },
  {
    rule: 'numbers have the decimal places of the configuration',
    file: 'api/precision.ts',
    find: 'Math.min(places, MOST_DECIMAL_PLACES)',
    replace: '2',
  },
  {
    rule: 'a car is at the letter of its pilot, whatever its relay does',
    file: 'ev-api/module.ts',
    find: 'if (pilotLetters.has(event)) state = event;',
    replace: 'state = event;',
  },
];

/** What programs outside see of the station, and what they may do to it. */
export const apiRules: readonly Mutation[] = breaks.map((rule) => ({
  ...rule,
  file: `packages/api/src/${rule.file}`,
  notices: ['test', 'packages/api'],
}));
