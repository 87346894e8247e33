import { formatTimestamp, MortalClock, SeededRandom, SqliteStore, silentLogger, VirtualClock } from '@chargemesh/base';
import { ChargePoint, Configuration, ocppMigrations, sessionId } from '../../src/index.ts';
import { sampleDocument } from '../support/bench.ts';
import { FakeStation } from '../support/fake-station.ts';
import { FaultyStore } from './faulty-store.ts';
import { type Mood, MoodyCsms } from './moody-csms.ts';
import { ATTEMPTS, INTERVAL_MS, type ModelTransaction, QueueModel } from './queue-model.ts';

/** One thing that happens to the station. */
export type Command =
  | { readonly kind: 'begin'; readonly connectorId: number; readonly signed: boolean; readonly failingWrite: number }
  | { readonly kind: 'end'; readonly pick: number; readonly failingWrite: number }
  | { readonly kind: 'securityEvent' }
  | { readonly kind: 'moods'; readonly moods: readonly Mood[] }
  | { readonly kind: 'lose' }
  | { readonly kind: 'reconnect' }
  /** The next refusal or silence cannot be written down. */
  | { readonly kind: 'fullDisk' }
  | { readonly kind: 'resend'; readonly picks: readonly boolean[]; readonly failingWrite: number }
  | { readonly kind: 'restart'; readonly resumes: boolean }
  | { readonly kind: 'wait'; readonly forMs: number };

export const CONNECTORS = 3;
/** An EVSE is waited for this long after a start. */
const TOLD_WITHIN_MS = 20_000;

/** A station, its CSMS, and beside them the model, which is told the same. */
export class QueueRig implements Disposable {
  readonly #clock = new VirtualClock();
  readonly #store = new FaultyStore(new SqliteStore({ path: ':memory:', migrations: ocppMigrations }));
  readonly #random = new SeededRandom(1);
  readonly #model = new QueueModel();
  readonly #faults: string[] = [];
  readonly #csms: MoodyCsms;
  /** Those of the previous life of which nobody has said yet whether they go on. */
  #cutOff: readonly ModelTransaction[] = [];
  #mortal = new MortalClock(this.#clock);
  #chargePoint: ChargePoint;

