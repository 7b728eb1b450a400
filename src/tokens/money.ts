/** Money in integers of 10^-12 USD, so that sums over a million cells are exact. */

/** 10^-12 USD. A rate of 1 USD per million tokens is 10^6 of them for each token. */
export type PicoUsd = bigint;

const PICO_PER_USD = 1_000_000_000_000n;
const PICO_PER_TOKEN_AND_RATE = 1_000_000;
/** Fractions are rounded to millionths. */
const MILLION = 1_000_000n;

/** Price of one token at a rate in USD per 1,000,000 tokens; rates finer than 10^-6 USD are rounded to it. */
export function picoPerToken(usdPerMillion: number): PicoUsd {
  return BigInt(Math.round(usdPerMillion * PICO_PER_TOKEN_AND_RATE));
}

const PICO_PER_USD_RATE = 1e12;
const MICROSECONDS_PER_MINUTE = 60_000_000n;

/** Price of a length of sound at a rate in USD per minute; the length counts to the microsecond. */
export function picoForSeconds(seconds: number, usdPerMinute: number): PicoUsd {
  const microseconds = BigInt(Math.round(seconds * 1e6));
  return (microseconds * picoPerUnit(usdPerMinute) + MICROSECONDS_PER_MINUTE / 2n) / MICROSECONDS_PER_MINUTE;
}

/** Price of one unit at a rate in USD. */
export function picoPerUnit(usd: number): PicoUsd {
  return BigInt(Math.round(usd * PICO_PER_USD_RATE));
}

/** `amount` less a fraction of it (0 to 1), rounded to the nearest unit. */
export function discounted(amount: PicoUsd, fraction: number): PicoUsd {
  const kept = MILLION - BigInt(Math.round(fraction * Number(MILLION)));
  return (amount * kept + MILLION / 2n) / MILLION;
}

/** The nearest double, for tables and the journal; {@link usdToPico} restores amounts up to 4,000 USD exactly. */
export function picoToUsd(amount: PicoUsd): number {
  const whole = amount / PICO_PER_USD;
  return Number(whole) + Number(amount - whole * PICO_PER_USD) / Number(PICO_PER_USD);
}

/** The inverse of {@link picoToUsd}. */
export function usdToPico(usd: number): PicoUsd {
  const whole = Math.trunc(usd);
  return BigInt(whole) * PICO_PER_USD + BigInt(Math.round((usd - whole) * Number(PICO_PER_USD)));
}

/** The sum of many amounts of USD without rounding errors. */
export function sumUsd(amounts: Iterable<number>): number {
  let total = 0n;
  for (const usd of amounts) total += usdToPico(usd);
  return picoToUsd(total);
}
