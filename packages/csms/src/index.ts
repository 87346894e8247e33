export { checkTranscript } from './transcript/check-transcript.ts';
