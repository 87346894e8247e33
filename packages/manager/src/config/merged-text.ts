import type { ConfigurationText } from './load-configuration.ts';
import { mergePatch } from './merge-patch.ts';

/** A configuration with everything that is laid over it, as plain values. It is not checked. */
export function mergedText({ base, overlays }: ConfigurationText): unknown {
  return overlays.toReversed().reduce<unknown>((under, { value }) => mergePatch(under, value ?? {}), base.value ?? {});
}
