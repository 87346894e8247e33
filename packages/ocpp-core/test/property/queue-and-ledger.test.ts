import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Mood } from './moody-csms.ts';
import { CONNECTORS, type Command, QueueRig } from './queue-rig.ts';
import { playedAs } from './replay.ts';

const RPC_ERRORS = [
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormationViolation',
  'PropertyConstraintViolation',
  'OccurenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
] as const;

/** No delay ends at the same moment as a timeout: which of the two comes first is nobody's business. */
const afterMs = fc.constantFrom(0, 3, 5_003, 39_003, 41_003, 55_003, 120_003);
const mood: fc.Arbitrary<Mood> = fc.oneof(
  fc.record({
    kind: fc.constant('answer' as const),
    afterMs,
    accepted: fc.boolean(),
    failingWrite: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3 })),
  }),
  fc.record({ kind: fc.constant('error' as const), afterMs, code: fc.constantFrom(...RPC_ERRORS) }),
  fc.constant({ kind: 'never' as const }),
);
const failingWrite = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 6 }));
const kind = <K extends Command['kind']>(name: K): fc.Arbitrary<K> => fc.constant(name);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: kind('begin'),
      connectorId: fc.integer({ min: 1, max: CONNECTORS }),
      signed: fc.boolean(),
      failingWrite,
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: kind('end'), pick: fc.nat(10), failingWrite }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('securityEvent') }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('moods'), moods: fc.array(mood, { minLength: 1, maxLength: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('lose') }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('reconnect') }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('fullDisk') }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('resend'), picks: fc.array(fc.boolean(), { maxLength: 8 }), failingWrite }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('restart'), resumes: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind('wait'),
      forMs: fc.constantFrom(1, 1_000, 5_000, 10_000, 21_000, 60_000, 300_000),
    }),
  },
);

test('queue and ledger do what the model does, whatever the CSMS, the link, the disk and the power do', async () => {
  let commands = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 210, size: 'max' }), async (list) => {
      using rig = new QueueRig();
      await rig.start();
      for (const each of list) await rig.run(each);
      commands += list.length;
      await rig.heal();
      await rig.deliverAll();
    }),
    playedAs(130),
  );
  expect(commands).toBeGreaterThan(process.env.PROPERTY_PATH === undefined ? 10_000 : 0);
}, 600_000);
