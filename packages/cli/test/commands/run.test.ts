import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { EXIT } from '../../src/support/exit-codes.ts';
import { runCli } from '../run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const scenarios = join(import.meta.dirname, '../../../../tests/scenarios');
const halfOpen = join(scenarios, 'csms/half-open.yaml');

const folder = temporaryFolder();

describe('a CSMS that others have written', () => {
  test('needs sockets, which virtual time does not have', async () => {
    const { code, err } = await runCli('run', '--virtual', '--csms-kind', 'ocpp-rpc', halfOpen);
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch('--csms-kind ocpp-rpc goes with real time alone');
  });

  test('is one of those that there are', async () => {
    const { code, err } = await runCli('run', '--csms-kind', 'theirs', halfOpen);
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch('"ours" or "ocpp-rpc"');
  });

  test('is not tried with what it cannot do, and nothing is said to have passed', async () => {
    const report = join(folder, 'report.xml');
    const { code, out } = await runCli('run', '--csms-kind', 'ocpp-rpc', '--junit', report, halfOpen);
    expect(code).toBe(EXIT.notApplicable);
    expect(out).toMatch(/NOT APPLICABLE .*half open\n0 passed, 0 failed, 1 not applicable/);
    expect(readFileSync(report, 'utf8')).toMatch('<skipped message=');
  });
});
