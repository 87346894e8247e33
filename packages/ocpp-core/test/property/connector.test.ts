import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sessionId } from '../../src/index.ts';
import { Bench } from '../support/bench.ts';
import { type ConnectorInput, ConnectorModel, type Told } from './connector-model.ts';
import { playedAs } from './replay.ts';

type Step =
  | { readonly kind: 'input'; readonly connectorId: number; readonly input: ConnectorInput }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'trigger' };

const CONNECTORS = 2;
const SESSION = sessionId('session');

const error = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    errorCode: fc.constantFrom('GroundFailure', 'HighTemperature', 'OtherError'),
    fault: fc.boolean(),
    /** Two of the same moment: nobody says which is newer. */
    order: fc.constantFrom(1, 2),
    info: fc.constantFrom('', 'hot'),
  })
  .map(({ order, info, ...rest }) => ({
    ...rest,
    timestampMs: 10 * rest.id.charCodeAt(0) * (order === 1 ? 1 : -1),
    ...(info === '' ? {} : { info }),
  }));
const kinds = [
  'transactionStarted',
  'chargingStarted',
  'pausedByEv',
  'sessionFinished',
  'enabled',
  'disabled',
  'reservationStarted',
  'reservationEnded',
  'plugInTimeout',
] as const;
const input: fc.Arbitrary<ConnectorInput> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...kinds).map((kind) => ({ kind })) },
  fc.record({ kind: fc.constant('sessionStarted' as const), reason: fc.constantFrom('EVConnected', 'Authorized') }),
  fc.record({
    kind: fc.constant('pausedByEvse' as const),
    reasons: fc.constantFrom(['UserPause'], ['NoEnergy'], ['UserPause', 'NoEnergy']),
  }),
  fc.record({ kind: fc.constant('transactionFinished' as const), reason: fc.constantFrom('EVDisconnected', 'Local') }),
  fc.record({ kind: fc.constant('errorRaised' as const), error }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('errorCleared' as const), id: fc.constantFrom('a', 'b', 'c') }),
  },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('input' as const),
      connectorId: fc.constantFrom(0, 1, 1, 1, 1, 2),
      input,
    }),
  },
  fc.constant({ kind: 'reconnect' as const }),
  fc.constant({ kind: 'trigger' as const }),
);

test('connectors go through their states, and tell them, as the table says', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(step, { minLength: 1, maxLength: 100, size: 'max' }),
      async (withReasons, steps) => {
        using bench = new Bench({
          connectors: CONNECTORS,
          sections: { Internal: { ReportSuspendedEVSEReasonChange: withReasons } },
        });
        const models = Array.from({ length: CONNECTORS + 1 }, (_, id) => new ConnectorModel(id, withReasons));
        await bench.start();
        for (const each of steps) {
          bench.csms.forget();
          const before = models.map(({ status }) => status);
          const wanted = await happen(bench, models, each);
          await bench.clock.advance(1);
          expect(told(bench)).toEqual(wanted);
          expect(models.map((_, id) => bench.chargePoint.connectorStatus(id))).toEqual(
            models.map(({ status }) => status),
          );
          if (each.kind === 'input') seen.add(`${before[each.connectorId]} ${each.input.kind}`);
        }
      },
    ),
    playedAs(150),
  );
  // Each input came in each state, Faulted included, so that no cell of the table was left out.
  if (process.env.PROPERTY_PATH === undefined) expect(seen.size).toBe(9 * 14);
}, 120_000);

async function happen(bench: Bench, models: readonly ConnectorModel[], each: Step): Promise<readonly object[]> {
  const all = (): object[] => models.map((model, connectorId) => ({ connectorId, ...model.now }));
  switch (each.kind) {
    case 'reconnect':
      bench.csms.drop();
      await bench.clock.advanceUntil(() => bench.csms.connected);
      return all();
    case 'trigger':
      bench.csms.send('[2,"trigger","TriggerMessage",{"requestedMessage":"StatusNotification"}]');
      return models.map((model, connectorId) => ({ connectorId, ...model.triggered }));
    case 'input': {
      const { connectorId, input: what } = each;
      give(bench, connectorId, what);
      return (models[connectorId]?.happens(what) ?? []).map((report) => ({ connectorId, ...report }));
    }
  }
}

function give({ chargePoint, clock }: Bench, connectorId: number, what: ConnectorInput): void {
  const at = { sessionId: SESSION, timestampMs: clock.wallMs() };
  switch (what.kind) {
    case 'sessionStarted':
      chargePoint.sessionStarted(connectorId, { ...at, reason: what.reason });
      break;
    case 'transactionStarted':
      chargePoint.transactionStarted(connectorId, { ...at, idTag: 'TAG1', meterStartWh: 0 });
      break;
    case 'transactionFinished':
      chargePoint.transactionFinished(connectorId, { ...at, reason: what.reason, meterStopWh: 0 });
      break;
    case 'pausedByEvse':
      chargePoint.pausedByEvse(connectorId, { reasons: what.reasons });
      break;
    case 'errorRaised':
      chargePoint.errorRaised(connectorId, what.error);
      break;
    case 'errorCleared':
      chargePoint.errorCleared(connectorId, what.id);
      break;
    default:
      chargePoint[what.kind](connectorId);
  }
}

/** What the CSMS has heard of connectors since. */
function told(bench: Bench): readonly (Told & { connectorId: unknown })[] {
  return bench.csms.payloads('StatusNotification').map(({ connectorId, status, errorCode, info }) => ({
    connectorId,
    status: String(status),
    errorCode: String(errorCode),
    info: info === undefined ? undefined : String(info),
  }));
}
