import type { Clock, Logger, Random } from '@chargemesh/base';
import type { Contracts } from '@chargemesh/contracts';
import type { Bus } from '../bus/bus.ts';
import type { Journal } from '../journal/journal.ts';
import type { Topics } from '../wire/topics.ts';
import type { CommandClient } from './command-client.ts';
import type { DropLog } from './drop-log.ts';
import type { KeptTopics } from './kept-topics.ts';
import type { ModuleInfo } from './module-info.ts';
import type { Outbox } from './outbox.ts';

/** What the parts of one running module share. */
export interface RuntimeCore {
  readonly info: ModuleInfo;
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly contracts: Contracts;
  readonly outbox: Outbox;
  readonly kept: KeptTopics;
  readonly drops: DropLog;
  readonly client: CommandClient;
  /** The journals that the module keeps. */
  readonly journals: Journal[];
}
