/** A connection to a station, whatever carries it: a websocket, or in a test a pair of functions. */
export interface StationLink {
  /** Sends one frame. A link that is gone swallows it. */
  send(text: string): void;
  /** `clean` says goodbye (1001), `cut` just ends it as a broken network does. */
  close(how: 'clean' | 'cut'): void;
  /** Reads nothing any more, so that the station's frames and pings stay unanswered, until {@link resume}. */
  pause(): void;
  resume(): void;
}

/** What whoever carries a link tells the CSMS. */
export interface LinkEvents {
  received(text: string): void;
  closed(): void;
}
