import type { Messages } from '../schemas/messages.ts';

/** The actions whose payloads have types. */
export type Action = keyof Messages;
export type Request<A extends Action> = Messages[A]['request'];
export type Response<A extends Action> = Messages[A]['response'];

/** Names the type of a request's payload that the action's schema has let through. */
export function requestOf<A extends Action>(_action: A, validated: unknown): Request<A> {
  return validated as Request<A>;
}

/** Names the type of an answer's payload that the action's schema has let through. */
export function responseOf<A extends Action>(_action: A, validated: unknown): Response<A> {
  return validated as Response<A>;
}
