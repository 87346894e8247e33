import { ChargemeshError } from '@chargemesh/base';
import { type Finding, formatFinding } from './finding.ts';

/** A station cannot start with this configuration. The message lists every fault, not only the first. */
export class OcppConfigurationError extends ChargemeshError {
  override readonly name: string = 'OcppConfigurationError';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const count = errors.length === 1 ? 'a fault' : `${errors.length} faults`;
    super('OCPP_CONFIG_INVALID', `the OCPP configuration has ${count}:\n${errors.map(formatFinding).join('\n')}`, {
      details: { findings },
    });
    this.findings = findings;
  }
}
