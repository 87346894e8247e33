import { formatTimestamp, type Timer } from '@chargemesh/base';
import { decodeVariable } from '@chargemesh/framework';
import type { FaultWindow, Moment, MomentSource, Verdict } from '../world/moment.ts';
import { TRANSACTION_ACTIONS } from '../world/transaction-actions.ts';
import type { SeenMessage, World } from '../world/world.ts';

/** After this an answer that the CSMS holds back is still not there. */
const UNANSWERED_MS = 300;
/** What follows an event at once, and is not in the ledger yet when the event is heard. */
const ABOUT_TO: Readonly<Record<string, string>> = {
  Authorized: 'StartTransaction',
  StoppingCharging: 'StopTransaction',
};

/**
 * The moments of a world in processes of its own, as they can be seen from outside. What is judged here cannot be held up: the fault
 * strikes as soon as it can. To be sure that no answer comes meanwhile the CSMS has to be late with it.
 */
export class ObservedMoments implements MomentSource {
  readonly #world: World;
  readonly #judges = new Set<(moment: Moment) => Verdict>();
  #connectedMs = 0;

  constructor(world: World) {
    this.#world = world;
    world.csms.onFrame(({ dir, text, atMs }) => {
      if (dir === 'event' && text.startsWith('connected')) this.#connectedMs = atMs;
      if (dir === 'rx') this.#received(text);
    });
    world.onMessage((message) => this.#heard(message));
  }

  onMoment(judge: (moment: Moment) => Verdict): Timer {
    this.#judges.add(judge);
    return { cancel: () => void this.#judges.delete(judge) };
  }

  #received(text: string): void {
    const [, action, timestamp] = /^\[2,"[^"]*","(\w+)",.*?(?:"timestamp":"([^"]+)"|\}\])/s.exec(text) ?? [];
    const { clock, layout } = this.#world;
    if (action === undefined || layout.ocppModuleId === undefined || !TRANSACTION_ACTIONS.includes(action)) return;
    const moduleId = layout.ocppModuleId;
    const connectedAt = formatTimestamp(clock.wallMs() - clock.monotonicMs() + this.#connectedMs);
    const windows: FaultWindow[] = ['after the send'];
    if (timestamp !== undefined && timestamp < connectedAt) windows.push('during replay');
    this.#judge({ windows, of: [action], moduleId });
    clock.setTimer(UNANSWERED_MS, () => this.#judge({ windows: ['before the answer'], of: [action], moduleId }));
  }

  #heard({ topic, payload, retained }: SeenMessage): void {
    if (retained || payload === '') return;
    const { layout, topics } = this.#world;
    const { ocppModuleId } = layout;
    if (ocppModuleId === undefined) return;
    for (const { moduleId } of layout.evses) {
      if (topic === topics.variable(moduleId, 'evse', 'session_event')) {
        const event = String(Object(decodeVariable(payload)).event);
        const next = ABOUT_TO[event];
        if (next !== undefined) this.#judge({ windows: ['before the commit'], of: [next], moduleId: ocppModuleId });
        this.#judge({ windows: ['after the commit'], of: [event], moduleId });
      } else if (topic === topics.journalAnswer(moduleId, ocppModuleId) && JSON.parse(payload).events.length > 0)
        this.#judge({ windows: ['during replay'], of: ['position'], moduleId: ocppModuleId });
    }
  }

  #judge(moment: Moment): void {
    for (const judge of this.#judges) judge(moment);
  }
}