  constructor() {
    this.#csms = new MoodyCsms({
      clock: this.#clock,
      received: (request) => this.#hold(() => this.#model.received(request, this.#nowMs)),
      answers: (request, mood, transactionId, deliver) => this.#answer(request.id, mood, transactionId, deliver),
      lost: () => this.#model.lost(this.#nowMs),
    });
    this.#chargePoint = this.#build();
  }

  async start(): Promise<void> {
    this.#model.securityEvent('StartupOfTheDevice');
    this.#chargePoint.start('PowerUp');
    await this.#settle();
  }

  /** Lets a command happen. @throws where the station does not do what the model does */
  async run(command: Command): Promise<void> {
    await this.#do(command);
    await this.#settle();
    this.#check();
  }

  /** All is well from now on: everything has to reach the CSMS. */
  async heal(): Promise<void> {
    this.#csms.calm();
    this.#store.disarm();
    await this.run({ kind: 'reconnect' });
    for (let at = 0; at < 100 && this.#model.length > 0; at++) await this.run({ kind: 'wait', forMs: 60_000 });
    if (this.#model.length > 0) throw new Error(`these stay: ${this.#model.describe().join(', ')}`);
  }

  /** What was put aside is sent again: then the CSMS knows every transaction's beginning and end. */
  async deliverAll(): Promise<void> {
    for (const transaction of this.#model.transactions) if (transaction.stopState === 'none') this.#end(transaction, 0);
    await this.heal();
    await this.run({ kind: 'resend', picks: this.#model.undeliverable.map(() => true), failingWrite: 0 });
    await this.heal();
    for (const { sessionId: id, startState, stopState } of this.#model.transactions)
      if (startState !== 'answered' || stopState !== 'answered') throw new Error(`${id}: ${startState}, ${stopState}`);
  }

  [Symbol.dispose](): void {
    this.#chargePoint.disconnect();
    this.#store.close();
  }

  get #nowMs(): number {
    return this.#clock.monotonicMs();
  }

  #do(command: Command): void | Promise<void> {
    switch (command.kind) {
      case 'begin':
        return this.#begin(command);
      case 'end': {
        const open = this.#model.transactions.filter(({ stopState }) => stopState === 'none');
        const transaction = open[command.pick % Math.max(1, open.length)];
        return transaction && this.#end(transaction, command.failingWrite);
      }
      case 'securityEvent':
        this.#model.securityEvent('TamperDetectionActivated');
        return this.#chargePoint.securityEvent({ type: 'TamperDetectionActivated' });
      case 'moods':
        return this.#csms.feel(command.moods);
      case 'lose':
        this.#csms.reachable = false;
        return this.#csms.drop(true);
      case 'reconnect':
        this.#csms.reachable = true;
        return this.#chargePoint.connect();
      case 'fullDisk':
        return this.#store.arm(
          (sql) => /SET ATTEMPTS|INTO UNDELIVERABLE/.test(sql),
          () => this.#model.diskFailed(this.#nowMs),
        );
      case 'resend':
        return this.#resend(command.picks, command.failingWrite);
      case 'restart':
        return this.#restart(command.resumes);
      case 'wait':
        return this.#clock.advance(command.forMs);
    }
  }

  #begin({ connectorId, signed, failingWrite }: Extract<Command, { kind: 'begin' }>): void {
    const { transactions } = this.#model;
    const before = this.#cutOff.filter((transaction) => transaction.connectorId === connectorId);
    const runs = transactions.some((other) => other.connectorId === connectorId && other.stopState === 'none');
    if (runs && before.length === 0) return;
    for (const transaction of before) this.#endCutOff(transaction);
    const transaction: ModelTransaction = {
      sessionId: sessionId(`session-${transactions.length}-${this.#random.integer(0, 1e9)}`),
      connectorId,
      idTag: 'TAG1',
      meterStartWh: 100 * transactions.length,
      startedMs: this.#clock.wallMs(),
      startState: 'open',
      stopState: 'none',
      transactionId: undefined,
      stop: undefined,
    };
    const { sessionId: id, idTag, meterStartWh, startedMs } = transaction;
    // The model is told first, since the station may send at once; what the disk refuses is taken back.
    const tell = (): void => {
      this.#chargePoint.sessionStarted(connectorId, { sessionId: id, reason: 'EVConnected' });
      this.#chargePoint.transactionStarted(connectorId, {
        sessionId: id,
        idTag,
        meterStartWh,
        timestampMs: startedMs,
        ...(signed ? { signedStart: { value: 'begin', timestampMs: startedMs } } : {}),
      });
    };
    this.#tell(() => this.#model.begin(transaction, signed), tell, before.length > 0 ? 0 : failingWrite);
  }

  #resend(picks: readonly boolean[], failingWrite: number): void {
    const ids = this.#chargePoint.undeliverable().flatMap(({ id }, at) => (picks[at] ? [id] : []));
    const messages = this.#model.undeliverable.filter((_, at) => picks[at]);
    this.#store.disarm();
    const resend = (): void => void this.#chargePoint.resendUndeliverable(ids);
    this.#tell(() => this.#model.resend(messages), resend, failingWrite);
  }

  #end(transaction: ModelTransaction, failingWrite: number): void {
    const { sessionId: id, connectorId, idTag, meterStartWh } = transaction;
    const timestampMs = this.#clock.wallMs();
    const stop = { idTag, meterStop: meterStartWh + 50, reason: 'Local', timestamp: formatTimestamp(timestampMs) };
    const tell = (): void =>
      this.#chargePoint.transactionFinished(connectorId, {
        sessionId: id,
        idTag,
        reason: 'Local',
        meterStopWh: stop.meterStop,
        timestampMs,
      });
    const told = this.#tell(() => this.#model.end(transaction, stop), tell, failingWrite);
    if (told) this.#cutOff = this.#cutOff.filter((other) => other !== transaction);
  }

  /** Tells model and station the same. @returns false where the disk did not take it */
  #tell(model: () => void, station: () => void, failingWrite: number): boolean {
    const takeBack = this.#model.remember();
    let failed = false;
    model();
    if (failingWrite > 0) this.#store.armAt(failingWrite);
    try {
      station();
    } catch {
      failed = true;
      takeBack();
    }
    if (failingWrite > 0) this.#store.disarm();
    return !failed;
  }

  #answer(id: string, mood: Exclude<Mood, { kind: 'never' }>, transactionId: number, deliver: () => void): void {
    if (mood.kind === 'error') {
      this.#model.refused(id, mood.code, this.#nowMs);
      deliver();
      return;
    }
    this.#model.answered(id, transactionId, this.#nowMs);
    if (mood.failingWrite > 0) this.#store.armAt(mood.failingWrite, () => this.#model.diskFailed(this.#nowMs));
    deliver();
    if (mood.failingWrite > 0) this.#store.disarm();
  }

  #restart(resumes: boolean): void {
    this.#csms.drop(false);
    this.#mortal.kill();
    this.#mortal = new MortalClock(this.#clock);
    this.#store.disarm();
    this.#model.restarted();
    const open = this.#model.transactions.filter(({ stopState }) => stopState === 'none');
    this.#chargePoint = this.#build();
    if (resumes) for (const { sessionId: id } of open) this.#chargePoint.sessionResumed(id);
    this.#cutOff = resumes ? [] : open;
    const cutOff = this.#cutOff;
    this.#mortal.setTimer(TOLD_WITHIN_MS, () => {
      for (const transaction of cutOff) if (this.#cutOff.includes(transaction)) this.#endCutOff(transaction);
    });
    this.#model.securityEvent('StartupOfTheDevice');
    this.#chargePoint.start('PowerUp');
  }

  #endCutOff(transaction: ModelTransaction): void {
    this.#model.catchUp(this.#nowMs);
    this.#cutOff = this.#cutOff.filter((other) => other !== transaction);
    this.#model.endCutOff(transaction);
  }

  async #settle(): Promise<void> {
    await this.#clock.advance(1);
  }

  #check(): void {
    this.#hold(() => {
      if (this.#csms.connected) this.#model.checkBusy(this.#nowMs);
      else this.#model.catchUp(this.#nowMs);
      this.#same('queue', this.#chargePoint.queued().transaction, this.#model.length);
      this.#same(
        'undeliverable',
        this.#chargePoint.undeliverable().map(({ action, sessionId: id }) => `${action} ${id}`),
        this.#model.undeliverable.map(({ action, transaction }) => `${action} ${transaction?.sessionId}`),
      );
      this.#same(
        'ledger',
        this.#store
          .prepare('SELECT * FROM TRANSACTIONS ORDER BY LEDGER_ID')
          .all()
          .map((row) => `${row.SESSION_ID} ${row.START_STATE} ${row.TRANSACTION_ID ?? undefined} ${row.STOP_STATE}`),
        this.#model.transactions.map(
          ({ sessionId: id, startState, transactionId, stopState }) =>
            `${id} ${startState} ${transactionId} ${stopState}`,
        ),
      );
    });
    if (this.#faults.length > 0) throw new Error(this.#faults.join('; '));
  }

  #same(what: string, station: unknown, model: unknown): void {
    const [found, wanted] = [JSON.stringify(station), JSON.stringify(model)];
    if (found !== wanted) throw new Error(`${what}: the station has ${found}, the model ${wanted}`);
  }

  /** What the station did wrong is kept until it is looked for: thrown in its midst it might be caught there. */
  #hold(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#faults.push(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  #build(): ChargePoint {
    return new ChargePoint({
      clock: this.#mortal,
      random: this.#random,
      log: silentLogger,
      store: this.#store,
      configuration: Configuration.of(
        sampleDocument({
          Core: { TransactionMessageAttempts: ATTEMPTS, TransactionMessageRetryInterval: INTERVAL_MS / 1000 },
        }),
        { connectors: CONNECTORS, log: silentLogger },
      ),
      transport: this.#csms,
      station: new FakeStation(),
      connectors: CONNECTORS,
    });
  }
}
