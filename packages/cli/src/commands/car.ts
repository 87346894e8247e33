import { messageOf } from '@chargemesh/base';
import { decodeVariable } from '@chargemesh/framework';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { MeshSession } from '../support/mesh-session.ts';
import { print, printJson } from '../support/output.ts';
import { waitFor } from '../support/wait-for.ts';

/** What a car can be told. */
export type CarAction = 'plug' | 'unplug' | 'pause' | 'resume';

/** The flags of commands to a car. */
export interface CarOptions extends MeshTarget {
  /** Its script, in the language of the simulated car. */
  readonly script?: string;
  /** How much it draws, in A. */
  readonly current?: number;
  /** On how many phases. */
  readonly phases?: number;
  readonly json?: boolean;
}

/** What the EVSE says when it has understood. Pausing a car that does not charge yet changes nothing. */
const SIGNS: Readonly<
  Record<CarAction, { readonly events: readonly string[]; readonly done: string; readonly not: string }>
> = {
  plug: {
    events: ['SessionStarted', 'AuthRequired', 'TransactionStarted', 'SessionResumed', 'PrepareCharging'],
    done: 'the car is plugged in',
    not: 'the car was told to plug in, but the EVSE has not seen it: is a car plugged in already, is the EVSE enabled, is the script right? "up" says what the car made of it',
  },
  unplug: {
    // Where transactions outlive their cars this one pauses.
    events: ['SessionFinished', 'ChargingPausedEV'],
    done: 'the car is unplugged',
    not: 'the car was told to unplug, but the EVSE has not seen it leave',
  },
  pause: {
    events: ['ChargingPausedEV'],
    done: 'the car has paused',
    not: 'the car was told to pause; it was not charging',
  },
  resume: {
    events: ['ChargingStarted'],
    done: 'the car charges again',
    not: 'the car was told to go on, but it does not charge: has the session been authorised?',
  },
};

const SIGN_WITHIN_MS = 4_000;
/** A car is told to unplug even where the EVSE sees none, since a module that was started anew may not have found out yet. */
const NOBODY_WITHIN_MS = 500;
/** As long as a car stays if nobody unplugs it. */
const STAY_S = 360_000;

/** Tells the simulated car of an EVSE what to do, and waits until the EVSE has seen it. */
export async function tellCar(action: CarAction, evse: number, options: CarOptions): Promise<ExitCode> {
  if (options.script !== undefined) await lookOver(options.script);
  return await MeshSession.with(options, async (session) => {
    const car = session.car(evse);
    const { moduleId, boardId } = session.evse(evse);
    const base = `everest_external/nodered/${car}/carsim/cmd`;
    const { events, done, not } = SIGNS[action];
    const before = session.status.evses.find((found) => found.evse === evse);
    const present = action === 'plug' || before?.session !== undefined;
    // Where transactions outlive their cars, one that pauses already goes on pausing: then the board alone has news.
    const board = action === 'unplug' && before?.status === 'SuspendedEV' ? boardId : undefined;
    const seen = await waitFor<string>(present ? SIGN_WITHIN_MS : NOBODY_WITHIN_MS, (found) => {
      const { topics } = session;
      session
        .listen([topics.variable(moduleId, 'evse', 'session_event')], ({ payload }) => {
          const event = eventOf(payload);
          if (events.includes(event)) found(event);
        })
        .catch(() => {});
      if (board !== undefined)
        session
          .listen([topics.variable(board, 'board_support', 'event')], ({ payload }) => {
            if (eventOf(payload) === 'A') found('A');
          })
          .catch(() => {});
      // A car that is not there would plug in to pause.
      if (present || action === 'unplug') void send(session, base, action, options);
    });
    const text = seen !== undefined ? done : present ? not : 'no car is plugged in';
    if (options.json) printJson({ evse, action, seen: seen ?? null });
    const ok = seen !== undefined || (action === 'pause' && present);
    if (ok && !options.json) print(`EVSE ${evse}: ${text}`);
    if (!ok && !options.json) throw new CliError('CLI_NO_EFFECT', `EVSE ${evse}: ${text}`);
    return ok ? EXIT.ok : EXIT.failed;
  });
}

function eventOf(payload: string): string {
  return (decodeVariable(payload) as { event: string }).event;
}

/** @throws CliError where the car would not understand */
async function lookOver(script: string): Promise<void> {
  const { checkScript } = await import('@chargemesh/simulator');
  try {
    checkScript(script);
  } catch (error) {
    throw new CliError('CLI_USAGE', `--script: ${messageOf(error)}`, EXIT.usage);
  }
}

async function send(session: MeshSession, base: string, action: CarAction, options: CarOptions): Promise<void> {
  switch (action) {
    case 'plug':
      await session.publish(`${base}/enable`, 'true');
      await session.publish(`${base}/execute_charging_session`, options.script ?? chargeScript(options));
      return;
    case 'unplug':
      await session.publish(`${base}/modify_charging_session`, 'unplug');
      return;
    case 'pause':
      await session.publish(`${base}/modify_charging_session`, `pause;sleep ${STAY_S}`);
      return;
    case 'resume':
      await session.publish(`${base}/modify_charging_session`, `${draw(options)};sleep ${STAY_S}`);
      return;
  }
}

function chargeScript(options: CarOptions): string {
  return `sleep 1;iec_wait_pwr_ready;sleep 1;${draw(options)};sleep ${STAY_S}`;
}

function draw({ current = 16, phases = 3 }: CarOptions): string {
  return `draw_power_regulated ${current},${phases}`;
}
