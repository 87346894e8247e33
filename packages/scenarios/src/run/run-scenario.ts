import { messageOf } from '@chargemesh/base';
import type { Violation } from '@chargemesh/csms';
import type { Hit } from '../chaos/strike.ts';
import { Strikes } from '../chaos/strikes.ts';
import { WholeLedger } from '../chaos/whole-ledger.ts';
import type { ReadScenario } from '../language/read-scenario.ts';
import { limitRule } from '../oracles/limit-rule.ts';
import type { Oracle, OracleFinding } from '../oracles/oracle.ts';
import { relayRule } from '../oracles/relay-rule.ts';
import type { SeenMessage, World } from '../world/world.ts';
import { FrameLog } from './frame-log.ts';
import { Plugs } from './plugs.ts';
import { StepFailure } from './step-failure.ts';
import { describeStep, perform, type Stage } from './steps.ts';

const BOOT_WITHIN_MS = 60_000;
/** What a run has set going at its end comes to its end in this time, as far as the rules look at it. */
const TAIL_MS = 7_000;

/** Messages that no step has looked at, of a run that may last a month. */
const KEPT_MESSAGES = 20_000;

/** A step as it passed, or where a run ended. */
export interface StepReport {
  readonly index: number;
  readonly line: number;
  readonly text: string;
  /** Since the start of the run, in ms of the world's clock. */
  readonly atMs: number;
  readonly failure?: string;
}

/** How a run ended. */
export interface RunReport {
  readonly name: string;
  readonly file: string;
  readonly steps: readonly StepReport[];
  /** Why it failed; empty where it passed. */
  readonly failures: readonly string[];
  /** Why it was not played at all: the CSMS is not capable of what it asks for. It has neither passed nor failed. */
  readonly skipped?: string;
  readonly tookMs: number;
  /** The faults that struck at the moment that they were to wait for. */
  readonly hits: readonly Hit[];
}

/** Plays a scenario in a world and holds it against the rules that hold always: the CSMS's, and those of limits and relays. */
export async function runScenario(
  { scenario, file, lines }: ReadScenario,
  world: World,
  onStep: (step: StepReport) => void = () => {},
): Promise<RunReport> {
  const startMs = world.clock.monotonicMs();
  const messages: SeenMessage[] = [];
  const oracles: readonly Oracle[] = world.layout.evses.flatMap((evse) => [
    relayRule(evse, world),
    limitRule(evse, world),
  ]);
  const whole = new WholeLedger(world);
  const plugs = new Plugs(world);
  world.onMessage((message) => {
    if (messages.push(message) > KEPT_MESSAGES) messages.splice(0, KEPT_MESSAGES / 2);
    for (const oracle of oracles) oracle.take(message);
    whole.take(message);
    plugs.take(message);
  });
  const strikes = new Strikes(world);
  const stage: Stage = { world, frames: new FrameLog(world.csms, world.station), messages, strikes, whole, plugs };
  const steps: StepReport[] = [];
  const failures: string[] = [];
  const note = (index: number, text: string, failure?: string): void => {
    const atMs = world.clock.monotonicMs() - startMs;
    const report = { index, line: lines[index] ?? 1, text, atMs, ...(failure !== undefined && { failure }) };
    steps.push(report);
    if (failure !== undefined) failures.push(`${file}:${report.line}: ${text}: ${failure}`);
    onStep(report);
  };
  try {
    await boot(world, messages, scenario.boot ?? true);
    for (const [index, step] of scenario.steps.entries()) {
      const text = describeStep(step);
      try {
        await perform(step, stage);
      } catch (error) {
        note(index, text, messageOf(error));
        break;
      }
      note(index, text);
    }
    if (failures.length === 0) await world.until(() => false, TAIL_MS);
  } catch (error) {
    note(0, 'start', messageOf(error));
  }
  for (const oracle of oracles) failures.push(...oracle.end(world.clock.monotonicMs()).map(describeFinding));
  failures.push(...world.findings().map(describeFinding));
  failures.push(...unforeseen(world.csms.violations, scenario.allow ?? []));
  return {
    name: scenario.name,
    file,
    steps,
    failures,
    tookMs: world.clock.monotonicMs() - startMs,
    hits: strikes.hits,
  };
}

async function boot(world: World, messages: readonly SeenMessage[], awaited: boolean): Promise<void> {
  await world.start();
  if (!awaited) return;
  const accepted = (): boolean =>
    world.csms.list().some(({ station, registration }) => station === world.station && registration === 'Accepted');
  if (!(await world.until(accepted, BOOT_WITHIN_MS))) throw new StepFailure('the boot was not accepted');
  // A world whose mesh is elsewhere may have begun to listen a moment after it was said: it is kept as well.
  const wanted = world.layout.evses.map(({ moduleId }) => [
    world.topics.variable(moduleId, 'evse', 'ready'),
    world.topics.keptVariable(moduleId, 'evse', 'ready'),
  ]);
  const ready = (): boolean => wanted.every((topics) => messages.some(({ topic }) => topics.includes(topic)));
  if (!(await world.until(ready, BOOT_WITHIN_MS))) throw new StepFailure('not every EVSE was ready');
}

function describeFinding({ rule, message, atMs }: OracleFinding): string {
  return `${rule} at ${(atMs / 1000).toFixed(3)} s: ${message}`;
}

function unforeseen(violations: readonly Violation[], allowed: readonly string[]): string[] {
  return violations
    .filter(({ rule }) => !allowed.includes(rule))
    .map(({ rule, message, at }) => `${rule} at ${at}: ${message}`);
}
