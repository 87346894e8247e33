import { parseAnswer } from '@chargemesh/csms';
import { decodeResult, decodeVariable, encodeCommand, matchesFilter } from '@chargemesh/framework';
import { heal } from '../chaos/heal.ts';
import { settle } from '../chaos/settle.ts';
import type { Strikes } from '../chaos/strikes.ts';
import type { WholeLedger } from '../chaos/whole-ledger.ts';
import { durationMs } from '../language/duration.ts';
import type { BusPattern, DurationText, FramePattern, OutsidePattern, Step } from '../language/scenario.ts';
import { matches } from '../match/matches.ts';
import type { EvseView, LinkState, SeenMessage, World } from '../world/world.ts';
import { fillIn } from './fill-in.ts';
import type { FrameLog } from './frame-log.ts';
import type { Plugs } from './plugs.ts';
import { StepFailure } from './step-failure.ts';

const USUAL_PATIENCE_MS = 30_000;
/** A module that is to stay dead is looked for so often. */
const KILL_AGAIN_MS = 100;
/** The car stays until somebody unplugs it. */
const STAY_S = 31_536_000;

/** What a step works on. */
export interface Stage {
  readonly world: World;
  readonly frames: FrameLog;
  readonly strikes: Strikes;
  readonly whole: WholeLedger;
  readonly plugs: Plugs;
  /** Bus messages that no step has looked at yet. */
  readonly messages: SeenMessage[];
}

/** Carries out one step. @throws StepFailure where what it waits for does not come about */
export async function perform(step: Step, stage: Stage): Promise<void> {
  const { world } = stage;
  if ('plug' in step) return plug(step.plug, stage);
  if ('unplug' in step) return unplug(step.unplug, stage);
  if ('pause' in step) return car(step.pause, `pause;sleep ${STAY_S}`, stage);
  if ('resume' in step) return car(step.resume, `${draw({})};sleep ${STAY_S}`, stage);
  if ('script' in step) return script(step.script.evse, step.script.run, stage);
  if ('swipe' in step) return swipe(step.swipe, stage);
  if ('publish' in step) return publish(step.publish, stage);
  if ('command' in step) return command(step.command, stage);
  if ('call' in step) return call(step.call, stage);
  if ('answer' in step) {
    const { action, with: words, next } = step.answer;
    return world.csms.setAnswer(action, parseAnswer(words.split(' ')), next === undefined ? {} : { next });
  }
  if ('expect' in step) return expectFrames('frames' in step.expect ? step.expect : { frames: step.expect }, stage);
  if ('quiet' in step) return quiet(step.quiet, stage);
  if ('bus' in step) return bus(step.bus, stage);
  if ('outside' in step) return outside(step.outside, stage);
  if ('status' in step) return status(step.status, stage);
  if ('wait' in step) return void (await world.until(() => false, durationMs(step.wait)));
  if ('link' in step) return world.setLink(linkState(step.link));
  if ('kill' in step) return kill(step.kill, stage);
  if ('restart' in step) return world.restart(step.restart);
  if ('fault' in step) return fault(step.fault, stage);
  if ('strike' in step) return stage.strikes.arm(step.strike);
  if ('attempt' in step) return attempt(step.attempt, stage);
  if ('heal' in step) return heal(world, stage.strikes);
  if ('settle' in step)
    return settle(world, stage.whole, (evse) => car(evse, 'unplug', stage), patienceOf(step.settle));
  if ('clock' in step) return world.moveWall(durationMs(step.clock));
  return ledger(step.ledger, stage);
}

/** A step in words, for whoever looks on. */
export function describeStep(step: Step): string {
  const [[name, value] = ['', undefined]] = Object.entries(step);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `${name} ${text.length > 160 ? `${text.slice(0, 157)}…` : text}`;
}

type Of<K extends string> =
  Extract<Step, Record<K, unknown>> extends infer S ? (K extends keyof S ? S[K] : never) : never;

async function plug(step: Of<'plug'>, stage: Stage): Promise<void> {
  const { evse, ...draws } = typeof step === 'number' ? { evse: step } : step;
  await script(evse, `sleep 1;iec_wait_pwr_ready;sleep 1;${draw(draws)};sleep ${STAY_S}`, stage);
  await evseIs(stage, evse, 'a session', ({ session }) => session !== undefined, USUAL_PATIENCE_MS);
}

async function unplug(evse: number, stage: Stage): Promise<void> {
  await car(evse, 'unplug', stage);
  // Where transactions outlive their cars this one pauses, if it does not yet.
  const isOver = ({ session, status }: EvseView): boolean =>
    session === undefined || (status === 'SuspendedEV' && stage.plugs.isFree(evse));
  await evseIs(stage, evse, 'no session', isOver, USUAL_PATIENCE_MS);
}

function draw({ current = 16, phases = 3 }: { current?: number; phases?: number }): string {
  return `draw_power_regulated ${current},${phases}`;
}

async function script(evse: number, run: string, stage: Stage): Promise<void> {
  const topic = carTopic(evse, stage.world);
  await stage.world.publish(`${topic}/enable`, 'true');
  await stage.world.publish(`${topic}/execute_charging_session`, run);
}

