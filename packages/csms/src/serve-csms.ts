import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import { type Clock, type Logger, messageOf, type Random } from '@chargemesh/base';
import { createFrameValidator } from '@chargemesh/ocpp-core';
import type { FrameValidator } from './checks/schema-validator.ts';
import { Csms } from './csms.ts';
import { CsmsError } from './csms-error.ts';
import type { Passwords } from './server/passwords.ts';
import { parseTags } from './tags/parse-tags.ts';
import { TagList } from './tags/tag-list.ts';

/** What `serveCsms` is told, mostly from a command line. */
export interface ServeCsmsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Default: the JSON schemas of @chargemesh/ocpp-core, held up strictly. */
  readonly validator?: FrameValidator;
  readonly port?: number;
  readonly host?: string;
  /** Which cards are accepted. Without it `config/tags.yaml` below the working directory, if it is there; else every card. */
  readonly tagsFile?: string;
  /** Where each frame is appended as a line of NDJSON. */
  readonly transcriptFile?: string;
  readonly passwords?: Passwords;
  readonly tls?: TlsOptions;
  readonly bootIntervalS?: number;
}

/** A CSMS that runs. */
export interface ServedCsms {
  readonly csms: Csms;
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

const DEFAULT_TAGS_FILE = 'config/tags.yaml';

/** Starts a CSMS with its files. @throws CsmsError `CSMS_TAGS_INVALID` */
export async function serveCsms(options: ServeCsmsOptions): Promise<ServedCsms> {
  const { tagsFile, transcriptFile, ...rest } = options;
  const tags = readTags(tagsFile, options.log);
  let file = transcriptFile === undefined ? undefined : openSync(transcriptFile, 'a');
  const transcript = (line: string): void => {
    if (file !== undefined) writeSync(file, `${line}\n`);
  };
  const csms = new Csms({
    validator: createFrameValidator({ strict: true }),
    ...rest,
    tags,
    ...(file === undefined ? {} : { transcript }),
  });
  const closeFile = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  const { port, url } = await csms.start().catch((error: unknown) => {
    closeFile();
    throw error;
  });
  return {
    csms,
    port,
    url,
    stop: async () => {
      await csms.stop();
      closeFile();
    },
  };
}

function readTags(tagsFile: string | undefined, log: Logger): TagList {
  const file = tagsFile ?? DEFAULT_TAGS_FILE;
  if (tagsFile === undefined && !existsSync(file)) {
    log.info(`no ${DEFAULT_TAGS_FILE}: every card is accepted`);
    return TagList.acceptAll();
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CsmsError('CSMS_TAGS_INVALID', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  return parseTags(text, file);
}
