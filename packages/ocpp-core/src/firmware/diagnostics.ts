import type { DiagnosticsStatus } from '../ocpp-types.ts';
import type { Messenger } from '../queue/messenger.ts';

/** Tells the CSMS how the upload of its diagnostics goes on. @see OCPP 1.6, 4.4 and 5.9 */
export class Diagnostics {
  readonly #messenger: Pick<Messenger, 'send'>;
  #status: DiagnosticsStatus = 'Idle';

  constructor(messenger: Pick<Messenger, 'send'>) {
    this.#messenger = messenger;
  }

  report(status: DiagnosticsStatus): void {
    this.#status = status === 'Uploading' ? status : 'Idle';
    this.#send(status);
  }

  /** The CSMS wants to know. */
  tell(): void {
    this.#send(this.#status);
  }

  /** Before registration too: the CSMS has asked for it. */
  #send(status: DiagnosticsStatus): void {
    this.#messenger.send('DiagnosticsStatusNotification', { status }, { triggered: true });
  }
}
