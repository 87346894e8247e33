import type { Violation } from '../checks/rules.ts';
import type { FrameValidator } from '../checks/schema-validator.ts';
import { StationChecker } from '../checks/station-checker.ts';
import { parseTranscriptLine, type TranscriptEntry } from './transcript.ts';

/** What to hold a transcript against. */
export interface CheckTranscriptOptions {
  readonly validator?: FrameValidator;
  readonly patienceMs?: number;
}

/** What a transcript showed. */
export interface TranscriptFindings {
  readonly violations: readonly Violation[];
  /** One checker, with its ledger, for each station. */
  readonly stations: ReadonlyMap<string, StationChecker>;
  /** How many lines were read, and how many could not be. */
  readonly lines: number;
  readonly unreadable: number;
}

/**
 * Holds a recording of frames against all rules, as the CSMS does while it runs. Lines without a station belong to the one whose
 * connection event came last.
 */
export function readTranscript(lines: Iterable<string>, options: CheckTranscriptOptions = {}): TranscriptFindings {
  const violations: Violation[] = [];
  const stations = new Map<string, StationChecker>();
  let [read, unreadable, lastStation] = [0, 0, 'station'];
  for (const line of lines) {
    if (line.trim() === '') continue;
    read++;
    const entry = parseTranscriptLine(line);
    if (entry === undefined) {
      unreadable++;
      continue;
    }
    lastStation = entry.station ?? stationOf(entry) ?? lastStation;
    const checker =
      stations.get(lastStation) ??
      new StationChecker({ ...options, station: lastStation, onViolation: (violation) => violations.push(violation) });
    stations.set(lastStation, checker);
    replay(checker, entry);
  }
  return { violations, stations, lines: read, unreadable };
}

/** The violations of a recording alone. @see readTranscript */
export function checkTranscript(lines: Iterable<string>, options: CheckTranscriptOptions = {}): readonly Violation[] {
  return readTranscript(lines, options).violations;
}

function replay(checker: StationChecker, entry: TranscriptEntry): void {
  const nowMs = entry.t * 1000;
  const text = typeof entry.frame === 'string' ? entry.frame : JSON.stringify(entry.frame);
  switch (entry.dir) {
    case 'rx':
      checker.received(text, nowMs);
      return;
    case 'tx':
      checker.sent(text, nowMs);
      return;
    case 'event':
      if (text.startsWith('connected')) checker.connected();
      else checker.disconnected();
      return;
  }
}

/** `connected /cp001` names its station by the last segment of the path. */
function stationOf(entry: TranscriptEntry): string | undefined {
  if (entry.dir !== 'event' || typeof entry.frame !== 'string') return undefined;
  return /^connected .*\/([^/]+)$/.exec(entry.frame)?.[1];
}
