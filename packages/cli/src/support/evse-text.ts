import type { EvseActivity } from '@chargemesh/manager';

/** What an EVSE is doing, in one line: its status first, then what flows and for whom, then what is wrong. */
export function describeEvse({ status, session, powerW, registerWh, limitA, faults }: EvseActivity): string {
  const parts: string[] = [status];
  if (session) {
    if (powerW !== undefined) parts.push(`${kilo(powerW)} kW`);
    if (session.transaction && limitA !== undefined) parts.push(`limit ${round(limitA, 1)} A`);
    if (session.startWh !== undefined && registerWh !== undefined)
      parts.push(`${kilo(registerWh - session.startWh)} kWh`);
    if (session.idTag !== undefined) parts.push(`card ${session.idTag}`);
    parts.push(`session ${session.id.slice(0, 8)} since ${session.since}`);
  }
  return [parts.join(', '), ...faults.map(({ type, message }) => `${type} (${message})`)].join('; ');
}

function kilo(value: number): string {
  return (value / 1000).toFixed(2);
}

function round(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