async function car(evse: number, run: string, { world }: Stage): Promise<void> {
  await world.publish(`${carTopic(evse, world)}/modify_charging_session`, run);
}

function carTopic(evse: number, { layout }: World): string {
  const car = layout.evses.find((found) => found.evse === evse)?.car;
  if (!car) throw new StepFailure(`EVSE ${evse} has no simulated car`);
  return `everest_external/nodered/${car.connectorId}/carsim/cmd`;
}

async function swipe({ evse, card }: Of<'swipe'>, { world }: Stage): Promise<void> {
  const found = world.layout.evses.find((layout) => layout.evse === evse);
  const [topic] = world.layout.cardTopics;
  if (topic === undefined) throw new StepFailure('the station has no reader of cards');
  if (evse !== undefined && !found) throw new StepFailure(`EVSE ${evse} has no reader of cards`);
  const token = {
    id_token: { value: card, type: 'ISO14443' },
    authorization_type: 'RFID',
    ...(found && { connectors: [found.connectorId] }),
  };
  await world.publish(topic, JSON.stringify(token));
}

async function publish({ topic, payload = '' }: Of<'publish'>, { world }: Stage): Promise<void> {
  await world.publish(topic, typeof payload === 'string' ? payload : JSON.stringify(fillIn(payload, world)));
}

/** Who calls commands here. */
const CALLER = 'scenario';
/** Each command has an id of its own: one that came twice would not be carried out twice. */
let commands = 0;

async function command(step: Of<'command'>, { world, messages }: Stage): Promise<void> {
  const { module, implementation = 'main', name, args = {}, within } = step;
  const answers = world.topics.commandResponse(module, implementation, name, CALLER);
  const earlier = messages.filter(({ topic }) => topic === answers).length;
  const id = `${CALLER}-${++commands}`;
  const asked = encodeCommand({ id, origin: CALLER, args: fillIn(args, world) });
  await world.publish(world.topics.command(module, implementation, name), asked);
  // The messages stay for a step that looks at what the command has brought about.
  const answer = (): SeenMessage | undefined => messages.filter(({ topic }) => topic === answers)[earlier];
  await world.until(() => answer() !== undefined, patience(within));
  const found = answer();
  if (!found) throw new StepFailure(`${module} did not answer ${name}`);
  const outcome = decodeResult(found.payload);
  if ('error' in outcome) throw new StepFailure(`${name} was answered by an error: ${outcome.error.message}`);
  if (step.result !== undefined && !matches(outcome.retval, fillIn(step.result, world)))
    throw new StepFailure(`${name} was answered ${JSON.stringify(outcome.retval)}`);
}

