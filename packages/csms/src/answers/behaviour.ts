/** How the CSMS answers an action, when it is told to answer it otherwise than it should. */
export type Behaviour =
  /** As it should. */
  | { readonly kind: 'default' }
  | { readonly kind: 'callError'; readonly code: string; readonly description: string }
  /** With this payload: merged into the right one (null takes a field out), or in its place. */
  | {
      readonly kind: 'payload';
      readonly payload: Readonly<Record<string, unknown>>;
      readonly mode: 'merge' | 'replace';
    }
  /** After a while, as `answer` says. */
  | { readonly kind: 'late'; readonly delayMs: number; readonly answer: Behaviour }
  | { readonly kind: 'never' }
  /** With a frame that is not JSON. */
  | { readonly kind: 'garbage' };

/** The behaviour in the words that set it. */
export function describeBehaviour(behaviour: Behaviour): string {
  switch (behaviour.kind) {
    case 'callError':
      return ['CALLERROR', behaviour.code, behaviour.description].filter((word) => word !== '').join(' ');
    case 'payload':
      return `${behaviour.mode === 'replace' ? 'replace ' : ''}${JSON.stringify(behaviour.payload)}`;
    case 'late':
      return `late ${behaviour.delayMs}${behaviour.answer.kind === 'default' ? '' : ` ${describeBehaviour(behaviour.answer)}`}`;
    case 'default':
    case 'never':
    case 'garbage':
      return behaviour.kind;
  }
}

/** JSON merge patch (RFC 7396), which is how a payload is changed in part. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
