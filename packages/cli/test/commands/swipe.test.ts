import { silentLogger } from '@chargemesh/base';
import { ControlServer, controlSocketPath } from '@chargemesh/manager';
import { afterEach, expect, test } from '@jest/globals';
import { type CliRun, runCli } from '../run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const state = temporaryFolder();
const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const STATUSES = 'everest/modules/auth/impl/main/var/token_validation_status';
const SESSIONS = 'everest/modules/evse_manager_1/impl/evse/var/session_event';
type Said = readonly [topic: string, value: object];

const status = (name: string): Said => [
  STATUSES,
  { status: name, token: { id_token: { value: 'TAG', type: 'ISO14443' }, connectors: [1] }, messages: [] },
];
const session = (event: string, more: object = {}): Said => [SESSIONS, { event, ...more }];
const BEGUN = session('TransactionStarted', { transaction_started: { id_tag: { id_token: { value: 'TAG' } } } });

/**
 * Plays a mesh with one EVSE in which a card leads to these words of Auth and the EVSE.
 * @param then runs after them
 * @param first is a payload that comes before them
 * @returns what was published
 */
async function mesh(
  evse: object,
  said: readonly Said[],
  then: () => void = () => {},
  first?: string,
): Promise<string[]> {
  const published: string[] = [];
  let emit: (event: unknown) => void = () => {};
  const server = new ControlServer(silentLogger);
  server.register({
    status: () => ({
      prefixes: { mesh: 'everest/', external: '', own: 'chargemesh/' },
      station: {
        evses: [{ evse: 1, moduleId: 'evse_manager_1', connectorId: 1 }],
        cardTopics: ['everest_api/reader/cmd/provide'],
        authModuleId: 'auth',
      },
      evses: [{ evse: 1, ...evse }],
    }),
    subscribe: (params, call) => {
      expect(params).toEqual({ filters: [STATUSES, SESSIONS] });
      emit = call.emit;
      return new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()));
    },
    publish: (params) => {
      published.push(JSON.stringify(params));
      if (first !== undefined) emit({ topic: SESSIONS, payload: first, retained: false, atMs: 0 });
      for (const [topic, data] of said)
        emit({ topic, payload: JSON.stringify({ msg_type: 'Var', data: { data } }), retained: false, atMs: 0 });
      then();
    },
  });
  await server.listen(controlSocketPath(state, process.env));
  ends.push(() => server.close());
  return published;
}

const FREE = { status: 'Available' };
const PLUGGED = { status: 'Preparing', session: { id: 'x' } };
const swipe = (...words: readonly string[]): Promise<CliRun> => runCli('swipe', '1', 'TAG', '--state', state, ...words);

test('a car is there: the EVSE starts', async () => {
  const published = await mesh(PLUGGED, [status('Processing'), status('Accepted'), status('UsedToStart'), BEGUN]);
  expect(await swipe()).toEqual({ code: 0, out: 'EVSE 1: card TAG accepted: EVSE 1 starts\n', err: '' });
  expect(published.map((text) => JSON.parse(text))).toEqual([
    {
      topic: 'everest_api/reader/cmd/provide',
      payload: '{"id_token":{"value":"TAG","type":"ISO14443"},"authorization_type":"RFID","connectors":[1]}',
    },
  ]);
});

test('no car is there: nobody is kept waiting for one', async () => {
  await mesh(FREE, [status('Processing'), status('Accepted'), status('UsedToStart')]);
  const { code, out } = await swipe();
  expect([code, out]).toEqual([0, expect.stringContaining('accepted: plug in a car before the connection timeout')]);
});

test('--wait: until the car came', async () => {
  const plugged = session('SessionStarted', { session_started: { reason: 'EVConnected' } });
  await mesh(FREE, [status('Processing'), status('Accepted'), status('UsedToStart'), plugged, BEGUN]);
  expect(await swipe('--wait')).toMatchObject({ code: 0, out: 'EVSE 1: card TAG accepted: EVSE 1 starts\n' });
});

test('--wait: until none came', async () => {
  await mesh(FREE, [status('Processing'), status('Accepted'), status('UsedToStart'), status('TimedOut')]);
  expect(await swipe('--wait')).toMatchObject({
    code: 1,
    out: expect.stringContaining('no car was plugged in in time'),
  });
});

test('--wait: until the mesh ends', async () => {
  await mesh(FREE, [status('Processing'), status('Accepted'), status('UsedToStart')], () => {
    for (const end of ends.splice(0)) void end();
  });
  expect(await swipe('--wait')).toMatchObject({ code: 3, err: expect.stringContaining('the mesh has ended') });
});

test('what comes after Accepted counts', async () => {
  await mesh(PLUGGED, [status('Processing'), status('Accepted'), status('Rejected')]);
  expect(await swipe('--json')).toMatchObject({
    code: 1,
    out: '{"evse":1,"idTag":"TAG","status":"Rejected","outcome":"rejected"}\n',
  });
});

test('the CSMS refuses the card in its answer to the start', async () => {
  const over = session('TransactionFinished', { transaction_finished: { reason: 'DeAuthorized' } });
  await mesh(PLUGGED, [status('Processing'), status('Accepted'), status('UsedToStart'), BEGUN, over]);
  expect(await swipe()).toMatchObject({ code: 1, out: expect.stringContaining('refused by the CSMS') });
});

test.each([
  [{ status: 'Unavailable' }, '; EVSE 1 is Unavailable'],
  [{ status: 'Charging', session: { transaction: true, idTag: 'OTHER' } }, '; EVSE 1 has a transaction of card OTHER'],
  [PLUGGED, ''],
])('a card that is rejected at an EVSE that is %j', async (evse, why) => {
  await mesh(evse, [status('Processing'), status('Rejected')]);
  expect(await swipe()).toMatchObject({ code: 1, out: `EVSE 1: card TAG rejected${why}\n` });
});

test('what is no variable is passed over', async () => {
  const published = await mesh(
    PLUGGED,
    [[STATUSES, {}], status('Processing'), status('Rejected')],
    undefined,
    'nonsense',
  );
  expect((await swipe()).code).toBe(1);
  expect(published).toHaveLength(1);
});

test('a card that ends its session', async () => {
  await mesh({ status: 'Charging', session: { id: 'x' } }, [status('Processing'), status('UsedToStop')]);
  expect(await swipe()).toMatchObject({ code: 0, out: 'EVSE 1: card TAG accepted: EVSE 1 stops\n' });
});
