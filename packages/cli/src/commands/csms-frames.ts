import { parseTimestamp } from '@chargemesh/base';
import { renderFrame, type ShownFrame, transcriptLine } from '@chargemesh/csms';
import { askCsms } from '../support/ask-csms.ts';
import { EXIT, type ExitCode } from '../support/exit-codes.ts';
import type { MeshTarget } from '../support/find-mesh.ts';
import { note, print } from '../support/output.ts';
import { untilSignal } from '../support/signals.ts';

/** The flags of `csms frames`. */
export interface CsmsFramesOptions extends MeshTarget {
  readonly station?: string;
  readonly last: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** Shows the frames that passed since the CSMS was started, and with `--follow` those that come. */
export async function csmsFrames(options: CsmsFramesOptions): Promise<ExitCode> {
  const { station, last, follow, json } = options;
  const show = (event: unknown): void => {
    const frame = event as ShownFrame;
    print(
      json ? transcriptLine(frame.station, frame.dir, frame.text, parseTimestamp(frame.at) ?? 0) : renderFrame(frame),
    );
  };
  const question = { station, last, follow };
  if (follow) {
    await askCsms('csms.frames', question, options, { onEvent: show, over: untilSignal() });
    return EXIT.ok;
  }
  const frames = (await askCsms('csms.frames', question, options)) as readonly unknown[];
  for (const frame of frames) show(frame);
  if (frames.length === 0 && last > 0) note('no frame passed since this CSMS was started; for earlier ones: ocpp log');
  return EXIT.ok;
}
