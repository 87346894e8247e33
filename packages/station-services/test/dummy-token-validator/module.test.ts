import { TestMesh } from '@chargemesh/testkit';
import { expect, test } from '@jest/globals';
import { DummyTokenValidatorModule } from '../../src/index.ts';

test('answers as configured, after the time that was configured', async () => {
  const mesh = new TestMesh();
  mesh.add(DummyTokenValidatorModule, {
    id: 'validator',
    implementations: { main: { validation_result: 'Blocked', sleep: 2 } },
  });
  await mesh.start();
  let answer: unknown;
  const provided_token = { id_token: { value: 'TAG1', type: 'ISO14443' }, authorization_type: 'RFID' };
  void mesh.call('validator', 'main', 'validate_token', { provided_token }).then((result) => {
    answer = result;
  });
  await mesh.clock.advance(1999);
  expect(answer).toBeUndefined();
  await mesh.clock.advance(1);
  expect(answer).toEqual({ authorization_status: 'Blocked', tariff_messages: [] });
  await mesh.stop();
});
