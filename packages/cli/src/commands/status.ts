import { RealClock } from '@chargemesh/base';
import { Topics } from '@chargemesh/framework';
import type { BusEvent, ControlClient, MeshStatus } from '@chargemesh/manager';
import { describeEvse } from '../support/evse-text.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import { findMesh, type MeshTarget } from '../support/find-mesh.ts';
import { columns, print, printJson } from '../support/output.ts';
import { describeLink, linkTopics, type StationLink, unknownLink, updateLink } from '../support/station-link.ts';

/** What is kept on the bus arrives at once; this is how long it may take. */
const KEPT_WITHIN_MS = 150;

/** Shows how a running mesh is doing. */
export async function status(options: MeshTarget & { readonly json?: boolean }): Promise<ExitCode> {
  const client = await findMesh(options);
  try {
    const answer = (await client.call('status')) as MeshStatus;
    const link = await readLink(client, answer);
    if (options.json) printJson({ ...answer, csms: link });
    else show(answer, link);
    return EXIT.ok;
  } finally {
    client.close();
  }
}

async function readLink(client: ControlClient, { station, prefixes }: MeshStatus): Promise<StationLink | undefined> {
  if (station.ocppModuleId === undefined) return undefined;
  let link = unknownLink;
  const topics = new Topics({ mesh: prefixes.mesh, external: prefixes.external, telemetry: '' });
  client
    .call('subscribe', { filters: linkTopics(topics, station.ocppModuleId) }, (event) => {
      const { topic, payload } = event as BusEvent;
      link = updateLink(link, topic, payload);
    })
    .catch(() => {});
  await new RealClock().sleep(KEPT_WITHIN_MS);
  return link;
}

function show(answer: MeshStatus, link: StationLink | undefined): void {
  const { broker, modules, station } = answer;
  print(
    columns([
      ['configuration', answer.config],
      ['state', answer.state],
      ['running', `pid ${answer.pid}, since ${answer.since}${answer.ready ? '' : ', not yet ready'}`],
      ['broker', broker.kind === 'socket' ? broker.host : `${broker.host}:${broker.port}`],
      ...(link
        ? [
            ['station', link.identity ?? '?'],
            ['CSMS', `${link.url ?? '?'}: ${describeLink(link)}`],
            ...(link.undeliverable === 0
              ? []
              : [['', `has refused ${link.undeliverable} for good: see ./mesh ocpp undeliverable`]]),
          ]
        : []),
      ...station.evses.map(({ evse, moduleId, connectorId }, index) => [
        `EVSE ${evse}`,
        `${moduleId}, connector ${connectorId}: ${describe(answer, moduleId, index)}`,
      ]),
    ]),
  );
  print('');
  print(
    columns([
      ['MODULE', 'TYPE', 'EVSE', 'STATE', 'PID', 'RESTARTS'],
      ...modules.map(({ id, name, evse, state, pid, restarts }) => [
        id,
        name,
        evse === undefined ? '' : String(evse),
        state,
        pid === undefined ? '' : String(pid),
        restarts === 0 ? '' : String(restarts),
      ]),
    ]),
  );
}

/** What was heard of an EVSE whose module has left may no longer be so. */
function describe({ modules, evses }: MeshStatus, moduleId: string, index: number): string {
  const state = modules.find(({ id }) => id === moduleId)?.state;
  const activity = evses[index];
  return state === 'ready' && activity
    ? describeEvse(activity)
    : `its module is ${state === 'gone' ? 'gone' : 'not ready'}`;
}
