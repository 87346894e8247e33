import type { types } from '@chargemesh/contracts';

type SessionCost = types.session_cost.SessionCost;
type Component = types.session_cost.ChargingPriceComponent;
type Currency = types.money.Currency;

/** Where a currency does not say how many decimal places its amounts have. */
const USUAL_DECIMALS = 2;

/**
 * An amount for people: `1.23 EUR`. No floating point: a price is what it is.
 * @param value whole number of the smallest units, as `decimals` of the currency says
 */
export function amountText(value: number, { code, decimals = USUAL_DECIMALS }: Currency): string {
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const number = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return [value < 0 ? `-${number}` : number, code].filter((part) => part !== undefined).join(' ');
}

/** What a session costs, in lines for people: the state, each part of the cost, the prices that hold now and later, and what is said with it. */
export function costLines(cost: SessionCost): readonly string[] {
  const { currency, next_period: next } = cost;
  return [
    `session ${cost.session_id}: ${cost.status}`,
    ...(cost.cost_chunks ?? []).map((chunk) => chunkLine(chunk, currency)),
    ...priceLines('price', cost.charging_price),
    ...idleLines('price', cost.idle_price),
    ...(next ? priceLines(`price from ${next.timestamp_from}`, next.charging_price) : []),
    ...(next ? idleLines(`price from ${next.timestamp_from}`, next.idle_price) : []),
    ...(cost.message ?? []).map(({ content }) => content),
    ...(cost.qr_code === undefined ? [] : [`QR code: ${cost.qr_code}`]),
  ];
}

function chunkLine(chunk: types.session_cost.SessionCostChunk, currency: Currency): string {
  const from = span(chunk.timestamp_from, chunk.timestamp_to);
  const meter = span(chunk.metervalue_from, chunk.metervalue_to);
  const amount = chunk.cost === undefined ? 'no amount' : amountText(chunk.cost.value, currency);
  return [
    `cost ${chunk.category ?? 'Other'}: ${amount}`,
    ...(from === '' ? [] : [from]),
    ...(meter === '' ? [] : [`${meter} Wh`]),
  ].join(', ');
}

function span(from: string | number | undefined, to: string | number | undefined): string {
  return from === undefined && to === undefined ? '' : `${from ?? ''} to ${to ?? ''}`.trim();
}

function priceLines(what: string, components: readonly Component[] | undefined): readonly string[] {
  return (components ?? []).map(({ category = 'Other', price }) => `${what} ${category}: ${priceText(price)}`);
}

function idleLines(what: string, idle: types.session_cost.IdlePrice | undefined): readonly string[] {
  if (!idle) return [];
  const grace = idle.grace_minutes === undefined ? '' : `, after ${idle.grace_minutes} min`;
  return [`${what} without charging: ${priceText(idle.hour_price)} an hour${grace}`];
}

function priceText(price: types.money.Price | undefined): string {
  return price === undefined ? 'not said' : amountText(price.value.value, price.currency);
}
