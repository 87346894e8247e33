import { ChargemeshError } from '@chargemesh/base';

/** What a step of a scenario waited for did not come about. */
export class StepFailure extends ChargemeshError {
  override readonly name: string = 'StepFailure';

  constructor(message: string) {
    super('SCENARIO_STEP', message);
  }
}
