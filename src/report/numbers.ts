/**
 * Numbers, rates and durations as people read them.
 *
 * @module
 */

import type { Interval } from "../stats/wilson_interval.ts";

/** A count with thousands set apart: `12,345`. `Intl` takes some 10 ms of each start to be loaded. */
export function countText(count: number): string {
  return count.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A large count, to three digits: `9,999`, `12.3k`, `4.56M`. */
export function compactText(count: number): string {
  if (count < 10_000) return countText(count);
  const [divisor, letter] = count < 999_500
    ? [1e3, "k"]
    : count < 999_500_000
    ? [1e6, "M"]
    : [1e9, "G"];
  return `${Number((count / Number(divisor)).toPrecision(3))}${letter}`;
}

/** A count with its noun: `1 error`, `2 errors`, `2 retries`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : plural}`;
}

/** Digits of larger numbers tell nothing. */
const HUGE = 1e15;

/** A metric's value: three decimals, more for small values, fewer for large ones. */
export function valueText(value: number | null): string {
  if (value === null) return "–";
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= HUGE) return String(Number(value.toPrecision(3)));
  if (size >= 1000) {
    return Number.isInteger(value) || size >= 1e6 ? countText(value) : value.toFixed(1);
  }
  if (size === 0 || size >= 0.01) return value.toFixed(3);
  return String(Number(value.toPrecision(3)));
}

/** From where to where: `0.208–0.939`. */
function intervalText({ low, high }: Interval): string {
  return `${valueText(low)}–${valueText(high)}`;
}

/** A value with the interval that it lies in, where one is known: `0.667 (0.208–0.939)`. */
export function estimateText(value: number | null, interval: Interval | undefined): string {
  return value === null || !interval
    ? valueText(value)
    : `${valueText(value)} (${intervalText(interval)})`;
}

/** Items per second: `3.2/s`, `1,234/s`. */
export function rateText(perSecond: number): string {
  return `${perSecond >= 100 ? countText(perSecond) : perSecond.toFixed(1)}/s`;
}

/** A time that is left: `0:23`, `1:02:03`, `4 d`. */
export function clockText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds >= 100 * 3600) return `${Math.round(seconds / 86_400)} d`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const tail = `${String(seconds % 60).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** How long something took: `820 ms`, `12.3 s`, `3:05`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : clockText(milliseconds);
}

/** US dollars: cents from a dollar on, three digits below. */
export function dollarsText(dollars: number): string {
  if (dollars === 0) return "$0";
  if (dollars >= 1) return `$${dollars >= 1000 ? countText(dollars) : dollars.toFixed(2)}`;
  const decimals = Math.min(12, 2 - Math.floor(Math.log10(dollars)));
  return `$${dollars.toFixed(decimals)}`;
}
