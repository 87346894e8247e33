/** How often the station is to try, the first time included, and how long it waits between (E-62). What the CSMS left out the station chooses. */
export function attemptsOf(
  retries: number | undefined,
  retryIntervalS: number | undefined,
): { attempts?: number; retryIntervalS?: number } {
  return {
    ...(retries !== undefined && { attempts: Math.max(0, retries) + 1 }),
    ...(retryIntervalS !== undefined && { retryIntervalS: Math.max(0, retryIntervalS) }),
  };
}
