import { RealClock } from '@chargemesh/base';
import { loadContracts } from '@chargemesh/contracts';
import { suggest } from '@chargemesh/manager';
import { readBusLine } from '../inspect/bus-line.ts';
import { type LineFilter, type MeshIndex, passes } from '../inspect/line-filter.ts';
import { LineText } from '../inspect/line-text.ts';
import { CliError } from '../support/cli-error.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { followMesh } from '../support/follow-mesh.ts';
import type { MeshSession } from '../support/mesh-session.ts';
import { print } from '../support/output.ts';
import { untilSignal } from '../support/signals.ts';

/** The flags of `inspect`. */
export interface InspectOptions extends MeshTarget {
  readonly module?: string;
  readonly interface?: string;
  readonly evse?: number;
  /** false: without what repeats every second. */
  readonly energy?: boolean;
  readonly full?: boolean;
  /** Ends after so many lines. */
  readonly count?: number;
  readonly json?: boolean;
}

const OVERDUE_MS = 2_000;

/** Shows the bus, message by message, until it is told to end. */
export async function inspect(filter: string | undefined, options: InspectOptions): Promise<ExitCode> {
  const wanted: LineFilter = { ...options, noEnergy: options.energy === false };
  const text = new LineText(options.full ?? false);
  const full = Promise.withResolvers<void>();
  let shown = 0;
  const show = (line: string): void => {
    if (shown === options.count) return;
    print(line);
    shown += 1;
    if (shown === options.count) full.resolve();
  };
  const clock = new RealClock();
  const overdue = clock.setPeriodic(OVERDUE_MS, () => {
    for (const line of text.overdue(clock.wallMs(), OVERDUE_MS)) show(line);
  });
  const following = followMesh(options, async (session) => {
    checkNames(session, options);
    const { topics } = session;
    const index = meshIndex(session);
    const filters = filter === undefined ? everything(session) : [filter];
    await session.listen(filters, (event) => {
      const line = readBusLine(event, topics);
      if (!line || event.retained || !passes(line, wanted, index)) return;
      const written = options.json ? JSON.stringify(line) : text.write(line);
      if (written !== undefined) show(written);
    });
  });
  try {
    await Promise.race([untilSignal(), following, full.promise]);
  } finally {
    overdue.cancel();
  }
  return EXIT.ok;
}

/** @throws CliError where nothing of this mesh could ever pass the filter */
function checkNames(session: MeshSession, options: InspectOptions): void {
  const { module, interface: name, evse } = options;
  const { modules } = session.status;
  const contracts = loadContracts();
  const refuse = (what: string, word: string, known: readonly string[]): void => {
    if (!known.includes(word))
      throw new CliError(
        'CLI_NAME',
        `there is no ${what} ${word} here: ${suggest(word, known) || `known are ${[...known].sort().join(', ')}`}`,
      );
  };
  if (module !== undefined)
    refuse(
      'module',
      module,
      modules.map(({ id }) => id),
    );
  if (name !== undefined)
    refuse('interface', name, [
      ...new Set(
        modules.flatMap(({ name: kind }) =>
          Object.values(contracts.findManifest(kind)?.provides ?? {}).map((provision) => provision.interface),
        ),
      ),
    ]);
  if (evse !== undefined) session.evse(evse);
}

/** All topics of the mesh and all from and to programs outside. */
function everything({ status: { prefixes } }: MeshSession): string[] {
  return prefixes.external === '' ? ['#'] : [`${prefixes.mesh}#`, `${prefixes.own}#`, `${prefixes.external}#`];
}

function meshIndex({ status: { modules } }: MeshSession): MeshIndex {
  const contracts = loadContracts();
  const byId = new Map(modules.map((module) => [module.id, module]));
  return {
    evseOf: (id) => byId.get(id)?.evse,
    interfaceOf: (id, implementation) => {
      const name = byId.get(id)?.name;
      return name === undefined ? undefined : contracts.findManifest(name)?.provides[implementation]?.interface;
    },
  };
}
