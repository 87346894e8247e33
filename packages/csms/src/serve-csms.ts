import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import { type Clock, type Logger, messageOf, type Random, SqliteStore } from '@chargemesh/base';
import { createFrameValidator } from '@chargemesh/ocpp-core';
import type { FrameValidator } from './checks/schema-validator.ts';
import { Csms } from './csms.ts';
import { CsmsError } from './csms-error.ts';
import { LEDGER_MIGRATIONS, LedgerStore } from './ledger/ledger-store.ts';
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
  /** The database in which the ledger outlives this process, which alone may have it open. Without it nothing does. */
  readonly ledgerFile?: string;
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

/** Starts a CSMS with its files. @throws CsmsError `CSMS_TAGS_INVALID`, ChargemeshError `STORE_TOO_NEW` */
export async function serveCsms(options: ServeCsmsOptions): Promise<ServedCsms> {
  const { tagsFile, transcriptFile, ledgerFile, ...rest } = options;
  const tags = readTags(tagsFile, options.log);
  const closers: (() => void)[] = [];
  const closeFiles = (): void => {
    for (const close of closers.splice(0)) close();
  };
  try {
    const csms = new Csms({
      validator: createFrameValidator({ strict: true }),
      ...rest,
      tags,
      ...(transcriptFile === undefined ? {} : { transcript: openTranscript(transcriptFile, closers) }),
      ...(ledgerFile === undefined ? {} : { ledger: openLedger(ledgerFile, options.log, closers) }),
    });
    const { port, url } = await csms.start();
    return {
      csms,
      port,
      url,
      stop: async () => {
        await csms.stop();
        closeFiles();
      },
    };
  } catch (error) {
    closeFiles();
    throw error;
  }
}

function openTranscript(path: string, closers: (() => void)[]): (line: string) => void {
  const file = openSync(path, 'a');
  closers.push(() => closeSync(file));
  return (line) => void writeSync(file, `${line}\n`);
}

function openLedger(path: string, log: Logger, closers: (() => void)[]): LedgerStore {
  const store = new SqliteStore({
    path,
    migrations: LEDGER_MIGRATIONS,
    onCorrupt: (movedTo, reason) =>
      log.error(`the database ${path} is damaged (${reason}); it was moved to ${movedTo} and a new one begun`),
  });
  closers.push(() => store.close());
  return new LedgerStore(store);
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
