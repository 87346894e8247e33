import { RealClock } from '@chargemesh/base';
import { loadContracts } from '@chargemesh/contracts';
import { readBusLine } from '../inspect/bus-line.ts';
import { type LineFilter, type MeshIndex, passes } from '../inspect/line-filter.ts';
import { LineText } from '../inspect/line-text.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { MeshSession } from '../support/mesh-session.ts';
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
export function inspect(filter: string | undefined, options: InspectOptions): Promise<ExitCode> {
  return MeshSession.with(options, async (session) => {
    const { topics } = session;
    const wanted: LineFilter = { ...options, noEnergy: options.energy === false };
    const index = meshIndex(session);
    const text = new LineText(options.full ?? false);
    const full = Promise.withResolvers<void>();
    let shown = 0;
    const show = (line: string): void => {
      if (shown === options.count) return;
      print(line);
      shown += 1;
      if (shown === options.count) full.resolve();
    };
    const filters = filter === undefined ? everything(session) : [filter];
    const listening = session.listen(filters, (event) => {
      const line = readBusLine(event, topics);
      if (!line || event.retained || !passes(line, wanted, index)) return;
      const written = options.json ? JSON.stringify(line) : text.write(line);
      if (written !== undefined) show(written);
    });
    const clock = new RealClock();
    const overdue = clock.setPeriodic(OVERDUE_MS, () => {
      for (const line of text.overdue(clock.wallMs(), OVERDUE_MS)) show(line);
    });
    await Promise.race([untilSignal(), listening, full.promise]);
    overdue.cancel();
    return EXIT.ok;
  });
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