async function call(step: Of<'call'>, stage: Stage): Promise<void> {
  const { world } = stage;
  const { action, payload = {}, answer, error, force, within } = step;
  const withinMs = patience(within);
  const options = { timeoutMs: withinMs, ...(force !== undefined && { force }) };
  const asked = world.csms.call(world.station, action, fillIn(payload, world), options);
  const outcome = await world.settled(asked, withinMs + 1_000).catch((thrown: unknown) => {
    throw new StepFailure(`${action} was not answered: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  });
  if (outcome.kind === 'error') {
    if (outcome.code !== error)
      throw new StepFailure(`${action} was answered by CALLERROR ${outcome.code}: ${outcome.description}`);
  } else if (error !== undefined)
    throw new StepFailure(`${action} was answered, not refused by ${error}: ${JSON.stringify(outcome.payload)}`);
  else if (answer !== undefined && !matches(outcome.payload, fillIn(answer, world)))
    throw new StepFailure(`${action} was answered ${JSON.stringify(outcome.payload)}`);
}

async function expectFrames(
  { frames, within }: { frames: readonly FramePattern[]; within?: DurationText },
  { world, frames: log }: Stage,
): Promise<void> {
  let missing: FramePattern | undefined;
  const came = await world.until(() => {
    missing = log.take(frames.map((pattern) => fillIn(pattern, world)));
    return missing === undefined;
  }, patience(within));
  if (came) return;
  const seen = log.unseen.map(({ name, from, payload }) => `    ${from} ${name} ${JSON.stringify(payload)}`);
  throw new StepFailure(
    [`${JSON.stringify(missing)} did not come. Since the last one that was looked at:`, ...seen].join('\n'),
  );
}

async function quiet(step: Of<'quiet'>, { world, frames, messages }: Stage): Promise<void> {
  frames.skip();
  messages.length = 0;
  const patterns = (step.frames ?? []).map((pattern) => fillIn(pattern, world));
  const readers = [
    ...(step.bus ?? []).map((pattern) => busReader(pattern, world)),
    ...(step.outside ?? []).map((pattern) => outsideReader(pattern, world)),
  ];
  let heard: unknown;
  const broken = (): boolean => {
    for (const message of messages.splice(0))
      heard ??= readers.map((read) => read(message)).find((found) => found?.fits)?.value;
    return heard !== undefined || frames.find(patterns) !== undefined;
  };
  await world.until(broken, durationMs(step.for));
  if (heard !== undefined) throw new StepFailure(`it was published: ${JSON.stringify(heard)}`);
  const found = frames.find(patterns);
  if (found) throw new StepFailure(`${found.name} came: ${JSON.stringify(found.payload)}`);
  frames.skip();
}

async function bus({ within, ...pattern }: Of<'bus'>, stage: Stage): Promise<void> {
  const what = `${pattern.module} did not publish such a ${pattern.variable}`;
  await hear(busReader(pattern, stage.world), within, what, stage);
}

async function outside({ within, ...pattern }: Of<'outside'>, stage: Stage): Promise<void> {
  await hear(outsideReader(pattern, stage.world), within, `no such ${pattern.topic} was published`, stage);
}

/** Looks at messages until one fits. @param what is said where none comes */
async function hear(
  read: Reader,
  within: DurationText | undefined,
  what: string,
  { world, messages }: Stage,
): Promise<void> {
  let last: unknown;
  const came = await world.until(() => {
    for (let message = messages.shift(); message; message = messages.shift()) {
      const found = read(message);
      last = found?.value ?? last;
      if (found?.fits) return true;
    }
    return false;
  }, patience(within));
  if (came) return;
  throw new StepFailure(`${what}: ${last === undefined ? 'nothing came' : `the last was ${JSON.stringify(last)}`}`);
}

/** Reads a value out of a message that may hold one, and whether it is the one that is looked for. */
type Reader = (message: SeenMessage) => { readonly value: unknown; readonly fits: boolean } | undefined;

function busReader({ module, implementation, variable, value = '*' }: BusPattern, world: World): Reader {
  const filter = world.topics.variable(module, implementation ?? '+', variable);
  return ({ topic, payload, retained }) => {
    if (retained || !matchesFilter(filter, topic)) return undefined;
    const found = decodeVariable(payload);
    return { value: found, fits: matches(found, fillIn(value, world)) };
  };
}

function outsideReader({ topic: wanted, value = '*' }: OutsidePattern, world: World): Reader {
  const filter = world.topics.prefixes.external + wanted;
  return ({ topic, payload }) => {
    if (!matchesFilter(filter, topic)) return undefined;
    const found = jsonOrText(payload);
    return { value: found, fits: matches(found, fillIn(value, world)) };
  };
}

function jsonOrText(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

async function status({ evse, within, ...wanted }: Of<'status'>, stage: Stage): Promise<void> {
  const { is, session, transaction } = wanted;
  const fits = (found: EvseView): boolean =>
    (is === undefined || found.status === is) &&
    (session === undefined || (found.session !== undefined) === session) &&
    (transaction === undefined || (found.session?.transaction ?? false) === transaction);
  await evseIs(stage, evse, JSON.stringify(wanted), fits, patience(within));
}

async function evseIs(
  { world }: Stage,
  evse: number,
  what: string,
  fits: (found: EvseView) => boolean,
  withinMs: number,
): Promise<void> {
  const look = async (): Promise<EvseView | undefined> => (await world.evses()).find((view) => view.evse === evse);
  const came = await world.until(async () => {
    const found = await look();
    return found !== undefined && fits(found);
  }, withinMs);
  if (!came) throw new StepFailure(`EVSE ${evse} has not come to ${what}: ${JSON.stringify(await look())}`);
}

async function kill(step: Of<'kill'>, { world }: Stage): Promise<void> {
  if (typeof step === 'string') return world.kill(step);
  const endMs = world.clock.monotonicMs() + durationMs(step.for);
  while (world.clock.monotonicMs() < endMs) {
    await world.kill(step.what);
    await world.until(() => false, Math.min(KILL_AGAIN_MS, endMs - world.clock.monotonicMs()));
  }
}

function linkState(step: Of<'link'>): LinkState {
  return typeof step === 'string' ? { kind: step } : { kind: 'slow', delayMs: durationMs(step.slow) };
}

async function fault({ evse, type, clear = false }: Of<'fault'>, { world }: Stage): Promise<void> {
  const topic = carTopic(evse, world).replace(/cmd$/, 'error');
  await world.publish(topic, JSON.stringify({ error_type: type, raise: clear ? 'false' : 'true' }));
}

/** At the end an answer may still be waited for, and a repeated request is too. */
function patienceOf(settle: Of<'settle'>): { withinMs: number; quietMs: number } {
  const { within, quiet = '90 s' } = typeof settle === 'object' ? settle : { within: settle };
  return { withinMs: durationMs(within), quietMs: durationMs(quiet) };
}

/** Of a station that is in pieces nothing can be asked, and that is no fault of it. */
async function attempt(step: Step, stage: Stage): Promise<void> {
  try {
    await perform(step, stage);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

async function ledger(wanted: Of<'ledger'>, { world }: Stage): Promise<void> {
  const { transactions } = world.csms.ledger(world.station);
  if (!matches(transactions, fillIn(wanted, world)))
    throw new StepFailure(`the ledger is ${JSON.stringify(transactions, null, 2)}`);
}

function patience(within: DurationText | undefined): number {
  return within === undefined ? USUAL_PATIENCE_MS : durationMs(within);
}
