/** Whether a topic matches an MQTT filter: `+` is one level, a final `#` is the level above and all below (MQTT 3.1.1, 4.7). */
export function matchesFilter(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (levels[0]?.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return false;
  for (let at = 0; at < wanted.length; at++) {
    const want = wanted[at];
    if (want === '#') return true;
    if (at >= levels.length || (want !== '+' && want !== levels[at])) return false;
  }
  return wanted.length === levels.length;
}

/** Whether a filter has wildcards. */
export function isPattern(filter: string): boolean {
  return filter.includes('+') || filter.includes('#');
}
