import type { types } from '@chargemesh/contracts';

type DisplayMessage = types.display_message.DisplayMessage;
type Request = types.display_message.GetDisplayMessageRequest;

/** More are refused: whoever sends them may never clear one. */
const MOST_MESSAGES = 100;

/** The messages that a display shows, by their numbers. One without a number is shown once and not kept: nobody could ask for it again. */
export class MessageBoard {
  readonly #messages = new Map<number, DisplayMessage>();

  /** Keeps the messages, in the place of those with the same numbers. @returns false where there are too many, and none is kept then */
  put(messages: readonly DisplayMessage[]): boolean {
    const numbered = messages.flatMap((message) => (message.id === undefined ? [] : [[message.id, message] as const]));
    const ids = new Set([...this.#messages.keys(), ...numbered.map(([id]) => id)]);
    if (ids.size > MOST_MESSAGES) return false;
    for (const [id, message] of numbered) this.#messages.set(id, message);
    return true;
  }

  /** The messages that fit all that is asked for, in the order in which they came. */
  find({ id, priority, state }: Request): readonly DisplayMessage[] {
    return [...this.#messages.values()].filter(
      (message) =>
        (id === undefined || (message.id !== undefined && id.includes(message.id))) &&
        (priority === undefined || message.priority === priority) &&
        (state === undefined || message.state === state),
    );
  }

  /** @returns whether there was one with this number */
  remove(id: number): boolean {
    return this.#messages.delete(id);
  }
}
